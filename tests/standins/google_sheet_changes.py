"""The changes of `spreadsheets.batchUpdate` that the stand-in knows, as Google's description words them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.standins.google_sheets import Spreadsheet


@dataclass
class Grid:
    """What a worksheet is beside its values."""

    sheet_id: int
    rows: int = 1000
    columns: int = 26


class RefusedError(Exception):
    """Google would answer 400; the message is of its kind."""


def apply(stored: Spreadsheet, request: dict[str, Any]) -> None:
    """Change the spreadsheet in place. Raises `RefusedError`."""
    ((name, body),) = request.items()
    known = {"addSheet": _add, "updateSheetProperties": _resize, "updateCells": _fill}
    if name not in known:
        raise RefusedError(f"{name} is not served here")
    known[name](stored, body)


def _add(stored: Spreadsheet, body: dict[str, Any]) -> None:
    asked = body["properties"]
    if any(title.casefold() == asked["title"].casefold() for title in stored.worksheets):
        raise RefusedError(f'A sheet with the name "{asked["title"]}" already exists.')
    if any(stored.grid(title).sheet_id == asked["sheetId"] for title in stored.worksheets):
        raise RefusedError("A sheet with this id already exists.")
    size = asked["gridProperties"]
    if size.get("frozenRowCount", 0) >= size["rowCount"]:
        raise RefusedError("You can't freeze all visible rows on the sheet.")
    stored.worksheets[asked["title"]] = []
    stored.grids[asked["title"]] = Grid(asked["sheetId"], size["rowCount"], size["columnCount"])


def _named(stored: Spreadsheet, sheet_id: int) -> str:
    for title in stored.worksheets:
        if stored.grid(title).sheet_id == sheet_id:
            return title
    raise RefusedError(f"No grid with id: {sheet_id}")


def _resize(stored: Spreadsheet, body: dict[str, Any]) -> None:
    if body["fields"] != "gridProperties.rowCount,gridProperties.columnCount":
        raise RefusedError(f"fields {body['fields']} are not served here")
    grid, size = stored.grid(_named(stored, body["properties"]["sheetId"])), body["properties"]["gridProperties"]
    grid.rows, grid.columns = size["rowCount"], size["columnCount"]


def _fill(stored: Spreadsheet, body: dict[str, Any]) -> None:
    """What the range holds beyond the given rows is cleared; formulas would be computed, and are refused here."""
    reach, given = body["range"], body["rows"]
    title = _named(stored, reach["sheetId"])
    grid, width = stored.grid(title), reach["endColumnIndex"]
    if body["fields"] != "userEnteredValue" or (reach["startRowIndex"], reach["startColumnIndex"]) != (0, 0):
        raise RefusedError("these cells are not served here")
    if len(given) > grid.rows or width > grid.columns:
        raise RefusedError("Attempting to write outside the grid.")
    old = stored.worksheets[title]
    lines = [[_value(cell) for cell in row["values"]] for row in given]
    lines += [[] for _ in range(len(old) - len(lines))]
    rests = [row[width:] for row in old] + [[] for _ in range(len(lines) - len(old))]
    stored.worksheets[title] = [
        [*line, *([None] * (width - len(line))), *rest] for line, rest in zip(lines, rests, strict=True)
    ]


def _value(cell: dict[str, Any]) -> str | float:
    kinds = cell["userEnteredValue"]
    if not set(kinds) < {"stringValue", "numberValue"} or len(kinds) != 1:
        raise RefusedError("only texts and numbers are served here")
    (value,) = kinds.values()
    return value  # type: ignore[no-any-return]
