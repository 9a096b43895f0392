"""What `doctor` looks at: each check says how it stands and, if something is wrong, how to put it right.

Nothing is changed and nothing is sent: what is asked of Google, Discord, the CalDAV and the mail server only reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from backend.nightly.checks.of_caldav import check_caldav
from backend.nightly.checks.of_channels import Greeter, check_channels
from backend.nightly.checks.of_discord import check_discord
from backend.nightly.checks.of_google import check_google
from backend.nightly.checks.of_record import Opener, TableLook, check_record
from backend.nightly.checks.of_settings import check_publishing, check_settings
from backend.nightly.checks.of_sheets import check_sheet
from backend.nightly.checks.result import Check, Health
from backend.settings import Settings
from ingest.sheet import Form

__all__ = ["Check", "Health", "Looks", "examine"]


@dataclass(frozen=True)
class Looks:
    """What the record's side lends: how the tables stand, the record without making one, the mail server's greeting."""

    tables: TableLook
    record: Opener
    mail: Greeter


def examine(settings: Settings, present: datetime, looks: Looks) -> Iterator[Check]:
    """All checks, in the order a night needs them."""
    yield from check_settings(settings)
    yield from check_google(settings, present)
    for form in Form:
        yield check_sheet(settings, form, present)
    yield from check_record(settings, present, looks.tables, looks.record)
    yield from check_publishing(settings)
    yield from check_discord(settings)
    yield from check_caldav(settings)
    yield from check_channels(settings, looks.mail)
