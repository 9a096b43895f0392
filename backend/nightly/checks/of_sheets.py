"""Whether both sheets can be read, with every column that is needed, and whose clock they go by."""

from __future__ import annotations

from datetime import datetime

from backend.nightly.checks.result import Check, Health
from backend.nightly.exits import Stop
from backend.nightly.frame import rules_from
from backend.nightly.pull import open_sheet
from backend.settings import Settings
from ingest.columns import match_columns
from ingest.sheet import Form, Sheet, SourceError
from optimizer.domain import zone_info

_TITLE = "put the title right in the sheet, or map it under [columns] in matching.toml"


def check_sheet(settings: Settings, form: Form, present: datetime) -> Check:
    """One form's sheet: it is read once, as the night would."""
    name = f"sheet: {form.value}"
    place = settings.sources.students if form is Form.STUDENTS else settings.sources.professionals
    if not place:
        fix = f"set sources.{form.value} in matching.toml, or use --{form.value} FILE"
        return Check(name, Health.WARNING, "not set", fix)
    try:
        renamed = rules_from(settings).renamed(form)
        sheet = open_sheet(place, form, renamed)
    except SourceError as error:
        return Check(name, Health.BROKEN, str(error), _way_out(error, form))
    except Stop as stop:
        return Check(name, Health.BROKEN, stop.message, "put the credentials right first (see google)")
    try:
        columns = match_columns(sheet, renamed)
    except SourceError as error:
        return Check(name, Health.BROKEN, str(error), _TITLE)
    notes = [*sheet.notes, *(issue.reason for issue in columns.issues)]
    clock = _other_clock(sheet, settings.program.zone, present)
    detail = f"{len(sheet.rows)} rows, every needed column found"
    if clock:
        fix = "in the sheet, File > Settings > Time zone; leave it if people there answer on that clock"
        return Check(name, Health.WARNING, "; ".join([detail, clock, *notes]), fix)
    return Check(name, Health.WARNING if notes else Health.GOOD, "; ".join([detail, *notes]))


def _other_clock(sheet: Sheet, zone: str, present: datetime) -> str:
    """A sheet that shows another time than the program: its stamps would be hours off for who reads them."""
    if not sheet.zone:
        return ""
    theirs, ours = (present.astimezone(zone_info(one)).utcoffset() for one in (sheet.zone, zone))
    return "" if theirs == ours else f"its clock is that of {sheet.zone}, the program's {zone}"


def _way_out(error: SourceError, form: Form) -> str:
    if not error.permanent:
        return "try again later; the night uses the last reading while it is young (sources.stand_in_hours)"
    if error.unreached:
        return "share the sheet as it says, or sign in again with `auth google`"
    return f"correct sources.{form.value} in matching.toml, or the sheet: {_TITLE}"
