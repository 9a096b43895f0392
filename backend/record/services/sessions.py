"""Booking sessions and changing them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from backend.record.actor import Actor
from backend.record.models import (
    Membership,
    Person,
    Pin,
    Program,
    ScheduledSession,
    SessionRevision,
)
from backend.record.models.ids import public_id
from backend.record.models.states import ActorKind, Cause, MembershipState, Role, SessionState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import Fact, note
from backend.record.services.codes import kept_code
from backend.record.services.notices import tell, write
from backend.record.services.outbox import outdate_given_up
from backend.record.services.requests import active_request, settle_request
from backend.record.transitions import SESSION
from publish.direct import MATCHED
from publish.outbox import CalendarAct
from publish.session_letters import CANCELLED, MOVED


@dataclass(frozen=True)
class Slot:
    """When, and for how long. Raises `Refused` for a start without a zone; the database checks the length."""

    start: datetime
    minutes: int = 30

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise Refused(Reason.INVALID, "the start needs a time zone")

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


def book_session(
    program: Program, student: Person, professional: Person, slot: Slot, actor: Actor, now: datetime
) -> ScheduledSession:
    """A session by hand, told to both. The student's active request, if there is one, becomes scheduled."""
    if actor.kind not in (ActorKind.COORDINATOR, ActorKind.OWNER, ActorKind.SYSTEM):
        raise Refused(Reason.NOT_ALLOWED, "only staff book a session")
    if slot.start <= now:
        raise Refused(Reason.INVALID, "that time has passed")
    with one_step():
        _lock(student, professional)
        request = active_request(program, student)
        session = ScheduledSession.objects.create(
            key=f"m-{public_id()}",
            program=program,
            request=request,
            student=student,
            professional=professional,
            student_code=_code(program, student, Role.STUDENT),
            professional_code=_code(program, professional, Role.PROFESSIONAL),
            starts_at=slot.start,
            ends_at=slot.end,
        )
        if request:
            settle_request(request, actor, now)
        Pin.objects.filter(program=program, student=student, professional=professional, ended_at=None).update(
            ended_at=now
        )
        tell(session, CalendarAct.BOOK)
        write(session, MATCHED, now)
        note(actor, "book", session, now, program=program, after=facts(session))
    return session


def cancel_session(session: ScheduledSession, cause: Cause, actor: Actor, now: datetime) -> ScheduledSession:
    """Both are told; the request waits again, from when it always did."""
    with one_step():
        session = locked(session, actor)
        SESSION.check(session.state, SessionState.CANCELLED, actor)
        before = _keep_revision(session, cause, actor, now)
        session.state, session.closed_at = SessionState.CANCELLED, now
        session.revision += 1
        session.save()
        if session.request:
            settle_request(session.request, actor, now)
        mine = Q(payload__session=session.key)
        outdate_given_up(session.program, mine, "the session was cancelled meanwhile", actor, now)
        tell(session, CalendarAct.CANCEL)
        write(session, CANCELLED, now)
        note(
            actor,
            "cancel",
            session,
            now,
            program=session.program,
            before=before,
            after={**facts(session), "cause": cause.value},
        )
    return session


def reschedule_session(
    session: ScheduledSession, slot: Slot, actor: Actor, now: datetime, *, among: Collection[datetime] = ()
) -> ScheduledSession:
    """The same two people at another time; the old one stays in `revisions`. Nothing happens if it is the same.

    `among`: the starts one of the two may choose from; staff set any.
    """
    if slot.start <= now:
        raise Refused(Reason.INVALID, "that time has passed")
    if actor.kind is ActorKind.PARTICIPANT and slot.start not in among:
        raise Refused(Reason.NOT_ALLOWED, "only staff set a time that does not suit both")
    with one_step():
        session = locked(session, actor)
        SESSION.check(session.state, SessionState.SCHEDULED, actor)
        if (session.starts_at, session.ends_at) == (slot.start, slot.end):
            return session
        if session.starts_at <= now:
            raise Refused(Reason.NOT_NOW, "the session has begun")
        before = _keep_revision(session, Cause.MOVED, actor, now)
        session.starts_at, session.ends_at = slot.start, slot.end
        session.revision += 1
        session.save()
        tell(session, CalendarAct.REVISE)
        write(session, MOVED, now)
        note(actor, "reschedule", session, now, program=session.program, before=before, after=facts(session))
    return session


def locked(session: ScheduledSession, actor: Actor) -> ScheduledSession:
    """The row as it is now, held for this transaction. Participants reach their own sessions only."""
    row = ScheduledSession.objects.select_for_update().get(pk=session.pk)
    two = (row.student.public_id, row.professional.public_id)
    if actor.kind is ActorKind.PARTICIPANT and actor.id not in two:
        raise Refused(Reason.UNKNOWN, "no such session")
    return row


def facts(session: ScheduledSession) -> Mapping[str, Fact]:
    """What the audit says about a session."""
    return {
        "state": str(session.state),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "revision": session.revision,
        "assumed": session.assumed,
    }


def _keep_revision(session: ScheduledSession, cause: Cause, actor: Actor, now: datetime) -> Mapping[str, Fact]:
    SessionRevision.objects.create(
        session=session,
        revision=session.revision,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        state=session.state,
        cause=cause,
        actor_kind=actor.kind,
        actor_id=actor.id,
        changed_at=now,
    )
    return facts(session)


def _lock(*people: Person) -> None:
    """Hold the people in one order, so that two bookings never wait for each other crosswise."""
    list(Person.objects.select_for_update().filter(pk__in=[one.pk for one in people]).order_by("pk"))


def _code(program: Program, person: Person, role: Role) -> str:
    """The person's pseudonym under this role. Raises `Refused` for somebody who has no part in the program."""
    member = Membership.objects.filter(program=program, person=person, role=role).first()
    if member is None or member.state == MembershipState.LEFT:
        raise Refused(Reason.INVALID, f"this person is no {role} of the program")
    return kept_code(program, person, role)
