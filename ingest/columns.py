"""The titles of the two forms, in one place, and how a sheet's header is matched to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from ingest.issues import Issue, Severity
from ingest.sheet import BLANK, Cell, Form, Row, Sheet, SourceError

NEAR = 85.0
"""From this similarity (0-100) on, an unknown title is taken for a misspelt known one and refused, not ignored."""


class ColumnError(SourceError):
    """The header does not fit the form: names the column, the sheet and the nearest title."""


@dataclass(frozen=True)
class Column:
    """One question: the field's name in our tables, its exact title, other titles that mean the same.

    `required`: the sheet must have it. `vital`: settings cannot declare it "not asked" either.
    `joined`: several columns may carry it and their texts are joined by newlines. `either`: its titles are questions
    of their own that may stand side by side, and whichever was answered counts.
    """

    field: str
    title: str
    required: bool = True
    vital: bool = False
    aliases: tuple[str, ...] = ()
    joined: bool = False
    either: bool = False


STUDENT_COLUMNS = (
    Column("timestamp", "Timestamp", vital=True),
    Column("email", "Email Address", vital=True),
    Column("name", "Full Name", vital=True),
    Column("discord", "Discord Username", aliases=("Discord ID",), either=True),
    Column("resume", "Resume Link"),
    Column("industry", "Target Industry"),
    Column("role", "Target Role"),
    Column("level", "Experience Level"),
    Column(
        "availability",
        "Availability",
        vital=True,
        aliases=("Available Times", "Preferred Times", "When are you available?", "Available Days/Times"),
        joined=True,
    ),
    Column("zone", "Time Zone", required=False, aliases=("Your Time Zone",)),
    Column("formats", "Meeting Format", required=False),
    Column("notes", "Notes", required=False),
    Column("wanted", "Sessions wanted", required=False),
    Column("again_from", "Available Again From", required=False),
    Column("response_id", "Response ID", required=False),
)
PROFESSIONAL_COLUMNS = (
    Column("timestamp", "Timestamp", vital=True),
    Column("name", "Full Name", vital=True),
    Column("email", "Email Address", vital=True),
    Column("title", "Professional Title"),
    Column("company", "Company/Organization"),
    Column("specializations", "Industry Specializations"),
    Column("start", "Availability Start Date"),
    Column("end", "Availability End Date"),
    Column("days", "Preferred Days of the Week", vital=True),
    Column("slots", "Preferred Time Slots (Select all that work for you)", vital=True),
    Column("zone", "Your Time Zone"),
    Column("specific", "Specific Available Times"),
    Column("levels", "Experience Levels You Prefer to Review"),
    Column("industries", "Industries You Can Review"),
    Column("formats", "Meeting Format Preferences"),
    Column("notes", "Special Notes or Requirements"),
    Column("capacity", "Maximum Reviews Per Week"),
    Column("confirmation", "Confirmation", required=False),
    Column("again_from", "Available Again From", required=False),
    Column("length", "Session Length", required=False),
    Column("buffer", "Break Between Sessions", required=False),
    Column("minimum", "Minimum Reviews Per Week", required=False),
    Column("room", "Meeting Link", required=False),
    Column("response_id", "Response ID", required=False),
)
COLUMNS = {Form.STUDENTS: STUDENT_COLUMNS, Form.PROFESSIONALS: PROFESSIONAL_COLUMNS}


def plain(title: str) -> str:
    """A title without what does not distinguish it: case, spacing, trailing marks, the BOM of a bad export."""
    return re.sub(r"\s+", " ", title.replace("﻿", "")).strip(" *:").casefold()


def _compact(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain(title))


@dataclass(frozen=True)
class Renamed:
    """Titles changed by settings: field -> the sheet's title, or "" for a question that the form does not ask."""

    titles: Mapping[str, str]

    @classmethod
    def of(cls, form: Form, mapping: Mapping[str, str]) -> Renamed:
        """Check a mapping from known titles to the sheet's titles. Raises `ColumnError` for an unknown title."""
        known = {plain(title): column for column in COLUMNS[form] for title in (column.title, *column.aliases)}
        titles: dict[str, str] = {}
        for title, own in mapping.items():
            column = known.get(plain(title))
            if column is None:
                near = _nearest(title, [one.title for one in COLUMNS[form]])
                raise ColumnError(f"settings rename {title!r}, which is no column of the {form} form{near}")
            if not own.strip() and column.vital:
                raise ColumnError(f"settings say the {form} form does not ask {column.title!r}, but it is needed")
            titles[column.field] = own
        return cls(titles)


@dataclass(frozen=True)
class ColumnMap:
    """Where each field stands in a sheet: field -> column indexes (several for joined or repeated titles)."""

    sheet: Sheet
    where: Mapping[str, tuple[int, ...]]
    issues: tuple[Issue, ...]

    def title(self, field: str) -> str:
        """The sheet's own title of a field, for messages; the form's title when the sheet lacks it."""
        places = self.where.get(field)
        if places:
            return self.sheet.header[places[0]].strip()
        return next(column.title for column in COLUMNS[self.sheet.form] if column.field == field)

    def cells(self, row: Row, field: str) -> tuple[Cell, ...]:
        """The cells of a field in a row that are not blank, left to right."""
        cells = (row.cells[place] for place in self.where.get(field, ()) if place < len(row.cells))
        return tuple(cell for cell in cells if not cell.blank)

    def cell(self, row: Row, field: str) -> Cell:
        """The one cell of a field; when a title stands twice (a question asked anew), the rightmost answer counts."""
        cells = self.cells(row, field)
        return cells[-1] if cells else BLANK

    def blank(self, row: Row) -> bool:
        """Whether a row answers nothing: all it holds stands in columns that are not read.

        Cells beyond the header are no such column: they may be answers that slipped.
        """
        if row.blank:
            return True
        spilled = any(not cell.blank for cell in row.cells[len(self.sheet.header) :])
        return not spilled and not any(self.cells(row, field) for field in self.where)


def match_columns(sheet: Sheet, renamed: Renamed) -> ColumnMap:
    """Find every field of the sheet's form in its header. Raises `ColumnError` listing all that is wrong."""
    where: dict[str, tuple[int, ...]] = {}
    issues: list[Issue] = []
    wrong: list[str] = []
    for column in COLUMNS[sheet.form]:
        places = _places(sheet, column, renamed.titles.get(column.field))
        if places:
            where[column.field] = places
            issues += _spelling(sheet, column, places, renamed.titles.get(column.field))
        elif column.required and renamed.titles.get(column.field) != "":
            wrong.append(_missing(sheet, column, renamed.titles.get(column.field)))
    taken = {place for places in where.values() for place in places}
    absent = [column for column in COLUMNS[sheet.form] if column.field not in where]
    for place, title in enumerate(sheet.header):
        if place in taken or not title.strip():
            continue
        near = next((column for column in absent if _alike(title, column)), None)
        if near is not None and not near.required and renamed.titles.get(near.field) != "":
            wrong.append(f"column {title.strip()!r} is unknown; nearest known title: {near.title!r}")
        else:
            reason = "this column is not one of the form's and is not read"
            issues.append(Issue(sheet.name, 1, title.strip(), "", reason, "nothing to do", Severity.NOTE))
    if wrong:
        hint = f"Correct the title in the sheet, or add it under [columns.{sheet.form}] in matching.toml."
        raise ColumnError(f"sheet {sheet.name!r}: " + "; ".join(wrong) + ". " + hint)
    columns = ColumnMap(sheet, where, tuple(issues))
    return replace(columns, issues=(*issues, *_only_unread(columns)))


def _only_unread(columns: ColumnMap) -> list[Issue]:
    """One note for all rows that hold something, but nothing in a column that is read."""
    rows = [row.number for row in columns.sheet.rows if not row.blank and columns.blank(row)]
    if not rows:
        return []
    count = "1 row holds" if len(rows) == 1 else f"{len(rows)} rows hold"
    reason = f"{count} something only in columns that are not read, from row {rows[0]} on; counted as blank"
    return [Issue(columns.sheet.name, 1, "", "", reason, "nothing to do", Severity.NOTE)]


def fit(header: Sequence[str], form: Form, renamed: Renamed) -> int:
    """How many fields of a form a header carries: tells which worksheet belongs to which form."""
    titles = {plain(title) for title in header}
    return sum(
        any(plain(one) in titles for one in accepted_titles(column, renamed.titles.get(column.field)))
        for column in COLUMNS[form]
    )


def accepted_titles(column: Column, own: str | None) -> tuple[str, ...]:
    """The titles under which a question may stand; `own`: what settings call it, "" for one that is not asked."""
    if own is None:
        return (column.title, *column.aliases)
    return (own,) if own.strip() else ()


def _places(sheet: Sheet, column: Column, own: str | None) -> tuple[int, ...]:
    accepted = {plain(title) for title in accepted_titles(column, own)}
    if own and column.joined:
        accepted |= {plain(title) for title in (column.title, *column.aliases)}
    exact = tuple(place for place, title in enumerate(sheet.header) if plain(title) in accepted)
    if exact:
        return exact
    squeezed = {_compact(title) for title in accepted}
    return tuple(place for place, title in enumerate(sheet.header) if title.strip() and _compact(title) in squeezed)


def _spelling(sheet: Sheet, column: Column, places: tuple[int, ...], own: str | None) -> list[Issue]:
    found = []
    for place in places:
        title = sheet.header[place]
        if title not in (column.title, *column.aliases, own):
            reason = f"read as {own or column.title!r} in spite of other spacing, case or marks"
            found.append(Issue(sheet.name, 1, title.strip(), title, reason, "nothing to do", Severity.NOTE))
    distinct = {_compact(sheet.header[place]) for place in places} if column.either else {column.field}
    if len(places) > len(distinct) and not column.joined:
        reason = "this title stands more than once; in each row the rightmost answer that is not empty counts"
        fix = "delete or rename the column that is no longer asked"
        found.append(Issue(sheet.name, 1, column.title, "", reason, fix, Severity.WARNING))
    return found


def _missing(sheet: Sheet, column: Column, own: str | None) -> str:
    near = _nearest(own or column.title, [title.strip() for title in sheet.header if title.strip()])
    return f"column {own or column.title!r} is missing{near}"


def _nearest(title: str, choices: Sequence[str]) -> str:
    best = process.extractOne(plain(title), choices, scorer=fuzz.WRatio, processor=plain, score_cutoff=50)
    return f"; nearest title: {best[0]!r}" if best else ""


def _alike(title: str, column: Column) -> bool:
    return any(fuzz.ratio(_compact(title), _compact(known)) >= NEAR for known in (column.title, *column.aliases))
