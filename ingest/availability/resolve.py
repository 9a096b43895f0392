"""A reading to windows in UTC, daylight saving included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.availability.model import DatedWindow, Horizon, Reading, WeeklyWindow
from optimizer.domain.time import Certainty, Interval, Window, intersect, merge, subtract, wall_interval

LOW_CONFIDENCE_BELOW = 0.6


def resolve(
    reading: Reading, horizon: Horizon, *, low_confidence_below: float = LOW_CONFIDENCE_BELOW
) -> tuple[Window, ...]:
    """The windows of a reading inside the horizon, sorted; disjoint, the better certainty winning.

    A doubtful reading (confidence under the threshold) yields LOW_CONFIDENCE windows only.
    """
    doubtful = reading.confidence < low_confidence_below
    by_certainty: dict[Certainty, list[Interval]] = {}
    for certainty, interval in _intervals(reading, reading.weekly, reading.dated, horizon):
        level = Certainty.LOW_CONFIDENCE if doubtful else certainty
        by_certainty.setdefault(level, []).append(interval)
    windows: list[Window] = []
    better: list[Interval] = []
    for level in sorted(by_certainty, reverse=True):
        windows += [Window(interval, level) for interval in subtract(by_certainty[level], better)]
        better += by_certainty[level]
    return tuple(sorted(windows))


def resolve_exclusions(reading: Reading, horizon: Horizon) -> tuple[Interval, ...]:
    """When a person who only said so is busy, inside the horizon; () for other readings."""
    if not reading.only_excludes:
        return ()
    pairs = _intervals(reading, reading.excluded_weekly, reading.excluded_dated, horizon)
    return merge(interval for _, interval in pairs)


def _intervals(
    reading: Reading, weekly: Sequence[WeeklyWindow], dated: Sequence[DatedWindow], horizon: Horizon
) -> list[tuple[Certainty, Interval]]:
    found: list[tuple[Certainty, Interval]] = []
    for day in _on_dates(reading, weekly, horizon):
        for window in weekly:
            if window.day == day.weekday():
                found += _real(window.certainty, day, window.start, window.end, reading.zone)
    for one in dated:
        if horizon.first <= one.day <= horizon.last:
            found += _real(one.certainty, one.day, one.start, one.end, reading.zone)
    return found


def _on_dates(reading: Reading, weekly: Sequence[WeeklyWindow], horizon: Horizon) -> list[date]:
    """The dates on which weekly windows hold: inside the validity, in every n-th week from the first on.

    The first week is counted from when the answer was given (or is valid), not from the horizon, so that "every
    other Monday" means the same Mondays on every night.
    """
    days = {window.day for window in weekly}
    out: list[date] = []
    anchor: date | None = None
    first = min(horizon.first, reading.valid_from or reading.since or horizon.first)
    for day in (first + timedelta(days=n) for n in range((horizon.last - first).days + 1)):
        if day.weekday() not in days:
            continue
        if (reading.valid_from and day < reading.valid_from) or (reading.valid_until and day > reading.valid_until):
            continue
        monday = day - timedelta(days=day.weekday())
        anchor = anchor or monday
        if day >= horizon.first and (monday - anchor).days // 7 % reading.every_n_weeks == 0:
            out.append(day)
    return out


def _real(certainty: Certainty, day: date, start: int, end: int, zone: str) -> list[tuple[Certainty, Interval]]:
    interval = wall_interval(day, start, end, zone)
    return [] if interval is None else [(certainty, interval)]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How well two readings meet: shared minutes by local date, and the share of the scarcer side in per cent."""

    minutes: tuple[tuple[date, int], ...]
    total: int
    score: int


def overlap(one: Reading, other: Reading, horizon: Horizon) -> Overlap:
    """Shared free minutes on each date (in the first reading's zone), and a score from 0 to 100.

    The score is the shared time over the time of the side that offers less, rounded.
    """
    from optimizer.domain.time import zone_info

    sides = [[w.interval for w in resolve(reading, horizon)] for reading in (one, other)]
    shared = intersect(*sides)
    zone = zone_info(one.zone)
    by_day: dict[date, int] = {}
    for interval in shared:
        day = interval.start.astimezone(zone).date()
        by_day[day] = by_day.get(day, 0) + interval.minutes
    total = sum(by_day.values())
    least = min(sum(i.minutes for i in merge(side)) for side in sides)
    return Overlap(tuple(sorted(by_day.items())), total, round(100 * total / least) if least else 0)
