"""Pulling the two sheets from where the settings or the command line say they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from backend.nightly.channels import needed
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import rules_from
from backend.nightly.record import Sheets, Unreached
from backend.secrets import GOOGLE_CREDENTIALS
from backend.settings import Settings
from ingest.columns import Renamed
from ingest.sheet import Form, Sheet, SourceError
from ingest.sources.csv_source import read_csv
from ingest.sources.xlsx_source import read_xlsx

GOOGLE = "google:"


def pull(settings: Settings, students: str | None, professionals: str | None) -> Sheets:
    """Both sheets. Raises `Stop` with what is missing and how to name it; `Unreached` when only that is the matter."""
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
    rules = rules_from(settings)
    read: dict[Form, Sheet] = {}
    failed: dict[Form, SourceError] = {}
    for form, place in places.items():
        try:
            read[form] = replace(open_sheet(place, form, rules.renamed(form)), place=place)
        except SourceError as error:
            failed[form] = error
    if failed:
        raise _failure(read, failed, places)
    return Sheets(read[Form.STUDENTS], read[Form.PROFESSIONALS])


def _failure(read: Mapping[Form, Sheet], failed: Mapping[Form, SourceError], places: Mapping[Form, str]) -> Stop:
    """What is wrong with the sheets themselves first: an earlier reading must not hide it."""
    worst = min(failed.values(), key=lambda error: (error.unreached, not error.permanent))
    code = Exit.ERROR if worst.permanent else Exit.TRY_LATER
    message = "; ".join(dict.fromkeys(str(error) for error in failed.values()))
    if worst.unreached:
        return Unreached(code, message, read, {form: places[form] for form in failed})
    return Stop(code, message)


def open_sheet(place: str, form: Form, renamed: Renamed) -> Sheet:
    """The sheet at a path (.csv, .xlsx, .xlsx#Worksheet) or google:ID#Worksheet. Raises `SourceError`.

    Without a worksheet's name, the one whose header fits the form (with `renamed` titles) best.
    """
    name, _, worksheet = place.partition("#")
    if place.startswith(GOOGLE):
        from ingest.sources.google_source import GoogleSource

        source = GoogleSource.from_json(needed(GOOGLE_CREDENTIALS))
        return source.read(name.removeprefix(GOOGLE), worksheet, form, renamed)
    path = Path(name)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return read_xlsx(path, form, worksheet, renamed)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return read_csv(Path(place), form)
    raise SourceError(f"{place!r} is neither .csv, .xlsx nor google:SPREADSHEET_ID#Worksheet")
