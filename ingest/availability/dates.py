"""Rules for dates, date ranges, weeks, validity and recurrence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ingest.availability.clock import Clock
from ingest.availability.days import day_at
from ingest.availability.items import Candidate, Dates, DateSpec, Days, DaySpan, Validity, Week
from ingest.availability.lexed import Lexed
from ingest.availability.times import _clock_or_named, clock_at, ends_range

_ORDINAL_SUFFIX = frozenset(("st", "nd", "rd", "th"))
_TIME_AHEAD = frozenset(
    (":", "-", "to", "am", "pm", "a.m.", "p.m.", "a", "p", "+", "till", "until", "–", "~", "o'clock")
)


def _ordinal_end(lexed: Lexed, j: int) -> int:
    return j + 1 if lexed.word(j) in _ORDINAL_SUFFIX and lexed.tight(j) else j


def _year(lexed: Lexed, j: int) -> tuple[int, int]:
    k = j + 1 if lexed.word(j) == "," else j
    if lexed.is_num(k) and len(lexed.words[k]) == 4 and lexed.words[k].startswith("20"):
        follows = lexed.word(k + 1)
        if not (follows in ("-", "to") and lexed.is_num(k + 2)) and follows not in ("am", "pm", "hrs"):
            return k + 1, int(lexed.words[k])
    return j, 0


def _month(lexed: Lexed, i: int) -> tuple[int, int] | None:
    entry = lexed.entry(i, "MONTH")
    if entry is None:
        return None
    end = i + 1
    if lexed.word(end) == "." and lexed.tight(end) and len(lexed.words[i]) <= 4:
        end += 1
    return end, int(str(entry.value))


def _day_number(lexed: Lexed, j: int) -> tuple[int, int] | None:
    if lexed.is_num(j) and len(lexed.words[j]) <= 2 and 1 <= int(lexed.words[j]) <= 39:
        return _ordinal_end(lexed, j + 1), int(lexed.words[j])
    return None


def date_at(lexed: Lexed, i: int) -> tuple[int, DateSpec] | None:
    """One date that starts at token i."""
    lexed.steps += 1
    if not 0 <= i < lexed.size:
        return None
    if lexed.is_num(i):
        return None if ends_range(lexed, i) and lexed.entry(i + 1, "MONTH") is None else _numeric(lexed, i)
    month = _month(lexed, i)
    if month is not None:
        j = month[0] + (lexed.word(month[0]) == "the")
        number = _day_number(lexed, j)
        if (
            number is not None
            and not (lexed.word(number[0]) == ":" and lexed.is_num(number[0] + 1) and lexed.tight(number[0] + 1))
            and lexed.word(number[0]) not in ("am", "pm", "a.m.", "p.m.")
        ):
            end, year = _year(lexed, number[0])
            return end, DateSpec(month[1], number[1], year)
        return None
    today = lexed.entry(i, "TODAY")
    if today is not None:
        return i + today.length, DateSpec(offset=int(str(today.value)))
    holiday = lexed.entry(i, "HOLIDAY")
    if holiday is not None and lexed.entry(i + holiday.length, "WEEK") is None:
        return i + holiday.length, DateSpec(holiday=str(holiday.value))
    if lexed.word(i) == "the" and lexed.is_num(i + 1):
        number = _day_number(lexed, i + 1)
        if number is not None and number[0] > i + 2:
            return _of_month(lexed, number)
    end_of = lexed.entry(i, "MONTHEND")
    if end_of is not None:
        return i + end_of.length, DateSpec(month_end=0)
    end_of = lexed.entry(i, "ENDOF")
    month = _month(lexed, i + end_of.length) if end_of is not None else None
    if month is not None:
        return month[0], DateSpec(month_end=month[1])
    return None


def _of_month(lexed: Lexed, number: tuple[int, int]) -> tuple[int, DateSpec]:
    end, day = number
    j = end + (lexed.word(end) == "of")
    month = _month(lexed, j)
    if month is not None:
        stop, year = _year(lexed, month[0])
        return stop, DateSpec(month[1], day, year)
    return end, DateSpec(0, day)


def _numeric(lexed: Lexed, i: int) -> tuple[int, DateSpec] | None:
    text = lexed.words[i]
    if len(text) == 8 and text.startswith("20"):
        return i + 1, DateSpec(int(text[4:6]), int(text[6:]), int(text[:4]))
    mark = lexed.word(i + 1)
    pieces = [text]
    j = i + 1
    while (
        lexed.word(j) == mark
        and mark in ("/", "-", ".")
        and lexed.tight(j)
        and lexed.is_num(j + 1)
        and lexed.tight(j + 1)
    ):
        pieces.append(lexed.words[j + 1])
        j += 2
        if len(pieces) == 3:
            break
    if len(pieces) == 3 and len(pieces[0]) == 4:
        return j, DateSpec(int(pieces[1]), int(pieces[2]), int(pieces[0]))
    if len(pieces) == 3 and len(pieces[2]) in (2, 4) and len(pieces[0]) <= 2 and len(pieces[1]) <= 2:
        year = int(pieces[2])
        order = True if mark == "." else None
        return j, DateSpec(int(pieces[0]), int(pieces[1]), year if year > 99 else 2000 + year, day_first=order)
    if mark == "/" and len(pieces) == 2 and len(text) <= 2 and len(pieces[1]) <= 2 and int(text) and int(pieces[1]):
        return j, DateSpec(int(pieces[0]), int(pieces[1]), day_first=None)
    if (
        mark == "."
        and len(pieces) == 2
        and lexed.word(j) == "."
        and lexed.tight(j)
        and len(text) <= 2
        and len(pieces[1]) <= 2
    ):
        return j + 1, DateSpec(int(pieces[0]), int(pieces[1]), day_first=True)
    number = _day_number(lexed, i)
    if number is None:
        return None
    k = number[0] + (lexed.word(number[0]) in ("of", "-"))
    month = _month(lexed, k)
    if month is not None:
        stop, year = _year(lexed, month[0])
        return stop, DateSpec(month[1], number[1], year)
    if number[0] > i + 1 and day_at(lexed, number[0]) is None:
        return number[0], DateSpec(0, number[1])
    return None


def _weekday_before(lexed: Lexed, i: int) -> tuple[int, tuple[int, ...]]:
    """A weekday said in front of a date ("Mon, Nov 30", "Tuesday (12/1"): where the date starts, and the day."""
    if lexed.entry(i, "DAY") is None:
        return i, ()
    j = i + 1
    while lexed.word(j) in (",", ".", "(", "the", "-") and j < i + 3:
        j += 1
    return j, (int(str(lexed.at[i]["DAY"].value)),)


def dates_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Dates, lists of days of one month, and ranges of dates."""
    start = i + 1 if lexed.word(i) in ("on", "from", "between", "for") else i
    start += lexed.word(start) == "the" and lexed.entry(start + 1, "DAY") is not None
    j, weekdays = _weekday_before(lexed, start)
    first = date_at(lexed, j)
    if first is None:
        return
    if weekdays and (lexed.word(j - 1) in (",", ".", "-")) and first[1].month == 0 and first[1].offset is None:
        return
    cost = 1.0 + (0.1 if start != i else 0)
    end, spec = first
    one = Dates(first=spec, weekdays=weekdays, weekday_at=start if weekdays else -1)
    if weekdays and lexed.word(j - 1) == "(" and lexed.word(end) == ")":
        end += 1
    elif not weekdays:
        end, one = _weekday_after(lexed, end, one)
    last = _range_end(lexed, end, spec, lexed.word(i) == "between")
    if last is not None:
        yield Candidate(last[0], "DATES", (Dates(spec, last[1], one.weekdays, -1),), cost)
        if spec.month and last[1].month and not last[2]:
            return
    listed = _more_days(lexed, end, spec)
    if listed[1]:
        more = tuple(Dates(replace(spec, day=day)) for day in listed[1])
        yield Candidate(listed[0], "DATES", (one, *more), cost + 0.2)
    yield Candidate(end, "DATES", (one,), cost)
    onward = lexed.entry(end, "ONWARD")
    if onward is not None:
        yield Candidate(end + onward.length, "VALID", Validity(start=spec), cost)


def _weekday_after(lexed: Lexed, end: int, one: Dates) -> tuple[int, Dates]:
    if lexed.word(end) == "(" and lexed.entry(end + 1, "DAY") is not None and lexed.word(end + 2) == ")":
        return end + 3, replace(one, weekdays=(int(str(lexed.at[end + 1]["DAY"].value)),), weekday_at=end + 1)
    return end, one


def _range_end(lexed: Lexed, end: int, spec: DateSpec, between: bool) -> tuple[int, DateSpec, bool] | None:
    entry = lexed.entry(end, "TO")
    if entry is None and not (between and lexed.word(end) in ("and", "&")):
        return None
    j = end + (entry.length if entry is not None else 1)
    k, _ = _weekday_before(lexed, j)
    last = date_at(lexed, k)
    if last is not None:
        close = last[1] if last[1].month or not spec.month else replace(last[1], month=spec.month, year=spec.year)
        return last[0], close, False
    number = _day_number(lexed, j)
    if number is None or not spec.month or number[1] <= spec.day:
        return None
    if lexed.word(number[0]) in _TIME_AHEAD or (lexed.word(number[0]) == "/" and lexed.tight(number[0])):
        return None
    if lexed.entry(number[0], "AM") is not None or lexed.entry(number[0], "PM") is not None:
        return None
    stop, year = _year(lexed, number[0])
    return stop, DateSpec(spec.month, number[1], year or spec.year), True


def _more_days(lexed: Lexed, end: int, spec: DateSpec) -> tuple[int, list[int]]:
    """Further days of the same month: "Dec 1, 3 and 5"."""
    days: list[int] = []
    while spec.month and len(days) < 31:
        j = end
        if lexed.word(j) == ",":
            j += 1
        if lexed.word(j) in ("and", "&", "or", "+"):
            j += 1
        j += lexed.word(j) == "the"
        number = _day_number(lexed, j) if j != end else None
        if number is None or number[1] > 31 or number[1] <= (days[-1] if days else spec.day):
            break
        if lexed.word(number[0]) in _TIME_AHEAD or lexed.word(number[0]) in ("/", ".") and lexed.is_num(number[0] + 1):
            break
        if lexed.entry(number[0], "AM") or lexed.entry(number[0], "PM") or _month(lexed, number[0]) is not None:
            break
        days.append(number[1])
        end = number[0]
    return end, days


def nth_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "first and third Fridays of the month", "the last Sunday in November"."""
    j = lexed.skip(i, ("the", "every", "each", "on"))
    ordinals: list[int] = []
    for _ in range(5):
        entry = lexed.entry(j, "ORDINAL")
        if entry is not None:
            ordinals.append(int(str(entry.value)))
            j += entry.length
        elif (
            lexed.is_num(j) and lexed.tight(j + 1) and lexed.word(j + 1) in _ORDINAL_SUFFIX and int(lexed.words[j]) <= 5
        ):
            ordinals.append(int(lexed.words[j]))
            j += 2
        else:
            break
        if lexed.word(j) in (",", "and", "&", "or", "/", "the") and (
            lexed.entry(j + 1, "ORDINAL") or lexed.is_num(j + 1) or lexed.word(j + 1) in ("and", "the", "&")
        ):
            j += 1
    found = day_at(lexed, j) if ordinals else None
    if found is None:
        return
    end, weekdays = found
    month, stop = 0, end
    month_of = lexed.entry(end, "MONTHOF")
    if month_of is not None:
        stop = end + month_of.length
    elif lexed.word(end) in ("of", "in"):
        named = _month(lexed, end + 1)
        if named is not None:
            stop, month = named
            stop = _year(lexed, stop)[0]
    if stop == end and (-1 in ordinals or lexed.word(i) == "every"):
        return
    spec = DateSpec(nth=(tuple(ordinals), weekdays, month))
    yield Candidate(stop, "DATES", (Dates(spec),), 1.0 if stop > end else 1.6)


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
        k, _ = _weekday_before(lexed, k + (lexed.word(k) == "the" and not lexed.is_num(k + 1)))
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
        k, _ = _weekday_before(lexed, end + 1)
        found = date_at(lexed, k)
        if found is not None:
            ranged = _range_end(lexed, found[0], found[1], False)
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
    month = _month(lexed, j)
    if month is not None and _month_stands(lexed, i, j, month[0]):
        end = _year(lexed, month[0])[0]
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
    k, _ = _weekday_before(lexed, j + (lexed.word(j) == "the" and lexed.entry(j + 1, "DAY") is not None))
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
    month = _month(lexed, j)
    if month is not None and not (lexed.is_num(month[0]) and len(lexed.words[month[0]]) <= 2):
        first = DateSpec(month[1], 1)
        if starts and kind != "AFTER":
            yield Candidate(month[0], "VALID", Validity(start=first), 1.1)
        elif kind == "BEFORE":
            yield Candidate(month[0], "VALID", Validity(end=first, until_before=True), 1.1)
        elif not starts:
            yield Candidate(month[0], "VALID", Validity(end=DateSpec(month_end=month[1])), 1.1)
        else:
            yield Candidate(month[0], "VALID", Validity(start=DateSpec(month_end=month[1]), from_next=True), 1.1)
    for week in week_rule(lexed, j):
        if isinstance(week.value, Week):
            if starts:
                yield Candidate(week.end, "VALID", Validity(start_week=week.value, from_next=kind == "AFTER"), 1.0)
            else:
                yield Candidate(week.end, "VALID", Validity(end_week=week.value, until_before=kind == "BEFORE"), 1.0)
    if not starts and kind != "BEFORE" and lexed.entry(j, "DAY") is not None and kind in ("ENDING", "UNTIL"):
        yield Candidate(j + 1, "VALID", Validity(until_weekday=int(str(lexed.at[j]["DAY"].value))), 3.0)


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
            if lexed.is_num(j) and lexed.word(j + 1) in _ORDINAL_SUFFIX:
                number, j = int(lexed.words[j]), j + 1
        if isinstance(number, int) and 2 <= number <= 8 and lexed.word(j + 1) in ("weeks", "week", "wks"):
            yield Candidate(j + 2, "EVERY", number, 0.9)
    weekly = lexed.entry(i, "WEEKLY")
    if weekly is not None:
        yield Candidate(i + weekly.length, "EVERY", 1, 1.2)


def _day_or_date(lexed: Lexed, i: int) -> tuple[int, Days | Dates] | None:
    j, weekdays = _weekday_before(lexed, i)
    found = date_at(lexed, j)
    if found is not None:
        return found[0], Dates(found[1], None, weekdays, i if weekdays else -1)
    for shift, kind in ((0, "THIS"), (1, "NEXT")):
        entry = lexed.entry(i, kind)
        if entry is not None and lexed.entry(i + entry.length, "DAY") is not None:
            day = int(str(lexed.at[i + entry.length]["DAY"].value))
            return i + entry.length + 1, Days((day,), relative=shift)
    day = day_at(lexed, i)
    if day is not None and len(day[1]) == 1:
        return day[0], Days(day[1])
    return None


def span_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "Fri 3pm through Sun noon", "from Thursday 6pm to Friday 10am"."""
    start = i + 1 if lexed.word(i) == "from" else i
    first = _day_or_date(lexed, start)
    if first is None:
        return
    opening = _clock_or_named(lexed, first[0] + (lexed.word(first[0]) == "at"))
    if opening is None:
        return
    entry = lexed.entry(opening[0], "TO")
    if entry is None:
        return
    last = _day_or_date(lexed, opening[0] + entry.length)
    if last is None:
        return
    closing = _clock_or_named(lexed, last[0] + (lexed.word(last[0]) == "at"))
    if closing is None or lexed.entry(closing[0], "TO") is not None:
        return
    yield Candidate(closing[0], "SPAN", DaySpan(first[1], opening[1], last[1], closing[1]), 1.0)


DATE_RULES = (dates_rule, nth_rule, week_rule, validity_rule, cadence_rule, span_rule)
__all__ = ["DATE_RULES", "Clock", "clock_at", "date", "date_at"]
