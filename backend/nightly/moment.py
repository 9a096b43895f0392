"""The one place where the wall clock becomes `as_of`, and an instant becomes a night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from backend.nightly.exits import Exit, Stop
from optimizer.domain import zone_info

NIGHT_TURNS_AT = timedelta(hours=12)


def as_of_from(text: str | None, zone: str, now: datetime) -> datetime:
    """The instant a run is made for, aware UTC.

    Without text: the next full hour after `now`, so that repeats within the hour are the same run and notice time
    is never shortened. With text: ISO 8601; without an offset it is the wall clock of `zone`, a date alone its
    midnight. Raises `Stop(USAGE)`.
    """
    if text is None:
        floor = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return floor if floor == now else floor + timedelta(hours=1)
    return instant_from(text, zone, "--as-of")


def instant_from(text: str, zone: str, option: str) -> datetime:
    """The instant that somebody typed for an option, aware UTC. Raises `Stop(USAGE)`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(Exit.USAGE, f"{option} {text!r} is no instant; write 2026-11-22T22:00 or 2026-11-22") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_info(zone))
    return moment.astimezone(UTC)


def wall_hours_later(instant: datetime, hours: int, zone: str) -> datetime:
    """So many hours on by the clock on the wall of `zone`, as timers count them; aware UTC.

    On the day the clocks change that is an hour more or less.
    """
    return (instant.astimezone(zone_info(zone)) + timedelta(hours=hours)).astimezone(UTC)


def night_key(as_of: datetime, zone: str) -> str:
    """The night a run belongs to: the local date on which that night began (it turns at noon)."""
    return (as_of.astimezone(zone_info(zone)) - NIGHT_TURNS_AT).date().isoformat()


def reference_date(text: str | None, zone: str, now: datetime) -> date:
    """The local date that `read` resolves relative words against."""
    if text is None:
        return now.astimezone(zone_info(zone)).date()
    return as_of_from(text, zone, now).astimezone(zone_info(zone)).date()
