"""The record that the commands work on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import Record
from backend.record.django_settings import SQLITE_FILE
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
