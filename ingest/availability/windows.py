"""Rows of minutes: overnight splits, zones, subtraction, and the choice between weekly and dated form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from ingest.availability.conventions import DAY_END
from ingest.availability.model import DatedWindow, Horizon, WeeklyWindow
from optimizer.domain.time import Certainty, zone_info

Key = int | date


@dataclass(frozen=True, slots=True)
class Limits:
    """When a weekly row holds: both dates inclusive, every n-th week."""

    start: date | None = None
    end: date | None = None
    every: int = 1


ALWAYS = Limits()


@dataclass(frozen=True, slots=True)
class Row:
    """[start, end) on a weekday or a date."""

    key: Key
    start: int
    end: int
    maybe: bool = False
    limits: Limits = ALWAYS


def next_key(key: Key, days: int = 1) -> Key:
    return (key + days) % 7 if isinstance(key, int) else key + timedelta(days=days)


def split_overnight(rows: Iterable[Row]) -> list[Row]:
    """The same rows, each within its day; what runs over midnight goes to the next day."""
    out: list[Row] = []
    for row in rows:
        start, end, key = row.start, row.end, row.key
        while start < 0:
            start, end, key = start + DAY_END, end + DAY_END, next_key(key, -1)
        while start >= DAY_END:
            start, end, key = start - DAY_END, end - DAY_END, next_key(key)
        while end > DAY_END:
            out.append(replace(row, key=key, start=start, end=DAY_END))
            start, end, key = 0, end - DAY_END, next_key(key)
        if start < end:
            out.append(replace(row, key=key, start=start, end=end))
    return out


def shifted(row: Row, source: str, target: str, on: date) -> Row:
    """A row of one zone in the wall clock of another; weekly rows by the offset on the date `on`."""
    if source == target:
        return row
    day = row.key if isinstance(row.key, date) else on
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offsets = [noon.astimezone(zone_info(name)).utcoffset() or timedelta() for name in (source, target)]
    minutes = int((offsets[1] - offsets[0]).total_seconds() // 60)
    return replace(row, start=row.start + minutes, end=row.end + minutes)


def subtract(row: Row, start: int, end: int) -> list[Row]:
    if end <= row.start or row.end <= start:
        return [row]
    pieces = [(row.start, min(start, row.end)), (max(end, row.start), row.end)]
    return [replace(row, start=a, end=b) for a, b in pieces if a < b]


def expand(rows: Iterable[Row], horizon: Horizon, reference: date) -> list[Row]:
    """Weekly rows of one set of limits as dated rows inside the horizon; dated rows stay."""
    rows = list(rows)
    out = [row for row in rows if not isinstance(row.key, int)]
    weekly = [row for row in rows if isinstance(row.key, int)]
    for limits in dict.fromkeys(row.limits for row in weekly):
        group = [row for row in weekly if row.limits == limits]
        days = {row.key for row in group}
        anchor: date | None = None
        for day in horizon.dates():
            if day.weekday() not in days or (limits.start and day < limits.start) or (limits.end and day > limits.end):
                continue
            monday = day - timedelta(days=day.weekday())
            anchor = anchor or monday
            if (monday - anchor).days // 7 % limits.every == 0:
                out += [replace(row, key=day, limits=ALWAYS) for row in group if row.key == day.weekday()]
    return [row for row in out if isinstance(row.key, int) or row.key >= reference]


def without(rows: list[Row], taken: list[Row], horizon: Horizon, reference: date) -> list[Row]:
    """The rows minus what is taken; weekly rows that lose single dates are written out as dates."""
    dates = {row.key for row in taken if isinstance(row.key, date)}
    limited = {day for row in taken if row.limits != ALWAYS and isinstance(row.key, int) for day in [row.key]}
    weekdays = {day.weekday() for day in dates if isinstance(day, date)} | limited
    if weekdays:
        cadenced = any(row.limits.every > 1 for row in rows)
        touched = [r for r in rows if isinstance(r.key, int) and (cadenced or r.key in weekdays)]
        rows = [r for r in rows if r not in touched] + expand(touched, horizon, reference)
        taken = [r for r in taken if not (isinstance(r.key, int) and r.key in limited)] + expand(
            [r for r in taken if isinstance(r.key, int) and r.key in limited], horizon, reference
        )
    for hole in taken:
        left: list[Row] = []
        for row in rows:
            same = row.key == hole.key or (
                isinstance(hole.key, int) and isinstance(row.key, date) and row.key.weekday() == hole.key
            )
            left += subtract(row, hole.start, hole.end) if same else [row]
        rows = left
    return rows


def uniform(rows: list[Row], horizon: Horizon, reference: date) -> tuple[list[Row], Limits]:
    """The rows with one set of limits for all weekly ones; the odd ones are written out as dates."""
    kinds = list(dict.fromkeys(row.limits for row in rows if isinstance(row.key, int)))
    if not kinds:
        return rows, ALWAYS
    main = max(kinds, key=lambda k: (sum(row.limits == k for row in rows if isinstance(row.key, int)), -kinds.index(k)))
    odd = [row for row in rows if isinstance(row.key, int) and row.limits != main]
    kept = [row for row in rows if not isinstance(row.key, int) or row.limits == main]
    return kept + expand(odd, horizon, reference), main


def _disjoint(spans: list[tuple[int, int, bool]]) -> list[tuple[int, int, Certainty]]:
    """Merged spans, certain ones first: a doubtful span keeps only what no certain one covers."""
    sure = _merged([(a, b) for a, b, maybe in spans if not maybe])
    doubtful = _merged([(a, b) for a, b, maybe in spans if maybe])
    for start, end in sure:
        doubtful = [
            piece for a, b in doubtful for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    rows = [(a, b, Certainty.CERTAIN) for a, b in sure] + [(a, b, Certainty.IF_NEEDED) for a, b in doubtful]
    return sorted(rows)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def weekly_windows(rows: Iterable[Row]) -> tuple[WeeklyWindow, ...]:
    by_day: dict[int, list[tuple[int, int, bool]]] = {}
    for row in rows:
        if isinstance(row.key, int):
            by_day.setdefault(row.key, []).append((row.start, row.end, row.maybe))
    return tuple(WeeklyWindow(day, a, b, c) for day in sorted(by_day) for a, b, c in _disjoint(by_day[day]))


def dated_windows(rows: Iterable[Row]) -> tuple[DatedWindow, ...]:
    by_day: dict[date, list[tuple[int, int, bool]]] = {}
    for row in rows:
        if isinstance(row.key, date):
            by_day.setdefault(row.key, []).append((row.start, row.end, row.maybe))
    return tuple(DatedWindow(day, a, b, c) for day in sorted(by_day) for a, b, c in _disjoint(by_day[day]))
