"""Google Calendar behind the `Calendar` port: one event for each recipient, under an id that we choose.

Every act looks before it acts, so repeating one after a lost answer finds what is there. Google's rules it lives by:
an id stays taken after deletion (`get` says cancelled, `insert` 409, a second `delete` 410), rate limits come as 403
as well as 429, and a new guest list resets the guests' replies unless they are handed back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from optimizer.domain import Interval
from publish.booking import Invitation
from publish.google_calls import AT_ONCE, Answered, GoogleCalls
from publish.google_event import Json, body_of, changes_to, event_of, only_the_room, receipt_of, room_request
from publish.google_watch import all_changes, busy_times
from publish.ports import BusyTimes, CalendarEvent, Changes, EventDeletedError, Outcome, PublishError, Receipt, blocking

SCOPES = ("https://www.googleapis.com/auth/calendar.events",)
FREE_BUSY_SCOPE = "https://www.googleapis.com/auth/calendar.freebusy"
Step = Receipt | PublishError | Any
"""What one look leads to: an outcome at once, or one call (`HttpRequest`, untyped) that changes something."""
Decision = Callable[[Invitation, Json | None], Step]


class GoogleCalendar:
    """One calendar. `credentials` from google-auth (see `credentials_from`); `timeout` in seconds for each request.

    Implements `Calendar`, `Watch` and `FreeBusy`. `stand_in`: the base address of a server that takes Google's place,
    for rehearsals on loopback. `per_minute`: calls that we allow ourselves (0: no limit of our own). Close it, or use
    it in a `with` block.
    """

    def __init__(
        self,
        calendar_id: str,
        credentials: Any,
        *,
        timeout: float = 30.0,
        stand_in: str = "",
        per_minute: int = 600,
    ) -> None:
        self._calendar_id = calendar_id
        self._calls = GoogleCalls(credentials, timeout, stand_in, per_minute)
        self._events = self._calls.service.events()
        self._shown = False

    def close(self) -> None:
        """Close the connections."""
        self._calls.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, event_id: str) -> CalendarEvent | None:
        """See `Calendar.get`."""
        found = self._seen(event_id, self._calls.many([self._look(event_id)], writes=False)[0])
        if isinstance(found, PublishError):
            raise found
        return None if found is None else event_of(found)

    def changes(self, token: str) -> Changes:
        """See `Watch.changes`."""
        return all_changes(self._calls, self._calendar_id, token)

    def busy(self, addresses: Sequence[str], span: Interval) -> BusyTimes:
        """See `FreeBusy.busy`. An address is asked for as the id of that person's own calendar."""
        return busy_times(self._calls, addresses, span)

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.book`."""
        return self._each(invitations, self._to_book)

    def revise(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.revise`."""
        return self._each(invitations, self._to_revise)

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.cancel`."""
        return self._each(invitations, self._to_cancel)

    def _each(self, invitations: Sequence[Invitation], decide: Decision) -> list[Outcome]:
        """One outcome each; after an error that blocks the channel the rest come back untried."""
        outcomes: list[Outcome] = []
        for first in range(0, len(invitations), AT_ONCE):
            outcomes += self._together(invitations[first : first + AT_ONCE], decide)
            blocked = blocking(outcomes)
            if blocked is not None:
                return [*outcomes, *(_untried(blocked) for _ in range(len(invitations) - len(outcomes)))]
        return outcomes

    def _together(self, invitations: Sequence[Invitation], decide: Decision) -> list[Outcome]:
        """Look at all of them, decide, then change what has to be changed."""
        steps: dict[int, Step] = {}
        for number, invitation in enumerate(invitations):
            reason = _unsendable(invitation)
            if reason is not None:
                steps[number] = reason
        looking = [number for number in range(len(invitations)) if number not in steps]
        looks = [self._look(invitations[number].event_id) for number in looking]
        for number, answer in zip(looking, self._all(looks, writes=False), strict=True):
            found = self._seen(invitations[number].event_id, answer)
            steps[number] = found if isinstance(found, PublishError) else _decided(decide, invitations[number], found)
        blocked = blocking(steps.values())
        if blocked is not None:
            steps = {n: _untried(blocked) if isinstance(s, HttpRequest) else s for n, s in steps.items()}
        calls = {number: step for number, step in sorted(steps.items()) if isinstance(step, HttpRequest)}
        done = dict(zip(calls, self._all(list(calls.values()), writes=True), strict=True))
        return [self._outcome(one, steps[number], done.get(number)) for number, one in enumerate(invitations)]

    def _all(self, requests: Sequence[HttpRequest], *, writes: bool) -> list[Answered]:
        return self._calls.many(requests, writes=writes) if requests else []

    def _outcome(self, invitation: Invitation, step: Step, answer: Answered) -> Outcome:
        if not isinstance(step, HttpRequest):
            return step
        if isinstance(answer, PublishError):
            return answer
        if not isinstance(answer, HttpError):
            return receipt_of(answer) if isinstance(answer, dict) and answer else Receipt(invitation.event_id)
        if step.method == "DELETE" and answer.resp.status in {404, 410}:
            return Receipt(invitation.event_id, repeated=True)
        if step.method == "POST" and answer.resp.status == 409:
            return self._taken(invitation)
        return _not_there() if step.method == "POST" else _changed_meanwhile()

    def _taken(self, invitation: Invitation) -> Outcome:
        """The id is taken although we saw nothing under it: somebody was faster, perhaps we ourselves."""
        found = self._seen(invitation.event_id, self._calls.many([self._look(invitation.event_id)], writes=False)[0])
        if isinstance(found, PublishError):
            return found
        if found is None:
            return PublishError("the calendar says the id is taken, and shows nothing under it", permanent=False)
        step = _decided(self._to_book, invitation, found)
        if not isinstance(step, HttpRequest):
            return step
        return self._outcome(invitation, step, self._calls.many([step], writes=True)[0])

    def _look(self, event_id: str) -> HttpRequest:
        return self._events.get(calendarId=self._calendar_id, eventId=event_id)

    @staticmethod
    def _seen(event_id: str, answer: Answered) -> Json | PublishError | None:
        if isinstance(answer, HttpError):
            if answer.resp.status == 404:
                return None
            return {"id": event_id, "status": "cancelled"} if answer.resp.status == 410 else _changed_meanwhile()
        seen: Json | PublishError = answer
        return seen

    def _to_book(self, invitation: Invitation, found: Json | None) -> Step:
        if invitation.booking.cancelled:
            return Receipt(invitation.event_id, repeated=True)  # only the cancellation speaks
        if found is not None:
            return self._brought_to(found, invitation)
        body = body_of(invitation)
        if not invitation.asks_for_room:
            return self._events.insert(calendarId=self._calendar_id, body=body, sendUpdates="all")
        body["conferenceData"] = room_request(invitation)
        return self._events.insert(calendarId=self._calendar_id, body=body, sendUpdates="all", conferenceDataVersion=1)

    def _to_revise(self, invitation: Invitation, found: Json | None) -> Step:
        if invitation.booking.cancelled:
            return Receipt(invitation.event_id, repeated=True)
        if found is None:
            return PublishError("there is no event to revise: book it first", permanent=True)
        return self._brought_to(found, invitation)

    def _to_cancel(self, invitation: Invitation, found: Json | None) -> Step:
        if found is None:
            return self._unseen_reason() or Receipt(invitation.event_id, repeated=True)
        if found["status"] == "cancelled":
            return Receipt(invitation.event_id, repeated=True)
        request = self._events.delete(calendarId=self._calendar_id, eventId=invitation.event_id, sendUpdates="all")
        request.headers["If-Match"] = found.get("etag", "*")
        return request

    def _unseen_reason(self) -> PublishError | None:
        """Google says 404 of an event it never had, and of every event of a calendar that it does not show us."""
        if self._shown:
            return None
        answer = self._calls.many([self._events.list(calendarId=self._calendar_id, maxResults=1)], writes=False)[0]
        if isinstance(answer, PublishError):
            return answer
        if isinstance(answer, HttpError):
            return _not_there()
        self._shown = True
        return None

    def _brought_to(self, found: Json, invitation: Invitation) -> Step:
        """Patch what is there into what should be; send nothing when it is so already."""
        now = event_of(found)
        if now.cancelled:
            return EventDeletedError(invitation.event_id)
        if now.revision > invitation.booking.revision:
            return PublishError("the calendar already has a newer revision of this session", permanent=True)
        patch = changes_to(found, invitation, body_of(invitation))
        if patch is None:
            return receipt_of(found, repeated=True)
        request = self._events.patch(
            calendarId=self._calendar_id,
            eventId=invitation.event_id,
            body=patch,
            sendUpdates="none" if only_the_room(now, invitation) or set(patch) == {"extendedProperties"} else "all",
        )
        request.headers["If-Match"] = now.version
        return request


def _decided(decide: Decision, invitation: Invitation, found: Json | None) -> Step:
    try:
        return decide(invitation, found)
    except PublishError as error:
        return error


def _unsendable(invitation: Invitation) -> PublishError | None:
    if invitation.address is not None or invitation.booking.cancelled:
        return None
    return PublishError(f"the {invitation.recipient} has no usable e-mail address", permanent=True)


def _untried(blocked: PublishError) -> PublishError:
    return PublishError(str(blocked), permanent=blocked.permanent, retry_after=blocked.retry_after, blocks_channel=True)


def _not_there() -> PublishError:
    fix = "share it with the credentials, or correct the calendar id in the settings"
    return PublishError(f"Google does not know this calendar: {fix}", permanent=True, blocks_channel=True)


def _changed_meanwhile() -> PublishError:
    return PublishError("the event was changed while we looked at it; look again", permanent=False)
