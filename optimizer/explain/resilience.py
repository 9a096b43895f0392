"""Single points of failure: what is lost when somebody drops out, after the best repair that moves no other session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.domain.plan import Session
from optimizer.explain.coverage import NOBODY, Coverage
from optimizer.explain.prepared import Prepared


@dataclass(frozen=True)
class HostLoss:
    """If the professional drops out, `sessions` are gone and `lost` of their students find no other place.

    Every other session stays as it is; `lost` is as small as possible then.
    """

    professional: str
    sessions: int
    lost: int


@dataclass(frozen=True)
class SlotLoss:
    """If this one slot falls away, its student finds no other place, every other session staying as it is.

    `filled`: a student left out could have the place that opens, so that as many meet as before.
    """

    session: Session
    filled: bool


def host_losses(prepared: Prepared) -> tuple[HostLoss, ...]:
    """Every professional with a session, the heaviest loss first.

    Students left out before cannot come in by the repair: a free place for one of them would have been used already.
    """
    coverage, found = Coverage.of(prepared.tables, prepared.chosen), []
    for j in np.unique(prepared.chosen.j).tolist():
        displaced = coverage.holder[j][coverage.used[j]]
        without = coverage.copy()
        without.holder[j] = NOBODY
        without.slots[j] = False
        found.append(HostLoss(prepared.problem.professionals[j], len(displaced), _lost(without, displaced.tolist())))
    return tuple(sorted(found, key=lambda one: (-one.lost, -one.sessions, one.professional)))


def slot_losses(prepared: Prepared) -> tuple[SlotLoss, ...]:
    """The sessions whose student could go nowhere else, in the plan's order."""
    coverage, found = Coverage.of(prepared.tables, prepared.chosen), []
    for session in prepared.plan.sessions:
        i, j = prepared.student_index[session.student], prepared.professional_index[session.professional]
        t = prepared.problem.grid.cell_of(session.start)
        without = coverage.copy()
        without.holder[j, t] = NOBODY
        without.slots[j, t] = False
        spare = without.spare()
        if not (spare & without.can[i][:, None] & without.open[i]).any():
            found.append(SlotLoss(session, bool((spare & coverage.candidate_slots(~coverage.matched)).any())))
    return tuple(found)


def _lost(coverage: Coverage, displaced: list[int]) -> int:
    """How many of the displaced find no place while all others keep theirs."""
    alone = coverage.copy()
    students = np.isin(np.arange(len(coverage.open)), displaced)
    alone.slots = coverage.slots & ~coverage.used
    used = coverage.used
    days = coverage.in_days(used)
    alone.day = coverage.day - days
    alone.week = coverage.week - coverage.by_week(days)
    alone.horizon = coverage.horizon - days.sum(axis=1)
    alone.holder[:] = NOBODY
    return len(displaced) - alone.fill(students)
