"""Google Calendar on loopback: events with state, Google's refusals, every exchange checked against its schema.

What it knows was read in Google's documentation and trackers; nothing here was compared with the real service.
"""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from tests.standins.discovery_schema import Call, DiscoveryApi, SchemaViolationError, without_nulls
from tests.standins.google_batch import BATCH_PATH, answer_batch
from tests.standins.google_changes import Changes, google_error
from tests.standins.google_freebusy import FreeBusyDesk
from tests.standins.google_rooms import Rooms
from tests.standins.google_token import TokenDesk
from tests.standins.loopback import Answer, Asked, Loopback

CALENDAR_ID = "program@group.calendar.google.com"
__all__ = ("CALENDAR_ID", "GoogleCalendarStandIn", "google_error")
_ID = re.compile(r"[a-v0-9]{5,1024}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_STAMP = "2026-03-01T00:00:00.000Z"
_Event = dict[str, Any]


class GoogleCalendarStandIn(Loopback):
    """One calendar and its token endpoint. `events` by id, deleted ones included; `mails` are the invitations sent.

    `may_invite` is False for a service account without delegation. `changes` answers lists and sync tokens, `busy`
    other people's free/busy, `rooms` makes Meet links.
    """

    def __init__(self, zone: str = "America/New_York", may_invite: bool = True) -> None:
        super().__init__(self._reply)
        self.events: dict[str, _Event] = {}
        self.mails: list[tuple[str, str, str]] = []
        self.tokens = TokenDesk()
        self.may_invite = may_invite
        self._zone = ZoneInfo(zone)
        self._api = DiscoveryApi("calendar", "v3")
        self.changes = Changes(self.events)
        self.busy = FreeBusyDesk()
        self.rooms = Rooms()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def live(self) -> dict[str, _Event]:
        """The events that were not deleted."""
        return {key: event for key, event in self.events.items() if event["status"] != "cancelled"}

    def move(self, event_id: str, start: str, end: str) -> None:
        """Somebody drags the event to another time."""
        event = self.events[event_id]
        event["start"], event["end"] = self._when({"dateTime": start}), self._when({"dateTime": end})
        self._touch(event)

    def remove(self, event_id: str) -> None:
        """Somebody deletes the event."""
        self.events[event_id]["status"] = "cancelled"
        self._touch(self.events[event_id])

    def decline(self, event_id: str, reply: str = "declined") -> None:
        """The first guest answers."""
        self.events[event_id]["attendees"][0]["responseStatus"] = reply
        self._touch(self.events[event_id])

    def _reply(self, asked: Asked) -> Answer | None:
        if asked.path == "/token":
            return self.tokens.answer(asked)
        if asked.path == BATCH_PATH:
            return answer_batch(asked, self._one_by_one)
        return self._single(asked)

    def _one_by_one(self, asked: Asked) -> Answer | None:
        """A part of a batch, with the faults that were planted for its method and path."""
        self.asked.append(asked)
        return self._faulty(asked)

    def _single(self, asked: Asked) -> Answer:
        if not self.tokens.knows(asked):
            return google_error(401, "authError", "Invalid Credentials")
        call = self._api.call(asked.method, asked.path)
        if call is None:
            self.violations.append(f"{asked.method} {asked.path} is no method of Google Calendar")
            return google_error(404, "notFound")
        try:
            self._api.check_request(call.method, asked.query, asked.json)
            answer = self._act(call, asked)
            if answer.status < 300:
                self._api.check_response(call.method, answer.body)
        except SchemaViolationError as error:
            self.violations.append(str(error))
            return google_error(400, "invalid", str(error))
        return answer

    def _act(self, call: Call, asked: Asked) -> Answer:
        if call.method == "calendar.freebusy.query":
            return self.busy.query(asked.json)
        if call.path["calendarId"] != CALENDAR_ID:
            return google_error(404, "notFound", "Not Found")
        acts = {
            "calendar.events.list": self.changes.listed,
            "calendar.events.get": self._get,
            "calendar.events.insert": self._insert,
            "calendar.events.patch": self._patch,
            "calendar.events.delete": self._delete,
        }
        if call.method not in acts:
            self.violations.append(f"the stand-in does not know {call.method}")
            return google_error(501, "notImplemented")
        return acts[call.method](call, asked)

    def _get(self, call: Call, asked: Asked) -> Answer:
        event = self.events.get(call.path["eventId"])
        if event is None:
            return google_error(404, "notFound", "Not Found")
        if self.rooms.looked_at(event):
            self._touch(event)
        return Answer(200, copy.deepcopy(event))

    def _insert(self, call: Call, asked: Asked) -> Answer:
        body: Any = without_nulls(asked.json)
        event_id = body.get("id") or f"chosen{len(self.events):05d}"
        if not _ID.fullmatch(event_id):
            return google_error(400, "invalid", "Invalid resource id value.")
        if event_id in self.events:
            return google_error(409, "duplicate", "The requested identifier already exists.")
        refused = self._refused(body)
        if refused:
            return refused
        event: _Event = {
            "kind": "calendar#event",
            "id": event_id,
            "status": "confirmed",
            "htmlLink": f"https://www.google.com/calendar/event?eid={event_id[:20]}",
            "created": _STAMP,
            "creator": {"email": "matcher@project.iam.gserviceaccount.com"},
            "organizer": {"email": CALENDAR_ID, "self": True},
            "iCalUID": f"{event_id}@google.com",
            "sequence": 0,
            "eventType": "default",
        }
        self._merge(event, body)
        self.rooms.settle(event, asked.query.get("conferenceDataVersion") == ["1"])
        self.events[event_id] = event
        self._touch(event)
        self._mail(asked, event, "invitation")
        return Answer(200, copy.deepcopy(event))

    def _patch(self, call: Call, asked: Asked) -> Answer:
        event = self.events.get(call.path["eventId"])
        if event is None:
            return google_error(404, "notFound", "Not Found")
        if event["status"] == "cancelled":
            return google_error(403, "forbidden", "A deleted event cannot be changed.")
        if asked.headers.get("if-match", event["etag"]) != event["etag"]:
            return google_error(412, "conditionNotMet", "Precondition Failed")
        after = copy.deepcopy(event)
        self._merge(after, asked.json)
        self.rooms.settle(after, asked.query.get("conferenceDataVersion") == ["1"])
        refused = self._refused(after)
        if refused:
            return refused
        if (after["start"], after["end"]) != (event["start"], event["end"]):
            after["sequence"] += 1
        self.events[event["id"]] = after
        self._touch(after)
        self._mail(asked, after, "update")
        return Answer(200, copy.deepcopy(after))

    def _delete(self, call: Call, asked: Asked) -> Answer:
        event = self.events.get(call.path["eventId"])
        if event is None:
            return google_error(404, "notFound", "Not Found")
        if event["status"] == "cancelled":
            return google_error(410, "deleted", "Resource has been deleted")
        if asked.headers.get("if-match", event["etag"]) != event["etag"]:
            return google_error(412, "conditionNotMet", "Precondition Failed")
        self.remove(event["id"])
        self._mail(asked, event, "cancellation")
        return Answer(204)

    def _refused(self, body: _Event) -> Answer | None:
        guests = body.get("attendees", [])
        if guests and not self.may_invite:
            said = "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority."
            return google_error(403, "forbiddenForServiceAccounts", said)
        if any(not _MAIL.fullmatch(guest.get("email", "")) for guest in guests):
            return google_error(400, "invalid", f"Invalid attendee email: {guests}")
        start, end = (datetime.fromisoformat(body[edge]["dateTime"]) for edge in ("start", "end"))
        return google_error(400, "timeRangeEmpty") if end <= start else None

    def _merge(self, event: _Event, given: _Event) -> None:
        """Google's patch: objects are merged, lists replaced, null removes; a guest without reply has not answered."""
        for key, value in given.items():
            if value is None:
                event.pop(key, None)
            elif key in {"start", "end"}:
                event[key] = self._when(value)
            elif key == "attendees":
                event[key] = [{"responseStatus": "needsAction", **guest} for guest in value]
            elif isinstance(value, dict):
                self._merge(event.setdefault(key, {}), value)
            else:
                event[key] = value

    def _when(self, given: dict[str, str]) -> dict[str, str]:
        """Google answers in the calendar's own offset, not as it was told."""
        moment = datetime.fromisoformat(given["dateTime"])
        zone = given.get("timeZone", "UTC")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        return {"dateTime": moment.astimezone(self._zone).isoformat(), "timeZone": zone}

    def _touch(self, event: _Event) -> None:
        number = self.changes.note(event["id"])
        event["etag"] = f'"{number}"'
        event["updated"] = datetime.fromtimestamp(number, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _mail(self, asked: Asked, event: _Event, kind: str) -> None:
        if asked.query.get("sendUpdates") == ["all"]:
            self.mails += [(kind, guest["email"], event["id"]) for guest in event.get("attendees", [])]
