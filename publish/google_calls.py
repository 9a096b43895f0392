"""Calls to Google Calendar, alone or up to fifty in one batch: at our pace, over the pinned connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import google_auth_httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import BatchError, HttpError
from googleapiclient.http import HttpRequest

from publish.google_pace import Pace
from publish.google_transport import PinnedHttp, executed, lost, refusal
from publish.ports import PublishError, State

AT_ONCE = 50
"""Google's own limit for a batch of Calendar calls."""
Answered = Any
"""Google's JSON; an `HttpError` that means something to the caller (404, 409, 410, 412); or a `PublishError`."""


class _Renewal:
    """What the library takes for credentials when parts of a batch come back with 401: it renews those of the whole.

    The library would renew over a connection of its own; this does it over ours, to the pinned hosts.
    """

    access_token, access_token_expired = "", False

    def __init__(self, signed: google_auth_httplib2.AuthorizedHttp) -> None:
        self._signed = signed

    def refresh(self, _http: object) -> None:
        self._signed.credentials.refresh(google_auth_httplib2.Request(self._signed.http))

    def apply(self, headers: dict[str, str]) -> None:
        """The parts carry no token: the batch is signed as a whole."""


class _SignedHttp:
    """Signs the batch as a whole."""

    def __init__(self, signed: google_auth_httplib2.AuthorizedHttp) -> None:
        self._signed, self.credentials = signed, _Renewal(signed)

    def request(self, *args: Any, **kwargs: Any) -> Any:
        return self._signed.request(*args, **kwargs)


class GoogleCalls:
    """The calendar service of one set of credentials. `timeout` in seconds for each request; `per_minute` calls."""

    def __init__(self, credentials: Any, timeout: float, stand_in: str, per_minute: int) -> None:
        self._http = google_auth_httplib2.AuthorizedHttp(credentials, http=PinnedHttp(timeout, stand_in))
        self.service = build("calendar", "v3", http=self._http, static_discovery=True, cache_discovery=False)
        self._pace = Pace(per_minute)

    def close(self) -> None:
        """Close the connections."""
        self.service.close()

    def one(self, request: HttpRequest, *, writes: bool) -> Any:
        """One call's answer. Raises as `google_transport.executed`."""
        self._pace.take(1)
        answer = executed(request.execute, writes=writes)
        if isinstance(answer, str) and answer:  # the library gives back what is no JSON as it is
            raise PublishError("Google's answer cannot be read", **lost(writes))
        return answer

    def many(self, requests: Sequence[HttpRequest], *, writes: bool) -> list[Answered]:
        """At most `AT_ONCE` calls, one answer for each in the same order, whatever became of the others."""
        if len(requests) == 1:
            return [self._alone(requests[0], writes)]
        answers: dict[str, Answered] = {}

        def heard(name: str, response: Any, error: HttpError | None) -> None:
            answers[name] = response if error is None else _meaning(error, writes)

        batch = self.service.new_batch_http_request(callback=heard)
        for number, request in enumerate(requests):
            request.http = None  # the batch is signed once, as a whole
            batch.add(request, request_id=str(number))
        self._pace.take(len(requests))
        try:
            executed(lambda: _carried(batch, _SignedHttp(self._http)), writes=writes)
        except HttpError as error:
            broken: PublishError | None = _of_the_whole(refusal(error, writes))
        except PublishError as error:
            broken = _of_the_whole(error)
        else:
            broken = None
        missing = broken or PublishError("Google left a call unanswered", permanent=False, uncertain=writes)
        return [answers.get(str(number), missing) for number in range(len(requests))]

    def _alone(self, request: HttpRequest, writes: bool) -> Answered:
        try:
            return self.one(request, writes=writes)
        except (HttpError, PublishError) as error:
            return error


def _carried(batch: Any, http: _SignedHttp) -> None:
    try:
        batch.execute(http=http)
    except (KeyError, TypeError, ValueError):  # the library's words for a part that is lacking or cannot be read
        raise BatchError("the answer lacks a part") from None


def _of_the_whole(error: PublishError) -> PublishError:
    """A refusal of the batch says nothing about any of its calls, so it kills none of them."""
    if error.state is not State.DEAD:
        return error
    return PublishError(str(error), permanent=True, blocks_channel=True)


def _meaning(error: HttpError, writes: bool) -> HttpError | PublishError:
    return error if error.resp.status in {404, 409, 410, 412} else refusal(error, writes)
