"""Lists as files for spreadsheets. No cell is ever taken for a formula: people typed much of what is in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

FORMULA = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet compute, their wide forms included."""
BOM = "\ufeff"
SHEET_NAME = 31


def harmless_cell(text: str) -> str:
    """The text with a quote before it where a spreadsheet would read a formula, and without control characters."""
    kept = "".join(char if char in "\n\t" or ord(char) >= 32 else "\ufffd" for char in text)
    return f"'{kept}" if kept.lstrip(" ").startswith(FORMULA) else kept


def as_csv(name: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """UTF-8 with a mark, so that spreadsheets read it as such."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless_cell(text) for text in row] for row in (headers, *rows))
    return _file((BOM + out.getvalue()).encode(), f"{name}.csv", "text/csv; charset=utf-8")


def as_xlsx(name: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """Every cell is text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:SHEET_NAME])
    for row in (headers, *rows):
        cells = [WriteOnlyCell(sheet, harmless_cell(text)) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(out.getvalue(), f"{name}.xlsx", kind)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
