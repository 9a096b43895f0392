"""A cancellation with what else it makes possible: the re-plan menu, and carrying out one of its options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.nightly.keeping import StoredNight
from backend.nightly.record import RecordState
from backend.nightly.replanning import Step, menu_for, steps
from backend.record.actor import Actor
from backend.record.models import Membership, Person, Program, Run, ScheduledSession
from backend.record.models.states import Cause, MembershipState, Role, RunState, SessionState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services import sessions
from backend.record.services.codes import FORM_OF, Codes
from backend.record.services.nights import night_of
from backend.record.services.past import record_state
from backend.settings import Settings
from optimizer import ContradictionError
from optimizer.domain import Session
from optimizer.explain.replan import Menu

ONE_OF_THE_TWO = (Cause.STUDENT, Cause.PROFESSIONAL)


@dataclass(frozen=True)
class Choice:
    """The menu of a session, under the names of today. `menu` None: `why` says why there is none."""

    names: dict[str, str]
    menu: Menu | None
    why: str = ""


def menu_of(row: ScheduledSession, cause: Cause, settings: Settings, now: datetime) -> Choice:
    """What else would be possible if this session were cancelled. Changes nothing."""
    night, state = _night(row, settings)
    if night is None:
        return Choice({}, None, "the session is not one of the last run's; the next night matches anew")
    try:
        return Choice(night.names, _menu(night, state, row, cause, now))
    except ContradictionError as error:
        return Choice(night.names, None, f"not everybody can keep a session: {error}")


def cancel_and_rebook(
    row: ScheduledSession, cause: Cause, choose: int, settings: Settings, actor: Actor, now: datetime
) -> tuple[ScheduledSession, int]:
    """Cancel, and do what option number `choose` (from 1) of the menu says: all of it or nothing. How many steps."""
    menu = menu_of(row, cause, settings, now).menu
    if menu is None or not 1 <= choose <= len(menu.options):
        raise Refused(Reason.INVALID, f"the menu has no option {choose}")
    todo = list(steps(menu.options[choose - 1]))
    with one_step():
        row = sessions.cancel_session(row, cause, actor, now)
        Change(row.program, actor, now).carry_out(todo)
    return row, len(todo)


def _night(row: ScheduledSession, settings: Settings) -> tuple[StoredNight | None, RecordState]:
    """The last booked night, if the session is one of it."""
    state = record_state(row.program)
    booked = Run.objects.filter(program=row.program, state=RunState.BOOKED, problem__isnull=False)
    run = booked.only("pk", "program").order_by("-pk").first()
    if run is None or row.run_id != run.pk or row.state != SessionState.SCHEDULED:
        return None, state
    return night_of(run, settings), state


def _menu(night: StoredNight, state: RecordState, row: ScheduledSession, cause: Cause, now: datetime) -> Menu:
    session = next(one.session for one in state.sessions if one.key == row.key)
    both = {Cause.STUDENT: session.student, Cause.PROFESSIONAL: session.professional}
    cannot = (both[cause],) if cause in ONE_OF_THE_TWO else both.values()
    return menu_for(night, state, session, now, cannot=frozenset(cannot))


class Change:
    """Steps of an option, done by one actor at one moment; call in a transaction."""

    def __init__(self, program: Program, actor: Actor, now: datetime) -> None:
        self._program, self._actor, self._now = program, actor, now
        codes = Codes(program)
        members = Membership.objects.filter(program=program, role__in=FORM_OF, person__erased_at=None)
        self._persons: dict[str, Person] = {
            codes.of(one.person, Role(one.role)): one.person
            for one in members.exclude(state=MembershipState.LEFT).select_related("person")
        }

    def carry_out(self, todo: Sequence[Step]) -> None:
        """In whatever order they fit; where they wait for each other in a circle, one is booked anew."""
        while todo:
            left = []
            for step in todo:
                try:
                    self._do(step)
                except Refused as refusal:
                    if refusal.reason is not Reason.CLASH:
                        raise
                    left.append(step)
            if len(left) == len(todo):
                blocked = next((step for step in left if step.before is not None), None)
                if blocked is None or blocked.before is None:
                    raise Refused(Reason.CLASH, "somebody of this option has another session by now")
                self._give_up(blocked.before)
                left[left.index(blocked)] = Step(None, blocked.after)
            todo = left

    def _do(self, step: Step) -> None:
        after, slot = step.after, sessions.Slot(step.after.start, step.after.minutes)
        if step.before is not None and step.before.professional == after.professional:
            sessions.reschedule_session(self._row(step.before), slot, self._actor, self._now)
            return
        with one_step():
            if step.before is not None:
                self._give_up(step.before)
            student, professional = self._persons[after.student], self._persons[after.professional]
            sessions.book_session(self._program, student, professional, slot, self._actor, self._now)

    def _give_up(self, session: Session) -> None:
        sessions.cancel_session(self._row(session), Cause.MOVED, self._actor, self._now)

    def _row(self, session: Session) -> ScheduledSession:
        return ScheduledSession.objects.get(
            program=self._program,
            student=self._persons[session.student],
            professional=self._persons[session.professional],
            starts_at=session.start,
            state=SessionState.SCHEDULED,
        )
