"""Google Sheets on loopback: `spreadsheets.get` with grid data, Google's refusals, each exchange checked.

What it knows was read in Google's documentation and trackers; nothing here was compared with the real service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.standins.discovery_schema import DiscoveryApi, SchemaViolationError
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
        if call is None or call.method != "sheets.spreadsheets.get":
            self.violations.append(f"{asked.method} {asked.path} is not served here")
            return sheets_error(404, "NOT_FOUND")
        try:
            self._api.check_request(call.method, asked.query, asked.json)
            answer = self._get(call.path["spreadsheetId"], asked)
            if answer.status < 300:
                self._api.check_response(call.method, answer.body)
        except SchemaViolationError as error:
            self.violations.append(str(error))
            return sheets_error(400, "INVALID_ARGUMENT")
        return answer

    def _get(self, key: str, asked: Asked) -> Answer:
        stored = self.spreadsheets.get(key)
        if stored is None:
            return sheets_error(404, "NOT_FOUND", "Requested entity was not found.")
        if not stored.shared:
            return sheets_error(403, "PERMISSION_DENIED", "The caller does not have permission")
        wanted = [re.sub(r"^'(.*)'$", lambda m: m[1].replace("''", "'"), one) for one in asked.query.get("ranges", [])]
        unknown = [one for one in wanted if one not in stored.worksheets]
        if unknown:
            return sheets_error(400, "INVALID_ARGUMENT", f"Unable to parse range: {unknown[0]}")
        body = {
            "spreadsheetId": key,
            "properties": {"title": stored.title, "locale": stored.locale, "timeZone": stored.zone},
            "sheets": [
                {
                    "properties": {"sheetId": index, "title": title, "index": index, "sheetType": "GRID"},
                    "data": [_grid(rows, stored.locale)],
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
