"""Times as staff read them: on the clocks of the program's zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.record.api.site import matching
from backend.report.words import counted, short_day
from optimizer.domain import zone_info


def program_zone() -> str:
    return matching().program.zone


def moment(instant: datetime | None, zone: str = "") -> str:
    """Tue 24 Nov 2026, 18:00; "" for None."""
    if instant is None:
        return ""
    local = instant.astimezone(zone_info(zone or program_zone()))
    return f"{short_day(local.date())} {local.year}, {local:%H:%M}"


def span(start: datetime, end: datetime, zone: str = "") -> str:
    """Tue 24 Nov 2026, 18:00-18:30."""
    return f"{moment(start, zone)}-{end.astimezone(zone_info(zone or program_zone())):%H:%M}"


def ago(instant: datetime, now: datetime) -> str:
    """3 days, 5 hours; how long ago something was."""
    past = max(now - instant, timedelta())
    if past < timedelta(hours=1):
        return counted(past // timedelta(minutes=1), "minute")
    if past < timedelta(days=2):
        return counted(past // timedelta(hours=1), "hour")
    return counted(past // timedelta(days=1), "day")
