"""Looking at Google without changing anything: whose credentials these are, what they may, what time it is there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import google.auth.exceptions
import google_auth_httplib2
import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from publish.google_transport import PinnedHttp, executed
from publish.ports import PublishError

TIMEOUT = 20.0
_WRITES = frozenset({"writer", "owner"})
_CLOCK = "https://www.googleapis.com/generate_204"


class RefusedSignInError(Exception):
    """Google gives these credentials no access token."""


@dataclass(frozen=True)
class Account:
    """What a credentials file says of itself. `scopes`: what a person agreed to, () when it does not say."""

    service: bool
    address: str = ""
    client_id: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CalendarSeen:
    """The calendar as these credentials see it. `role` in Google's words; `zone`: the calendar's own."""

    role: str
    zone: str

    @property
    def may_write(self) -> bool:
        return self.role in _WRITES


def account_of(json_text: str) -> Account:
    """Raises `PublishError` when it is no credentials file, without repeating a word of it."""
    try:
        info = json.loads(json_text)
        kind = info["type"]
    except (ValueError, KeyError, TypeError):
        raise PublishError("it is not the JSON of a service account or of an authorized user", permanent=True) from None
    if kind == "service_account":
        return Account(True, str(info.get("client_email", "")), str(info.get("client_id", "")))
    if kind != "authorized_user":
        raise PublishError("its type is neither service_account nor authorized_user", permanent=True)
    scopes = info.get("scopes") or ()
    return Account(False, scopes=tuple(scopes.split() if isinstance(scopes, str) else scopes))


def look_at_calendar(calendar_id: str, credentials: Any) -> CalendarSeen:
    """One call that reads. Raises `RefusedSignInError`, `PublishError`."""
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=PinnedHttp(TIMEOUT))
    service = build("calendar", "v3", http=http, static_discovery=True, cache_discovery=False)
    try:
        _sign_in(credentials)
        request = service.events().list(calendarId=calendar_id, maxResults=1, fields="accessRole,timeZone")
        seen = executed(request.execute, writes=False)
    except HttpError:  # 404, the one that passes for a call that reads
        raise PublishError("Google does not know this calendar, or does not show it to these credentials",
                           permanent=True) from None  # fmt: skip
    finally:
        service.close()
    return CalendarSeen(str(seen.get("accessRole", "")), str(seen.get("timeZone", "")))


def google_time() -> datetime | None:
    """The time on Google's clock, aware UTC, to the second; None when it does not say. Raises `PublishError`."""
    http = PinnedHttp(TIMEOUT)
    try:
        answer, _ = executed(lambda: http.request(_CLOCK), writes=False)
    finally:
        http.close()
    try:
        return parsedate_to_datetime(str(answer.get("date", ""))).astimezone(UTC)
    except ValueError:
        return None


def missing_scopes(account: Account, wanted: Sequence[str]) -> tuple[str, ...]:
    """What a person did not agree to, as far as the file says."""
    return tuple(one for one in wanted if account.scopes and one not in account.scopes)


def _sign_in(credentials: Any) -> None:
    http = PinnedHttp(TIMEOUT)
    try:
        executed(lambda: _refreshed(credentials, http), writes=False)
    finally:
        http.close()


def _refreshed(credentials: Any, http: httplib2.Http) -> None:
    try:
        credentials.refresh(google_auth_httplib2.Request(http))
    except google.auth.exceptions.RefreshError as error:
        if error.retryable:
            raise
        raise RefusedSignInError from None
