"""Rules for weeks, validity, recurrence and spans over days."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.availability.clockwords import bound_at
from ingest.availability.dates import ORDINAL_SUFFIX, date_at, month_at, range_end, weekday_before, year_at
from ingest.availability.days import day_at
from ingest.availability.items import Candidate, Dates, DateSpec, Days, DaySpan, Validity, Week
from ingest.availability.lexed import Lexed


def week_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "this week", "the week of 12/14", "Week 1 (Nov 23)", "Thanksgiving week"."""
    j = lexed.skip(i, ("for", "during", "in", "on", "the", "any", "only", "rest"))
    cost = 1.0 + 0.2 * (j - i)
    for kind, offset in (("THIS", 0), ("NEXT", 1)):
        entry = lexed.entry(j, kind)
        if entry is not None and lexed.word(j + entry.length) in ("week", "wk", "week's"):
            yield Candidate(j + entry.length + 1, "WEEK", Week(offset), cost)
    after_next = lexed.entry(j, "AFTERNEXT") or lexed.entry(i, "AFTERNEXT")
    if after_next is not None:
        yield Candidate((i if "AFTERNEXT" in lexed.at[i] else j) + after_next.length, "WEEK", Week(2), cost)
    of = lexed.entry(j, "WEEKOF") or lexed.entry(i, "WEEKOF")
    if of is not None:
        k = (j if "WEEKOF" in lexed.at[j] else i) + of.length
        k, _ = weekday_before(lexed, k + (lexed.word(k) == "the" and not lexed.is_num(k + 1)))
        found = date_at(lexed, k)
        if found is not None:
            end = found[0]
            yield Candidate(end, "WEEK", Week(of=found[1]), cost)
    after = lexed.entry(j, "WEEKAFTER") or lexed.entry(i, "WEEKAFTER")
    if after is not None:
        k = (j if "WEEKAFTER" in lexed.at[j] else i) + after.length
        found = date_at(lexed, k)
        if found is not None:
            yield Candidate(found[0], "WEEK", Week(of=found[1], after=True), cost)
        elif lexed.entry(k, "NEXT") is None:
            yield Candidate(k, "WEEK", Week(after=True), cost + 0.5)
    yield from _numbered_week(lexed, j, cost)
    holiday = lexed.entry(j, "HOLIDAY")
    if holiday is not None and lexed.word(j + holiday.length) == "week":
        yield Candidate(j + holiday.length + 1, "WEEK", Week(of=DateSpec(holiday=str(holiday.value))), cost)


def _numbered_week(lexed: Lexed, j: int, cost: float) -> Iterator[Candidate]:
    if lexed.word(j) not in ("week", "wk") or not lexed.is_num(j + 1) or not 1 <= int(lexed.words[j + 1]) <= 8:
        return
    end, number = j + 2, int(lexed.words[j + 1])
    week = Week(number - 1)
    if lexed.word(end) in ("(", ",", "-", ":"):
        k, _ = weekday_before(lexed, end + 1)
        found = date_at(lexed, k)
        if found is not None:
            ranged = range_end(lexed, found[0], found[1], False)
            end = ranged[0] if ranged is not None else found[0]
            end += lexed.word(end) == ")"
            week = Week(of=found[1])
    yield Candidate(end, "WEEK", week, cost)


def validity_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "from Dec 1 on", "through Dec 11", "for the next two weeks", "in December", "after Thanksgiving"."""
    for kind in ("STARTING", "ENDING", "BEFORE", "AFTER", "GE", "LE", "FROM", "UNTIL"):
        entry = lexed.entry(i, kind)
        if entry is not None:
            yield from _limit(lexed, i + entry.length, kind, lexed.word(i))
    if lexed.entry(i, "NOT") is not None:
        for kind, flipped in (("BEFORE", "STARTING"), ("AFTER", "ENDING")):
            entry = lexed.entry(i + lexed.at[i]["NOT"].length, kind)
            if entry is not None and lexed.word(i + lexed.at[i]["NOT"].length) != "by":
                yield from _limit(lexed, i + lexed.at[i]["NOT"].length + entry.length, flipped, "")
    yield from _next_weeks(lexed, i)
    j = i
    inside = lexed.entry(i, "INMONTH")
    if inside is not None:
        j = i + inside.length
        j += lexed.word(j) == "of"
    offset = lexed.entry(j, "MONTHTHIS")
    if offset is not None:
        yield Candidate(j + offset.length, "VALID", Validity(month_offset=int(str(offset.value))), 1.2)
    month = month_at(lexed, j)
    if month is not None and _month_stands(lexed, i, j, month[0]):
        end = year_at(lexed, month[0])[0]
        end += lexed.word(end) == "only"
        yield Candidate(end, "VALID", Validity(month=month[1]), 0.9 if j > i else 2.2)


def _month_stands(lexed: Lexed, i: int, j: int, end: int) -> bool:
    """A month without a day number: "may" and "march" only with "in" before them and a capital."""
    if lexed.is_num(end) and len(lexed.words[end]) <= 2 and lexed.word(i) not in ("in", "during"):
        return False
    capital = lexed.tokens[j].raw[0].isupper()
    return (j > i and capital) if lexed.words[j] in ("may", "march", "mar", "sep", "jan", "jun") else (j > i or capital)


def _limit(lexed: Lexed, j: int, kind: str, word: str) -> Iterator[Candidate]:
    j = lexed.skip(j, (":", "is", "on", "in", "around"))
    k, _ = weekday_before(lexed, j + (lexed.word(j) == "the" and lexed.entry(j + 1, "DAY") is not None))
    found = date_at(lexed, k)
    starts = kind in ("STARTING", "AFTER", "GE", "FROM")
    if found is not None:
        end, spec = found
        if lexed.word(end) in ("/",) and lexed.tight(end):
            return
        onward = lexed.entry(end, "ONWARD")
        if starts and onward is not None:
            end += onward.length
        if starts:
            yield Candidate(end, "VALID", Validity(start=spec, from_next=kind == "AFTER"), 1.0)
        else:
            yield Candidate(end, "VALID", Validity(end=spec, until_before=kind == "BEFORE" and word != "by"), 1.0)
        return
    yield from _month_limit(lexed, j, kind, starts)
    for week in week_rule(lexed, j):
        if isinstance(week.value, Week) and starts:
            yield Candidate(week.end, "VALID", Validity(start_week=week.value, from_next=kind == "AFTER"), 1.0)
        elif isinstance(week.value, Week):
            yield Candidate(week.end, "VALID", Validity(end_week=week.value, until_before=kind == "BEFORE"), 1.0)
    if kind in ("ENDING", "UNTIL") and lexed.entry(j, "DAY") is not None:
        yield Candidate(j + 1, "VALID", Validity(until_weekday=int(str(lexed.at[j]["DAY"].value))), 3.0)


def _month_limit(lexed: Lexed, j: int, kind: str, starts: bool) -> Iterator[Candidate]:
    """ "before December", "until November"."""
    month = month_at(lexed, j)
    if month is None or (lexed.is_num(month[0]) and len(lexed.words[month[0]]) <= 2):
        return
    first, last = DateSpec(month[1], 1), DateSpec(month_end=month[1])
    if kind == "AFTER":
        limit = Validity(start=last, from_next=True)
    elif kind == "BEFORE":
        limit = Validity(end=first, until_before=True)
    else:
        limit = Validity(start=first) if starts else Validity(end=last)
    yield Candidate(month[0], "VALID", limit, 1.1)


def _next_weeks(lexed: Lexed, i: int) -> Iterator[Candidate]:
    entry = lexed.entry(i, "FORNEXT")
    if entry is None:
        return
    if entry.length > 1 and lexed.word(i + entry.length) == "week" and lexed.word(i) == "for":
        yield Candidate(i + entry.length + 1, "VALID", Validity(weeks=1), 0.8)
    for j in (i + entry.length, i + 1):
        k = j + (lexed.word(j) == "a")
        number: object = (
            int(lexed.words[k]) if lexed.is_num(k) and len(lexed.words[k]) == 1 else lexed.value(k, "NUMBER")
        )
        length = 1
        couple = lexed.entry(k, "COUPLE")
        if couple is not None:
            number, length = 2, couple.length
        if isinstance(number, int) and number and lexed.word(k + length) in ("weeks", "week", "wks"):
            yield Candidate(k + length + 1, "VALID", Validity(weeks=number), 1.0)


def cadence_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "biweekly", "every 3 weeks", "every third week", "weekly"."""
    entry = lexed.entry(i, "BIWEEKLY")
    if entry is not None:
        yield Candidate(i + entry.length, "EVERY", 2, 0.9)
    if lexed.entry(i, "EVERY") is not None:
        j = i + 1
        number = int(lexed.words[j]) if lexed.is_num(j) and len(lexed.words[j]) == 1 else lexed.value(j, "NUMBER")
        if number is None:
            ordinal = lexed.value(j, "ORDINAL")
            number = int(str(ordinal)) if ordinal is not None else None
            if lexed.is_num(j) and lexed.word(j + 1) in ORDINAL_SUFFIX:
                number, j = int(lexed.words[j]), j + 1
        if isinstance(number, int) and 2 <= number <= 8 and lexed.word(j + 1) in ("weeks", "week", "wks"):
            yield Candidate(j + 2, "EVERY", number, 0.9)
    weekly = lexed.entry(i, "WEEKLY")
    if weekly is not None:
        yield Candidate(i + weekly.length, "EVERY", 1, 1.2)


def _day_or_date(lexed: Lexed, i: int) -> tuple[int, Days | Dates] | None:
    j, weekdays = weekday_before(lexed, i)
    found = date_at(lexed, j)
    if found is not None:
        return found[0], Dates(found[1], None, weekdays, i if weekdays else -1)
    for shift, kind in ((0, "THIS"), (1, "NEXT")):
        entry = lexed.entry(i, kind)
        if entry is not None and lexed.entry(i + entry.length, "DAY") is not None:
            day = int(str(lexed.at[i + entry.length]["DAY"].value))
            return i + entry.length + 1, Days((day,), relative=shift)
    named = day_at(lexed, i)
    if named is not None and len(named[1]) == 1:
        return named[0], Days(named[1])
    return None


def span_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "Fri 3pm through Sun noon", "from Thursday 6pm to Friday 10am"."""
    start = i + 1 if lexed.word(i) == "from" else i
    first = _day_or_date(lexed, start)
    if first is None:
        return
    opening = bound_at(lexed, first[0] + (lexed.word(first[0]) == "at"))
    if opening is None:
        return
    entry = lexed.entry(opening[0], "TO")
    if entry is None:
        return
    last = _day_or_date(lexed, opening[0] + entry.length)
    if last is None:
        return
    closing = bound_at(lexed, last[0] + (lexed.word(last[0]) == "at"))
    if closing is None or lexed.entry(closing[0], "TO") is not None:
        return
    yield Candidate(closing[0], "SPAN", DaySpan(first[1], opening[1], last[1], closing[1]), 1.0)


PERIOD_RULES = (week_rule, validity_rule, cadence_rule, span_rule)
