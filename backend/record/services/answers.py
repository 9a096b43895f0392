"""A pulled sheet as answers to be stored: title -> text, in words that mean the same without the sheet around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.answer import row_hash
from ingest.columns import COLUMNS, ColumnMap, match_columns, plain
from ingest.forms import Person, read_professionals, read_students
from ingest.forms.dates import DateError, moment_of, sheet_date_order
from ingest.forms.row import one_line
from ingest.rules import ProgramRules
from ingest.sheet import BLANK, Cell, DateOrder, Form, Row, Sheet, text_cell
from optimizer.domain import zone_info

_DATES = frozenset({"start", "end", "again_from"})
_EXACT = 2**53
"""Beyond it a spreadsheet has rounded a whole number."""


@dataclass(frozen=True)
class Said:
    """One row that answers something. `person`: who and when, as far as it can be read; `digest`: its content hash."""

    number: int
    answers: Mapping[str, str]
    person: Person | None
    digest: str

    @property
    def submitted(self) -> datetime | None:
        """The second in which it was sent, aware UTC."""
        return self.person.submitted.replace(microsecond=0) if self.person else None


@dataclass(frozen=True)
class Pulled:
    """A sheet taken apart. `spilled`: rows with more cells than titles, which are not used before staff mend them.

    `titles`: how the sheet spells each field that it has. `order`: how it writes dates that were not understood.
    """

    said: tuple[Said, ...]
    spilled: tuple[int, ...]
    blank: tuple[int, ...]
    titles: Mapping[str, str]
    order: DateOrder | None


def take_apart(sheet: Sheet, rules: ProgramRules) -> Pulled:
    """Raises `SourceError` when the sheet as a whole cannot be read.

    Dates become ISO 8601 (what the sheet writes depends on its locale and zone, which a row alone does not know), a
    cell that its source distrusts or has rounded stays recognisable as such, and of columns with one title those are
    joined that the form joins, else the rightmost answer counts.
    """
    columns = match_columns(sheet, rules.renamed(sheet.form))
    order = sheet_date_order(columns, rules.date_order)
    zone = sheet.zone or rules.sheet_zone or rules.zone
    blank = tuple(row.number for row in sheet.rows if columns.blank(row))
    spilled = tuple(row.number for row in sheet.rows if row.number not in set(blank) and _spilled(sheet, row))
    apart = {*blank, *spilled}
    given = {row.number: _answers(columns, row, order, zone) for row in sheet.rows if row.number not in apart}
    return Pulled(
        _said(sheet, given, rules),
        spilled,
        blank,
        {field: sheet.header[places[0]] for field, places in columns.where.items()},
        order,
    )


def _spilled(sheet: Sheet, row: Row) -> bool:
    return any(not cell.blank for cell in row.cells[len(sheet.header) :])


def _answers(columns: ColumnMap, row: Row, order: DateOrder | None, zone: str) -> dict[str, str]:
    field_of = {place: field for field, places in columns.where.items() for place in places}
    joined = {column.field for column in COLUMNS[columns.sheet.form] if column.joined}
    answers: dict[str, str] = {}
    titles: dict[str, str] = {}
    for place, title in enumerate(columns.sheet.header):
        cell = row.cells[place] if place < len(row.cells) else BLANK
        if cell.blank or not title.strip():
            continue
        field = field_of.get(place, "")
        first = titles.setdefault(plain(title), title)
        text = _text(cell, field, order, zone)
        answers[first] = f"{answers[first]}\n{text}" if first in answers and field in joined else text
    return answers


def _text(cell: Cell, field: str, order: DateOrder | None, zone: str) -> str:
    if cell.problem:
        return cell.text if text_cell(cell.text).problem else f"={cell.text}"
    try:
        if field == "timestamp":
            moment = moment_of(cell, order)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=zone_info(zone))
            return aware.astimezone(UTC).isoformat()
        if field in _DATES:
            return moment_of(cell, order).date().isoformat()
    except DateError:
        return cell.text
    if cell.number is not None and abs(cell.number) > _EXACT:
        return f"{cell.number:.15E}"
    return cell.text


def _said(sheet: Sheet, given: Mapping[int, Mapping[str, str]], rules: ProgramRules) -> tuple[Said, ...]:
    header = tuple({plain(title): title for title in reversed(sheet.header) if title.strip()}.values())[::-1]
    rows = tuple(
        Row(number, tuple(text_cell(answers.get(title, "")) for title in header)) for number, answers in given.items()
    )
    columns = match_columns(Sheet(sheet.name, sheet.form, header, rows), rules.renamed(sheet.form))
    if sheet.form is Form.STUDENTS:
        people = {one.person.row: one.person for one in read_students(columns, rules)[0]}
    else:
        people = {one.person.row: one.person for one in read_professionals(columns, rules)[0]}
    return tuple(
        Said(row.number, given[row.number], people.get(row.number), row_hash(columns, row, rules)) for row in rows
    )


def response_id_of(said: Said) -> str:
    """The id that the form's script wrote beside the row; "" without one."""
    return one_line(next((text for title, text in said.answers.items() if plain(title) == "response id"), ""))
