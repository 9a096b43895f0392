"""Clock readings: what an hour without am/pm means, and how two of them make a range.

The rules are those of section 4 of the conventions: explicit readings win, a 24-hour form holds for both ends,
one marked end settles the other by the shortest interval, and a bare range takes the reading with the greater
share inside the default day.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.availability.conventions import DAY_END, Conventions

HALF_DAY = 720


class TimeError(ValueError):
    """A clock reading or range that does not exist (25:00, 13pm, 2-2, 5pm-3pm)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock reading. `mark`: "a" or "p" as written, "24" when literal, "" when open; `name` for noon, lunch, work."""

    hour: int = 0
    minute: int = 0
    mark: str = ""
    name: str = ""
    approximate: bool = False
    doubtful: bool = False

    def options(self) -> tuple[int, ...]:
        """The minutes of the day it can mean. Raises `TimeError` when there are none."""
        if self.minute > 59 or self.hour > 24 or (self.hour == 24 and self.minute):
            raise TimeError("no such time")
        if self.mark in ("a", "p"):
            if not 1 <= self.hour <= 12:
                raise TimeError("no such hour with am or pm")
            return (self.hour % 12 * 60 + self.minute + (HALF_DAY if self.mark == "p" else 0),)
        if self.mark == "24" or self.hour > 12 or self.hour == 0:
            return (self.hour * 60 + self.minute,)
        base = self.hour % 12 * 60 + self.minute
        return (base, base + HALF_DAY)

    @property
    def literal(self) -> bool:
        return self.mark == "24" or (not self.mark and not self.name and (self.hour > 12 or self.hour == 0))

    def taken_literally(self) -> int:
        if self.minute > 59 or self.hour > 24:
            raise TimeError("no such time")
        return self.hour * 60 + self.minute


def share_of_day(start: int, end: int, conventions: Conventions) -> float:
    """The share of [start, end) inside the default day; an end over midnight reaches into the next one."""
    return _overlap(start, end, *conventions.day) / (end - start)


def _overlap(start: int, end: int, low: int, high: int) -> int:
    return sum(max(0, min(end, high + shift) - max(start, low + shift)) for shift in (0, DAY_END))


@dataclass(frozen=True, slots=True)
class Settled:
    """An interval in minutes (the end may pass 1440), and whether another reading was nearly as good."""

    start: int
    end: int
    doubtful: bool = False


def settle_range(first: Clock, last: Clock, hint: tuple[int, int] | None, conventions: Conventions) -> Settled:
    """The interval two clock readings mean; `hint` is the part of the day named with them."""
    if first.literal or last.literal:
        return _literal_range(first, last, conventions)
    starts, ends = first.options(), last.options()
    if len(starts) == 1 and len(ends) == 1:
        return _checked(starts[0], ends[0], conventions)
    if starts == ends:
        raise TimeError("the range is empty")
    if len(starts) == 1 or len(ends) == 1:
        return _shortest(starts, ends)
    candidates = []
    for start in starts:
        end = min(e + shift for e in ends for shift in (0, DAY_END) if e + shift > start)
        candidates.append((start, end))
    if hint is not None:
        ranked = sorted(candidates, key=lambda c: -_overlap(c[0], c[1], *hint) / (c[1] - c[0]))
        if _overlap(ranked[0][0], ranked[0][1], *hint) or ranked[0][1] <= DAY_END:
            best = ranked[0] if _overlap(ranked[0][0], ranked[0][1], *hint) else _nearest(candidates, hint)
            return Settled(*best)
    shares = [share_of_day(*candidate, conventions) for candidate in candidates]
    best_index = 0 if shares[0] >= shares[1] else 1
    doubtful = shares[1 - best_index] >= conventions.ampm_doubt
    return Settled(*candidates[best_index], doubtful)


def _nearest(candidates: list[tuple[int, int]], hint: tuple[int, int]) -> tuple[int, int]:
    return min(candidates, key=lambda c: abs(c[0] - hint[0]))


def _shortest(starts: tuple[int, ...], ends: tuple[int, ...]) -> Settled:
    pairs = [
        (end + shift - start, start, end + shift)
        for start in starts
        for end in ends
        for shift in (0, DAY_END)
        if end + shift > start
    ]
    length, start, end = min(pairs)
    if length <= 0:
        raise TimeError("the range is empty")
    return Settled(start, end)


def _literal_range(first: Clock, last: Clock, conventions: Conventions) -> Settled:
    start = first.taken_literally() if not first.mark or first.mark == "24" else first.options()[0]
    end = last.taken_literally() if not last.mark or last.mark == "24" else last.options()[0]
    return _checked(start, end, conventions)


def _checked(start: int, end: int, conventions: Conventions) -> Settled:
    if start >= DAY_END:
        raise TimeError("a range cannot start at the end of the day")
    if end == start:
        raise TimeError("the range is empty")
    if end < start:
        end += DAY_END
        if end != DAY_END and end - start > conventions.longest_overnight:
            raise TimeError("the range would run over midnight for too long")
    return Settled(start, end)


def settle_point(clock: Clock, hint: tuple[int, int] | None, length: int, conventions: Conventions) -> Settled:
    """The interval of `length` minutes that starts at a clock reading."""
    options = clock.options()
    window = conventions.point_minutes
    if len(options) == 1:
        start = options[0] % DAY_END
        return Settled(start, start + length)
    if hint is not None:
        scored = [_overlap(start, start + window, *hint) for start in options]
        start = options[scored.index(max(scored))] if any(scored) else min(options, key=lambda o: abs(o - hint[0]))
        return Settled(start, start + length)
    shares = [share_of_day(start, start + window, conventions) for start in options]
    index = 0 if shares[0] >= shares[1] else 1
    return Settled(options[index], options[index] + length, shares[1 - index] >= conventions.ampm_doubt)


def settle_bound(clock: Clock, after: bool, hint: tuple[int, int] | None, conventions: Conventions) -> tuple[int, bool]:
    """The minute a bound lies at ("after 5", "until 9"), and whether that is doubtful."""
    options = clock.options()
    if len(options) == 1:
        minute = options[0]
        return (DAY_END if minute == 0 and not after else minute), False
    if hint is not None:
        low, high = hint
        inside = [o for o in options if (low <= o < high if after else low < o <= high)]
        if inside:
            return inside[0], False
    first, last = conventions.after_pm if after else conventions.before_pm
    doubtful = clock.hour in (conventions.doubtful_after if after else conventions.doubtful_before)
    if clock.hour == 12:
        return options[1], doubtful
    return (options[1] if first <= clock.hour <= last else options[0]), doubtful
