"""Builders of small nights from sheets in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from backend.nightly.night import Night, think
from backend.nightly.record import RecordState, Sheets
from backend.settings import Settings, from_mapping
from ingest.sheet import Cell, Form, Sheet, sheet_rows

AS_OF = datetime(2026, 11, 23, 3, tzinfo=UTC)
STUDENT = {
    "Timestamp": "11/16/2026 9:00:00",
    "Email Address": "ana@example.org",
    "Full Name": "Ana Gomez",
    "Discord Username": "ana",
    "Resume Link": "https://example.org/ana-private.pdf",
    "Target Industry": "Healthcare",
    "Target Role": "Night Nurse",
    "Experience Level": "Entry Level (0-2 years)",
    "Availability": "Mon, Wed 2-4pm",
    "Time Zone": "ET",
    "Meeting Format": "No preference",
}
PROFESSIONAL = {
    "Timestamp": "11/16/2026 9:00:00",
    "Full Name": "John Doe",
    "Email Address": "john@example.com",
    "Professional Title": "Chief Nurse",
    "Company/Organization": "St. Elmo",
    "Industry Specializations": "healthcare",
    "Availability Start Date": "11/23/2026",
    "Availability End Date": "12/18/2026",
    "Preferred Days of the Week": "Monday, Wednesday",
    "Preferred Time Slots (Select all that work for you)": "2:00 PM - 3:00 PM, 3:00 PM - 4:00 PM",
    "Your Time Zone": "Eastern Time (ET)",
    "Specific Available Times": "",
    "Experience Levels You Prefer to Review": "No preference - all levels",
    "Industries You Can Review": "Healthcare",
    "Meeting Format Preferences": "No preference",
    "Special Notes or Requirements": "",
    "Maximum Reviews Per Week": "2",
    "Confirmation": "I confirm",
}


def sheet(form: Form, defaults: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> Sheet:
    cells = [tuple(Cell({**defaults, **row}[title]) for title in defaults) for row in rows]
    return Sheet(f"{form.value}.csv", form, tuple(defaults), sheet_rows(cells))


def make_sheets(
    students: Sequence[Mapping[str, str]] = ({},), professionals: Sequence[Mapping[str, str]] = ({},)
) -> Sheets:
    return Sheets(sheet(Form.STUDENTS, STUDENT, students), sheet(Form.PROFESSIONALS, PROFESSIONAL, professionals))


def crowd(count: int) -> list[dict[str, str]]:
    """Students like Ana, each with an address of their own."""
    return [
        {"Email Address": f"s{n}@example.org", "Full Name": f"Student {n}", "Discord Username": f"s{n}"}
        for n in range(count)
    ]


def make_settings(**sections: Mapping[str, object]) -> Settings:
    return from_mapping({"program": {"key": "demo", "name": "Demo Program"}, **sections})


def make_night(
    settings: Settings | None = None,
    sheets: Sheets | None = None,
    state: RecordState | None = None,
    as_of: datetime = AS_OF,
) -> Night:
    return think(settings or make_settings(), sheets or make_sheets(), state or RecordState(), as_of, lambda _: None)
