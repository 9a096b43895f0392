"""Cells for spreadsheets. None is ever taken for a formula: people typed much of what is in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet compute, their wide forms included."""
BOM = "\ufeff"


def harmless_cell(text: str) -> str:
    """The text with a quote before it where a spreadsheet would read a formula, and without control characters."""
    kept = "".join(char if char in "\n\t" or ord(char) >= 32 else "\ufffd" for char in text)
    return f"'{kept}" if kept.lstrip(" ").startswith(FORMULA) else kept


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it as such."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless_cell(text) for text in row] for row in (headers, *rows))
    return (BOM + out.getvalue()).encode()
