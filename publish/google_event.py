"""An invitation as Google's JSON, and Google's JSON as what we know of an event. Pure: nothing is sent here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from publish.booking import Invitation, Recipient, base32hex, digest
from publish.ports import CalendarEvent, PublishError, Receipt
from publish.text import one_line, web_link

Json = dict[str, Any]
_NO_MARKUP = str.maketrans("<>", "‹›")  # Google renders HTML in descriptions


def body_of(invitation: Invitation) -> Json:
    """The whole event as we want it. `content` marks what it says, so that a later look can compare.

    Raises `PublishError` for a recipient without a usable address.
    """
    booking, address = invitation.booking, invitation.address
    if address is None:
        raise PublishError(f"the {invitation.recipient} has no usable e-mail address", permanent=True)
    zone = "UTC" if booking.program.zone.startswith("UTC") else booking.program.zone
    person = booking.professional if invitation.recipient == Recipient.PROFESSIONAL else booking.student
    overrides = [{"method": "popup", "minutes": minutes} for minutes in booking.program.reminder_minutes]
    body: Json = {
        "summary": invitation.summary,
        "description": invitation.description.translate(_NO_MARKUP),
        "location": booking.room,
        "start": {"dateTime": instant(booking.start), "timeZone": zone},
        "end": {"dateTime": instant(booking.end), "timeZone": zone},
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


def room_request(invitation: Invitation) -> Json:
    """What asks Google for a Meet room: the same request however often it is sent, so one room."""
    request = {
        "requestId": base32hex(digest("room", invitation.event_id))[:32],
        "conferenceSolutionKey": {"type": "hangoutsMeet"},
    }
    return {"createRequest": request}


def changes_to(found: Json, invitation: Invitation, body: Json) -> Json | None:
    """The patch that makes what is there what should be, or None when it is so already."""
    now = event_of(found)
    same_time = (now.start, now.end) == (invitation.booking.start, invitation.booking.end)
    same_words = private_of(found).get("content") == private_of(body)["content"]
    guest = body["attendees"][0]
    if same_time and same_words and guest["email"].lower() in now.replies:
        if now.revision == invitation.booking.revision:
            return None
        return {"extendedProperties": body["extendedProperties"]}  # for us alone: nobody is mailed
    patch = {key: value for key, value in body.items() if key != "id"}
    patch["attendees"] = _guest_list(found, guest, keep_reply=same_time)
    return patch


def only_the_room(now: CalendarEvent, invitation: Invitation) -> bool:
    """Whether all that is new is the link of a room that Google put into this very event: its guest sees it already."""
    booking = invitation.booking
    same = (now.start, now.end, now.revision) == (booking.start, booking.end, booking.revision)
    return same and bool(now.room) and now.room == booking.room


def _guest_list(found: Json, guest: Json, *, keep_reply: bool) -> list[Json]:
    """Guests whom staff added stay, but not the recipient's former address, which may be a stranger's.

    The reply to an unchanged time is kept; a new time is asked anew.
    """
    mine, former = guest["email"].lower(), private_of(found).get("guest")
    present = [(one.get("email", "").lower(), one) for one in found.get("attendees", [])]
    replied = [one for email, one in present if email == mine and keep_reply]
    others = [one for email, one in present if email != mine and _mark(email) != former]
    return [*(replied or [guest]), *others]


def _mark(email: str) -> str:
    return base32hex(digest("guest", email))[:32]


def event_of(found: Json) -> CalendarEvent:
    """What we know of an event, as Google tells it. Of a deleted one often no more than its id."""
    private = private_of(found)
    revision = private.get("revision", "0")
    guests = [(one.get("email", "").lower(), one.get("responseStatus", "")) for one in found.get("attendees", [])]
    reply = next((status for email, status in guests if _mark(email) == private.get("guest")), "")
    return CalendarEvent(
        event_id=found["id"],
        version=found.get("etag", ""),
        start=_parsed(found.get("start", {})),
        end=_parsed(found.get("end", {})),
        cancelled=found.get("status") == "cancelled",
        revision=int(revision) if revision.isdecimal() else 0,
        replies=dict(guests),
        link=found.get("htmlLink", ""),
        program=private.get("program", ""),
        session=private.get("session", ""),
        reply=reply,
        room=_room(found),
        room_asked=_room_asked(found),
    )


def _room(found: Json) -> str:
    points = found.get("conferenceData", {}).get("entryPoints", [])
    links = (web_link(str(one.get("uri", ""))) for one in points if one.get("entryPointType") == "video")
    return next((link for link in links if link), "")


def _room_asked(found: Json) -> str:
    asked: Mapping[str, Any] = found.get("conferenceData", {}).get("createRequest", {})
    return str(asked.get("status", {}).get("statusCode", ""))


def private_of(event: Json) -> dict[str, str]:
    """The properties that only we read."""
    private: dict[str, str] = event.get("extendedProperties", {}).get("private", {})
    return private


def receipt_of(event: Json, *, repeated: bool = False) -> Receipt:
    """The receipt for an event as it is now."""
    return Receipt(event["id"], event.get("etag", ""), repeated, event.get("htmlLink", ""), _room(event))


def instant(moment: datetime) -> str:
    """As Google takes instants."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(when: Json) -> datetime | None:
    """Google answers in the calendar's own offset; an all-day event has a date only and no instant."""
    text = when.get("dateTime")
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
