"""Pulling the two sheets from where the settings or the command line say they are."""

from __future__ import annotations

from pathlib import Path

from ingest.sources.xlsx_source import read_xlsx

from backend.nightly.channels import needed
from backend.nightly.exits import Exit, Stop
from backend.nightly.night import Sheets
from backend.secrets import GOOGLE_CREDENTIALS
from backend.settings import Settings
from ingest.sheet import Form, Sheet, SourceError
from ingest.sources.csv_source import read_csv

GOOGLE = "google:"


def pull(settings: Settings, students: str | None, professionals: str | None) -> Sheets:
    """Both sheets, or `Stop` with what is missing and how to name it."""
    places = {
        Form.STUDENTS: students or settings.sources.students,
        Form.PROFESSIONALS: professionals or settings.sources.professionals,
    }
    missing = [form.value for form, place in places.items() if not place]
    if missing:
        raise Stop(
            Exit.USAGE,
            f"no sheet of the {' and the '.join(missing)}: use --students FILE --professionals FILE, or set "
            "[sources] in matching.toml",
        )
    try:
        return Sheets(*(open_sheet(place, form) for form, place in places.items()))
    except SourceError as error:
        raise Stop(Exit.ERROR if error.permanent else Exit.TRY_LATER, str(error)) from None


def open_sheet(place: str, form: Form) -> Sheet:
    """The sheet at a path (.csv, .xlsx, .xlsx#Worksheet) or google:ID#Worksheet. Raises `SourceError`."""
    name, _, worksheet = place.partition("#")
    if place.startswith(GOOGLE):
        return _google(name.removeprefix(GOOGLE), worksheet, form)
    path = Path(name)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return read_xlsx(path, form, worksheet)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return read_csv(Path(place), form)
    raise SourceError(f"{place!r} is neither .csv, .xlsx nor google:SPREADSHEET_ID#Worksheet")


def _google(spreadsheet: str, worksheet: str, form: Form) -> Sheet:
    from ingest.sources.google_source import GoogleSource

    return GoogleSource.from_json(needed(GOOGLE_CREDENTIALS)).read(spreadsheet, worksheet, form)
