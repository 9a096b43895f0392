"""A pass of reminders on the program's record, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from backend.nightly.channels import channels
from backend.nightly.lock import only_run
from backend.nightly.reminding import JOB, Reminded, coming, remind
from backend.record.opening import opened
from backend.settings import Settings
from publish.reminding import Reminder


def remind_once(settings: Settings, clock: Callable[[], datetime]) -> Reminded:
    """Open the record and do one pass. Raises `Stop`."""
    with opened(settings):
        return remind_pass(settings, clock)


def remind_pass(settings: Settings, clock: Callable[[], datetime]) -> Reminded:
    """Remind everybody whose moment has come. The record must be ready.

    Raises `Stop`: another pass is at work, or a credential is missing.
    """
    from backend.record.django_record import DjangoRecord

    with only_run(Path(settings.state_dir), JOB), channels(settings) as ports:
        return remind(settings, DjangoRecord(settings, clock), ports, clock)


def due_now(settings: Settings, now: datetime) -> list[Reminder]:
    """What a pass would add now. Sends and writes nothing."""
    with opened(settings):
        from backend.record.django_record import DjangoRecord

        return coming(settings, DjangoRecord(settings, lambda: now), now) if settings.reminders.minutes else []
