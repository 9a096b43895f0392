"""XLSX workbooks: the worksheet by name or by its header, real dates as dates, formulas by their stored values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingest.columns import Renamed, fit
from ingest.sheet import BLANK, MAX_ROWS, Cell, Form, Sheet, SourceError, sheet_rows, text_cell

MAX_BYTES = 50_000_000
LEAST_FIT = 3
"""A worksheet belongs to a form when its header holds at least so many of the form's columns."""


def read_xlsx(path: Path, form: Form, worksheet: str = "", renamed: Renamed | None = None) -> Sheet:
    """One worksheet of a workbook. Without a name the one whose header fits the form best. Raises `SourceError`."""
    values, formulas = _open(path, data_only=True), _open(path, data_only=False)
    try:
        name = worksheet or _best(values, form, renamed or Renamed({}), path.name)
        if name not in values.sheetnames:
            raise SourceError(
                f"{path.name} has no worksheet {name!r}; it has {', '.join(map(repr, values.sheetnames))}"
            )
        rows = [
            tuple(_cell(shown, written) for shown, written in zip(shown_row, written_row, strict=True))
            for shown_row, written_row in zip(_rows(values[name]), _rows(formulas[name]), strict=True)
        ]
    finally:
        values.close()
        formulas.close()
    if not rows:
        raise SourceError(f"worksheet {name!r} of {path.name} is empty: its first row must hold the question titles")
    return Sheet(f"{path.name}#{name}", form, tuple(cell.text for cell in rows[0]), sheet_rows(rows[1:]))


def _open(path: Path, *, data_only: bool) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
        return load_workbook(path, data_only=data_only, read_only=True)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise SourceError(f"{path.name} is not an XLSX workbook; save it again as .xlsx") from None


def _rows(worksheet: Any) -> Iterator[tuple[Any, ...]]:
    """All rows from the first one on, as wide as the widest; the stored size is ignored, since it is often wrong."""
    worksheet.reset_dimensions()
    rows: list[tuple[Any, ...]] = []
    for row in worksheet.iter_rows():
        if len(rows) > MAX_ROWS:
            raise SourceError(f"worksheet {worksheet.title!r} has more than {MAX_ROWS} rows")
        rows.append(row)
    width = max((len(row) for row in rows), default=0)
    return (tuple(row) + (None,) * (width - len(row)) for row in rows)


def _best(workbook: Any, form: Form, renamed: Renamed, file: str) -> str:
    fits: list[tuple[int, str]] = []
    for name in workbook.sheetnames:
        worksheet = workbook[name]
        if not hasattr(worksheet, "iter_rows"):
            continue
        header = next(worksheet.iter_rows(max_row=1, values_only=True), ())
        fits.append((fit([str(title or "") for title in header], form, renamed), name))
    best = max((score for score, _ in fits), default=0)
    names = [name for score, name in fits if score == best]
    if best < LEAST_FIT:
        raise SourceError(f"{file} has no worksheet with the columns of the {form.value} form")
    if len(names) > 1:
        raise SourceError(
            f"{file}: the worksheets {' and '.join(map(repr, names))} both look like the {form.value} form; "
            f"name the right one, as in {file}#{names[0]}"
        )
    return names[0]


def _cell(shown: Any, written: Any) -> Cell:
    """A cell from its stored value and from what is written in it (a formula, or the value again)."""
    value = None if shown is None else shown.value
    if written is not None and written.data_type == "f":
        if value is None:
            return Cell(str(written.value), problem="is a formula whose result is not stored in the file")
        cell = _plain(value, shown)
        return cell if cell.problem else Cell(cell.text, cell.moment, cell.number)
    return BLANK if value is None else _plain(value, shown)


def _plain(value: Any, shown: Any) -> Cell:
    if shown.data_type == "e":
        return Cell(str(value), problem="is a spreadsheet error")
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, datetime):
        moment = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return Cell(moment.isoformat(" "), moment=moment)
    if isinstance(value, date):
        return Cell(value.isoformat(), moment=datetime(value.year, value.month, value.day))  # noqa: DTZ001
    if isinstance(value, (int, float)):
        return Cell(number_text(float(value)), number=float(value))
    if isinstance(value, (time, timedelta)):
        return Cell(str(value))
    return text_cell(str(value))


def number_text(number: float) -> str:
    """A stored number as a person would type it: 2 rather than 2.0."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
