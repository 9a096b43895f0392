"""Places that are free again after a cancellation: who could take one, and giving it away once staff say so.

Nothing is given away by itself. Who the best is, the menu of least change says: the same proof as after any change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.nightly.keeping import StoredNight
from backend.nightly.record import RecordState
from backend.nightly.replanning import menu_for, steps
from backend.record.actor import Actor
from backend.record.models import Membership, OutboxItem, Person, Program, Run, ScheduledSession
from backend.record.models.states import (
    ActorKind,
    Cause,
    DeliveryState,
    FlagKind,
    FlagOutcome,
    MembershipState,
    RunState,
    SessionState,
)
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.calendar_flags import STAYS_TOLD
from backend.record.services.least_change import Change, Choice
from backend.record.services.nights import night_of
from backend.record.services.past import record_state
from backend.record.services.requests import is_paused
from backend.record.transitions import STAFF
from backend.settings import Settings
from optimizer import ContradictionError
from optimizer.domain import Session
from publish.outbox import ANNOUNCER
from publish.staff_news import FREE


@dataclass(frozen=True)
class Freed:
    """A cancelled session whose professional is still there; `takers`: how many who wait could come then."""

    session: ScheduledSession
    takers: int


def freed_places(program: Program, settings: Settings, now: datetime) -> list[Freed]:
    """Those of the last run that somebody could take, the earliest first; reading the run only if there is one."""
    run = _last_run(program)
    rows = [row for row in _cancelled(run, settings, now) if _is_free(row, now)] if run else []
    if run is None or not rows:
        return []
    night, state = night_of(run, settings), record_state(program)
    found = [Freed(row, len(takers(night, state, _session(row, state)))) for row in rows]
    return [one for one in found if one.takers]


def told_places(program: Program, now: datetime) -> list[ScheduledSession]:
    """Cancelled sessions whose place staff were told of in their channel, until days after they would have begun."""
    sent = OutboxItem.objects.filter(
        program=program, channel=ANNOUNCER, state=DeliveryState.SENT, payload__message__startswith=f"{FREE}/"
    )
    names = {str(told).split("/")[2] for told in sent.values_list("payload__message", flat=True)}
    rows = ScheduledSession.objects.filter(program=program, public_id__in=names, starts_at__gt=now - STAYS_TOLD)
    return list(rows.order_by("starts_at", "pk"))


def can_be_filled(row: ScheduledSession, settings: Settings, now: datetime) -> bool:
    """Whether it makes sense to look at the menu of this session."""
    run = _last_run(row.program)
    return run is not None and row in _cancelled(run, settings, now) and _is_free(row, now)


def takers(night: StoredNight, state: RecordState, place: Session) -> list[str]:
    """Students of the night who wait, suit the professional and are free then, without whoever just gave it up."""
    problem = night.problem
    cell = problem.grid.cell_of(place.start)
    if cell is None or place.professional not in problem.professionals:
        return []
    host = problem.professionals.index(place.professional)
    open_then = problem.student_starts(int(problem.session_cells[host]))[:, cell]
    fits = problem.eligible(slice(0, len(problem.students)))[:, host] & open_then
    away = {*state.decided.withdrawn, *state.decided.paused_until}
    away |= {one.session.student for one in state.active() if one.interval.end > night.as_of}
    busy = {who for who, spans in state.decided.busy.items() if any(one.overlaps(place.interval) for one in spans)}
    return [name for name, fit in zip(problem.students, fits, strict=True) if fit and name not in away | busy]


def menu_of_place(row: ScheduledSession, settings: Settings, now: datetime) -> Choice:
    """What the free place makes possible, fewest people moved first. Changes nothing."""
    run = _last_run(row.program)
    if run is None or not can_be_filled(row, settings, now):
        return Choice({}, None, "this place cannot be given away any more")
    night, state = night_of(run, settings), record_state(row.program)
    session = _session(row, state)
    cannot = {code for code, spans in state.decided.busy.items() if session.interval in spans}
    try:
        menu = menu_for(night, state, session, now, cannot=cannot & {session.student, session.professional})
    except ContradictionError as error:
        return Choice(night.names, None, f"not everybody can keep a session: {error}")
    return Choice(night.names, menu)


def fill_place(row: ScheduledSession, choose: int, settings: Settings, actor: Actor, now: datetime) -> int:
    """Do what option number `choose` (from 1) of the place's menu says, all of it or nothing; how many steps."""
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff give a place away")
    with one_step():
        Program.objects.select_for_update().get(pk=row.program_id)
        menu = menu_of_place(row, settings, now).menu
        if menu is None or not 1 <= choose <= len(menu.options):
            raise Refused(Reason.INVALID, f"the menu has no option {choose}")
        todo = list(steps(menu.options[choose - 1]))
        count = len(todo)
        Change(row.program, actor, now).carry_out(todo)
    return count


def _last_run(program: Program) -> Run | None:
    booked = Run.objects.filter(program=program, state=RunState.BOOKED, problem__isnull=False)
    return booked.only("pk", "program").order_by("-pk").first()


def _cancelled(run: Run, settings: Settings, now: datetime) -> list[ScheduledSession]:
    """Sessions of the run that were cancelled and begin late enough to be planned anew."""
    soonest = now + timedelta(hours=settings.matching.notice_hours)
    rows = ScheduledSession.objects.filter(run=run, state=SessionState.CANCELLED, starts_at__gte=soonest)
    return list(rows.select_related("student", "professional", "program").order_by("starts_at", "pk"))


def _is_free(row: ScheduledSession, now: datetime) -> bool:
    """The professional did not give it up, takes part, and meets nobody then."""
    last = row.revisions.order_by("revision").last()
    host: Person = row.professional
    if last is None or last.cause in (Cause.PROFESSIONAL, Cause.MOVED, Cause.WITHDRAWN):
        return False
    if (last.actor_kind, last.actor_id) == (ActorKind.PARTICIPANT, host.public_id) or host.erased_at is not None:
        return False
    declined = row.calendar_flags.filter(kind=FlagKind.DECLINED, outcome=FlagOutcome.TAKEN)
    if declined.filter(recipient="professional").exists():
        return False
    member = Membership.objects.filter(program=row.program, person=host, role="professional").first()
    if member is None or member.state == MembershipState.LEFT or is_paused(member, now):
        return False
    taken = host.attendance.filter(active=True, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    return not taken.exists()


def _session(row: ScheduledSession, state: RecordState) -> Session:
    return next(one.session for one in state.sessions if one.key == row.key)
