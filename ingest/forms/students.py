"""Rows of the student form as typed responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingest.columns import ColumnMap
from ingest.forms.capacity import CapacityError, capacity_of
from ingest.forms.choices import ANY_FORMAT, FORMATS, chosen
from ingest.forms.contact import link_fault
from ingest.forms.dates import DateError
from ingest.forms.fields import INDUSTRIES, OPEN_WORDS, industries_of, level_of, synonym_table
from ingest.forms.row import Person, RowReader, one_line, read_rows
from ingest.forms.zones import ambiguous, says_other, zone_in, zone_of
from ingest.issues import Issue, Severity
from ingest.rules import ProgramRules
from ingest.sheet import DateOrder

MOST_WANTED = 20


@dataclass(frozen=True, slots=True)
class StudentResponse:
    """One answer of a student.

    `industries`, `formats` and `level` are options of the professional form; empty or "" asks for nothing in
    particular. `fields` are the industries that industry and role together mean. `zone_assumed`: the program's zone
    stands in for a missing or unknown one.
    """

    person: Person
    discord_name: str
    resume_link: str
    industry: str
    industries: tuple[str, ...]
    role: str
    fields: tuple[str, ...]
    level_text: str
    level: str
    availability: str
    zone: str
    zone_assumed: bool
    formats: tuple[str, ...]
    notes: str
    wanted: int
    again_from: date | None


def read_students(columns: ColumnMap, rules: ProgramRules) -> tuple[list[StudentResponse], list[Issue]]:
    """Every row that names a person and a time, in sheet order, and all issues. Raises `SourceError` for the sheet."""
    return read_rows(columns, rules, _student)


def _student(reader: RowReader, person: Person, rules: ProgramRules, order: DateOrder | None) -> StudentResponse:
    industry, role, level_text = reader.line("industry"), reader.line("role"), reader.line("level")
    industries, notes = _industries(reader, industry, rules), reader.text("notes")
    zone, assumed = read_zone(reader, rules, notes)
    discord = reader.line("discord")
    try:
        again_from = reader.date("again_from", order)
    except DateError:
        again_from = None
    return StudentResponse(
        person=person,
        discord_name="" if person.discord_id else discord,
        resume_link=read_link(reader, "resume"),
        industry=industry,
        industries=industries,
        role=role,
        fields=_fields(industries, role, rules),
        level_text=level_text,
        level=_level(reader, level_text),
        availability=reader.joined("availability"),
        zone=zone,
        zone_assumed=assumed,
        formats=_formats(reader),
        notes=notes,
        wanted=_wanted(reader),
        again_from=again_from,
    )


def read_zone(reader: RowReader, rules: ProgramRules, notes: str) -> tuple[str, bool]:
    """The zone of a response, and whether it is only assumed to be the program's. Each doubt is an issue."""
    text = reader.line("zone")
    zone = zone_in(notes) if says_other(text) else zone_of(text)
    if zone is None:
        if not text:
            reason = f"names no time zone; {rules.zone} is assumed"
        elif says_other(text):
            reason = f"says other, and the notes name no single zone; {rules.zone} is assumed"
        else:
            reason = f"is no known time zone; {rules.zone} is assumed"
        asked = "zone" in reader.columns.where
        fix = "ask the person, then enter a zone such as America/New_York"
        reader.report("zone", reason, fix, Severity.WARNING if asked and text else Severity.NOTE, text)
        return rules.zone, True
    if ambiguous(text):
        fix = "ask the person if they are elsewhere"
        reader.report("zone", f"stands for several zones; {zone} is assumed", fix, Severity.WARNING, text)
    return zone, False


def read_link(reader: RowReader, field: str) -> str:
    """A link that may be passed on to others, or "" with an issue."""
    link = one_line(reader.text(field))
    fault = link_fault(link) if link else ""
    if fault:
        reader.report(field, f"{fault}, so it is not passed on", "ask the person for a link", Severity.WARNING)
        return ""
    return link


def _industries(reader: RowReader, text: str, rules: ProgramRules) -> tuple[str, ...]:
    found, unmapped = industries_of(text, rules_table(rules))
    if unmapped:
        reason = f"{', '.join(unmapped)}: no known industry" + ("" if found else "; every industry may fit")
        fix = "add the words under matching.synonyms in matching.toml"
        reader.report("industry", reason, fix, Severity.NOTE)
    return found


def rules_table(rules: ProgramRules) -> Mapping[str, tuple[str, ...]]:
    """The synonym table with the program's own words."""
    return synonym_table(tuple(sorted(rules.synonyms.items())))


def _fields(industries: tuple[str, ...], role: str, rules: ProgramRules) -> tuple[str, ...]:
    by_role = industries_of(role, rules_table(rules))[0]
    return tuple(option for option in INDUSTRIES if option in industries or option in by_role)


def _level(reader: RowReader, text: str) -> str:
    level = level_of(text) if text.casefold() not in OPEN_WORDS else ""
    if level is None:
        reader.report("level", "is no known level; every level may fit", "nothing to do", Severity.NOTE)
    return level or ""


def _formats(reader: RowReader) -> tuple[str, ...]:
    picked = chosen(reader.text("formats"), (*FORMATS, ANY_FORMAT))
    for text, near in picked.unknown:
        report_unknown(reader, "formats", text, near)
    return () if ANY_FORMAT in picked.options else picked.options


def report_unknown(reader: RowReader, field: str, text: str, near: str) -> None:
    """An answer to a check-box question that is none of its options."""
    hint = f"; the nearest is {near!r}" if near else ""
    fix = "correct the cell if it means one of the form's options"
    reader.report(field, f"is no option of the form and is not used{hint}", fix, Severity.WARNING, text)


def _wanted(reader: RowReader) -> int:
    text = reader.line("wanted")
    if not text:
        return 1
    try:
        count = capacity_of(text).count
    except CapacityError:
        count = None
    if count is None or not 1 <= count <= MOST_WANTED:
        fix = f"enter a number from 1 to {MOST_WANTED}"
        reader.report("wanted", "is no number of sessions; 1 is assumed", fix, Severity.WARNING)
        return 1
    return count
