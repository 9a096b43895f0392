"""Sessions changed from a shell: booked, moved, cancelled, with what else a cancellation makes possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.record.overrides import Desk, Told, desk
from backend.record.refusal import Reason, Refused
from backend.settings import Settings
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
        from backend.record.models.states import Cause
        from backend.record.services import least_change

        row = at.session(session, now)
        found = least_change.menu_of(row, Cause(by), settings, now)
        return Choice(visible_reference("session", at.program.key, row.key), found.names, found.menu, found.why)


def cancel_session(settings: Settings, session: str, by: str, choose: int | None, now: datetime) -> Told:
    """Cancel a session, both are told; with `choose` also do what that option of the menu says, all in one step."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.models.states import Cause
        from backend.record.services import least_change, sessions

        row, todo = at.session(session, now), 0
        if choose is None:
            row = sessions.cancel_session(row, Cause(by), CONSOLE, now)
        else:
            try:
                row, todo = least_change.cancel_and_rebook(row, Cause(by), choose, settings, CONSOLE, now)
            except Refused as refusal:
                hint = "; --menu shows it" if refusal.reason is Reason.INVALID else ""
                raise Stop(Exit.USAGE, f"{refusal.message}{hint}") from None
        also = f"; {todo} other changes with it" if todo else "; the student waits again, with their old place"
        return Told(f"cancelled {_named(at, row)}{also}", {**_data(at, row), "changes": todo})


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
