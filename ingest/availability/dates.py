"""Rules for dates: named, in figures, lists and ranges of them, and n-th weekdays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.availability.clockwords import ends_range
from ingest.availability.days import day_at
from ingest.availability.items import Candidate, Dates, DateSpec, Validity
from ingest.availability.lexed import Lexed

ORDINAL_SUFFIX = frozenset(("st", "nd", "rd", "th"))
_TIME_AHEAD = frozenset(
    (":", "-", "to", "am", "pm", "a.m.", "p.m.", "a", "p", "+", "till", "until", "–", "~", "o'clock")
)


def _ordinal_end(lexed: Lexed, j: int) -> int:
    return j + 1 if lexed.word(j) in ORDINAL_SUFFIX and lexed.tight(j) else j


def year_at(lexed: Lexed, j: int) -> tuple[int, int]:
    k = j + 1 if lexed.word(j) == "," else j
    if lexed.is_num(k) and len(lexed.words[k]) == 4 and lexed.words[k].startswith("20"):
        follows = lexed.word(k + 1)
        if not (follows in ("-", "to") and lexed.is_num(k + 2)) and follows not in ("am", "pm", "hrs"):
            return k + 1, int(lexed.words[k])
    return j, 0


def month_at(lexed: Lexed, i: int) -> tuple[int, int] | None:
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
    month = month_at(lexed, i)
    if month is not None:
        j = month[0] + (lexed.word(month[0]) == "the")
        number = _day_number(lexed, j)
        if (
            number is not None
            and not (lexed.word(number[0]) == ":" and lexed.is_num(number[0] + 1) and lexed.tight(number[0] + 1))
            and lexed.word(number[0]) not in ("am", "pm", "a.m.", "p.m.")
        ):
            end, year = year_at(lexed, number[0])
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
    month = month_at(lexed, i + end_of.length) if end_of is not None else None
    if month is not None:
        return month[0], DateSpec(month_end=month[1])
    return None


def _of_month(lexed: Lexed, number: tuple[int, int]) -> tuple[int, DateSpec]:
    end, day = number
    j = end + (lexed.word(end) == "of")
    month = month_at(lexed, j)
    if month is not None:
        stop, year = year_at(lexed, month[0])
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
    month = month_at(lexed, k)
    if month is not None:
        stop, year = year_at(lexed, month[0])
        return stop, DateSpec(month[1], number[1], year)
    if number[0] > i + 1 and day_at(lexed, number[0]) is None:
        return number[0], DateSpec(0, number[1])
    return None


def weekday_before(lexed: Lexed, i: int) -> tuple[int, tuple[int, ...]]:
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
    j, weekdays = weekday_before(lexed, start)
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
    last = range_end(lexed, end, spec, lexed.word(i) == "between")
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


def range_end(lexed: Lexed, end: int, spec: DateSpec, between: bool) -> tuple[int, DateSpec, bool] | None:
    entry = lexed.entry(end, "TO")
    if entry is None and not (between and lexed.word(end) in ("and", "&")):
        return None
    j = end + (entry.length if entry is not None else 1)
    k, _ = weekday_before(lexed, j)
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
    stop, year = year_at(lexed, number[0])
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
        if lexed.word(number[0]) in _TIME_AHEAD or (
            lexed.word(number[0]) in ("/", ".") and lexed.is_num(number[0] + 1)
        ):
            break
        if lexed.entry(number[0], "AM") or lexed.entry(number[0], "PM") or month_at(lexed, number[0]) is not None:
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
            lexed.is_num(j) and lexed.tight(j + 1) and lexed.word(j + 1) in ORDINAL_SUFFIX and int(lexed.words[j]) <= 5
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
        named = month_at(lexed, end + 1)
        if named is not None:
            stop, month = named
            stop = year_at(lexed, stop)[0]
    if stop == end and (-1 in ordinals or lexed.word(i) == "every"):
        return
    spec = DateSpec(nth=(tuple(ordinals), weekdays, month))
    yield Candidate(stop, "DATES", (Dates(spec),), 1.0 if stop > end else 1.6)


DATE_RULES = (dates_rule, nth_rule)
