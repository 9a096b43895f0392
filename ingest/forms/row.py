"""What both forms share: reading one row's cells, with an issue for each thing that does not fit."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from ingest.availability import LONGEST_TEXT
from ingest.columns import ColumnMap
from ingest.forms.contact import EmailError, discord_id, email_address, typo_hint
from ingest.forms.dates import DateError, moment_of, sheet_date_order
from ingest.issues import Issue, Severity
from ingest.rules import ProgramRules
from ingest.sheet import Cell, DateOrder, Row
from optimizer.domain import zone_info

LONGEST_NAME = 120
Response = TypeVar("Response")


@dataclass(frozen=True, slots=True)
class Person:
    """Who answered and when. `submitted` is aware UTC; `email` case-folded; `discord_id` digits or "".

    `digest` stands for the content: equal for rows with the same answers, whenever they were given.
    """

    row: int
    submitted: datetime
    email: str
    name: str
    discord_id: str
    response_id: str
    digest: str


class RowReader:
    """One row under its columns. Texts come out stripped; cells that the source distrusts come out blank."""

    def __init__(self, columns: ColumnMap, row: Row, issues: list[Issue]) -> None:
        self.columns, self.row, self.issues = columns, row, issues

    def cell(self, field: str) -> Cell:
        """The field's cell; blank, with an issue, when its content cannot be trusted."""
        cell = self.columns.cell(self.row, field)
        if cell.problem:
            self.report(field, cell.problem, "type the value itself into the cell", Severity.ERROR, cell.text)
            return Cell()
        return cell

    def text(self, field: str) -> str:
        """The field's text; blank, with an issue, when it is over-long."""
        return self._checked(field, self.cell(field).text)

    def joined(self, field: str) -> str:
        """The texts of all columns that carry the field, joined by newlines."""
        return self._checked(field, "\n".join(cell.text.strip() for cell in self.trusted(field)))

    def trusted(self, field: str) -> list[Cell]:
        """The cells of all columns that carry the field, less those that cannot be trusted: an issue for each."""
        cells = self.columns.cells(self.row, field)
        for cell in cells:
            if cell.problem:
                self.report(field, cell.problem, "type the value itself into the cell", Severity.ERROR, cell.text)
        return [cell for cell in cells if not cell.problem]

    def line(self, field: str) -> str:
        """The field's text as one line without control characters, for names and the like."""
        text = one_line(self.text(field))
        if len(text) > LONGEST_NAME:
            fix = f"shorten it to {LONGEST_NAME} characters"
            self.report(field, "is over-long and is cut where it is shown", fix, Severity.WARNING, text)
        return text[:LONGEST_NAME].strip()

    def _checked(self, field: str, text: str) -> str:
        text = text.strip()
        if len(text) > LONGEST_TEXT:
            fix = f"shorten it to {LONGEST_TEXT} characters"
            self.report(field, f"has {len(text)} characters and is not read", fix, Severity.ERROR, text)
            return ""
        return text

    def report(self, field: str, reason: str, fix: str, severity: Severity, text: str | None = None) -> None:
        """Record an issue with a field of this row."""
        shown = self.columns.cell(self.row, field).text if text is None else text
        column = self.columns.title(field)
        self.issues.append(Issue(self.columns.sheet.name, self.row.number, column, shown, reason, fix, severity))

    def date(self, field: str, order: DateOrder | None) -> date | None:
        """The field's date, None when blank. Raises `DateError` after reporting it: a bad date is never moved."""
        cell = self.cell(field)
        if cell.blank:
            return None
        try:
            return moment_of(cell, order).date()
        except DateError as error:
            self.report(field, str(error), "write the date as YYYY-MM-DD", Severity.ERROR)
            raise


def one_line(text: str) -> str:
    """The text without control and direction-override characters, whitespace collapsed."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _unseen(c))
    return re.sub(r" +", " ", kept).strip()


def _unseen(character: str) -> bool:
    return character in _DIRECTIONS or unicodedata.category(character) in _UNSEEN


_UNSEEN = {"Cc", "Cs", "Co", "Cn"}
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Not all of category Cf: the zero-width joiner holds emoji together."""


def read_person(reader: RowReader, rules: ProgramRules, order: DateOrder | None) -> Person | None:
    """Who answered and when; None, with an error issue, when either cannot be known."""
    spilled = [cell for cell in reader.row.cells[len(reader.columns.sheet.header) :] if not cell.blank]
    if spilled:
        reason = "the row has more cells than the header, so its answers may stand under wrong titles"
        fix = "quote texts that hold the separator, or delete the extra cells; the row is not used until then"
        reader.report("timestamp", reason, fix, Severity.ERROR, spilled[0].text)
        return None
    submitted = _submitted(reader, rules, order)
    try:
        email = email_address(reader.text("email"))
    except EmailError as error:
        fix = "correct the address in the sheet; the row is not used until then"
        reader.report("email", str(error), fix, Severity.ERROR)
        return None
    if submitted is None:
        return None
    hint = typo_hint(email)
    if hint:
        reader.report("email", hint, "ask the person; the address is used as it stands", Severity.WARNING)
    number = _discord(reader)
    name = reader.line("name")
    if not name:
        reader.report("name", "is empty", "ask the person; the row is used without a name", Severity.WARNING)
    return Person(reader.row.number, submitted, email, name, number, reader.line("response_id"), _digest(reader))


def _discord(reader: RowReader) -> str:
    """The Discord id, in whichever column it stands (the rightmost if in several), or ""."""
    doubts = []
    for cell in reversed(reader.trusted("discord")):
        number, doubt = discord_id(cell)
        if number:
            return number
        if doubt:
            doubts.append((doubt, cell.text))
    for doubt, text in doubts:
        reader.report("discord", doubt, "paste the number as text", Severity.WARNING, text)
    return ""


def read_rows(
    columns: ColumnMap,
    rules: ProgramRules,
    one: Callable[[RowReader, Person, ProgramRules, DateOrder | None], Response],
) -> tuple[list[Response], list[Issue]]:
    """`one` response for every row that names a person and a time, in sheet order, and all issues.

    Raises `SourceError` when the sheet's dates cannot be understood at all.
    """
    order = sheet_date_order(columns, rules.date_order)
    responses: list[Response] = []
    issues: list[Issue] = []
    for row in columns.sheet.rows:
        if columns.blank(row):
            continue
        reader = RowReader(columns, row, issues)
        person = read_person(reader, rules, order)
        if person is not None:
            responses.append(one(reader, person, rules, order))
    return responses, issues


def _submitted(reader: RowReader, rules: ProgramRules, order: DateOrder | None) -> datetime | None:
    cell = reader.cell("timestamp")
    fix = "enter the time of the answer as YYYY-MM-DD HH:MM:SS; the row is not used until then"
    if cell.blank:
        reader.report("timestamp", "is empty, so the answer has no place in time", fix, Severity.ERROR)
        return None
    try:
        moment = moment_of(cell, order)
    except DateError as error:
        reader.report("timestamp", str(error), fix, Severity.ERROR)
        return None
    if moment.tzinfo is None:
        zone = reader.columns.sheet.zone or rules.sheet_zone or rules.zone
        moment = moment.replace(tzinfo=zone_info(zone))
    return moment.astimezone(UTC)


def _digest(reader: RowReader) -> str:
    """A hash over the form's answers by field, without time stamp and response id; column order does not matter."""
    fields = sorted(set(reader.columns.where) - {"timestamp", "response_id"})
    answers = [f"{field}={cell.text.strip()}" for field in fields for cell in reader.columns.cells(reader.row, field)]
    return hashlib.blake2b("\x1f".join(answers).encode("utf-8", "replace"), digest_size=16).hexdigest()
