"""People's own calendars, asked by the commands that plan."""

from __future__ import annotations

from datetime import datetime

from backend.commands.output import talk
from backend.nightly.calendars import NO_CALENDARS, Calendars
from backend.nightly.channels import own_calendars
from backend.nightly.free_busy import ask
from backend.nightly.google_rights import free_busy_used
from backend.nightly.record import RecordState, Sheets
from backend.settings import Settings


def look_into_calendars(settings: Settings, sheets: Sheets, state: RecordState, as_of: datetime) -> Calendars:
    """What the calendars say now, said to staff; nothing is asked unless the settings want it. Raises `Stop`."""
    if not free_busy_used(settings):
        return NO_CALENDARS
    with own_calendars(settings) as source:
        calendars = ask(settings, sheets, state, as_of, source)
    talk(calendars.sentence)
    return calendars
