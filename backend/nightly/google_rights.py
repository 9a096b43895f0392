"""What this program may ask of Google: no more than its settings need."""

from __future__ import annotations

from backend.nightly.pull import GOOGLE
from backend.settings import Settings

WORDS = {
    "spreadsheets.readonly": "read spreadsheets that were shared with you",
    "spreadsheets": "see and change your spreadsheets",
    "calendar.events": "see and change events of your calendars",
    "calendar.freebusy": "see when your calendars are busy",
}


def sheets_used(settings: Settings) -> bool:
    """Whether a form's answers are read from Google Sheets."""
    return any(place.startswith(GOOGLE) for place in (settings.sources.students, settings.sources.professionals))


def free_busy_used(settings: Settings) -> bool:
    """Whether people's own calendars are asked when they are busy."""
    return settings.free_busy.professionals or settings.free_busy.students


def scopes_of(settings: Settings) -> tuple[str, ...]:
    """The scopes that the settings need; none when nothing of Google is used."""
    scopes: tuple[str, ...] = ()
    if sheets_used(settings):
        from ingest.sources import google_source

        scopes += google_source.SCOPES
    if settings.publish.schedule_sheet:
        from publish import schedule_sheet

        scopes += schedule_sheet.SCOPES
    if settings.publish.calendar_id:
        from publish import google_calendar

        scopes += google_calendar.SCOPES
    if free_busy_used(settings):
        from publish import google_calendar

        scopes += (google_calendar.FREE_BUSY_SCOPE,)
    return scopes


def in_words(scope: str) -> str:
    """What a scope allows, for the person who is asked."""
    return WORDS.get(scope.rpartition("/")[2], scope)
