"""The record: is it there, whole, up to date and private; when did a night last run, and what waits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from backend.nightly.checks.of_jobs import check_jobs
from backend.nightly.checks.result import Check, Health
from backend.nightly.exits import Stop
from backend.nightly.guards import kept_back
from backend.nightly.record import Record
from backend.settings import Settings

LATE = timedelta(hours=30)
LITTLE_ROOM = 200 * 1024 * 1024
Opener = Callable[[Settings, Callable[[], datetime]], Record]


class Tables(Protocol):
    """How the database's tables stand to this program: see `backend.record.looking`."""

    @property
    def pending(self) -> int: ...
    @property
    def newer(self) -> int: ...


TableLook = Callable[[Settings], Tables | None]


def check_record(settings: Settings, present: datetime, look: TableLook, open_to_look: Opener) -> Iterator[Check]:
    """Opened only when that changes nothing: an older record would be brought up to date by it."""
    folder = Path(settings.state_dir)
    place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not (place.is_dir() and os.access(place, os.W_OK)):
        yield Check(
            "record", Health.BROKEN, f"{place} is no folder that can be written", f"set state_dir, or chmod u+w {place}"
        )
        return
    yield from _private(folder)
    if shutil.disk_usage(place).free < LITTLE_ROOM:
        yield Check("record: room", Health.WARNING, f"less than 200 MB are free at {place}", "make room on that disk")
    try:
        tables = look(settings)
        if tables is not None and tables.newer:
            said = f"it was written by a newer version of this program ({tables.newer} changes are unknown here)"
            yield Check("record: migrations", Health.BROKEN, said, "install that version again, or restore a backup")
            return
        if tables is not None and tables.pending:
            said = f"{tables.pending} changes of its tables are still to be made"
            fix = "make a `backup`; the next command that uses the record then brings it up to date"
            yield Check("record: migrations", Health.WARNING, said, fix)
            return
        yield from _nights(settings, open_to_look(settings, lambda: present), present)
    except Stop as stop:
        yield Check("record", Health.BROKEN, stop.message, "docs/operate.md: restore")


def _private(folder: Path) -> Iterator[Check]:
    if folder.exists() and folder.stat().st_mode & 0o077:
        yield Check("record: privacy", Health.WARNING, f"others can read {folder}", f"chmod 700 {folder}")


def _nights(settings: Settings, record: Record, present: datetime) -> Iterator[Check]:
    state = record.state()
    if not state.runs:
        yield Check("record", Health.GOOD, "no night was booked yet")
        return
    last = state.runs[-1]
    late = present - last.as_of > LATE
    detail = f"{len(state.runs)} runs, the last for night {last.night}; {record.waiting()} items wait in the outbox"
    fix = "is the timer running? `systemctl list-timers`, or `crontab -l` (docs/operate.md)" if late else ""
    yield Check("record", Health.WARNING if late else Health.GOOD, detail, fix)
    yield from check_jobs(settings, record, present)
    for told in last.stand_ins:
        yield Check("last night", Health.WARNING, told, "see sheet: and google: above")
    lost = record.given_up()
    if lost:
        fix = "`outbox list` says which and why; then `outbox retry` or `outbox drop`"
        yield Check("outbox", Health.WARNING, f"{lost} items could not be delivered and wait for a person", fix)
    reasons = kept_back(settings, record, present)
    if reasons:
        said = f"a guard lets nothing be sent, by night or by day: {'; '.join(reasons)}"
        fix = "if this is right: `run --approve`; else `outbox list`, then `outbox drop` or `undo`"
        yield Check("outbox: guards", Health.BROKEN, said, fix)
