"""Following the program's calendar, from a shell, a timer, the night or beside the web server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from filelock import FileLock, Timeout

from backend.nightly.exits import Exit, Stop
from backend.record.opening import opened
from backend.settings import Settings
from publish.ports import PublishError, Watch

if TYPE_CHECKING:
    from backend.record.models import Program

LOG = structlog.get_logger()
JOB = "sync"
FAILED = "failed"
WORDS = {
    "declined": "declined: the session is cancelled, both are told",
    "deleted": "deleted: the session is cancelled, both are told",
    "moved": "moved inside both people's times: the session moved along",
    "flagged": "newly flagged for staff",
    "made again": "missing in the calendar, will be made again",
    "taken out": "left over from a cancelled session, will be taken out",
    "strays": "with our mark but without a session, flagged for staff",
}


@dataclass(frozen=True)
class SyncReport:
    """What came of it. `counts` by the keys of `WORDS`; `waiting`: flags that wait for a decision, `urgent` of them
    about sessions that begin soon. `complete`: every event was compared, not only those that changed."""

    complete: bool
    seen: int
    counts: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    urgent: int = 0

    @property
    def lines(self) -> list[str]:
        """For people, one line each; nobody is named."""
        what = "every event was compared" if self.complete else "only what changed was looked at"
        told = [f"{self.seen} events of sessions to come seen; {what}"]
        told += [f"{self.counts[key]} {words}" for key, words in WORDS.items() if self.counts.get(key)]
        if self.waiting:
            urgent = f", {self.urgent} of them about sessions that begin soon" if self.urgent else ""
            told.append(f"{self.waiting} waiting for staff to decide{urgent} (admin: Calendar flags)")
        return told


def sync_once(settings: Settings, watch: Watch, clock: Callable[[], datetime], *, complete: bool = False) -> SyncReport:
    """Open the record and do one `sync_pass`. Raises `Stop`."""
    with opened(settings):
        return sync_pass(settings, watch, clock, complete=complete)


def follows_calendar(settings: Settings) -> bool:
    """Whether `serve` takes back what people did in Google Calendar."""
    return bool(settings.publish.enabled and settings.publish.calendar_id and settings.sync.every_minutes)


def sync_pass(settings: Settings, watch: Watch, clock: Callable[[], datetime], *, complete: bool = False) -> SyncReport:
    """Take over what people did in the calendar since the last time. `complete`: compare every event.

    The record must be ready. Sends nothing: what people must be told waits in the outbox. Holds a lock of its own.
    Raises `Stop`: another sync is working (`LOCK_HELD`), or the calendar cannot be reached (`TRY_LATER`) or used
    (`ERROR`), which is noted in the record for `doctor` to find.
    """
    from backend.record.services.jobs import note_pass
    from backend.record.services.programs import own_program

    with only_sync(Path(settings.state_dir)):
        program, now = own_program(settings), clock()
        try:
            report = _followed(program, settings, watch, now, complete=complete)
        except PublishError as error:
            note_pass(program, JOB, now, {FAILED: 1})
            raise Stop(Exit.ERROR if error.permanent else Exit.TRY_LATER, f"sync: {error}") from None
        note_pass(program, JOB, now, _keys(report.counts))
        LOG.info("followed the calendar", complete=report.complete, seen=report.seen, **_keys(report.counts))
        return report


def _followed(program: Program, settings: Settings, watch: Watch, now: datetime, *, complete: bool) -> SyncReport:
    """Raises `PublishError`."""
    from backend.record.models import CalendarCursor
    from backend.record.services.calendar_back import Follower
    from backend.record.services.calendar_flags import open_flags

    calendar = settings.publish.calendar_id
    cursor = CalendarCursor.objects.filter(program=program, calendar_id=calendar).first()
    changes = watch.changes("" if complete or cursor is None else cursor.token)
    found = Follower(program, settings, watch.get, now).follow(changes)
    values = {"calendar_id": calendar, "token": changes.token, "followed_at": now}
    values |= {"compared_at": now} if changes.complete else {}
    CalendarCursor.objects.update_or_create(program=program, defaults=values)
    flags = open_flags(program)
    return SyncReport(
        changes.complete, found.seen, dict(found.counts), flags.count(), flags.filter(frozen=True).count()
    )


def _keys(counts: Mapping[str, int]) -> dict[str, int]:
    return {key.replace(" ", "_"): number for key, number in counts.items()}


@contextmanager
def only_sync(state_dir: Path) -> Iterator[None]:
    """Hold the right to follow the calendar. Raises `Stop(LOCK_HELD)` at once when somebody else is at it."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state_dir / "sync.lock"
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout:
        raise Stop(Exit.LOCK_HELD, f"another sync is working (it holds {path}); wait for it or stop it") from None
