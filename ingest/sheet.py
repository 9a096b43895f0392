"""What every source hands over: one sheet of raw cells, before anything is interpreted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_ROWS = 100_000
DAMAGE = ("\x00", "\ufffd")
"""What a damaged character turns into."""


class Form(StrEnum):
    """Which of the two forms a sheet belongs to."""

    STUDENTS = "students"
    PROFESSIONALS = "professionals"


class DateOrder(StrEnum):
    """How a sheet writes 11/12/2026. ISO dates (2026-11-12) are understood under any order."""

    MONTH_FIRST = "month-first"
    DAY_FIRST = "day-first"


class SourceError(Exception):
    """A sheet cannot be fetched or read at all. `permanent`: trying again cannot help.

    `unreached`: the place did not answer or did not let us in, so nothing is known about the sheet itself.
    """

    def __init__(self, message: str, *, permanent: bool = True, unreached: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unreached = unreached or not permanent


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the text a person sees, and what the source knows beyond the text.

    `moment` is a naive wall-clock time when the source stores a real date. `number` is a stored number; in a date
    column it is a spreadsheet serial (days since 1899-12-30). `problem` says why the text cannot be trusted.
    """

    text: str = ""
    moment: datetime | None = None
    number: float | None = None
    problem: str = ""

    @property
    def blank(self) -> bool:
        return not self.text.strip() and not self.problem


BLANK = Cell()


def text_cell(text: str) -> Cell:
    """A cell of text. A formula is kept as it stands but never read: its text is not what a person answered.

    Nor is a cell read that holds damaged characters: what is missing could be what matters.
    """
    if text.lstrip().startswith("="):
        return Cell(text, problem="is a formula, not an answer")
    if any(mark in text for mark in DAMAGE):
        return Cell(text, problem="holds characters that were damaged in the file")
    return Cell(text)


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header. `number` is the row number a person sees in the spreadsheet (the header is row 1).

    `held`: why staff must decide before the row counts, known to whoever hands the sheet over; "" when nobody must.
    """

    number: int
    cells: tuple[Cell, ...]
    held: str = ""

    @property
    def blank(self) -> bool:
        return all(cell.blank for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """A sheet as it came: nothing is dropped, moved or interpreted.

    `date_order` and `zone` are what the source itself says about its dates and clocks; None and "" when it says
    nothing (CSV, XLSX). `notes` are remarks about the file as a whole ("read as Windows-1252"). `place`: where it was
    read, as the settings name it. `stand_in`: what to tell staff when it is an earlier reading; "" for tonight's.
    """

    name: str
    form: Form
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    date_order: DateOrder | None = None
    zone: str = ""
    notes: tuple[str, ...] = ()
    place: str = ""
    stand_in: str = ""

    def __post_init__(self) -> None:
        if not any(title.strip() for title in self.header):
            raise SourceError(f"sheet {self.name!r} has no header: its first row must hold the question titles")
        if len(self.rows) > MAX_ROWS:
            raise SourceError(f"sheet {self.name!r} has {len(self.rows)} rows; more than {MAX_ROWS} are not read")
        numbers = [row.number for row in self.rows]
        if numbers != sorted(set(numbers)):
            raise SourceError(f"sheet {self.name!r} has row numbers that do not ascend")


def sheet_rows(cells: list[tuple[Cell, ...]], first: int = 2) -> tuple[Row, ...]:
    """Number the rows from `first`; blank rows at the very end are formatting, not answers, and are left off."""
    end = len(cells)
    while end and all(cell.blank for cell in cells[end - 1]):
        end -= 1
    return tuple(Row(first + index, row) for index, row in enumerate(cells[:end]))
