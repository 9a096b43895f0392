"""Sessions changed from a shell: booked, moved, cancelled, with what else a cancellation makes possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.nightly.keeping import StoredNight
from backend.nightly.record import RecordState
from backend.nightly.replanning import Step, menu_for, steps
from backend.record.overrides import Desk, Told, desk
from backend.record.refusal import Reason, Refused
from backend.settings import Settings
from optimizer import ContradictionError
from optimizer.domain import Session
from optimizer.explain.replan import Menu
from publish.booking import visible_reference

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import Person, Program, ScheduledSession
    from backend.record.services.sessions import Slot

CAUSES = ("staff", "student", "professional")


@dataclass(frozen=True)
class Choice:
    """The re-plan menu of a session, under the names of today. `menu` None: `why` says why there is none."""

    reference: str
    names: dict[str, str]
    menu: Menu | None
    why: str = ""


def book_pair(
    settings: Settings, student: str, professional: str, start: datetime, minutes: int, now: datetime, *, over: bool
) -> Told:
    """A session by hand, told to both. `over`: beyond the professional's limits too."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.services.sessions import Slot, book_session

        one, other = at.student(student), at.professional(professional)
        slot = Slot(start, minutes or settings.matching.session_minutes)
        if not over:
            _refuse_full(settings, at.program, other, slot, now, None)
        row = book_session(at.program, one, other, slot, CONSOLE, now)
        return Told(f"booked {_named(at, row)}", _data(at, row))


def move_session(settings: Settings, session: str, start: datetime, minutes: int, now: datetime, *, over: bool) -> Told:
    """Another time for the same two people, told to both; the old time stays in the history."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.services.sessions import Slot, reschedule_session

        row = at.session(session, now)
        slot = Slot(start, minutes or row.minutes)
        if not over:
            _refuse_full(settings, at.program, row.professional, slot, now, row)
        row = reschedule_session(row, slot, CONSOLE, now)
        return Told(f"moved to {_named(at, row)}", _data(at, row))


def menu_of(settings: Settings, session: str, by: str, now: datetime) -> Choice:
    """What else would be possible if this session were cancelled. Changes nothing."""
    with desk(settings) as at:
        row = at.session(session, now)
        reference = visible_reference("session", at.program.key, row.key)
        night, state = _night(settings, at.program, row)
        if night is None:
            return Choice(reference, {}, None, "the session is not one of the last run's; the next night matches anew")
        try:
            return Choice(reference, night.names, _menu(night, state, row, by, now))
        except ContradictionError as error:
            return Choice(reference, night.names, None, f"not everybody can keep a session: {error}")


def cancel_session(settings: Settings, session: str, by: str, choose: int | None, now: datetime) -> Told:
    """Cancel a session, both are told; with `choose` also do what that option of the menu says, all in one step."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.models.states import Cause
        from backend.record.refusal import one_step
        from backend.record.services import sessions

        row = at.session(session, now)
        todo: Sequence[Step] = ()
        if choose is not None:
            night, state = _night(settings, at.program, row)
            menu = None if night is None else _menu(night, state, row, by, now)
            if menu is None or not 1 <= choose <= len(menu.options):
                raise Stop(Exit.USAGE, f"the menu has no option {choose}; --menu shows it")
            todo = steps(menu.options[choose - 1])
        with one_step():
            row = sessions.cancel_session(row, Cause(by), CONSOLE, now)
            _carry_out(at, list(todo), now)
        also = f"; {len(todo)} other changes with it" if todo else "; the student waits again, with their old place"
        return Told(f"cancelled {_named(at, row)}{also}", {**_data(at, row), "changes": len(todo)})


def _carry_out(at: Desk, todo: list[Step], now: datetime) -> None:
    """All steps, in whatever order they fit; where they wait for each other in a circle, one is booked anew."""
    from backend.record.actor import CONSOLE
    from backend.record.models.states import Cause
    from backend.record.services import sessions

    while todo:
        left = []
        for step in todo:
            try:
                _do(at, step, now)
            except Refused as refusal:
                if refusal.reason is not Reason.CLASH:
                    raise
                left.append(step)
        if len(left) == len(todo):
            blocked = next((step for step in left if step.before is not None), None)
            if blocked is None or blocked.before is None:
                raise Refused(Reason.CLASH, "somebody of this option has another session by now")
            sessions.cancel_session(_row(at, blocked.before), Cause.MOVED, CONSOLE, now)
            left[left.index(blocked)] = Step(None, blocked.after)
        todo = left


def _do(at: Desk, step: Step, now: datetime) -> None:
    from backend.record.actor import CONSOLE
    from backend.record.models.states import Cause
    from backend.record.refusal import one_step
    from backend.record.services import sessions

    after, slot = step.after, sessions.Slot(step.after.start, step.after.minutes)
    if step.before is not None and step.before.professional == after.professional:
        sessions.reschedule_session(_row(at, step.before), slot, CONSOLE, now)
        return
    with one_step():
        if step.before is not None:
            sessions.cancel_session(_row(at, step.before), Cause.MOVED, CONSOLE, now)
        student, professional = at.persons[after.student], at.persons[after.professional]
        sessions.book_session(at.program, student, professional, slot, CONSOLE, now)


def _row(at: Desk, session: Session) -> ScheduledSession:
    from backend.record.models import ScheduledSession

    return ScheduledSession.objects.get(
        program=at.program,
        student=at.persons[session.student],
        professional=at.persons[session.professional],
        starts_at=session.start,
        state="scheduled",
    )


def _night(settings: Settings, program: Program, row: ScheduledSession) -> tuple[StoredNight | None, RecordState]:
    """The last run's night, if the session is one of it."""
    from backend.record.services.nights import last_run, night_of
    from backend.record.services.past import record_state

    run, state = last_run(program), record_state(program)
    if run is None or row.run_id != run.pk or row.state != "scheduled":
        return None, state
    return night_of(run, settings), state


def _menu(night: StoredNight, state: RecordState, row: ScheduledSession, by: str, now: datetime) -> Menu:
    session = next(one.session for one in state.sessions if one.key == row.key)
    both = {"student": session.student, "professional": session.professional}
    cannot = both.values() if by == "staff" else (both[by],)
    return menu_for(night, state, session, now, cannot=frozenset(cannot))


def _refuse_full(
    settings: Settings,
    program: Program,
    professional: Person,
    slot: Slot,
    now: datetime,
    moved: ScheduledSession | None,
) -> None:
    from backend.record.services.limits import Limits, refuse_over_limits

    rules = settings.matching
    limits = Limits(rules.limit_per_day, rules.limit_per_week, rules.default_per_week)
    refuse_over_limits(program, professional, slot, limits, now, without=moved)


def _named(at: Desk, row: ScheduledSession) -> str:
    two = f"{row.student.name or row.student_code} with {row.professional.name or row.professional_code}"
    return f"{two}, {row.starts_at:%Y-%m-%d %H:%M} UTC ({visible_reference('session', at.program.key, row.key)})"


def _data(at: Desk, row: ScheduledSession) -> dict[str, str | int | None]:
    return {
        "session": row.public_id,
        "reference": visible_reference("session", at.program.key, row.key),
        "state": str(row.state),
        "start": row.starts_at.isoformat(),
    }
