"""An issue: one thing in a sheet that could not be taken as it stands, with the way to put it right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from enum import StrEnum

TEXT_SHOWN = 200
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


class Severity(StrEnum):
    """`ERROR`: the row or cell is not used. `WARNING`: used under an assumption. `NOTE`: nothing to do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Issue:
    """Where (row 0: the sheet as a whole), what stood there, why it is a problem, how to fix it.

    `text` is what a person typed: for staff only, never for logs.
    """

    sheet: str
    row: int
    column: str
    text: str
    reason: str
    fix: str
    severity: Severity

    def __post_init__(self) -> None:
        if len(self.text) > TEXT_SHOWN:
            object.__setattr__(self, "text", self.text[: TEXT_SHOWN - 1] + "…")


def issues_csv(issues: Iterable[Issue]) -> str:
    """The issues as CSV text; texts that a spreadsheet would evaluate are escaped."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(Issue)])
    for issue in issues:
        writer.writerow([escape_formula(str(value)) for value in astuple(issue)])
    return out.getvalue()


def escape_formula(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(_FORMULA_START) else text
