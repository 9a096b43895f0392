"""Telling an outside watcher how the night's job goes. It never changes the job's own outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from backend.nightly.exits import Exit
from backend.settings import Settings
from publish.heartbeat import Beat, beat

LOG = structlog.get_logger()
WELL = frozenset({Exit.DONE, Exit.CHANGES_PRESENT})


@dataclass
class Watched:
    """How the job ended; a job that says nothing, or breaks off, has failed."""

    code: int = Exit.ERROR


@contextmanager
def watched(settings: Settings) -> Iterator[Watched]:
    """The watcher hears the start, and at the end whether the job went well: exit codes 0 and 10.

    Nothing is told without `publish.heartbeat_url`, or while `publish.enabled` is false.
    """
    job = Watched()
    _tell(settings, Beat.START)
    try:
        yield job
    finally:
        _tell(settings, Beat.SUCCESS if job.code in WELL else Beat.FAIL)


def _tell(settings: Settings, what: Beat) -> None:
    url = settings.publish.heartbeat_url
    if url and settings.publish.enabled and not beat(url, what):
        LOG.warning("heartbeat not heard", beat=what.name.lower())
