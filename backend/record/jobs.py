"""Small jobs that come round every few minutes, in a thread beside the web server.

Each job holds a lock of its own, so a timer that runs the same one beside this does no harm: one of the two steps back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from django.db import close_old_connections, connections

from backend.nightly.channels import channels
from backend.nightly.exits import Exit, Stop
from backend.record.delivering import deliver_pass
from backend.record.reminding import remind_pass
from backend.record.syncing import follows_calendar, sync_pass
from backend.settings import Settings

LOG = structlog.get_logger()
EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Job:
    """`act` does one pass, every so often; it may raise anything, which is logged and ends that pass alone."""

    name: str
    act: Callable[[], object]
    every: timedelta = EVERY


def jobs_of(settings: Settings, clock: Callable[[], datetime]) -> tuple[Job, ...]:
    """What `serve` does beside answering. The calendar comes before the sending, which tells what came of it."""
    following = (Job("sync", lambda: follow_pass(settings, clock), timedelta(minutes=settings.sync.every_minutes)),)
    return (
        Job("remind", lambda: remind_pass(settings, clock)),
        *(following if follows_calendar(settings) else ()),
        Job("deliver", lambda: deliver_pass(settings, clock)),
    )


def follow_pass(settings: Settings, clock: Callable[[], datetime]) -> None:
    """Follow the calendar; if something came of it, who must be told is told at once. Raises `Stop`."""
    with channels(settings) as ports:
        assert ports.watch is not None
        report = sync_pass(settings, ports.watch, clock)
    if report.counts:
        deliver_pass(settings, clock)


class Rounds:
    """Does the jobs one after the other, at once and then each as often as it says, until the `with` block ends."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._troubles = dict.fromkeys((job.name for job in jobs), "")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets the pass at work come to its end, for a while: an act that is cut off is looked up by the next one."""
        self._over.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        due = dict.fromkeys((job.name for job in self._jobs), time.monotonic())
        while not self._over.is_set():
            for job in self._jobs:
                if not self._over.is_set() and due[job.name] <= time.monotonic():
                    due[job.name] = time.monotonic() + job.every.total_seconds()
                    self._troubles[job.name] = one_pass(job, self._troubles[job.name])
            self._over.wait(max(0.0, min(due.values()) - time.monotonic()))
        connections.close_all()


def one_pass(job: Job, before: str = "") -> str:
    """Nothing that goes wrong in a job stops the others, or the server. Its trouble, "" for none.

    `before`: the trouble of the pass before this one; the same again is not logged again.
    """
    close_old_connections()
    try:
        job.act()
    except Stop as stop:
        if stop.code is Exit.LOCK_HELD:
            return before
        if stop.message != before:
            LOG.warning("job stopped; doctor says why", job=job.name, code=stop.code.name)
        return stop.message
    except Exception as error:  # noqa: BLE001 - the next pass tries again
        kind = type(error).__name__
        if kind != before:
            LOG.error("job failed", job=job.name, error_type=kind)
        return kind
    if before:
        LOG.warning("job works again", job=job.name)  # as loud as the trouble that it ends
    return ""
