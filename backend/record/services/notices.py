"""What people must be told about a change, put into the outbox in the change's own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from backend.record.models import OutboxItem, Program, Run, ScheduledSession
from backend.record.models.states import DeliveryState
from backend.settings import Settings
from optimizer.domain import Certainty, Professional, Session, Student
from publish.booking import Booking, Invitation, Recipient
from publish.booking import Program as Told
from publish.outbox import CalendarAct, calendar_item
from publish.ports import Item
from publish.session_letters import session_item


def tell(session: ScheduledSession, act: CalendarAct, occasion: str = "", only: Recipient | None = None) -> None:
    """Both people's calendars learn of it, or only one's; names and addresses are looked up when it is sent.

    `occasion`: tells the same act at the same revision apart. While the session's night is held, what changes about
    it waits with the rest of that night.
    """
    concerned = (one for one in invitations_of(session) if only in (None, one.recipient))
    _add(session, [calendar_item(act, one, occasion) for one in concerned])


def write(session: ScheduledSession, act: str, now: datetime) -> None:
    """A letter to each of the two who has proven their Discord id, if the program writes such letters.

    The others hear by the invitation, which changes and cancels itself.
    """
    matching: Settings = settings.MATCHING
    if not matching.publish.direct_messages:
        return
    two = (
        (session.student, session.student_code, Recipient.STUDENT),
        (session.professional, session.professional_code, Recipient.PROFESSIONAL),
    )
    items = [
        session_item(act, session.key, session.revision, code, recipient, now.date())
        for person, code, recipient in two
        if person.discord_id and person.discord_verified_at
    ]
    _add(session, items)


def _add(session: ScheduledSession, items: Iterable[Item]) -> None:
    """With the rest of the session's night while that is held."""
    run = session.run
    held = run is not None and OutboxItem.objects.filter(run=run, state=DeliveryState.HELD).exists()
    add_items(session.program, items, run=run, held=held)


def items_told(program: Program, channel: str, person: str = "") -> list[Item]:
    """Every item ever added for a channel, oldest first; with `person` (a pseudonym) those that are for them."""
    rows = OutboxItem.objects.filter(program=program, channel=channel).order_by("pk")
    if person:
        rows = rows.filter(payload__person=person)
    return [Item(row.key, row.channel, row.payload) for row in rows]


def invitations_of(session: ScheduledSession) -> tuple[Invitation, ...]:
    """The two calendar events of a session, known by their ids alone: nobody's name or address is in them."""
    return _booking(session).invitations


def add_items(program: Program, items: Iterable[Item], *, run: Run | None = None, held: bool = False) -> None:
    """Keep new items as pending, or as held with their run; one whose key is known stays as it is."""
    state = DeliveryState.HELD if held else DeliveryState.PENDING
    OutboxItem.objects.bulk_create(
        [
            OutboxItem(
                program=program,
                run=run,
                key=item.key,
                channel=item.channel,
                payload=dict(item.payload),
                state=state,
                approved=item.approved,
            )
            for item in items
        ],
        ignore_conflicts=True,
    )


def matched(session: ScheduledSession) -> Session:
    """The session as the optimizer knew it."""
    return Session(
        session.student_code,
        session.professional_code,
        session.starts_at,
        session.minutes,
        Certainty(session.certainty),
        session.quality,
        tuple((str(name), int(points)) for name, points in _pairs(session.parts)),
        session.shared_minutes,
    )


def _pairs(parts: Any) -> list[tuple[Any, Any]]:
    return [(name, points) for name, points in parts]


def _booking(session: ScheduledSession) -> Booking:
    """Enough of the booking for its keys, which depend on the program, the session and the recipient alone."""
    program = session.program
    return Booking(
        program=Told(program.key, program.name, program.zone, program.organizer_name, program.organizer_email),
        session_key=session.key,
        session=matched(session),
        student=Student(session.student_code, "", "", "UTC"),
        professional=Professional(session.professional_code, "", "", "UTC"),
        revision=session.revision,
        incarnation=session.incarnation,
        student_incarnation=session.student_incarnation,
        cancelled=session.state == "cancelled",
    )
