"""Guards: the run stops, with exit code 4, before it does something that looks like an accident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from backend.nightly.exits import Exit, Stop
from backend.nightly.record import Record, RecordState
from backend.report.words import counted
from backend.settings import Settings
from ingest.accounting import StudentOutcome
from ingest.assembly import Assembly
from optimizer.domain import Plan, Stage
from publish.asking import ASKED
from publish.booking import Recipient
from publish.direct import DIRECT
from publish.outbox import CALENDAR, ROOM_NEWS, CalendarAct
from publish.ports import Item
from publish.skipping import BY_MAIL

_READ = (StudentOutcome.ALREADY_BOOKED, StudentOutcome.SERVED, StudentOutcome.PAUSED)
"""Current students out of tonight's question whose answer was read: the few who never could be read stay few beside
them, however many were matched since."""
FEW = 5
"""Below so many rows or people a share says nothing."""


class Guarded(Stop):
    """A guard refuses, and `untouched` says what was left alone. `reasons` name nobody."""

    untouched: ClassVar[str]

    def __init__(self, reasons: list[str]) -> None:
        lines = "\n".join(f"  {reason}" for reason in reasons)
        said = f"held for staff, {self.untouched}:\n{lines}\nIf this is right, add --approve."
        super().__init__(Exit.GATE_REFUSED, said)
        self.reasons = tuple(reasons)


class Held(Guarded):
    """A guard holds the run for staff."""

    untouched = "nothing was booked or sent"


class TooMuch(Guarded):
    """A guard lets nothing be sent."""

    untouched = "nothing was sent"


def refuse_sheets(
    settings: Settings, rows: Mapping[str, int], state: RecordState, assembly: Assembly, *, approved: bool
) -> None:
    """Refuse a sheet that shrank since the last run, or answers that can hardly be read. Raises `Stop`."""
    reasons = suspicions(settings, rows, state, assembly)
    if reasons and not approved:
        raise Held(reasons)


def suspicions(settings: Settings, rows: Mapping[str, int], state: RecordState, assembly: Assembly) -> list[str]:
    """What about tonight's sheets looks like an accident; empty when nothing does."""
    return [*_shrunk(settings, rows, state), *_unreadable(settings, assembly)]


def refuse_run(settings: Settings, record: Record, items: Iterable[Item], present: datetime) -> None:
    """Refuse a night that would cancel, move or write more than the program expects at once. Raises `Held`.

    `items`: everything that would be sent, whoever asked for it: the night, staff, a tool on the API.
    """
    reasons = too_many(settings, record, list(items), present)
    if reasons:
        raise Held(reasons)


def refuse_sending(settings: Settings, record: Record, items: Iterable[Item], present: datetime) -> None:
    """As `refuse_run`, where nothing is to be booked, or was already. Raises `TooMuch`."""
    reasons = too_many(settings, record, list(items), present)
    if reasons:
        raise TooMuch(reasons)


def kept_back(settings: Settings, record: Record, present: datetime) -> list[str]:
    """Why nothing of what is due would be sent now; empty when it would be, or while publishing is off."""
    return too_many(settings, record, list(record.outbox.due()), present) if settings.publish.enabled else []


def let_through(items: Iterable[Item]) -> list[Item]:
    """The items as staff have approved them: they count for no guard, now or at a later try."""
    return [replace(item, approved=True) for item in items]


def too_many(settings: Settings, record: Record, items: list[Item], present: datetime) -> list[str]:
    """What about the items that staff have not approved looks like an accident; empty when nothing does."""
    items = [item for item in items if _writes(settings, item) and not item.approved]
    if not items:
        return []
    guards, state = settings.guards, record.state()
    begun = {one.key for one in state.sessions if one.interval.start <= present}
    items = [item for item in items if _asks(item) or item.payload.get("session") not in begun]
    messages, reasons = len(items), []
    if messages > guards.messages_per_night:
        reasons.append(
            f"{counted(messages, 'message')} to single people would go out; "
            f"guards.messages_per_night is {guards.messages_per_night}"
        )
    cancelled, moved = (_sessions(items, act) for act in (CalendarAct.CANCEL, CalendarAct.REVISE))
    moved -= cancelled
    for found, what, most in (
        (cancelled, "cancelled", guards.cancelled_per_night),
        (moved, "moved", guards.moved_per_night),
    ):
        if len(found) > most:
            reasons.append(f"{counted(len(found), 'session')} would be {what}; guards.{what}_per_night is {most}")
    changed = len(cancelled | moved)
    if changed >= FEW:
        coming = {one.key for one in state.active() if one.interval.end > present} | cancelled
        if changed > len(coming) * guards.changed_share:
            reasons.append(
                f"{changed} of {len(coming)} sessions to come would be cancelled or moved; "
                f"guards.changed_share is {guards.changed_share:g}"
            )
    return reasons


def _writes(settings: Settings, item: Item) -> bool:
    """Whether somebody hears of it: not by a channel that nobody carries, not the one whose event made the room."""
    channels = {
        CALENDAR: settings.publish.calendar_id or settings.mail.host,
        DIRECT: settings.publish.direct_messages,
        BY_MAIL: settings.mail.host,
    }
    silent = item.payload.get("act") == CalendarAct.ROOM
    if item.payload.get("occasion") == ROOM_NEWS:
        silent = item.payload["recipient"] == Recipient.PROFESSIONAL
    return bool(channels.get(item.channel)) and not silent


def _asks(item: Item) -> bool:
    """How a session went is asked when it is over."""
    return item.payload.get("act") == ASKED


def _sessions(items: Iterable[Item], act: CalendarAct) -> set[str]:
    calendar = (item.payload for item in items if item.channel == CALENDAR)
    return {
        str(payload["session"])
        for payload in calendar
        if payload.get("act") == act and payload.get("occasion") != ROOM_NEWS
    }


def refuse_unfinished(plan: Plan, *, approved: bool) -> None:
    """Refuse to book what a time limit cut short: given more time, other people would get a session. Raises `Stop`."""
    if not plan.proven and not approved:
        first = next(tier for tier in plan.tiers if not tier.status.certain)
        raise Held([f"the time limit was over in the tier '{first.name}', at most {first.gap:,} from the best"])


def _shrunk(settings: Settings, rows: Mapping[str, int], state: RecordState) -> list[str]:
    earlier = [run for run in state.runs if run.program == settings.program.key]
    if not earlier:
        return []
    share = settings.guards.sheet_shrink_share
    return [
        f"the {sheet} sheet has {rows[sheet]} rows, {before} at the last run; guards.sheet_shrink_share is {share:g}"
        for sheet, before in sorted(earlier[-1].rows.items())
        if before >= FEW and rows.get(sheet, 0) < before * (1 - share)
    ]


def _unreadable(settings: Settings, assembly: Assembly) -> list[str]:
    unread = sum(left.stage is Stage.NO_USABLE_ANSWER for left in assembly.unmatched)
    others = sum(isinstance(one.outcome, StudentOutcome) and one.outcome in _READ for one in assembly.left_out)
    asking = len(assembly.students) + len(assembly.unmatched) + others
    share = settings.guards.unreadable_share
    if asking < FEW or unread <= asking * share:
        return []
    return [f"{unread} of {asking} students gave no readable time; guards.unreadable_share is {share:g}"]
