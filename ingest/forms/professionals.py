"""Rows of the professional form as typed responses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingest.columns import ColumnMap
from ingest.forms.capacity import Capacity, CapacityError, capacity_of
from ingest.forms.choices import (
    ANY_FORMAT,
    ANY_LEVEL,
    DAYS,
    EMAIL_ONLY,
    FORMATS,
    LEVELS,
    PHONE,
    VIDEO,
    chosen,
    pieces,
    slot_minutes,
)
from ingest.forms.dates import DateError
from ingest.forms.fields import ANY_INDUSTRY, INDUSTRIES, industries_of
from ingest.forms.length import LengthError, minutes_of
from ingest.forms.row import Person, RowReader, read_rows
from ingest.forms.students import read_link, read_zone, report_unknown, rules_table
from ingest.issues import Issue, Severity
from ingest.rules import ProgramRules
from ingest.sheet import DateOrder


@dataclass(frozen=True, slots=True)
class ProfessionalResponse:
    """One answer of a professional.

    `days` 0 (Monday) to 6; `slots` (start, end) minutes of the local day; `first` and `last` the local dates of
    validity, both included, None when not stated; `dates_bad`: a stated date is unreadable, impossible or the end
    lies before the start, so nothing may be offered. `industries` are all of them for "Other (any industry)";
    `fields` are those that the specializations mean. `session_minutes` (grid cells are not yet counted) and
    `buffer_minutes`: None leaves them to the program. `minimum`: reviews the professional wishes for at least, or None.
    `meeting_link`: their own room, "" if they gave none that can be passed on.
    """

    person: Person
    title: str
    company: str
    specializations: str
    fields: tuple[str, ...]
    first: date | None
    last: date | None
    dates_bad: bool
    days: tuple[int, ...]
    slots: tuple[tuple[int, int], ...]
    zone: str
    zone_assumed: bool
    specific: str
    levels: tuple[str, ...]
    industries: tuple[str, ...]
    formats: tuple[str, ...]
    notes: str
    capacity: Capacity
    again_from: date | None
    session_minutes: int | None
    buffer_minutes: int | None
    minimum: Capacity | None
    meeting_link: str = ""

    @property
    def live_formats(self) -> tuple[str, ...]:
        """The formats that need an appointment."""
        return tuple(one for one in self.formats if one != EMAIL_ONLY)


def read_professionals(columns: ColumnMap, rules: ProgramRules) -> tuple[list[ProfessionalResponse], list[Issue]]:
    """Every row that names a person and a time, in sheet order, and all issues. Raises `SourceError` for the sheet."""
    return read_rows(columns, rules, _professional)


def _professional(
    reader: RowReader, person: Person, rules: ProgramRules, order: DateOrder | None
) -> ProfessionalResponse:
    notes = reader.text("notes")
    zone, assumed = read_zone(reader, rules, notes)
    first, last, again_from, bad = _dates(reader, order)
    specializations = reader.text("specializations")
    return ProfessionalResponse(
        person=person,
        title=reader.line("title"),
        company=reader.line("company"),
        specializations=specializations,
        fields=industries_of(specializations, rules_table(rules))[0],
        first=first,
        last=last,
        dates_bad=bad,
        days=_days(reader),
        slots=_slots(reader),
        zone=zone,
        zone_assumed=assumed,
        specific=reader.text("specific"),
        levels=_options(reader, "levels", LEVELS, ANY_LEVEL, LEVELS),
        industries=_options(reader, "industries", INDUSTRIES, ANY_INDUSTRY, INDUSTRIES),
        formats=_options(reader, "formats", FORMATS, ANY_FORMAT, (VIDEO, PHONE)),
        notes=notes,
        capacity=_capacity(reader, rules),
        again_from=again_from,
        session_minutes=_session_minutes(reader, rules),
        buffer_minutes=_minutes(reader, "buffer"),
        minimum=_minimum(reader),
        meeting_link=read_link(reader, "room"),
    )


def _dates(reader: RowReader, order: DateOrder | None) -> tuple[date | None, date | None, date | None, bool]:
    """Start, end, again-from, and whether a start or end that was stated cannot be used."""
    found: dict[str, date | None] = {}
    bad = False
    for field in ("start", "end", "again_from"):
        try:
            found[field] = reader.date(field, order)
        except DateError:
            found[field] = None
            bad = bad or field != "again_from"
    first, last = found["start"], found["end"]
    if first and last and last < first:
        reason = f"lies before the start date {first.isoformat()}; nothing is offered"
        reader.report("end", reason, "ask the person, then correct one of the dates", Severity.ERROR)
        bad = True
    return first, last, found["again_from"], bad


def _report_unticked(reader: RowReader, field: str) -> None:
    """An empty cell where nothing can be offered without a tick, unless specific times say it all."""
    if reader.columns.cell(reader.row, field).blank:
        reason = "is empty, so nothing is offered but what the specific times say"
        reader.report(field, reason, "ask the person, then enter the ticked options in the cell", Severity.WARNING)


def _days(reader: RowReader) -> tuple[int, ...]:
    _report_unticked(reader, "days")
    picked = chosen(reader.text("days"), DAYS)
    for text, near in picked.unknown:
        report_unknown(reader, "days", text, near)
    return tuple(DAYS.index(day) for day in picked.options)


def _slots(reader: RowReader) -> tuple[tuple[int, int], ...]:
    _report_unticked(reader, "slots")
    slots = set()
    for piece in pieces(reader.text("slots")):
        slot = slot_minutes(piece)
        if slot:
            slots.add(slot)
        else:
            report_unknown(reader, "slots", piece, "")
    return tuple(sorted(slots))


def _options(
    reader: RowReader, field: str, options: tuple[str, ...], wild: str, all_of: tuple[str, ...]
) -> tuple[str, ...]:
    """The ticked options; the `wild` one stands for `all_of`."""
    text = reader.text(field)
    if not text and field in ("industries", "formats"):
        reason = "is empty; only students who state no wish of their own fit"
        reader.report(field, reason, "ask the person, then tick the options in the cell", Severity.WARNING)
    picked = chosen(text, (*options, wild))
    for text, near in picked.unknown:
        report_unknown(reader, field, text, near)
    ticked = {*picked.options, *(all_of if wild in picked.options else ())}
    return tuple(option for option in options if option in ticked)


def _capacity(reader: RowReader, rules: ProgramRules) -> Capacity:
    text = reader.line("capacity")
    if not text:
        return Capacity(rules.default_per_week)
    try:
        capacity = capacity_of(text)
    except CapacityError as error:
        reason = f"{error}; {rules.default_per_week} a week is assumed"
        reader.report("capacity", reason, "enter a number", Severity.WARNING)
        return Capacity(rules.default_per_week)
    if capacity.doubt:
        severity = Severity.WARNING if capacity.count == 0 else Severity.NOTE
        reader.report("capacity", capacity.doubt, "enter one number if that is wrong", severity)
    return capacity


def _minimum(reader: RowReader) -> Capacity | None:
    """The wish for reviews, in the words of a capacity; of a range the lower number, as there."""
    text = reader.line("minimum")
    if not text:
        return None
    try:
        minimum = capacity_of(text)
    except CapacityError as error:
        reader.report("minimum", f"{error}; no minimum is assumed", "enter a number", Severity.WARNING)
        return None
    if minimum.count is None:
        reader.report("minimum", "is no number; no minimum is assumed", "enter a number", Severity.WARNING)
        return None
    if minimum.doubt and minimum.count:
        reader.report("minimum", minimum.doubt, "enter one number if that is wrong", Severity.NOTE)
    return minimum if minimum.count else None


def _session_minutes(reader: RowReader, rules: ProgramRules) -> int | None:
    """The professional's own session length, up to whole cells of the grid: nobody is cut short."""
    stated = _minutes(reader, "length")
    if not stated:
        return None
    booked = rules.cells(stated) * rules.cell_minutes
    if booked != stated:
        reason = f"does not fit the grid of {rules.cell_minutes} minutes; {booked} minutes are booked"
        fix = "set matching.grid_minutes to a finer grid if that is too long"
        reader.report("length", reason, fix, Severity.NOTE)
    return booked


def _minutes(reader: RowReader, field: str) -> int | None:
    text = reader.line(field)
    if not text:
        return None
    try:
        return minutes_of(text)
    except LengthError as error:
        fix = "enter a number of minutes"
        reader.report(field, f"{error}; the program's own applies", fix, Severity.WARNING)
        return None
