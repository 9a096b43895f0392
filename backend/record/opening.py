"""The record that the commands work on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from backend.analysis.facts import Facts
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import rules_from
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import Record
from backend.record.django_settings import SQLITE_FILE
from backend.record.refusal import Reason, Refused
from backend.record.setup import DATABASE_URL, ready
from backend.secrets import secret
from backend.settings import Settings

Clock = Callable[[], datetime]
Found = TypeVar("Found")


def open_record(settings: Settings, clock: Clock) -> Record:
    """The program's record, made where there is none yet. Raises `Stop` when the database cannot be used."""
    ready(Path(settings.state_dir), matching=settings)
    from backend.record.django_record import DjangoRecord

    return DjangoRecord(settings, clock)


def open_to_look(settings: Settings, clock: Clock) -> Record:
    """As `open_record` for who writes nothing: where there is no record yet, an empty one that is not made either."""
    if _nothing_yet(settings):
        return PlainRecord(Path(settings.state_dir), clock)
    return open_record(settings, clock)


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    """The record's models may be used inside; what it refuses comes out as `Stop`."""
    ready(Path(settings.state_dir), matching=settings)
    try:
        yield
    except Refused as error:
        code = Exit.STALE_PLAN if error.reason in (Reason.CLASH, Reason.NOT_NOW) else Exit.USAGE
        raise Stop(code, error.message) from None


def facts_in_record(settings: Settings) -> Facts:
    """What the program did so far, without names; nothing where there is no record, which is not made either.

    Works where an event loop runs (Jupyter) too. Raises `Stop`.
    """
    if _nothing_yet(settings):
        return Facts(settings.program.zone)

    def read() -> Facts:
        with opened(settings):
            from backend.record.services.facts import facts_with_fields
            from backend.record.services.programs import own_program

            return facts_with_fields(own_program(settings), rules_from(settings))

    return beside_the_loop(read)


def beside_the_loop(work: Callable[[], Found]) -> Found:
    """Do work on the record here, or in a thread of its own where an event loop runs, in which Django refuses it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()

    def alone() -> Found:
        from django.conf import settings as django_settings
        from django.db import connections

        try:
            return work()
        finally:
            if django_settings.configured:  # not where there was no record to open
                connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(alone).result()


def _nothing_yet(settings: Settings) -> bool:
    return secret(DATABASE_URL) is None and not (Path(settings.state_dir) / SQLITE_FILE).exists()
