"""Cells for spreadsheets. None is ever taken for a formula: people typed much of what is in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from publish.text import harmless_cell

BOM = "\ufeff"


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it as such."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless_cell(text) for text in row] for row in (headers, *rows))
    return (BOM + out.getvalue()).encode()
