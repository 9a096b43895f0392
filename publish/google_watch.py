"""What Google Calendar tells by itself: events that changed since we last asked, and when people are busy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from googleapiclient.errors import HttpError

from optimizer.domain import Interval
from publish.google_calls import AT_ONCE, GoogleCalls
from publish.google_event import event_of, instant
from publish.ports import BusyTimes, CalendarEvent, Changes, PublishError

_PER_PAGE = 250
_TOO_OLD = 410
_WHY_UNSEEN = {
    "notFound": "this calendar is not shared with us",
    "internalError": "Google could not look into it; it is asked again next time",
}


def all_changes(calls: GoogleCalls, calendar_id: str, token: str) -> Changes:
    """Every page. A token that is too old counts as none. Raises `PublishError`.

    No filter is asked for: Google refuses most of them together with a token.
    """
    try:
        return _pages(calls, calendar_id, token)
    except HttpError as error:
        if error.resp.status == _TOO_OLD and token:
            return _asked_in_full(calls, calendar_id)
        raise _not_listed() from None


def _asked_in_full(calls: GoogleCalls, calendar_id: str) -> Changes:
    try:
        return _pages(calls, calendar_id, "")
    except HttpError:
        raise _not_listed() from None


def _pages(calls: GoogleCalls, calendar_id: str, token: str) -> Changes:
    events: list[CalendarEvent] = []
    asked: dict[str, Any] = {"calendarId": calendar_id, "maxResults": _PER_PAGE, "showDeleted": True}
    asked |= {"syncToken": token} if token else {}
    page: dict[str, Any] = calls.one(calls.service.events().list(**asked), writes=False)
    events += [event_of(one) for one in page.get("items", [])]
    while page.get("nextPageToken"):
        page = calls.one(calls.service.events().list(**asked, pageToken=page["nextPageToken"]), writes=False)
        events += [event_of(one) for one in page.get("items", [])]
    return Changes(tuple(events), page.get("nextSyncToken", ""), complete=not token)


def _not_listed() -> PublishError:
    fix = "share it with the credentials, or correct the calendar id in the settings"
    return PublishError(f"Google does not list this calendar: {fix}", permanent=True, blocks_channel=True)


def busy_times(calls: GoogleCalls, addresses: Sequence[str], span: Interval) -> BusyTimes:
    """Fifty calendars a question. What cannot be seen is said with its reason, never taken for busy or free."""
    busy: dict[str, tuple[Interval, ...]] = {}
    unseen: dict[str, str] = {}
    wanted = sorted({address.lower() for address in addresses})
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        body = {
            "timeMin": instant(span.start),
            "timeMax": instant(span.end),
            "items": [{"id": address} for address in some],
            "calendarExpansionMax": AT_ONCE,
        }
        try:
            found = calls.one(calls.service.freebusy().query(body=body), writes=False).get("calendars", {})
        except PublishError as error:
            unseen |= dict.fromkeys(some, str(error))
            continue
        except HttpError as error:
            unseen |= dict.fromkeys(some, f"Google answered {error.resp.status}")
            continue
        for address in some:
            told = found.get(address)
            if told is None or told.get("errors"):
                unseen[address] = _why(told)
            else:
                busy[address] = tuple(_intervals(told.get("busy", [])))
    return BusyTimes(busy, unseen)


def _why(told: dict[str, Any] | None) -> str:
    reason = str((told or {}).get("errors", [{}])[0].get("reason", ""))
    return _WHY_UNSEEN.get(reason, f"Google said {reason}" if reason.isalnum() else "Google said nothing about it")


def _intervals(told: Sequence[dict[str, str]]) -> Iterator[Interval]:
    for one in told:
        start, end = datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"])
        if start < end:
            yield Interval(start, end)
