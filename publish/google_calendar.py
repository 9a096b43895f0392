"""Google Calendar behind the `Calendar` port: one event for each recipient, under an id that we choose.

Every act looks before it acts, so repeating one after a lost answer finds what is there. Google's rules it lives by:
an id stays taken after deletion (`get` says cancelled, `insert` 409, a second `delete` 410), rate limits come as 403
as well as 429, and a new guest list resets the guests' replies unless they are handed back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import google_auth_httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from publish.booking import Invitation, base32hex, digest
from publish.google_transport import PinnedHttp, executed
from publish.ports import CalendarEvent, EventDeletedError, Outcome, PublishError, Receipt
from publish.text import one_line

SCOPES = ("https://www.googleapis.com/auth/calendar.events",)
_NO_MARKUP = str.maketrans("<>", "‹›")  # Google renders HTML in descriptions
_Json = dict[str, Any]


class GoogleCalendar:
    """One calendar. `credentials` from google-auth (see `credentials_from`); `timeout` in seconds for each request.

    `stand_in`: the base address of a server that takes Google's place, for rehearsals on loopback. Close it, or use
    it in a `with` block.
    """

    def __init__(self, calendar_id: str, credentials: Any, *, timeout: float = 30.0, stand_in: str = "") -> None:
        self._calendar_id = calendar_id
        http = google_auth_httplib2.AuthorizedHttp(credentials, http=PinnedHttp(timeout, stand_in))
        self._service = build("calendar", "v3", http=http, static_discovery=True, cache_discovery=False)
        self._events = self._service.events()

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, event_id: str) -> CalendarEvent | None:
        """See `Calendar.get`."""
        found = self._found(event_id)
        return None if found is None else _event(found)

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.book`."""
        return _each(invitations, self._book)

    def revise(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.revise`."""
        return _each(invitations, self._revise)

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.cancel`."""
        return _each(invitations, self._cancel)

    def _book(self, invitation: Invitation) -> Receipt:
        body = _body(invitation)
        found = self._found(invitation.event_id)
        if found is None:
            try:
                return _receipt(self._insert(body))
            except HttpError as error:
                if error.resp.status != 409:
                    raise _not_there() from None
                found = self._found(invitation.event_id)  # somebody was faster, perhaps we ourselves
        if found is None:
            raise PublishError("the calendar says the id is taken, and shows nothing under it", permanent=False)
        return self._brought_to(found, invitation, body)

    def _revise(self, invitation: Invitation) -> Receipt:
        found = self._found(invitation.event_id)
        if found is None:
            raise PublishError("there is no event to revise: book it first", permanent=True)
        return self._brought_to(found, invitation, _body(invitation))

    def _cancel(self, invitation: Invitation) -> Receipt:
        event_id = invitation.event_id
        found = self._found(event_id)
        if found is None or found["status"] == "cancelled":
            return Receipt(event_id, repeated=True)
        request = self._events.delete(calendarId=self._calendar_id, eventId=event_id, sendUpdates="all")
        try:
            executed(request.execute, writes=True)
        except HttpError as error:
            if error.resp.status in {404, 410}:
                return Receipt(event_id, repeated=True)
            raise _changed_meanwhile() from None
        return Receipt(event_id)

    def _found(self, event_id: str) -> _Json | None:
        request = self._events.get(calendarId=self._calendar_id, eventId=event_id)
        try:
            found: _Json = executed(request.execute, writes=False)
        except HttpError as error:
            if error.resp.status == 404:
                return None
            if error.resp.status == 410:
                return {"id": event_id, "status": "cancelled"}
            raise _changed_meanwhile() from None
        return found

    def _insert(self, body: _Json) -> _Json:
        request = self._events.insert(calendarId=self._calendar_id, body=body, sendUpdates="all")
        inserted: _Json = executed(request.execute, writes=True)
        return inserted

    def _brought_to(self, found: _Json, invitation: Invitation, body: _Json) -> Receipt:
        """Patch what is there into what should be; send nothing when it is so already."""
        now = _event(found)
        if now.cancelled:
            raise EventDeletedError(invitation.event_id)
        if now.revision > invitation.booking.revision:
            raise PublishError("the calendar already has a newer revision of this session", permanent=True)
        same_time = (now.start, now.end) == (invitation.booking.start, invitation.booking.end)
        same_words = _private(found).get("content") == _private(body)["content"]
        guest = body["attendees"][0]
        if same_time and same_words and guest["email"].lower() in now.replies:
            return _receipt(found, repeated=True)
        patch = {key: value for key, value in body.items() if key != "id"}
        patch["attendees"] = _guest_list(found, guest, keep_reply=same_time)
        request = self._events.patch(
            calendarId=self._calendar_id, eventId=invitation.event_id, body=patch, sendUpdates="all"
        )
        request.headers["If-Match"] = now.version
        try:
            return _receipt(executed(request.execute, writes=True))
        except HttpError:
            raise _changed_meanwhile() from None


def _each(invitations: Sequence[Invitation], act: Callable[[Invitation], Receipt]) -> list[Outcome]:
    """One outcome each; after an error that blocks the channel the rest come back untried."""
    outcomes: list[Outcome] = []
    blocked: PublishError | None = None
    for invitation in invitations:
        try:
            outcomes.append(blocked or act(invitation))
        except PublishError as error:
            outcomes.append(error)
            if error.blocks_channel:
                blocked = PublishError(
                    str(error), permanent=error.permanent, retry_after=error.retry_after, blocks_channel=True
                )
    return outcomes


def _not_there() -> PublishError:
    fix = "share it with the credentials, or correct the calendar id in the settings"
    return PublishError(f"Google does not know this calendar: {fix}", permanent=True, blocks_channel=True)


def _changed_meanwhile() -> PublishError:
    return PublishError("the event was changed while we looked at it; look again", permanent=False)


def _body(invitation: Invitation) -> _Json:
    """The whole event as we want it. `content` marks what it says, so that a later look can compare."""
    booking, address = invitation.booking, invitation.address
    if address is None:
        raise PublishError(f"the {invitation.recipient} has no usable e-mail address", permanent=True)
    zone = "UTC" if booking.program.zone.startswith("UTC") else booking.program.zone
    person = booking.professional if invitation.recipient == "professional" else booking.student
    overrides = [{"method": "popup", "minutes": minutes} for minutes in booking.program.reminder_minutes]
    body: _Json = {
        "summary": invitation.summary,
        "description": invitation.description.translate(_NO_MARKUP),
        "location": booking.room,
        "start": {"dateTime": _instant(booking.start), "timeZone": zone},
        "end": {"dateTime": _instant(booking.end), "timeZone": zone},
        "attendees": [{"email": address, "displayName": one_line(person.name, 80)}],
        "guestsCanInviteOthers": False,
        "guestsCanModify": False,
        "guestsCanSeeOtherGuests": booking.program.share_addresses,
        "reminders": {"useDefault": False, "overrides": overrides},
        "visibility": "private",
    }
    content = base32hex(digest(json.dumps(body, sort_keys=True)))
    ours = {
        "program": booking.program.key,
        "session": booking.session_key,
        "recipient": str(invitation.recipient),
        "revision": str(booking.revision),
        "guest": _mark(address.lower()),
        "content": content,
    }
    return {"id": invitation.event_id, **body, "extendedProperties": {"private": ours}}


def _guest_list(found: _Json, guest: _Json, *, keep_reply: bool) -> list[_Json]:
    """Guests whom staff added stay, but not the recipient's former address, which may be a stranger's.

    The reply to an unchanged time is kept; a new time is asked anew.
    """
    mine, former = guest["email"].lower(), _private(found).get("guest")
    present = [(one.get("email", "").lower(), one) for one in found.get("attendees", [])]
    replied = [one for email, one in present if email == mine and keep_reply]
    others = [one for email, one in present if email != mine and _mark(email) != former]
    return [*(replied or [guest]), *others]


def _mark(email: str) -> str:
    return base32hex(digest("guest", email))[:32]


def _event(found: _Json) -> CalendarEvent:
    revision = _private(found).get("revision", "0")
    return CalendarEvent(
        event_id=found["id"],
        version=found.get("etag", ""),
        start=_parsed(found.get("start", {})),
        end=_parsed(found.get("end", {})),
        cancelled=found.get("status") == "cancelled",
        revision=int(revision) if revision.isdecimal() else 0,
        replies={one.get("email", "").lower(): one.get("responseStatus", "") for one in found.get("attendees", [])},
        link=found.get("htmlLink", ""),
    )


def _private(event: _Json) -> dict[str, str]:
    private: dict[str, str] = event.get("extendedProperties", {}).get("private", {})
    return private


def _receipt(event: _Json, *, repeated: bool = False) -> Receipt:
    return Receipt(event["id"], event.get("etag", ""), repeated, event.get("htmlLink", ""))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(when: _Json) -> datetime | None:
    """Google answers in the calendar's own offset; an all-day event has a date only and no instant."""
    text = when.get("dateTime")
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
