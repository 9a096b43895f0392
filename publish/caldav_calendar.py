"""The program's own calendar on a CalDAV server (RFC 4791): one event for each session; see `publish.inviting`.

Every act looks before it acts. The event lies under a name that we choose; a change carries the ETag that was seen.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import requests
from caldav import DAVClient
from caldav.lib.error import AuthorizationError, DAVError
from icalendar import Calendar as IcsCalendar

from publish.booking import Invitation
from publish.invitation import program_ics
from publish.inviting import event_of
from publish.ports import CalendarEvent, PublishError, Receipt
from publish.waiting import asked_to_wait

_COMPARED = ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS")
_GONE = (404, 410)
_LOOK = (
    b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><current-user-privilege-set/></prop></propfind>'
)
_CALENDAR = "{urn:ietf:params:xml:ns:caldav}calendar"
_MAY_WRITE = ("{DAV:}all", "{DAV:}write", "{DAV:}write-content")
_MINE = "publish.caldav_url, publish.caldav_user and CALDAV_PASSWORD"


class CalDavCalendar:
    """One calendar, by the address of its collection. Close it, or use it in a `with` block.

    Implements `publish.inviting.ProgramCalendar`.
    """

    def __init__(self, url: str, user: str, password: str, *, timeout: float = 30.0) -> None:
        self._base = url.rstrip("/") + "/"
        self._client = DAVClient(url=self._base, username=user, password=password, timeout=int(timeout))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def look(self) -> bool:
        """Whether events may be written there, as far as the server says; changes nothing.

        Raises `PublishError`: it was not reached, it refused us, or there is no calendar.
        """
        answer = self._asked("PROPFIND", "", _LOOK, {"Depth": "0", "Content-Type": "application/xml; charset=utf-8"})
        tree = None if answer.status in _GONE else answer.tree
        if tree is None or next(tree.iter(_CALENDAR), None) is None:
            raise _no_calendar()
        told = [right.tag for one in tree.iter("{DAV:}privilege") for right in one]
        return not told or any(right in _MAY_WRITE for right in told)

    def get(self, event_id: str) -> CalendarEvent | None:
        """See `Calendar.get`; by the professional's event id, which names the session's event."""
        found = self._found(event_id)
        return None if found is None else _event(event_id, *found)

    def put(self, invitation: Invitation, as_of: datetime) -> Receipt:
        """Make the session's event be there as it should be, stamped `as_of`. Raises `PublishError`."""
        event_id, wanted = event_of(invitation), program_ics(invitation.booking, as_of)
        found = self._found(event_id)
        if found is not None:
            return self._brought_to(event_id, found, wanted, invitation.booking.revision)
        answer = self._asked("PUT", event_id, wanted, {"If-None-Match": "*"})
        if answer.status == 412:  # somebody was faster, perhaps we ourselves
            found = self._found(event_id)
            if found is None:
                raise _changed_meanwhile()
            return self._brought_to(event_id, found, wanted, invitation.booking.revision)
        return Receipt(event_id, _etag(answer))

    def remove(self, invitation: Invitation) -> Receipt:
        """Take the session's event out; one that is gone already counts as done. Raises `PublishError`."""
        event_id = event_of(invitation)
        found = self._found(event_id)
        if found is None:
            return Receipt(event_id, repeated=True)
        answer = self._asked("DELETE", event_id, b"", _if_match(found[1]))
        if answer.status == 412:
            raise _changed_meanwhile()
        return Receipt(event_id, repeated=answer.status in _GONE)

    def _brought_to(self, event_id: str, found: tuple[Any, str], wanted: bytes, revision: int) -> Receipt:
        """Send nothing when what is there says the same."""
        there, etag = found
        if int(there.get("SEQUENCE", 0)) > revision:
            raise PublishError("the calendar already has a newer revision of this session", permanent=True)
        if _facts(there) == _facts(_first(wanted)):
            return Receipt(event_id, etag, repeated=True)
        answer = self._asked("PUT", event_id, wanted, _if_match(etag))
        if answer.status in (412, *_GONE):
            raise _changed_meanwhile()
        return Receipt(event_id, _etag(answer))

    def _found(self, event_id: str) -> tuple[Any, str] | None:
        """The event as it is there, with its ETag."""
        answer = self._asked("GET", event_id, b"", {})
        if answer.status in _GONE:
            return None
        try:
            return _first(answer.raw if isinstance(answer.raw, bytes) else str(answer.raw).encode()), _etag(answer)
        except (ValueError, StopIteration):
            raise PublishError("the calendar holds something under our name that is no event", permanent=True) from None

    def _asked(self, method: str, event_id: str, body: bytes, headers: dict[str, str]) -> Any:
        """The server's answer: 2xx, 404, 410 or 412. Raises `PublishError` for every other; never quotes the server.

        `event_id`: "" for the calendar itself.
        """
        kind = {"Content-Type": "text/calendar; charset=utf-8"} if body else {}
        writes = method not in ("GET", "PROPFIND")
        url = f"{self._base}{event_id}.ics" if event_id else self._base
        lost: dict[str, Any] = {"permanent": False, "uncertain": writes}
        try:
            answer = self._client.request(url, method, body.decode(), {**kind, **headers})
        except (AuthorizationError, NotImplementedError):
            raise PublishError(
                f"the CalDAV server refused us: see {_MINE}", permanent=True, blocks_channel=True
            ) from None
        except requests.ConnectTimeout:
            raise PublishError("the CalDAV server was not reached", permanent=False, blocks_channel=True) from None
        except requests.Timeout:
            raise PublishError("the CalDAV server did not answer in time", **lost, blocks_channel=True) from None
        except (requests.RequestException, DAVError, OSError, SyntaxError):  # lxml's for what is no XML
            raise PublishError("the CalDAV server was not reached, or broke off", **lost, blocks_channel=True) from None
        if answer.status < 300 or answer.status in (412, *_GONE):
            if answer.status in _GONE and method == "PUT" and "If-None-Match" in headers:
                raise _no_calendar()
            return answer
        raise _refusal(answer, lost)


def _first(content: bytes) -> Any:
    return next(iter(IcsCalendar.from_ical(content).walk("VEVENT")))


def _facts(event: Any) -> tuple[object, ...]:
    """What the event says; servers may write it otherwise, and DTSTAMP tells only when we last looked."""
    times = tuple(_instant(event, name) for name in ("DTSTART", "DTEND"))
    return (*times, int(event.get("SEQUENCE", 0)), *(str(event.get(name, "")).strip() for name in _COMPARED))


def _event(event_id: str, event: Any, etag: str) -> CalendarEvent:
    start, end = (_instant(event, name) for name in ("DTSTART", "DTEND"))
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return CalendarEvent(event_id, etag, start, end, cancelled, int(event.get("SEQUENCE", 0)), {})


def _instant(event: Any, name: str) -> datetime | None:
    """Aware UTC; None for a date without a time."""
    found = event.decoded(name) if name in event else None
    return found.astimezone(UTC) if isinstance(found, datetime) else None


def _etag(answer: Any) -> str:
    return str(answer.headers.get("ETag", ""))


def _if_match(etag: str) -> dict[str, str]:
    return {"If-Match": etag} if etag else {}


def _changed_meanwhile() -> PublishError:
    return PublishError("the event was changed while we looked at it; look again", permanent=False)


def _no_calendar() -> PublishError:
    return PublishError("there is no calendar at publish.caldav_url", permanent=True, blocks_channel=True)


def _refusal(answer: Any, lost: dict[str, Any]) -> PublishError:
    said = f"the CalDAV server answered {answer.status}"
    if answer.status in (401, 403):
        return PublishError(f"{said}: no right to write there, see {_MINE}", permanent=True, blocks_channel=True)
    if answer.status == 409:
        return _no_calendar()
    if answer.status in (429, 503):
        wait = asked_to_wait(str(answer.headers.get("Retry-After", "")))
        return PublishError(f"{said}: try later", permanent=False, retry_after=wait, blocks_channel=True)
    if answer.status == 507:
        return PublishError(f"{said}: its storage is full", permanent=False, blocks_channel=True)
    if answer.status >= 500:
        return PublishError(said, **lost)
    return PublishError(said, permanent=True)
