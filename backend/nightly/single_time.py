"""One instant, or one day, out of what somebody typed: "Monday 2:00 PM", "2026-12-07 14:00", "in 2 weeks"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from backend.nightly.exits import Exit, Stop
from ingest.availability import Conventions, Horizon, Reading, read, resolve
from optimizer.domain import Interval, zone_info

AHEAD_DAYS, BACK_DAYS = 366, 2
POINT = timedelta(hours=1)
"""The reader takes a bare time of day for an hour; anything longer is a span, not a start."""
LONGEST = 200
_FROM_NOW = re.compile(r"(?:in|for)?\s*(\d{1,3}|an?|one|two|three|four)\s+(day|week|month)s?", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|through|to)\s+", re.IGNORECASE)
_CLOCK = re.compile(r"\d\s*(?:[:.]\d\d|am|pm|-|–|to)", re.IGNORECASE)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_DAYS_OF = {"day": 1, "week": 7, "month": 30}
_EXAMPLE = 'say it as "Monday 2:00 PM", "Dec 7 14:00" or "2026-12-07 14:00"'
_DAY_EXAMPLE = 'say it as "Dec 7", "2026-12-07", "next Monday" or "in 2 weeks"'


@dataclass(frozen=True)
class SingleTime:
    """`start`: aware UTC, None when only a day was named; `day`: its local date in `zone`; `assumptions`: sentences."""

    start: datetime | None
    day: date
    zone: str
    assumptions: tuple[str, ...] = ()


def single_time(text: str, zone: str, now: datetime, conventions: Conventions) -> SingleTime:
    """The next such time after `now`; a zone named in the text wins over `zone`. Raises `Stop(USAGE)`.

    Of a weekly time ("Monday 2:00 PM") the next one is meant. A time or day that has passed is refused.
    """
    said = _UNTIL.sub("", " ".join(text[:LONGEST].split()), count=1)
    exact = _iso(said, zone) or _from_now(said, zone, now)
    found = exact or _read(said, zone, now, conventions)
    today = now.astimezone(zone_info(found.zone)).date()
    if found.day < today or (found.start is not None and found.start <= now):
        raise Stop(Exit.USAGE, f"{text!r} has passed; {_EXAMPLE}")
    return found


def _iso(said: str, zone: str) -> SingleTime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    if len(said) <= len("2026-12-07"):
        return SingleTime(None, moment.date(), zone)
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone_info(zone))
    start = local.astimezone(UTC)
    if moment.tzinfo is None and start.astimezone(zone_info(zone)).replace(tzinfo=None) != moment:
        raise Stop(Exit.USAGE, f"{said!r} does not exist in {zone}: the clocks are put forward there")
    return SingleTime(start, start.astimezone(zone_info(zone)).date(), zone)


def _from_now(said: str, zone: str, now: datetime) -> SingleTime | None:
    found = _FROM_NOW.fullmatch(said)
    if found is None:
        return None
    number = _NUMBERS.get(found[1].lower()) or int(found[1])
    today = now.astimezone(zone_info(zone)).date()
    return SingleTime(None, today + timedelta(days=number * _DAYS_OF[found[2].lower()]), zone)


def _read(said: str, zone: str, now: datetime, conventions: Conventions) -> SingleTime:
    """By the availability reader; doubtful readings are refused: whoever asks can say it more plainly."""
    today = now.astimezone(zone_info(zone)).date()
    horizon = Horizon(today - timedelta(days=BACK_DAYS), AHEAD_DAYS)
    reading = read(said, reference=today, zone=zone, horizon=horizon, conventions=conventions)
    if reading.status != "ok" or len(reading.weekly) + len(reading.dated) != 1:
        raise Stop(Exit.USAGE, f"{said!r} is not understood as one time that lies ahead; {_EXAMPLE}")
    span = _next(reading, horizon, now)
    if span is None:
        raise Stop(Exit.USAGE, f"{said!r} is not understood as a time within a year; {_EXAMPLE}")
    told = tuple(one.sentence for one in reading.assumptions)
    day = span.start.astimezone(zone_info(reading.zone)).date()
    if span.end - span.start <= POINT:
        return SingleTime(span.start, day, reading.zone, told)
    if _CLOCK.search(said):
        raise Stop(Exit.USAGE, f"{said!r} is a span of time; name one start or one day ({_DAY_EXAMPLE})")
    return SingleTime(None, day, reading.zone, told)


def _next(reading: Reading, horizon: Horizon, now: datetime) -> Interval | None:
    """The first window after `now`; of a dated reading the one there is, also when it has passed."""
    spans = [window.interval for window in resolve(reading, horizon)]
    ahead = [span for span in spans if span.start > now or (span.end > now and span.end - span.start > POINT)]
    return next(iter(ahead or ([] if reading.weekly else spans)), None)
