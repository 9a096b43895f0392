"""People say beforehand that they will come."""

from __future__ import annotations

from datetime import datetime

from backend.record.actor import Actor
from backend.record.models import Person, ScheduledSession, SessionAcceptance
from backend.record.models.states import Channel, SessionState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.sessions import locked


def accept(session: ScheduledSession, person: Person, revision: int, channel: Channel, now: datetime) -> None:
    """One of the two will be there, as the session stood at `revision`. Saying it again changes nothing.

    Raises `Refused` for a session that changed since, was cancelled or has begun.
    """
    actor = Actor.participant(person, channel)
    with one_step():
        row = locked(session, actor)
        if row.state != SessionState.SCHEDULED or row.revision != revision or row.starts_at <= now:
            raise Refused(Reason.NOT_NOW, "the session was changed or has begun")
        _, new = SessionAcceptance.objects.get_or_create(
            session=row, person=person, revision=revision, defaults={"said_at": now}
        )
        if new:
            note(actor, "accept", row, now, program=row.program, after={"revision": revision})


def has_accepted(session: ScheduledSession, person: Person) -> bool:
    """As the session stands now."""
    return session.acceptances.filter(person=person, revision=session.revision).exists()
