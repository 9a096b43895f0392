"""A program cut into months or fields, so that each part can be measured by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeVar

from backend.analysis.facts import Facts
from backend.analysis.measures import Measures, measure
from optimizer.domain import zone_info

By = Literal["month", "field"]
BYS: tuple[By, ...] = ("month", "field")
SMALLEST = 5
"""Of fewer people nothing is told beyond how many asked: a figure about three people is a figure about somebody."""
NO_FIELD, SMALL_FIELDS = "No field named", "Smaller fields"

Row = TypeVar("Row")


@dataclass(frozen=True)
class Group:
    """A month ("2026-11") or a field, and how it did. `hidden`: too few people for more than how many asked."""

    name: str
    measures: Measures
    hidden: bool


def grouped(facts: Facts, by: By, smallest: int = SMALLEST) -> tuple[Group, ...]:
    """Every month from the first to the last, or every field, the one most asked for first.

    A request belongs to the month it was made in, a session to the month it is held in, a professional to the months in
    which they offered or met. Who names several fields counts in each. Fields with fewer than `smallest` students are
    taken together.
    """
    parts = _months(facts) if by == "month" else _fields(facts, smallest)
    return tuple(_group(name, part, facts, smallest) for name, part in parts.items())


def whole(facts: Facts, smallest: int = SMALLEST) -> Group:
    """All of it."""
    return _group("All", facts, facts, smallest)


def _group(name: str, part: Facts, facts: Facts, smallest: int) -> Group:
    told = measure(part, facts)
    return Group(name, told, 0 < told.students < smallest)


def _months(facts: Facts) -> dict[str, Facts]:
    info = zone_info(facts.zone)

    def month(moment: datetime) -> str:
        return f"{moment.astimezone(info):%Y-%m}"

    wishes = _sorted_into(facts.wishes, lambda one: (month(one.asked_at),))
    meetings = _sorted_into(facts.meetings, lambda one: (month(one.starts_at),))
    presences = _sorted_into(facts.presences, lambda one: (month(one.as_of),))
    nights = _sorted_into(facts.nights, lambda one: (month(one.as_of),))
    found = wishes.keys() | meetings.keys() | presences.keys() | nights.keys()
    return {
        name: Facts(
            facts.zone,
            tuple(wishes.get(name, ())),
            tuple(meetings.get(name, ())),
            tuple(presences.get(name, ())),
            tuple(nights.get(name, ())),
        )
        for name in _every_month(found)
    }


def _every_month(found: Iterable[str]) -> list[str]:
    """From the first to the last, empty ones too: a gap is news."""
    known = sorted(found)
    if not known:
        return []
    first, last = (date.fromisoformat(f"{name}-01") for name in (known[0], known[-1]))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    numbers = (first.year * 12 + first.month - 1 + step for step in range(count))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def _fields(facts: Facts, smallest: int) -> dict[str, Facts]:
    students: dict[str, set[str]] = {}
    for wish in facts.wishes:
        for name in wish.fields or (NO_FIELD,):
            students.setdefault(name, set()).add(wish.student)
    for meeting in facts.meetings:
        for name in meeting.fields or (NO_FIELD,):
            students.setdefault(name, set()).add(meeting.student)
    large = [name for name, people in students.items() if len(people) >= smallest]
    large.sort(key=lambda name: (-len(students[name]), name))
    parts = {name: _of_fields(facts, {name}) for name in large}
    small = students.keys() - set(large)
    if small:
        parts[SMALL_FIELDS] = _of_fields(facts, small)
    return parts


def _of_fields(facts: Facts, names: set[str]) -> Facts:
    def mine(fields: Iterable[str]) -> bool:
        return not names.isdisjoint(fields or (NO_FIELD,))

    return replace(
        facts,
        wishes=tuple(one for one in facts.wishes if mine(one.fields)),
        meetings=tuple(one for one in facts.meetings if mine(one.fields)),
        presences=tuple(one for one in facts.presences if not names.isdisjoint(one.fields)),
        nights=(),
    )


def _sorted_into(rows: Iterable[Row], names: Callable[[Row], Iterable[str]]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        for name in names(row):
            found.setdefault(name, []).append(row)
    return found
