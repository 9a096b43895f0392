"""Lists as files for spreadsheets. No cell is ever taken for a formula: people typed much of what is in them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from backend.report.cells import csv_bytes
from publish.text import harmless_cell

SHEET_NAME = 31


def as_csv(name: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """As `csv_bytes`."""
    return _file(csv_bytes(headers, rows), f"{name}.csv", "text/csv; charset=utf-8")


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
