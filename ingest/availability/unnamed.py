"""Days that are meant but not named: in "tonight", in "the other weekdays" (known from the rest), in "some Fridays"."""

from __future__ import annotations

from dataclasses import replace

from ingest.availability.clauses import BREAKS, CORE, NEGATIONS, VAGUE, is_day
from ingest.availability.items import Dates, DateSpec, Days, Item, Time
from ingest.availability.vocabulary import EVERY_DAY, WEEKDAYS

OTHER = "other"
_STOPS = BREAKS | {"HARD", "QUESTION", "AND", "OR"}


def expanded(items: list[Item]) -> list[Item]:
    """The items with "weeknights" and "tonight" written as a day and a part of the day."""
    night = Time("part", part="night")
    today = (Dates(DateSpec(offset=0)),)
    out: list[Item] = []
    for item in items:
        if item.kind == "WEEKNIGHT":
            out.append(Item("DAYS", Days(WEEKDAYS, group=True), item.start, item.end))
            out.append(Item("TIME", night, item.start, item.end))
        elif item.kind == "TONIGHT":
            out.append(Item("DATES", today, item.start, item.end))
            out.append(Item("TIME", night, item.start, item.end))
        elif item.kind == "TODAY":
            out.append(Item("DATES", today, item.start, item.end))
        else:
            out.append(item)
    return out


def with_others(items: list[Item]) -> list[Item]:
    """The items with "the other days" written as the days named nowhere else; unknowable ones become amounts.

    "The rest of the week" without hours of its own stays what it is: a statement about all other times.
    """
    if not any(_means_others(item) or item.kind == "RESTALL" for item in items):
        return items
    named = {day for item in items if not _means_others(item) for day in _weekly(item)}
    out = list(items)
    for i, item in enumerate(items):
        if item.kind == "RESTALL" and _has_hours(items, i):
            out[i] = replace(item, kind="DAYS", value=Days(EVERY_DAY, group=True, quantified=OTHER))
        value = out[i].value
        if isinstance(value, Days) and value.quantified == OTHER:
            left = tuple(day for day in value.days if day not in named)
            known = named and left
            out[i] = (
                replace(out[i], value=replace(value, days=left)) if known else replace(item, kind="AMOUNT", value=OTHER)
            )
    return out


def _means_others(item: Item) -> bool:
    return isinstance(item.value, Days) and item.value.quantified == OTHER


def _weekly(item: Item) -> tuple[int, ...]:
    return item.value.days if isinstance(item.value, Days) and item.value.relative < 0 else ()


def _is_hours(item: Item) -> bool:
    return isinstance(item.value, Time) and (item.value.kind == "part" or item.value.kind not in VAGUE)


def _has_hours(items: list[Item], i: int) -> bool:
    """Do hours stand right beside item i, without a day of their own?"""
    for j in range(i + 1, len(items)):
        kind = items[j].kind
        if kind in CORE:
            return _is_hours(items[j])
        if kind in ("POS", "YES") or kind in NEGATIONS:
            return False
        if kind in _STOPS:
            break
    hours = False
    for j in range(i - 1, -1, -1):
        if items[j].kind in _STOPS:
            break
        if items[j].kind in CORE:
            if not _is_hours(items[j]):
                return False
            hours = True
    return hours


def unplaced(items: list[Item], start: int, end: int, cores: list[int]) -> set[int]:
    """The hours among `cores` that belong to days nobody can name ("some Fridays 2-4", "mornings on odd days").

    They must not fall to another day, so they are no hours at all.
    """
    claimed: set[int] = set()
    for i in range(start, end):
        if not (items[i].kind == "AMOUNT" and items[i].value) and "day" not in items[i].flags:
            continue
        for j in range(i + 1, end):
            if items[j].kind in CORE and is_day(items[j]):
                break
            claimed.add(j)
        before: list[int] = []
        for j in range(i - 1, start - 1, -1):
            if items[j].kind in _STOPS:
                break
            before.append(j)
        if not any(is_day(items[j]) for j in before):
            claimed.update(before)
    return claimed & set(cores)
