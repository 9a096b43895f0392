"""Small jobs that come round every few minutes, in a thread beside the web server.

Each job holds a lock of its own, so a timer that runs the same one beside this does no harm: one of the two steps back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from django.db import close_old_connections, connections

from backend.nightly.exits import Exit, Stop
from backend.record.delivering import deliver_pass
from backend.record.reminding import remind_pass
from backend.settings import Settings

LOG = structlog.get_logger()
EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Job:
    """`act` does one pass; it may raise anything, which is logged and ends that pass alone."""

    name: str
    act: Callable[[], object]


def jobs_of(settings: Settings, clock: Callable[[], datetime]) -> tuple[Job, ...]:
    """What `serve` does beside answering."""
    return (
        Job("remind", lambda: remind_pass(settings, clock)),
        Job("deliver", lambda: deliver_pass(settings, clock)),
    )


class Rounds:
    """Does all jobs one after the other, at once and then every `pause`, until the `with` block ends."""

    def __init__(self, jobs: Sequence[Job], pause: timedelta = EVERY) -> None:
        self._jobs = jobs
        self._pause = pause.total_seconds()
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
        while not self._over.is_set():
            for job in self._jobs:
                if not self._over.is_set():
                    one_pass(job)
            self._over.wait(self._pause)
        connections.close_all()


def one_pass(job: Job) -> None:
    """Nothing that goes wrong in a job stops the others, or the server."""
    close_old_connections()
    try:
        job.act()
    except Stop as stop:
        if stop.code is not Exit.LOCK_HELD:
            LOG.warning("job stopped", job=job.name, reason=stop.message)
    except Exception as error:  # noqa: BLE001 - the next pass tries again
        LOG.error("job failed", job=job.name, kind=type(error).__name__)
