"""Google Sheets on loopback: reading, and writing by `spreadsheets.batchUpdate`; each exchange checked.

What it knows was read in Google's documentation and trackers; nothing here was compared with the real service.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.standins.discovery_schema import Call, DiscoveryApi, SchemaViolationError
from tests.standins.google_sheet_changes import Grid, RefusedError, apply
from tests.standins.google_token import TokenDesk
from tests.standins.loopback import Answer, Asked, Loopback

Value = str | int | float | bool | datetime | date | None
_DAY_0 = datetime(1899, 12, 30)  # noqa: DTZ001
_ERRORS = ("#REF!", "#NAME?", "#N/A", "#ERROR!")


@dataclass
class Spreadsheet:
    """What is stored: worksheets by title, each a list of rows of typed values; dates are wall-clock in `zone`."""

    worksheets: dict[str, list[list[Value]]]
    locale: str = "en_US"
    zone: str = "America/New_York"
    title: str = "Responses"
    shared: bool = True
    writable: bool = True
    grids: dict[str, Grid] = field(default_factory=dict)

    def grid(self, title: str) -> Grid:
        """The worksheet's id and size; one that nobody made here is as large as Google makes them."""
        return self.grids.setdefault(title, Grid(list(self.worksheets).index(title)))


class GoogleSheetsStandIn(Loopback):
    """Spreadsheets by id, and the token endpoint. Not shared = 403, as Google says it."""

    def __init__(self, spreadsheets: dict[str, Spreadsheet]) -> None:
        super().__init__(self._reply)
        self.spreadsheets = spreadsheets
        self.tokens = TokenDesk()
        self._api = DiscoveryApi("sheets", "v4")

    def _reply(self, asked: Asked) -> Answer:
        if asked.path == "/token":
            return self.tokens.answer(asked)
        if not self.tokens.knows(asked):
            return sheets_error(401, "UNAUTHENTICATED")
        call = self._api.call(asked.method, asked.path)
        if call is None or call.method not in self._served:
            self.violations.append(f"{asked.method} {asked.path} is not served here")
            return sheets_error(404, "NOT_FOUND")
        try:
            self._api.check_request(call.method, asked.query, asked.json)
            answer = self._refused(call) or self._served[call.method](call, asked)
            if answer.status < 300:
                self._api.check_response(call.method, answer.body)
        except SchemaViolationError as error:
            self.violations.append(str(error))
            return sheets_error(400, "INVALID_ARGUMENT")
        return answer

    @property
    def _served(self) -> dict[str, Callable[[Call, Asked], Answer]]:
        return {
            "sheets.spreadsheets.get": self._get,
            "sheets.spreadsheets.values.get": self._values,
            "sheets.spreadsheets.batchUpdate": self._update,
        }

    def _refused(self, call: Call) -> Answer | None:
        stored = self.spreadsheets.get(call.path["spreadsheetId"])
        if stored is None:
            return sheets_error(404, "NOT_FOUND", "Requested entity was not found.")
        if not stored.shared or not (stored.writable or call.method.endswith("get")):
            return sheets_error(403, "PERMISSION_DENIED", "The caller does not have permission")
        return None

    def _values(self, call: Call, asked: Asked) -> Answer:
        """A whole worksheet; blank cells and rows at the end are left off."""
        stored, title = self.spreadsheets[call.path["spreadsheetId"]], _title(call.path["range"])
        if title not in stored.worksheets:
            return sheets_error(400, "INVALID_ARGUMENT", f"Unable to parse range: {call.path['range']}")
        assert asked.query["valueRenderOption"] == ["UNFORMATTED_VALUE"]
        rows = [["" if one is None else one for one in row] for row in stored.worksheets[title]]
        values = _without_blank_end([_without_blank_end(row) for row in rows])
        return Answer(200, {"range": call.path["range"], "majorDimension": "ROWS", "values": values})

    def _update(self, call: Call, asked: Asked) -> Answer:
        """All requests or none."""
        key = call.path["spreadsheetId"]
        changed = deepcopy(self.spreadsheets[key])
        try:
            for request in asked.json["requests"]:
                apply(changed, request)
        except RefusedError as error:
            return sheets_error(400, "INVALID_ARGUMENT", str(error))
        self.spreadsheets[key] = changed
        return Answer(200, {"spreadsheetId": key, "replies": [{} for _ in asked.json["requests"]]})

    def _get(self, call: Call, asked: Asked) -> Answer:
        key = call.path["spreadsheetId"]
        stored = self.spreadsheets[key]
        data = asked.query.get("includeGridData") == ["true"]
        wanted = [_title(one) for one in asked.query.get("ranges", [])]
        unknown = [one for one in wanted if one not in stored.worksheets]
        if unknown:
            return sheets_error(400, "INVALID_ARGUMENT", f"Unable to parse range: {unknown[0]}")
        body = {
            "spreadsheetId": key,
            "properties": {"title": stored.title, "locale": stored.locale, "timeZone": stored.zone},
            "sheets": [
                {
                    "properties": _properties(title, index, stored.grid(title)),
                    **({"data": [_grid(rows, stored.locale)]} if data else {}),
                }
                for index, (title, rows) in enumerate(stored.worksheets.items())
                if not wanted or title in wanted
            ],
        }
        return Answer(200, body)


def sheets_error(
    status: int, name: str, message: str = "", reason: str = "", headers: dict[str, str] | None = None
) -> Answer:
    """An error as the Sheets API words it: `status` names, and a reason only in `details`."""
    error: dict[str, Any] = {"code": status, "message": message or name, "status": name}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    return Answer(status, {"error": error}, headers or {})


def _title(quoted: str) -> str:
    return re.sub(r"^'(.*)'$", lambda found: found[1].replace("''", "'"), quoted)


def _properties(title: str, index: int, grid: Grid) -> dict[str, Any]:
    size = {"rowCount": grid.rows, "columnCount": grid.columns}
    return {"sheetId": grid.sheet_id, "title": title, "index": index, "sheetType": "GRID", "gridProperties": size}


def _without_blank_end(values: list[Any]) -> list[Any]:
    kept = list(values)
    while kept and (kept[-1] == "" or kept[-1] == []):
        kept.pop()
    return kept


def _grid(rows: list[list[Value]], locale: str) -> dict[str, Any]:
    """A worksheet's data: blank cells at the end of a row, and blank rows at the end, are left off."""
    lines = [[_cell(value, locale) for value in row] for row in rows]
    for line in lines:
        while line and not line[-1]:
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return {"rowData": [{"values": line} if line else {} for line in lines]}


def _cell(value: Value, locale: str) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"formattedValue": str(value).upper(), "effectiveValue": {"boolValue": value}}
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        serial = (moment - _DAY_0).total_seconds() / 86400
        return {"formattedValue": _date_text(value, locale), "effectiveValue": {"numberValue": serial}}
    if isinstance(value, int | float):
        return {
            "formattedValue": f"{value:g}" if abs(value) < 1e15 else f"{value:.5E}",
            "effectiveValue": {"numberValue": value},
        }
    if value in _ERRORS:
        return {"formattedValue": value, "effectiveValue": {"errorValue": {"type": "REF", "message": "Reference"}}}
    return {"formattedValue": value, "effectiveValue": {"stringValue": value}}


def _date_text(value: date, locale: str) -> str:
    day = f"{value.month}/{value.day}/{value.year}" if locale == "en_US" else value.strftime("%d/%m/%Y")
    return f"{day} {value.hour}:{value.minute:02d}:{value.second:02d}" if isinstance(value, datetime) else day
