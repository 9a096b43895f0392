"""Google Sheets, read-only, by one call per sheet, with time limits and patient but capped retries."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.oauth2 import credentials, service_account
from gspread.exceptions import APIError, GSpreadException
from gspread.http_client import HTTPClient

from ingest.columns import Renamed, fit
from ingest.sheet import BLANK, Cell, DateOrder, Form, Sheet, SourceError, sheet_rows, text_cell
from ingest.sources.xlsx_source import LEAST_FIT, number_text
from optimizer.domain import ZoneError, zone_info

SCOPES = ("https://www.googleapis.com/auth/spreadsheets.readonly",)
FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,sheetType),"
    "data(startRow,startColumn,rowData(values(formattedValue,effectiveValue)))))"
)
"""Formatted text and stored value of each cell: one call is one moment, two could straddle a new answer."""
TIMEOUT = (10.0, 120.0)
MOST_TRIES = 5
LONGEST_WAIT = 60.0
_RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "backendError"})
_DISABLED_REASONS = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_MONTH_FIRST_LOCALES = frozenset({"en_US", "en_PH", "en", "es_US", "fil_PH"})


class PatientClient(HTTPClient):
    """gspread's client with time limits and retries of what may pass: 429, 5xx, rate limits that come as 403."""

    sleep: Callable[[float], None] = staticmethod(time.sleep)

    def __init__(self, auth: Any, session: requests.Session | None = None) -> None:
        super().__init__(auth, session)
        self.set_timeout(TIMEOUT)

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As `HTTPClient.request`. Raises `APIError`, `requests` errors or `GoogleAuthError` after the last try."""
        tries = 1
        while True:
            failure: Exception
            asked = None
            try:
                return super().request(*args, **kwargs)
            except APIError as error:
                if not _may_pass(error):
                    raise
                failure, asked = error, _retry_after(error.response.headers)
            except (requests.ConnectionError, requests.Timeout, TransportError) as error:
                failure = error
            wait = asked if asked is not None else min(LONGEST_WAIT, 2.0**tries + _jitter(str(args), tries))
            if tries == MOST_TRIES or wait > LONGEST_WAIT:
                raise failure
            self.sleep(wait)
            tries += 1


class GoogleSource:
    """Reads worksheets with one account. Building it sends nothing."""

    def __init__(self, client: gspread.Client, account: str) -> None:
        self.client, self.account = client, account

    @classmethod
    def from_json(cls, text: str) -> GoogleSource:
        """From a service account's key file or a person's stored consent (an "authorized user" file).

        Raises `SourceError`, never repeating the text.
        """
        try:
            info = dict(json.loads(text))
            person = info.get("type") == "authorized_user"
            made: Any = _of_person(info) if person else _of_service_account(info)
        except (ValueError, TypeError, KeyError, GoogleAuthError):
            reason = "the Google credentials are neither a service account key nor an authorized user (a JSON file)"
            raise SourceError(reason) from None
        account = "the account of the credentials" if person else made.service_account_email
        return cls(gspread.Client(made, http_client=PatientClient), account)

    def read(self, spreadsheet: str, worksheet: str, form: Form, renamed: Renamed | None = None) -> Sheet:
        """One worksheet; without a name the one whose header fits the form. Raises `SourceError`."""
        params: dict[str, Any] = {"includeGridData": "true", "fields": FIELDS}
        if worksheet:
            params["ranges"] = gspread.utils.absolute_range_name(worksheet)
        try:
            answer = self.client.http_client.fetch_sheet_metadata(spreadsheet, params)
        except APIError as error:
            raise self._explained(error, worksheet) from None
        except (requests.RequestException, GoogleAuthError, GSpreadException) as error:
            raise _unreachable(error) from None
        return _sheet(answer, worksheet, form, renamed or Renamed({}))

    def _explained(self, error: APIError, worksheet: str) -> SourceError:
        status = error.response.status_code
        reasons = _reasons(error.error)
        if status in (403, 404) and reasons & _DISABLED_REASONS:
            return SourceError("Google says the Sheets API is not enabled for this account's project: enable it there")
        if _may_pass(error):
            return SourceError(f"Google Sheets is busy (HTTP {status}); try again later", permanent=False)
        if status == 403:
            fix = f"share it with {self.account} as a viewer"
            return SourceError(f"Google refuses access to the spreadsheet: {fix}", unreached=True)
        if status == 404:
            return SourceError("Google knows no such spreadsheet: check the id in [sources]")
        if status == 400 and worksheet and "parse range" in str(error.error.get("message", "")).lower():
            return SourceError(f"the spreadsheet has no worksheet {worksheet!r}: check [sources]")
        if status == 400 and "not supported for this document" in str(error.error.get("message", "")):
            return SourceError("this is an Office file stored in Drive: open it there and save it as Google Sheets")
        if status == 401:
            fix = "make a new key for the service account, or run `auth google` again"
            return SourceError(f"Google does not accept the credentials: {fix}", unreached=True)
        return SourceError(f"Google Sheets answered HTTP {status} ({error.error.get('status', 'no reason given')})")


def _of_service_account(info: dict[str, Any]) -> Any:
    return service_account.Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]


def _of_person(info: dict[str, Any]) -> Any:
    made: Any = credentials.Credentials.from_authorized_user_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
    if "token_uri" in info:  # google-auth reads every other member but this one
        made = made.with_token_uri(info["token_uri"])
    return made


def _unreachable(error: Exception) -> SourceError:
    refused = isinstance(error, GoogleAuthError) and not isinstance(error, TransportError)
    if refused and not getattr(error, "retryable", False):
        return SourceError(
            "Google does not accept the credentials (no access token): check the key and the clock", unreached=True
        )
    return SourceError(f"Google Sheets cannot be reached ({type(error).__name__}); try again later", permanent=False)


def _may_pass(error: APIError) -> bool:
    status = error.response.status_code
    return status in (408, 429) or status >= 500 or (status == 403 and bool(_reasons(error.error) & _RATE_REASONS))


def _reasons(error: Mapping[str, Any]) -> set[str]:
    """Every reason that an error body gives, in the old form (`errors`) and in the new one (`details`)."""
    listed = [*error.get("errors", ()), *error.get("details", ())]
    return {str(one["reason"]) for one in listed if isinstance(one, Mapping) and "reason" in one}


def _retry_after(headers: MutableMapping[str, str]) -> float | None:
    """Seconds to wait as the server asks, by number or by date (against the server's own clock)."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.strip().isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        now = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, (_aware(until) - _aware(now)).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _jitter(what: str, tries: int) -> float:
    """Up to a second, different for each request, so that many programs do not come back at the same moment."""
    return zlib.crc32(f"{what} {tries}".encode()) / 2**32


def _sheet(answer: Mapping[str, Any], worksheet: str, form: Form, renamed: Renamed) -> Sheet:
    properties = answer.get("properties", {})
    grids = [one for one in answer.get("sheets", ()) if one["properties"].get("sheetType", "GRID") == "GRID"]
    tables = {one["properties"]["title"]: _table(one) for one in grids}
    name = worksheet or _best(tables, form, renamed, str(properties.get("title", "")))
    if name not in tables:
        raise SourceError(f"the spreadsheet has no worksheet {name!r}; it has {', '.join(map(repr, tables))}")
    table = tables[name]
    if not table:
        raise SourceError(f"worksheet {name!r} is empty: its first row must hold the question titles")
    locale = str(properties.get("locale", ""))
    order = DateOrder.MONTH_FIRST if locale in _MONTH_FIRST_LOCALES else DateOrder.DAY_FIRST
    header = tuple(cell.text for cell in table[0])
    return Sheet(name, form, header, sheet_rows(table[1:]), order if locale else None, _zone(properties))


def _zone(properties: Mapping[str, Any]) -> str:
    name = str(properties.get("timeZone", ""))
    try:
        zone_info(name)
    except ZoneError:
        return ""
    return name


def _best(tables: Mapping[str, list[tuple[Cell, ...]]], form: Form, renamed: Renamed, title: str) -> str:
    fits = {
        name: fit([cell.text for cell in table[0]], form, renamed) if table else 0 for name, table in tables.items()
    }
    best = max(fits.values(), default=0)
    names = [name for name in tables if fits[name] == best]
    if best < LEAST_FIT:
        raise SourceError(f"spreadsheet {title!r} has no worksheet with the columns of the {form.value} form")
    if len(names) > 1:
        raise SourceError(f"the worksheets {' and '.join(map(repr, names))} both look like the {form.value} form")
    return names[0]


def _table(one: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    """The cells of a grid; Google leaves off blank cells and rows at the end."""
    rows: list[tuple[Cell, ...]] = []
    for block in one.get("data", ()):
        offset = (BLANK,) * int(block.get("startColumn", 0))
        rows += [()] * (int(block.get("startRow", 0)) - len(rows))
        rows += [offset + tuple(_cell(cell) for cell in row.get("values", ())) for row in block.get("rowData", ())]
    return rows


def _cell(cell: Mapping[str, Any]) -> Cell:
    value = cell.get("effectiveValue", {})
    text = str(cell.get("formattedValue", ""))
    if "errorValue" in value:
        return Cell(text or "#ERROR!", problem="is a spreadsheet error")
    number = value.get("numberValue")
    if number is not None:
        return Cell(text or number_text(float(number)), number=float(number))
    return text_cell(str(value.get("stringValue", text)))
