"""Time, decided once: instants are aware UTC, intervals are half-open, wall clocks belong to named zones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTES_PER_DAY = 1440
_OFFSET = re.compile(r"UTC([+-])(\d{1,2}):?(\d{2})?$")


class ZoneError(ValueError):
    """A time zone name that is neither an IANA zone nor `UTC+hh:mm`."""


@lru_cache(maxsize=256)
def zone_info(name: str) -> tzinfo:
    """The zone of an IANA name ("Europe/Berlin") or a fixed offset ("UTC+05:30"). Raises `ZoneError`."""
    offset = _OFFSET.match(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes >= MINUTES_PER_DAY:
            raise ZoneError(f"{name!r} is more than a day away from UTC")
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneError(f"{name!r} is not a time zone; use an IANA name such as America/New_York") from None


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """[start, end) in UTC; 10:00-10:30 and 10:30-11:00 do not overlap."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware instants")
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            object.__setattr__(self, "start", self.start.astimezone(UTC))
            object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError(f"an interval must end after it starts, not {self.start} to {self.end}")

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end


class Certainty(IntEnum):
    """How sure a person is to be free. Ordered: a higher number is the better offer."""

    LOW_CONFIDENCE = 1
    IF_NEEDED = 2
    CERTAIN = 3


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """An interval in which one person is free, and how sure that is."""

    interval: Interval
    certainty: Certainty = Certainty.CERTAIN


def wall_interval(day: date, start_minute: int, end_minute: int, zone: str) -> Interval | None:
    """The interval between two wall-clock minutes of a local day (0-1440; more reaches into the next day).

    Real time, not clock arithmetic: 09:00-11:00 is two hours on any day, 00:00-24:00 is 23 hours on the spring
    change. A wall clock that does not exist moves forward by the gap; an ambiguous one means its first
    occurrence. None when nothing real is left (02:00-02:30 inside a spring gap).
    """
    start, end = (_wall_instant(day, minute, zone) for minute in (start_minute, end_minute))
    return Interval(start, end) if start < end else None


def _wall_instant(day: date, minute: int, zone: str) -> datetime:
    days, minute = divmod(minute, MINUTES_PER_DAY)
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone_info(zone))
    return (local + timedelta(days=days)).astimezone(UTC)


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sorted, disjoint intervals covering the same instants; touching ones become one."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            if interval.end > merged[-1].end:
                merged[-1] = Interval(merged[-1].start, interval.end)
        else:
            merged.append(interval)
    return tuple(merged)


def subtract(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """What is left of `intervals` outside `taken`."""
    left = merge(intervals)
    for hole in merge(taken):
        left = tuple(piece for interval in left for piece in _without(interval, hole))
    return left


def _without(interval: Interval, hole: Interval) -> Iterable[Interval]:
    if not interval.overlaps(hole):
        yield interval
        return
    if interval.start < hole.start:
        yield Interval(interval.start, hole.start)
    if hole.end < interval.end:
        yield Interval(hole.end, interval.end)


def intersect(one: Iterable[Interval], other: Iterable[Interval]) -> tuple[Interval, ...]:
    """The instants in both, as sorted disjoint intervals."""
    first, second = merge(one), merge(other)
    common: list[Interval] = []
    i = j = 0
    while i < len(first) and j < len(second):
        start, end = max(first[i].start, second[j].start), min(first[i].end, second[j].end)
        if start < end:
            common.append(Interval(start, end))
        if first[i].end < second[j].end:
            i += 1
        else:
            j += 1
    return tuple(common)
