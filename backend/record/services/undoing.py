"""Taking a whole run back: its sessions are cancelled, its people wait again, its loads count no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.nightly.news import recorded_messages
from backend.record.actor import Actor
from backend.record.models import Pin, Program, Run, ScheduledSession
from backend.record.models.states import Cause, DeliveryState, RunState, SessionState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import Fact, note
from backend.record.services.notices import add_items, items_told
from backend.record.services.outbox import drop_item
from backend.record.services.past import record_state
from backend.record.services.sessions import cancel_session
from backend.record.transitions import RUN
from backend.settings import Settings
from publish.outbox import ANNOUNCER, message_items

UNDONE_BY_STAFF = "undone by staff"


@dataclass(frozen=True)
class Undoing:
    """What taking a run back means: `sessions` stand and are cancelled, `pins` that it used are in force again.

    `gone`: sessions of it that were cancelled before.
    """

    sessions: tuple[ScheduledSession, ...]
    pins: tuple[Pin, ...]
    gone: int


def undoing(run: Run, now: datetime) -> Undoing:
    """What `undo` would do now. Raises `Refused`: undone before, nothing booked, or a session of it has begun."""
    if run.state == RunState.UNDONE:
        raise Refused(Reason.NOT_NOW, "this run was undone before; nothing was done")
    if run.state != RunState.BOOKED:
        raise Refused(Reason.NOT_NOW, f"this run is {run.state}: it booked nothing")
    rows = list(
        ScheduledSession.objects.filter(run=run).select_related("student", "professional").order_by("starts_at", "pk")
    )
    if not rows:
        raise Refused(Reason.NOT_NOW, "this run booked no session: there is nothing to undo")
    standing = [row for row in rows if row.state != SessionState.CANCELLED]
    begun = [row for row in standing if row.starts_at <= now or row.state != SessionState.SCHEDULED]
    if begun:
        number = f"{len(begun)} of its {len(standing)} sessions" if len(standing) > 1 else "its session"
        raise Refused(Reason.NOT_NOW, f"{number} began already; cancel the others one by one")
    return Undoing(tuple(standing), _used_pins(run, rows), len(rows) - len(standing))


def undo(run: Run, settings: Settings, actor: Actor, now: datetime) -> Undoing:
    """Do it, all or nothing. Both people of each session are told, and the night's message reads as it stands then."""
    with one_step():
        program = Program.objects.select_for_update().get(pk=run.program_id)
        run = Run.objects.select_for_update().get(pk=run.pk)
        found = undoing(run, now)
        RUN.check(run.state, RunState.UNDONE, actor)
        for session in found.sessions:
            cancel_session(session, Cause.STAFF, actor, now)
        _keep_quiet(run, actor, now)
        for pin in found.pins:
            pin.ended_at = None
            pin.save()
            note(actor, "pin", pin, now, program=program)
        before, run.state = run.state, RunState.UNDONE
        run.outcome = {**run.outcome, "reason": UNDONE_BY_STAFF}
        run.save()
        if settings.publish.discord_channel_id:
            messages = recorded_messages(settings, record_state(program), run.night)
            add_items(program, message_items(messages, items_told(program, ANNOUNCER)))
        after: dict[str, Fact] = {"state": run.state, "night": run.night, "sessions": len(found.sessions)}
        note(actor, "undo", run, now, program=program, before={"state": before}, after=after)
    return found


def _keep_quiet(run: Run, actor: Actor, now: datetime) -> None:
    """What waits for the run's release never goes out, nor that its sessions ended: nobody was told of them."""
    for item in run.outbox.filter(state=DeliveryState.HELD):
        drop_item(item, "outdated", actor, now)


def _used_pins(run: Run, rows: list[ScheduledSession]) -> tuple[Pin, ...]:
    """Pins that ended because this run kept them, unless staff pinned the two anew since."""
    pairs = {(row.student_id, row.professional_id) for row in rows}
    pins = Pin.objects.filter(program=run.program)
    again = {(one.student_id, one.professional_id) for one in pins.filter(ended_at=None)}
    ended = pins.filter(ended_at=run.finished_at).order_by("pk") if run.finished_at else ()
    latest = {(one.student_id, one.professional_id): one for one in ended}
    return tuple(one for pair, one in latest.items() if pair in pairs and pair not in again)
