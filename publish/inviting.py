"""A program's own calendar beside mails that invite: for programs without Google.

Whether a calendar server invites anybody cannot be known, so its event names no guests and it is not asked to send
anything: each person gets an invitation by mail, under the same UID and SEQUENCE, which updates and cancels itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from publish.booking import Invitation, Recipient
from publish.mail import MailCalendar
from publish.ports import CalendarEvent, Outcome, PublishError, Receipt


class ProgramCalendar(Protocol):
    """One event for each session, by `event_of`. The acts raise `PublishError`; a repeat sends nothing."""

    def get(self, event_id: str) -> CalendarEvent | None:
        """The event as it is there now."""
        ...

    def put(self, invitation: Invitation, as_of: datetime) -> Receipt:
        """Make the session's event be there as it should be, stamped `as_of`."""
        ...

    def remove(self, invitation: Invitation) -> Receipt:
        """Take the session's event out; one that is gone already counts as done."""
        ...


class InvitingCalendar:
    """A `Calendar`: the session's event in the program's calendar, then a mail to each of its two people."""

    def __init__(self, events: ProgramCalendar, mails: MailCalendar, clock: Callable[[], datetime]) -> None:
        self._events = events
        self._clock = clock
        self._mails = mails

    def get(self, event_id: str) -> CalendarEvent | None:
        """See `Calendar.get`."""
        return self._events.get(event_id)

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.book`. Of a session that was cancelled meanwhile only the cancellation speaks."""
        return self._each(invitations, self._put, self._mails.book, cancels=False)

    def revise(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.revise`."""
        return self._each(invitations, self._put, self._mails.revise, cancels=False)

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.cancel`."""
        return self._each(invitations, self._events.remove, self._mails.cancel, cancels=True)

    def _put(self, invitation: Invitation) -> Receipt:
        return self._events.put(invitation, self._clock())

    def _each(
        self,
        invitations: Sequence[Invitation],
        write: Callable[[Invitation], Receipt],
        send: Callable[[Sequence[Invitation]], list[Outcome]],
        *,
        cancels: bool,
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        blocked: PublishError | None = None
        for one in invitations:
            if blocked is None:
                outcomes.append(self._one(one, write, send, cancels=cancels))
                last = outcomes[-1]
                blocked = last if isinstance(last, PublishError) and last.blocks_channel else None
            else:
                outcomes.append(blocked)
        return outcomes

    @staticmethod
    def _one(
        one: Invitation,
        write: Callable[[Invitation], Receipt],
        send: Callable[[Sequence[Invitation]], list[Outcome]],
        *,
        cancels: bool,
    ) -> Outcome:
        """The event first: a repeat finds it as it should be, while a mail cannot be looked for."""
        if one.booking.cancelled is cancels:
            try:
                write(one)
            except PublishError as error:
                return error
        return send([one])[0]


def event_of(invitation: Invitation) -> str:
    """The name of the session's one event: the professional's event id."""
    return Invitation(invitation.booking, Recipient.PROFESSIONAL).event_id
