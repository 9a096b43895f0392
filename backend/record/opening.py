"""The record that the commands work on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from backend.nightly.exits import Exit, Stop
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import Record
from backend.record.django_settings import SQLITE_FILE
from backend.record.refusal import Reason, Refused
from backend.record.setup import DATABASE_URL, ready
from backend.secrets import secret
from backend.settings import Settings

Clock = Callable[[], datetime]


def open_record(settings: Settings, clock: Clock) -> Record:
    """The program's record, made where there is none yet. Raises `Stop` when the database cannot be used."""
    ready(Path(settings.state_dir), matching=settings)
    from backend.record.django_record import DjangoRecord

    return DjangoRecord(settings, clock)


def open_to_look(settings: Settings, clock: Clock) -> Record:
    """As `open_record` for who writes nothing: where there is no record yet, an empty one that is not made either."""
    if secret(DATABASE_URL) is None and not (Path(settings.state_dir) / SQLITE_FILE).exists():
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
