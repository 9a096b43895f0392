"""The items a sentence is made of, and what the rules of the grammar hand to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ingest.availability.clock import Clock
from ingest.availability.lexed import Lexed


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the tokens up to `end`: a kind, its value, and a price (explicit is cheap, a repair costs)."""

    end: int
    kind: str
    value: object = None
    cost: float = 1.0
    flags: tuple[str, ...] = ()


Rule = Callable[[Lexed, int], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class Item:
    """A chosen candidate; tokens [start, end)."""

    kind: str
    value: object
    start: int
    end: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Time:
    """A time of the day as said. `kind`: range, point, after, from, before, until, part, half, all, any, open, flex."""

    kind: str
    first: Clock | None = None
    last: Clock | None = None
    part: str = ""
    minutes: int = 0
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """Weekdays as said; `every` weeks (0 = not said), `group` when named as a group, `quantified` by a word before."""

    days: tuple[int, ...]
    every: int = 0
    group: bool = False
    quantified: str = ""
    plural: bool = False  # "Mondays", "weekends": a noun, not the first half of "Monday mornings"
    relative: int = -1  # weeks from this week: "this Friday" 0, "next Friday" 1


@dataclass(frozen=True, slots=True)
class DateSpec:
    """A date or a range of dates as said. `year` 0 and `month` 0 are open ("the 24th"); bad = does not exist."""

    month: int = 0
    day: int = 0
    year: int = 0
    offset: int | None = None  # days from the reference date ("tomorrow")
    holiday: str = ""
    nth: tuple[tuple[int, ...], tuple[int, ...], int] | None = None  # ordinals, weekdays, month (0 = any)
    weekend: int = -1  # weeks from this week
    month_end: int = -1  # "end of November": the month; 0 = this month
    fixed: date | None = None
    day_first: bool | None = False  # of two figures: True for 3.12., None when the convention decides


@dataclass(frozen=True, slots=True)
class Dates:
    """One date, or every date from `first` to `last`; `weekday` as said beside it, at token `weekday_at`."""

    first: DateSpec
    last: DateSpec | None = None
    weekdays: tuple[int, ...] = ()
    weekday_at: int = -1


@dataclass(frozen=True, slots=True)
class Week:
    """A whole week: `offset` weeks from this week, or the week of a date."""

    offset: int = 0
    of: DateSpec | None = None
    after: bool = False  # the week after `of`, or after the last one named


@dataclass(frozen=True, slots=True)
class Validity:
    """Limits of all weekly windows. `from_next`: the day after `start`; `before`: the day before `end`."""

    start: DateSpec | None = None
    end: DateSpec | None = None
    from_next: bool = False
    until_before: bool = False
    weeks: int = 0
    start_week: Week | None = None
    end_week: Week | None = None
    month: int = -1
    month_offset: int = -1
    until_weekday: int = -1


@dataclass(frozen=True, slots=True)
class DaySpan:
    """From a time on one day to a time on a later one ("Fri 3pm through Sun noon")."""

    first: Days | Dates
    start: Clock
    last: Days | Dates
    end: Clock
