"""A worksheet of a Google spreadsheet that holds the schedule: read first, then written whole in one request.

Values go out as texts and numbers, never as what somebody typed, so Google computes none of them. The request is
applied as a whole or not at all: nobody sees half a schedule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import google_auth_httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from publish.booking import digest
from publish.google_transport import PinnedHttp, common_refusal, executed
from publish.ports import PublishError, Receipt, State

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
DEFAULT_WORKSHEET = "Schedule"
TIMEOUT = 60.0
FEWEST_ROWS = 100
_FIELDS = "sheets.properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount))"
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_WAYS_OUT = {
    "SERVICE_DISABLED": "the Google Sheets API is not enabled in the project of these credentials",
    "accessNotConfigured": "the Google Sheets API is not enabled in the project of these credentials",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "the credentials may not change spreadsheets; run `auth google` again",
    "insufficientPermissions": "the credentials may not change spreadsheets; run `auth google` again",
}
_NOT_SHARED = "share the spreadsheet of publish.schedule_sheet with these credentials as an editor"
Cells = Sequence[Sequence[str | int]]


@dataclass(frozen=True)
class _Found:
    """The worksheet as it is. `mine`: its columns that belong to the schedule, without blank ends."""

    sheet_id: int
    rows: int
    columns: int
    mine: Cells


class GoogleScheduleSheet:
    """One worksheet, made when it is missing. Building this sends nothing; `timeout` in seconds for each request.

    A worksheet that begins with another header than ours is never written to: it may be somebody's answers.
    """

    def __init__(
        self, spreadsheet: str, worksheet: str, credentials: Any, *, timeout: float = TIMEOUT, stand_in: str = ""
    ) -> None:
        http = google_auth_httplib2.AuthorizedHttp(credentials, http=PinnedHttp(timeout, stand_in))
        self._service = build("sheets", "v4", http=http, static_discovery=True, cache_discovery=False)
        self._spreadsheet, self._worksheet = spreadsheet, worksheet or DEFAULT_WORKSHEET

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._service.close()

    def write(self, cells: Cells) -> Receipt:
        """Make the worksheet read like this; what stands right of the schedule stays. Raises `PublishError`."""
        found = self._look(cells[0])
        sheet_id = found.sheet_id if found else _new_id(self._worksheet)
        link = f"https://docs.google.com/spreadsheets/d/{self._spreadsheet}/edit#gid={sheet_id}"
        if found and list(map(list, found.mine)) == list(map(list, cells)):
            return Receipt(str(sheet_id), repeated=True, link=link)
        body = {"requests": [*self._room(found, sheet_id, cells), _filled(sheet_id, cells)]}
        request = self._service.spreadsheets().batchUpdate(spreadsheetId=self._spreadsheet, body=body)
        try:
            self._answer(request, writes=True)
        except PublishError as error:
            made_meanwhile = found is None and error.state is State.DEAD and self._look(cells[0]) is not None
            if not made_meanwhile:
                raise
            # httplib2 sends again what a connection swallowed: it had been made before.
            return self.write(cells)
        return Receipt(str(sheet_id), link=link)

    def look(self, header: Sequence[str | int]) -> bool:
        """Whether the worksheet is there already. Raises `PublishError` when it cannot be read, or is not ours."""
        return self._look(header) is not None

    def _look(self, header: Sequence[str | int]) -> _Found | None:
        request = self._service.spreadsheets().get(spreadsheetId=self._spreadsheet, fields=_FIELDS)
        listed = [one["properties"] for one in self._answer(request, writes=False).get("sheets", ())]
        named = [one for one in listed if one["title"].casefold() == self._worksheet.casefold()]
        if not named:
            return None
        if named[0].get("sheetType", "GRID") != "GRID":
            raise self._foreign()
        mine = self._values(named[0]["title"], len(header))
        if mine and _titles(mine[0]) != _titles(header):
            raise self._foreign()
        grid = named[0].get("gridProperties", {})
        return _Found(int(named[0].get("sheetId", 0)), int(grid["rowCount"]), int(grid["columnCount"]), mine)

    def _values(self, title: str, width: int) -> list[list[str | int]]:
        quoted = "'" + title.replace("'", "''") + "'"
        request = (
            self._service.spreadsheets()
            .values()
            .get(spreadsheetId=self._spreadsheet, range=quoted, valueRenderOption="UNFORMATTED_VALUE")
        )
        rows = [list(row[:width]) for row in self._answer(request, writes=False).get("values", ())]
        for row in rows:
            while row and row[-1] == "":
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def _room(self, found: _Found | None, sheet_id: int, cells: Cells) -> list[dict[str, Any]]:
        """What makes the worksheet be there and large enough."""
        rows, columns = max(FEWEST_ROWS, len(cells)), len(cells[0])
        if found is None:
            grid = {"rowCount": rows, "columnCount": columns, "frozenRowCount": 1}
            return [
                {"addSheet": {"properties": {"sheetId": sheet_id, "title": self._worksheet, "gridProperties": grid}}}
            ]
        if found.rows >= len(cells) and found.columns >= columns:
            return []
        grid = {"rowCount": max(found.rows, rows), "columnCount": max(found.columns, columns)}
        fields = "gridProperties.rowCount,gridProperties.columnCount"
        return [
            {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "gridProperties": grid}, "fields": fields}}
        ]

    def _answer(self, request: HttpRequest, *, writes: bool) -> Any:
        try:
            return executed(request.execute, writes=writes, refused=_refusal)
        except HttpError as error:  # 404, 409, 410 and 412, of which only the first is known here
            if error.resp.status == 404:
                said = "Google knows no such spreadsheet; check publish.schedule_sheet"
                raise PublishError(said, permanent=True) from None
            raise _refusal(error, writes) from None

    def _foreign(self) -> PublishError:
        said = f"the worksheet {self._worksheet!r} holds something else than the schedule, and is left as it is"
        return PublishError(f"{said}; name another in publish.schedule_sheet", permanent=True)


def _new_id(worksheet: str) -> int:
    """The id of a worksheet that we make: the same at a repeat, so that Google cannot make it twice."""
    return int.from_bytes(digest("worksheet", worksheet)[:4], "big") >> 1


def _titles(header: Sequence[object]) -> list[str]:
    """The titles without the zone, which the program may change."""
    return [str(title).partition(" (")[0] for title in header]


def _filled(sheet_id: int, cells: Cells) -> dict[str, Any]:
    """All our columns at once: cells below the last line are emptied."""
    reach = {"sheetId": sheet_id, "startRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": len(cells[0])}
    rows = [{"values": [{"userEnteredValue": _value(one)} for one in line]} for line in cells]
    return {"updateCells": {"range": reach, "rows": rows, "fields": "userEnteredValue"}}


def _value(cell: str | int) -> dict[str, Any]:
    return {"numberValue": cell} if isinstance(cell, int) else {"stringValue": cell}


def _refusal(error: HttpError, writes: bool) -> PublishError:
    """What Google refused, in our words alone: its own may quote what was written."""
    status, reasons = int(error.resp.status), _reasons(error)
    said = f"Google Sheets answered {status}"
    slow_down = status == 403 and bool(reasons & _SLOW_DOWN)
    common = common_refusal(error, said, slow_down=slow_down, writes=writes)
    if common is not None:
        return common
    if status == 403:
        known = [_WAYS_OUT[reason] for reason in sorted(reasons) if reason in _WAYS_OUT]
        return PublishError(f"{said}: {known[0] if known else _NOT_SHARED}", permanent=True)
    return PublishError(f"{said}: is the worksheet protected, or an Office file?", permanent=True)


def _reasons(error: HttpError) -> set[str]:
    """Google's machine words for the refusal, in the old form (`errors`) and in the new one (`details`)."""
    try:
        body = json.loads(error.content)["error"]
        listed = [*body.get("errors", ()), *body.get("details", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
    return {str(one["reason"]) for one in listed if isinstance(one, Mapping) and "reason" in one}
