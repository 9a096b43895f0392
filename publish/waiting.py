"""How long a service asks us to wait, as it says so in HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=2)


def asked_to_wait(text: str, present: datetime | None = None) -> timedelta | None:
    """By `Retry-After`: seconds or a date, at most two days; None for anything else."""
    said = text.strip()
    if said.isascii() and said.isdecimal():
        return min(LONGEST, timedelta(seconds=int(said))) if len(said) < 7 else LONGEST
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), min(LONGEST, until - (present or datetime.now(UTC))))
