"""Guards: the run stops, with exit code 4, before it does something that looks like an accident."""

from __future__ import annotations

from collections.abc import Mapping

from backend.nightly.exits import Exit, Stop
from backend.nightly.record import RecordState
from backend.settings import Settings
from ingest.accounting import StudentOutcome
from ingest.assembly import Assembly
from optimizer.domain import Plan, Stage

_READ = (StudentOutcome.ALREADY_BOOKED, StudentOutcome.SERVED, StudentOutcome.PAUSED)
"""Current students out of tonight's question whose answer was read: the few who never could be read stay few beside
them, however many were matched since."""
FEW = 5
"""Below so many rows or people a share says nothing."""


class Held(Stop):
    """A guard holds the run for staff. `reasons` name nobody."""

    def __init__(self, reasons: list[str]) -> None:
        lines = "\n".join(f"  {reason}" for reason in reasons)
        told = f"held for staff, nothing was booked or sent:\n{lines}\nIf this is right, add --approve."
        super().__init__(Exit.GATE_REFUSED, told)
        self.reasons = tuple(reasons)


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


def refuse_messages(settings: Settings, people: int, *, approved: bool) -> None:
    """Refuse to tell more people than the program expects in one night. Raises `Stop`."""
    most = settings.guards.messages_per_night
    if people > most and not approved:
        raise Held([f"{people} people would get an invitation; guards.messages_per_night is {most}"])


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
