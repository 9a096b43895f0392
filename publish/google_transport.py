"""How Google is reached: credentials from their JSON, hosts that are pinned, failures translated once."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import google.auth.exceptions
import google.oauth2.credentials
import google.oauth2.service_account
import httplib2
from googleapiclient.errors import BatchError, Error, HttpError

from publish.ports import PublishError
from publish.waiting import asked_to_wait

_GOOGLE_HOSTS = frozenset(
    {"www.googleapis.com", "oauth2.googleapis.com", "accounts.google.com", "sheets.googleapis.com"}
)
_NEXT_DAY = timedelta(hours=20)
"""Less than a day, so that a run at the same hour of the next finds the item due, whatever the jitter."""
_SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_NEXT_DAY_REASONS = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_ABOUT_ONE_EVENT = frozenset({"forbiddenForNonOrganizer"})
"""Refusals that say nothing about the rest of the calendar."""
_WAYS_OUT = {
    "forbiddenForNonOrganizer": "somebody else organizes this event by now; look at it in the calendar",
    "forbiddenForServiceAccounts": "a plain service account cannot invite guests: give it domain-wide delegation and "
    "a person to act for, use credentials of a person, or send the .ics files instead",
    "accessNotConfigured": "the Google Calendar API is not enabled in the project of these credentials",
    "insufficientPermissions": "these credentials lack the calendar scope; make them anew with it",
    "requiredAccessLevel": "share the calendar with these credentials, with the right to make changes to events",
    "forbidden": "share the calendar with these credentials, with the right to make changes to events",
}


def credentials_from(json_text: str, scopes: Sequence[str], acting_for: str = "") -> Any:
    """google-auth credentials from a service account's key or an authorized user's token, both as JSON text.

    `acting_for`: the person a service account with domain-wide delegation acts for. Raises `PublishError` for
    anything else, without repeating a word of the text.
    """
    try:
        info = json.loads(json_text)
        kind = info.get("type") if isinstance(info, dict) else None
        if kind == "service_account":
            of_service = google.oauth2.service_account.Credentials.from_service_account_info
            return of_service(info, scopes=list(scopes), subject=acting_for or None)  # type: ignore[no-untyped-call]
        if kind == "authorized_user":
            of_person = google.oauth2.credentials.Credentials.from_authorized_user_info
            return of_person(info, list(scopes))  # type: ignore[no-untyped-call]
    except (ValueError, KeyError, TypeError):  # the library's own words may quote the key
        raise _credentials_error("the Google credentials are not complete JSON of a known kind") from None
    raise _credentials_error("the Google credentials must have type service_account or authorized_user")


def _credentials_error(message: str) -> PublishError:
    return PublishError(message, permanent=True, blocks_channel=True)


class PinnedHttp(httplib2.Http):  # type: ignore[misc]  # httplib2 has no types
    """Talks to Google's hosts alone, so that no token travels elsewhere; refuses every other host.

    `stand_in` is a base address (`http://127.0.0.1:8080`) that takes the place of all of them. `timeout` in seconds.
    """

    def __init__(self, timeout: float, stand_in: str = "") -> None:
        super().__init__(timeout=timeout)
        self.follow_redirects = False
        self._stand_in = urlsplit(stand_in) if stand_in else None

    def request(self, uri: str, *args: Any, **kwargs: Any) -> Any:
        """As `httplib2.Http.request`, to the pinned host."""
        parts = urlsplit(uri)
        if self._stand_in is None and (parts.scheme != "https" or parts.hostname not in _GOOGLE_HOSTS):
            raise PublishError("an address outside Google was refused", permanent=True, blocks_channel=True)
        if self._stand_in is not None:
            if parts.hostname not in _GOOGLE_HOSTS and parts.netloc != self._stand_in.netloc:
                raise PublishError("an address outside the stand-in was refused", permanent=True, blocks_channel=True)
            uri = urlunsplit(parts._replace(scheme=self._stand_in.scheme, netloc=self._stand_in.netloc))
        return super().request(uri, *args, **kwargs)


Refused = Callable[[HttpError, bool], PublishError]


def executed(request: Callable[[], Any], *, writes: bool, refused: Refused | None = None) -> Any:
    """The request's answer, or `PublishError`; `HttpError` passes for the codes that mean something to the caller.

    `writes`: whether a lost answer leaves it open if something was changed. 404, 409, 410 and 412 pass.
    `refused`: what any other code means, if not what it means at the calendar.
    """
    try:
        return request()
    except BatchError:  # an `HttpError` too, often without an answer
        raise PublishError("Google's answer to a batch cannot be read", **lost(writes)) from None
    except HttpError as error:
        if error.resp.status in {404, 409, 410, 412}:
            raise
        raise (refused or refusal)(error, writes) from None
    except google.auth.exceptions.RefreshError as error:
        fix = "make new credentials, or check the clock"
        if "invalid_scope" in str(error):
            fix = "it never allowed all that the settings need; run `auth google` again, or delegate the missing scope"
        said = f"Google refused to renew the access token: {fix}"
        raise PublishError(said, permanent=not error.retryable, blocks_channel=True) from None
    except google.auth.exceptions.GoogleAuthError:
        raise PublishError("Google's sign-in was not reached", permanent=False, blocks_channel=True) from None
    except (ConnectionRefusedError, httplib2.ServerNotFoundError):
        raise PublishError("Google was not reached", permanent=False, blocks_channel=True) from None
    except TimeoutError:
        raise PublishError("Google did not answer in time", **lost(writes), blocks_channel=True) from None
    except ssl.SSLError:
        said = (
            "Google's certificate was not accepted: check this machine's clock, and what stands between it and Google"
        )
        raise PublishError(said, permanent=False, blocks_channel=True) from None
    except ValueError:  # a page of a proxy, half an answer
        raise PublishError("Google's answer cannot be read", **lost(writes)) from None
    except (OSError, httplib2.HttpLib2Error, http.client.HTTPException, Error):
        raise PublishError("the connection to Google broke off", **lost(writes)) from None


def lost(writes: bool) -> dict[str, Any]:
    """How an answer that never came is told: a write may have happened."""
    return {"permanent": False, "uncertain": writes}


def refusal(error: HttpError, writes: bool) -> PublishError:
    """What Google refused. Its own words stay out of it: they may quote a guest's address."""
    status, reason = int(error.resp.status), error_reason(error)
    said = f"Google Calendar answered {status}" + (f" {reason}" if reason else "")
    if reason in _NEXT_DAY_REASONS:
        return PublishError(f"{said}: try again tomorrow", permanent=False, retry_after=_NEXT_DAY, blocks_channel=True)
    common = common_refusal(error, said, slow_down=reason in _SLOW_DOWN, writes=writes)
    if common is not None:
        return common
    if status == 403:
        fix = _WAYS_OUT.get(reason, "the credentials may not do this")
        return PublishError(f"{said}: {fix}", permanent=True, blocks_channel=reason not in _ABOUT_ONE_EVENT)
    return PublishError(said, permanent=True)


def common_refusal(error: HttpError, said: str, *, slow_down: bool, writes: bool) -> PublishError | None:
    """What means the same in each of Google's services; None for what each means in its own way.

    `slow_down`: the service's own word for a rate limit was given.
    """
    status = int(error.resp.status)
    if status == 429 or slow_down:
        return PublishError(said, permanent=False, retry_after=retry_after(error), blocks_channel=True)
    if status >= 500 or status == 408:
        return PublishError(said, **lost(writes), retry_after=retry_after(error))
    if status == 401:
        return PublishError(f"{said}: the credentials are not valid (any more)", permanent=True, blocks_channel=True)
    return None


def error_reason(error: HttpError) -> str:
    """Google's machine word for the refusal, or nothing when the answer has none."""
    try:
        reasons = json.loads(error.content)["error"]["errors"]
        reason = reasons[0]["reason"]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
    return reason if isinstance(reason, str) and reason.isalnum() else ""


def retry_after(error: HttpError) -> timedelta | None:
    """How long the service asks us to wait."""
    return asked_to_wait(str(error.resp.get("retry-after", "")))
