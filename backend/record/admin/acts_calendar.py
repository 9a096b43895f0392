"""What staff decide about the calendar and the record that disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from backend.record.actor import Actor
from backend.record.admin.acting import Act, Data, Done
from backend.record.admin.clock import span
from backend.record.models import CalendarFlag
from backend.record.models.states import FlagKind
from backend.record.roles import COORDINATE, OWN
from backend.record.services.calendar_flags import dismiss, restore, take


def _undecided(frozen: bool, *kinds: FlagKind) -> Callable[[CalendarFlag, datetime], bool]:
    def fits(row: CalendarFlag, now: datetime) -> bool:
        session = row.session
        if row.closed_at is not None or row.frozen is not frozen or row.kind not in kinds:
            return False
        return session is None or session.starts_at > now

    return fits


def _take_says(row: CalendarFlag, _now: datetime) -> Sequence[str]:
    if row.kind == FlagKind.MOVED and row.starts_at and row.ends_at:
        return (
            f"The session moves to where its event lies now: {span(row.starts_at, row.ends_at)}.",
            "Nobody checks that this suits both of them: ask them first.",
            "Both are told; the other event moves along.",
        )
    return (
        "The session is cancelled, and both are told.",
        "The student's request waits again, with the place in the queue that it always had.",
    )


def _take(row: CalendarFlag, _data: Data, actor: Actor, now: datetime) -> Done:
    take(row, actor, now)
    return Done("The record does as the calendar says, and both will be told.")


def _restore_says(row: CalendarFlag, _now: datetime) -> Sequence[str]:
    what = {
        FlagKind.MOVED: "The event moves back to the session's time, and its guest is told.",
        FlagKind.DELETED: f"The {row.recipient} is invited anew. The other event stays as it is.",
        FlagKind.DECLINED: f"The session stands although the {row.recipient} declined. Nothing is sent: speak to them.",
        FlagKind.GUEST: f"The {row.recipient} is put back on the event's guest list, and told.",
    }
    return (what[FlagKind(row.kind)],)


def _restore(row: CalendarFlag, _data: Data, actor: Actor, now: datetime) -> Done:
    restore(row, actor, now)
    return Done("The session stands.")


def _dismiss_says(_row: CalendarFlag, _now: datetime) -> Sequence[str]:
    return (
        "The event is left alone; it is not listed again while it lies in the calendar.",
        "If it should not be there, delete it in Google Calendar: the program only deletes events of its own.",
    )


def _dismiss(row: CalendarFlag, _data: Data, actor: Actor, now: datetime) -> Done:
    dismiss(row, actor, now)
    return Done("Left alone.")


_SESSIONS = (FlagKind.MOVED, FlagKind.DELETED, FlagKind.DECLINED, FlagKind.GUEST)


def _pair(frozen: bool) -> tuple[Act, Act]:
    """The two ways out of a disagreement; of a session that begins soon only an owner takes them."""
    needs, ending = (OWN, "-now") if frozen else (COORDINATE, "")
    fits = _undecided(frozen, *_SESSIONS)
    return (
        Act(f"take{ending}", "Do as the calendar says", _take_says, _take, needs=needs, heavy=True, fits=fits),
        Act(f"restore{ending}", "Keep the session", _restore_says, _restore, needs=needs, fits=fits),
    )


FLAG_ACTS = (
    *_pair(False),
    *_pair(True),
    Act("dismiss", "Leave it alone", _dismiss_says, _dismiss, fits=_undecided(False, FlagKind.STRAY)),
)
