"""The jobs that come round every few minutes: when each was last at work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from backend.nightly.checks.result import Check, Health
from backend.nightly.record import Record
from backend.nightly.reminding import JOB
from backend.settings import Settings

REMINDERS_LATE = timedelta(minutes=30)
CALENDAR_LATE = timedelta(hours=2)
_TIMER = "is `serve` running, or a timer for `{}`? `systemctl list-timers`, or `crontab -l` (docs/operate.md)"


def check_jobs(settings: Settings, record: Record, present: datetime) -> Iterator[Check]:
    """Those that the settings ask for, once a night was booked: before that there is nothing for them to do."""
    if not settings.publish.enabled:
        return
    if settings.reminders.minutes:
        said = "reminders"
        yield _aged(said, record.last_pass(JOB), present, REMINDERS_LATE, _TIMER.format(JOB))
    if settings.publish.calendar_id:
        limit = max(CALENDAR_LATE, 3 * timedelta(minutes=settings.sync.every_minutes))
        yield _aged("calendar followed", record.followed(), present, limit, _followed_fix(record))


def _followed_fix(record: Record) -> str:
    """Somebody tries and fails, or nobody tries."""
    tried, done = record.last_pass("sync"), record.followed()
    if tried is not None and (done is None or done < tried):
        return "it is tried and fails: run `sync` to read why, and see google: above"
    return _TIMER.format("sync")


def _aged(name: str, last: datetime | None, present: datetime, limit: timedelta, fix: str) -> Check:
    if last is None:
        return Check(name, Health.WARNING, "never yet, though a night was booked", fix)
    minutes = max(0, int((present - last).total_seconds() // 60))
    ago = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
    if present - last > limit:
        return Check(name, Health.WARNING, f"last done {ago} ago", fix)
    return Check(name, Health.GOOD, f"last done {ago} ago")
