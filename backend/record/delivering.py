"""A pass over the outbox between two nights: what was changed by day is told by day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from backend.nightly.act import Delivery, work_off
from backend.nightly.channels import channels
from backend.nightly.lock import only_run
from backend.settings import Settings

JOB = "deliver"


def deliver_pass(settings: Settings, clock: Callable[[], datetime]) -> Delivery:
    """Send everything that is due. The record must be ready.

    Raises `Stop`: another pass is at work, or a credential is missing.
    """
    from backend.record.django_record import DjangoRecord

    with only_run(Path(settings.state_dir), JOB), channels(settings) as ports:
        return work_off(settings, DjangoRecord(settings, clock), ports, clock, lambda _line: None)
