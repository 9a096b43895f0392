"""Flags: what the calendar says and the record does not, until it is settled or somebody decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from backend.record.actor import CALENDAR, Actor
from backend.record.models import CalendarFlag, Program, ScheduledSession
from backend.record.models.states import ActorKind, Cause, FlagKind, FlagOutcome, SessionState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.calendar_rules import Sight
from backend.record.services.notices import invitations_of, tell
from backend.record.services.outbox import outdate_given_up
from backend.record.services.sessions import Slot, cancel_session, locked, reschedule_session
from backend.record.transitions import STAFF
from publish.booking import Recipient, visible_reference
from publish.outbox import CalendarAct
from publish.staff_news import StaffFlag

STAYS_TOLD = timedelta(days=2)
WORDS = {
    FlagKind.MOVED: "the {who}'s event was moved",
    FlagKind.DELETED: "the {who}'s event was deleted",
    FlagKind.DECLINED: "the {who} declined",
    FlagKind.GUEST: "the {who} is no longer among the guests",
    FlagKind.STRAY: "an event belongs to no session",
}
CAUSE_OF = {FlagKind.DECLINED: Cause.DECLINED, FlagKind.DELETED: Cause.DELETED, FlagKind.GUEST: Cause.STAFF}


def raise_flag(session: ScheduledSession, seen: Sight, reason: str, now: datetime, *, frozen: bool) -> bool:
    """Note what was seen, once. Returns whether that is news."""
    assert seen.kind is not None
    values = {
        "session": session,
        "recipient": str(seen.recipient),
        "reason": reason[:200],
        "frozen": frozen,
        "revision": session.revision,
        "starts_at": seen.event.start,
        "ends_at": seen.event.end,
    }
    about = CalendarFlag.objects.filter(program=session.program, event_id=seen.event.event_id, kind=seen.kind)
    kept = about.filter(outcome=FlagOutcome.RESTORED, revision=session.revision)
    if seen.kind is FlagKind.DECLINED and kept.exists():
        return False  # staff know of it and keep the session
    known = about.filter(closed_at=None).first()
    if known is not None and all(getattr(known, name) == value for name, value in values.items()):
        return False
    if known is not None:
        close(known, FlagOutcome.SETTLED, CALENDAR, now)
    flag = CalendarFlag.objects.create(
        program=session.program, event_id=seen.event.event_id, kind=seen.kind, raised_at=now, **values
    )
    note(CALENDAR, "flag", flag, now, program=session.program, after={"state": seen.kind, "starts_at": flag.starts_at})
    return True


def raise_stray(program: Program, event_id: str, start: datetime, now: datetime) -> bool:
    """An event that carries our mark and belongs to no session. Returns whether that is news."""
    about = CalendarFlag.objects.filter(program=program, event_id=event_id, kind=FlagKind.STRAY)
    if about.filter(closed_at=None).exists() or about.filter(outcome=FlagOutcome.RESTORED).exists():
        return False
    reason = "it carries this program's mark, but no session of the record explains it"
    flag = CalendarFlag.objects.create(
        program=program, event_id=event_id, kind=FlagKind.STRAY, reason=reason, starts_at=start, raised_at=now
    )
    note(CALENDAR, "flag", flag, now, program=program, after={"state": FlagKind.STRAY, "starts_at": start})
    return True


def open_flags(program: Program) -> QuerySet[CalendarFlag]:
    """What waits for a decision."""
    return CalendarFlag.objects.filter(program=program, closed_at=None).select_related("session")


def staff_flags(program: Program, now: datetime) -> list[StaffFlag]:
    """Those that are open, and those that were not long ago."""
    recent = CalendarFlag.objects.filter(Q(closed_at=None) | Q(closed_at__gt=now - STAYS_TOLD), program=program)
    return [
        StaffFlag(
            key=str(flag.pk),
            what=WORDS[FlagKind(flag.kind)].format(who=flag.recipient),
            reference=visible_reference("session", program.key, flag.session.key) if flag.session else "",
            start=flag.session.starts_at if flag.session else flag.starts_at or flag.raised_at,
            urgent=flag.frozen,
            open=flag.closed_at is None,
        )
        for flag in recent.select_related("session").order_by("pk")
    ]


def settle_event(program: Program, event_id: str, now: datetime, *, but: FlagKind | None = None) -> None:
    """The event says what the record says again, or only what `but` names: its other flags are settled."""
    for flag in open_flags(program).filter(event_id=event_id).exclude(kind=but or ""):
        close(flag, FlagOutcome.SETTLED, CALENDAR, now)


def settle_past(program: Program, now: datetime) -> None:
    """Flags of sessions that were cancelled, changed or begun meanwhile, and strays that are over."""
    for flag in open_flags(program):
        row = flag.session
        over = (flag.starts_at is not None and flag.starts_at <= now) if row is None else row.starts_at <= now
        gone = row is not None and (row.state != SessionState.SCHEDULED or row.revision != flag.revision)
        if over or gone:
            close(flag, FlagOutcome.SETTLED, CALENDAR, now)


def take(flag: CalendarFlag, actor: Actor, now: datetime) -> CalendarFlag:
    """Do as the calendar says: cancel the session, or move it. Raises `Refused`."""
    with one_step():
        flag, row = _held(flag, actor)
        if flag.kind == FlagKind.MOVED:
            if flag.starts_at is None or flag.ends_at is None:
                raise Refused(Reason.INVALID, "the event has no time of day any more")
            minutes = int((flag.ends_at - flag.starts_at).total_seconds() // 60)
            reschedule_session(row, Slot(flag.starts_at, minutes), actor, now)
        else:
            cancel_session(row, CAUSE_OF[FlagKind(flag.kind)], actor, now)
        close(flag, FlagOutcome.TAKEN, actor, now)
    return flag


def restore(flag: CalendarFlag, actor: Actor, now: datetime) -> CalendarFlag:
    """The session stands: the event is put back, or made anew when it was deleted; a reply that declines stays one."""
    with one_step():
        flag, row = _held(flag, actor)
        recipient = Recipient(flag.recipient)
        if flag.kind == FlagKind.DELETED:
            if recipient is Recipient.PROFESSIONAL:
                row.incarnation += 1
            else:
                row.student_incarnation += 1
            row.save()
        about = Q(key__contains=f"/{flag.event_id}/")
        outdate_given_up(row.program, about, "staff had the event put back meanwhile", actor, now)
        act = CalendarAct.BOOK if flag.kind == FlagKind.DELETED else CalendarAct.REVISE
        tell(row, act, f"flag-{flag.pk}", only=recipient)
        close(flag, FlagOutcome.RESTORED, actor, now)
    return flag


def dismiss(flag: CalendarFlag, actor: Actor, now: datetime) -> CalendarFlag:
    """An event that belongs to no session is left alone."""
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff may decide this")
    with one_step():
        row = CalendarFlag.objects.select_for_update().get(pk=flag.pk)
        if row.closed_at is not None or row.kind != FlagKind.STRAY:
            raise Refused(Reason.NOT_NOW, "this is settled already")
        close(row, FlagOutcome.RESTORED, actor, now)
    return row


def close(flag: CalendarFlag, outcome: FlagOutcome, actor: Actor, now: datetime) -> None:
    """It is decided, or gone."""
    flag.outcome, flag.closed_at = outcome, now
    flag.save()
    note(actor, "close_flag", flag, now, program=flag.program, before={"state": flag.kind}, after={"state": outcome})


def _held(flag: CalendarFlag, actor: Actor) -> tuple[CalendarFlag, ScheduledSession]:
    """The flag and its session as they are now. Raises `Refused`."""
    if actor.kind not in STAFF or (flag.frozen and actor.kind is not ActorKind.OWNER):
        who = "an owner" if flag.frozen else "staff"
        raise Refused(Reason.NOT_ALLOWED, f"only {who} may decide this")
    row = CalendarFlag.objects.select_for_update().get(pk=flag.pk)
    if row.closed_at is not None or row.session is None:
        raise Refused(Reason.NOT_NOW, "this is settled already")
    session = locked(row.session, actor)
    if session.state != SessionState.SCHEDULED or session.revision != row.revision:
        raise Refused(Reason.NOT_NOW, "the session changed meanwhile; the next sync looks again")
    return row, session


def expected(session: ScheduledSession) -> dict[str, Recipient]:
    """The session's two events, by id."""
    return {one.event_id: one.recipient for one in invitations_of(session)}
