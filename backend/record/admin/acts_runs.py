"""What staff may do with a plan that is not booked yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.nightly.guards import TooMuch
from backend.record.actor import Actor
from backend.record.admin.acting import Act, Data, Done
from backend.record.api.site import matching
from backend.record.models import Run
from backend.record.models.states import DeliveryState, RunState
from backend.record.refusal import Reason, Refused
from backend.record.releasing import release_runs
from backend.record.services.approval import approve, hold
from backend.record.services.undoing import undo, undoing
from backend.report.words import counted


def _waits(row: Run, _now: datetime) -> bool:
    return row.state in (RunState.PLANNED, RunState.HELD) and row.problem is not None


def _approve_says(row: Run, _now: datetime) -> Sequence[str]:
    return (
        f"{counted(row.sessions_booked, 'session')} of the night {row.night} are booked, all of them or none.",
        "Invitations and the night's messages go into the outbox; they are sent with its next pass, however many.",
        "The proof is checked once more first. If people of the plan did something since, nothing is booked.",
    )


def _approve(row: Run, _data: Data, actor: Actor, now: datetime) -> Done:
    run = approve(row, matching(), actor, now)
    return Done(f"{counted(run.sessions_booked, 'session')} are booked.")


def _hold_says(row: Run, _now: datetime) -> Sequence[str]:
    return (
        f"The plan of the night {row.night} is not booked, and nobody is told of it, before somebody approves it.",
        "Later nights go on without it.",
    )


def _hold(row: Run, _data: Data, actor: Actor, now: datetime) -> Done:
    hold(row, actor, now)
    return Done("The plan is held.")


def _holds(row: Run, _now: datetime) -> bool:
    return row.outbox.filter(state=DeliveryState.HELD).exists()


def _release_says(row: Run, _now: datetime) -> Sequence[str]:
    held = row.outbox.filter(state=DeliveryState.HELD).count()
    return (
        f"{counted(held, 'message')} about the sessions of the night {row.night} wait, since it was run with --hold.",
        "They are sent with the next pass over the outbox; what that did cannot be taken back.",
    )


def _release(row: Run, _data: Data, actor: Actor, now: datetime) -> Done:
    try:
        released = release_runs([row], matching(), actor, now, approved=False)
    except TooMuch as held:
        how = f"If this is right: python run_matching.py release {row.key} --approve"
        raise Refused(Reason.NOT_NOW, f"a guard keeps the night held: {'; '.join(held.reasons)}. {how}") from None
    return Done(f"{counted(released, 'message')} will be sent.")


def _undo_says(row: Run, now: datetime) -> Sequence[str]:
    try:
        found = undoing(row, now)
    except Refused as refusal:
        return (f"This cannot be done: {refusal.message}.",)
    return (
        f"{counted(len(found.sessions), 'session')} of the night {row.night} are cancelled; both people are told.",
        "The students wait again, with their old place in the queue. The run's loads count no more.",
        "This cannot be taken back; the night may be run anew.",
    )


def _undo(row: Run, _data: Data, actor: Actor, now: datetime) -> Done:
    return Done(f"{counted(len(undo(row, matching(), actor, now).sessions), 'session')} cancelled.")


RUN_ACTS = (
    Act("approve", "Approve and book", _approve_says, _approve, fits=_waits),
    Act("release", "Release", _release_says, _release, fits=_holds),
    Act("undo", "Undo", _undo_says, _undo, fits=lambda row, _now: row.state == RunState.BOOKED, heavy=True),
    Act("hold", "Hold", _hold_says, _hold, fits=lambda row, now: _waits(row, now) and row.state == RunState.PLANNED),
)
