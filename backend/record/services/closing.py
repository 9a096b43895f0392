"""What happens to a session once it is over: asked, confirmed, assumed, rated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.record.actor import NIGHT, Actor
from backend.record.models import Person, Program, Rating, ScheduledSession, SessionConfirmation
from backend.record.models.states import Channel, Role, SessionState, Verdict
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.notices import add_items
from backend.record.services.requests import close_request, open_request, settle_request
from backend.record.services.sessions import facts, locked
from backend.record.transitions import SESSION
from publish.asking import ask_item
from publish.booking import Recipient
from publish.hook import HOOK, SESSION_COMPLETED
from publish.ports import Item

ASK_AFTER = timedelta(hours=24)
ASSUME_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Ways:
    """How the program writes to single people: by Discord whom has proven their id, by e-mail the others."""

    chat: bool = False
    mail: bool = False


@dataclass(frozen=True)
class Closed:
    """What `close_sessions` did."""

    asked: int
    assumed: int


def close_sessions(now: datetime, program: Program, ways: Ways) -> Closed:
    """Ask both people 24 h after the end; 7 days after it, take an unanswered session for held.

    Where no way leads to somebody, the session awaits staff's word in the admin all the same.
    """
    open_ones = ScheduledSession.objects.filter(program=program, state=SessionState.SCHEDULED)
    to_ask = open_ones.filter(asked_at__isnull=True, ends_at__lte=now - ASK_AFTER, ends_at__gt=now - ASSUME_AFTER)
    asked = sum(_ask(session, ways, now) for session in to_ask)
    late = list(open_ones.filter(ends_at__lte=now - ASSUME_AFTER))
    assumed = sum(_assume(session, now) for session in late)
    return Closed(asked, assumed)


def awaiting_confirmation(now: datetime, program: Program) -> list[ScheduledSession]:
    """Sessions that were over a day ago and about which nobody has said anything."""
    return list(
        ScheduledSession.objects.filter(program=program, state=SessionState.SCHEDULED, ends_at__lte=now - ASK_AFTER)
    )


def completed_facts(program: Program, key: str) -> dict[str, str | int | bool | None] | None:
    """A session that took place as other systems hear of it; None when it did not, or staff decided otherwise since."""
    rows = ScheduledSession.objects.filter(program=program, key=key, state=SessionState.COMPLETED)
    row = rows.select_related("student", "professional").first()
    if row is None:
        return None
    return {
        "program": program.key,
        "session": row.public_id,
        "student": row.student.public_id,
        "student_discord_id": _proven(row.student),
        "professional": row.professional.public_id,
        "professional_discord_id": _proven(row.professional),
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "minutes": row.minutes,
        "assumed": row.assumed,
    }


def _proven(person: Person) -> str | None:
    """The Discord id, if the person has proven that it is theirs: else others could collect their points."""
    return person.discord_id if person.discord_verified_at else None


def complete(session: ScheduledSession, actor: Actor, now: datetime, *, assumed: bool = False) -> ScheduledSession:
    """It took place; `assumed`: nobody said so. Other systems hear of it once."""
    with one_step():
        session = _over(locked(session, actor), now)
        SESSION.check(session.state, SessionState.COMPLETED, actor)
        before = facts(session)
        session.state, session.assumed, session.closed_at = SessionState.COMPLETED, assumed, now
        session.save()
        if session.request:
            settle_request(session.request, actor, now)
        add_items(session.program, [Item(f"{HOOK}/{SESSION_COMPLETED}/{session.key}", HOOK, {"session": session.key})])
        note(actor, "complete", session, now, program=session.program, before=before, after=facts(session))
    return session


def no_show(session: ScheduledSession, absent: Role, actor: Actor, now: datetime) -> ScheduledSession:
    """Somebody did not come. An absent professional costs the student nothing; an absent student must ask again."""
    if absent not in (Role.STUDENT, Role.PROFESSIONAL):
        raise Refused(Reason.INVALID, "either the student or the professional did not come")
    with one_step():
        session = _over(locked(session, actor), now)
        SESSION.check(session.state, SessionState.NO_SHOW, actor)
        before = facts(session)
        session.state, session.assumed, session.closed_at = SessionState.NO_SHOW, False, now
        session.absent = absent
        session.save()
        _after_no_show(session, absent, now)
        after = {**facts(session), "role": absent.value}
        note(actor, "no_show", session, now, program=session.program, before=before, after=after)
    return session


def confirm(session: ScheduledSession, person: Person, verdict: Verdict, channel: Channel, now: datetime) -> None:
    """One of the two says what became of it. "Held" completes it; anything else waits for staff to look at.

    A person's second answer replaces their first. One word against the other never makes a no-show by itself.
    """
    actor = Actor.participant(person, channel)
    with one_step():
        session = _over(locked(session, actor), now)
        if session.state == SessionState.CANCELLED:
            raise Refused(Reason.NOT_NOW, "the session was cancelled")
        SessionConfirmation.objects.update_or_create(
            session=session, person=person, defaults={"verdict": verdict, "said_at": now}
        )
        note(actor, "confirm", session, now, program=session.program, after={"verdict": verdict.value})
        if verdict is Verdict.HELD and (session.state == SessionState.SCHEDULED or session.assumed):
            complete(session, actor, now)


def rate(session: ScheduledSession, person: Person, stars: int, channel: Channel, now: datetime) -> Rating:
    """1 to 5, once the session is over; a second rating replaces the first."""
    actor = Actor.participant(person, channel)
    if not 1 <= stars <= 5:
        raise Refused(Reason.INVALID, "a rating is 1 to 5")
    with one_step():
        session = _over(locked(session, actor), now)
        if session.state not in (SessionState.SCHEDULED, SessionState.COMPLETED):
            raise Refused(Reason.NOT_NOW, f"a session that is {session.state} cannot be rated")
        rating, _ = Rating.objects.update_or_create(
            session=session, person=person, defaults={"stars": stars, "rated_at": now}
        )
        note(actor, "rate", session, now, program=session.program, after={"stars": stars})
    return rating


def _ask(session: ScheduledSession, ways: Ways, now: datetime) -> bool:
    with one_step():
        claimed = ScheduledSession.objects.filter(
            pk=session.pk, state=SessionState.SCHEDULED, asked_at__isnull=True
        ).update(asked_at=now)
        if claimed:
            add_items(session.program, _questions(session, ways, now))
    return bool(claimed)


def _questions(session: ScheduledSession, ways: Ways, now: datetime) -> list[Item]:
    seats = (
        (Recipient.STUDENT, session.student, session.student_code),
        (Recipient.PROFESSIONAL, session.professional, session.professional_code),
    )
    items = []
    for recipient, person, code in seats:
        in_chat = ways.chat and _proven(person) is not None
        if in_chat or ways.mail:
            items.append(ask_item(session.key, recipient, code, now.date(), in_chat=in_chat))
    return items


def _assume(session: ScheduledSession, now: datetime) -> bool:
    """Not when one of the two said otherwise: that is for staff."""
    if session.confirmations.exclude(verdict=Verdict.HELD).exists():
        return False
    complete(session, NIGHT, now, assumed=True)
    return True


def _after_no_show(session: ScheduledSession, absent: Role, now: datetime) -> None:
    request = session.request
    if request is None:
        return
    if absent == Role.STUDENT:
        close_request(request, NIGHT, now)
    elif request.state == "completed":
        # It had been taken for held: the wish comes back with its old place in the queue.
        renewed = open_request(
            session.program, session.student, request.waiting_since, NIGHT, now, wanted=1, priority=request.priority
        )
        settle_request(renewed, NIGHT, now)
    else:
        settle_request(request, NIGHT, now)


def _over(session: ScheduledSession, now: datetime) -> ScheduledSession:
    if session.ends_at > now:
        raise Refused(Reason.NOT_NOW, "the session is not over yet")
    return session
