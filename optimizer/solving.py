"""`solve`: from a problem and a policy to the plan and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.commitments import contradiction
from optimizer.domain.plan import Plan, Session, TierResult, TierStatus
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.domain.time import Certainty
from optimizer.flow.engine import CommitmentError, FlowResult, Listener, solve_flow
from optimizer.tables import Chosen, Tables
from optimizer.unmatched import unmatched
from optimizer.witness import Witness

ENGINE = "min-cost flow with column generation"


@dataclass(frozen=True, eq=False)
class Solution:
    """The plan and the witness by which `verify` confirms it."""

    plan: Plan
    witness: Witness


def solve(problem: Problem, policy: Policy | None = None, *, progress: Listener | None = None) -> Solution:
    """The best plan under the policy, unique and proven in every tier.

    The same problem and policy give the same bytes. `progress` hears of each round. Raises `PolicyError` when the
    policy does not fit the problem, `ContradictionError` when pins and hard minimum loads cannot all be kept.
    """
    policy = policy or Policy()
    try:
        result, tables = solve_flow(Tables.of(problem, policy), progress)
    except CommitmentError:
        raise contradiction(problem, policy) from None
    tiers = tuple(
        TierResult(tier.name, value, value, TierStatus.PROVEN, left)
        for tier, left in zip(tables.tiers, result.left_choice, strict=True)
        for value in (tables.value(tier, result.chosen),)
    )
    plan = Plan(sessions(tables, result.chosen), unmatched(tables, result.chosen), tiers, ENGINE, policy.seed)
    return Solution(plan, _witness(tables, result))


def sessions(tables: Tables, chosen: Chosen) -> tuple[Session, ...]:
    """The chosen candidates as sessions, sorted by start, professional and student."""
    problem, minutes = tables.problem, tables.problem.grid.cell_minutes
    levels, cells = tables.levels[chosen.i, chosen.j].tolist(), problem.session_cells[chosen.j].tolist()
    certain = tables.certainty(chosen).tolist()
    parts = tables.quality.parts(chosen.i, chosen.j)
    shared = (minutes * tables.quality.shared_cells(chosen.i, chosen.j)).tolist()
    found = [
        Session(
            student=problem.students[i],
            professional=problem.professionals[j],
            start=problem.grid.starts[t],
            minutes=minutes * cells[n],
            certainty=Certainty(certain[n]),
            quality=levels[n],
            parts=parts[n],
            shared_minutes=shared[n],
        )
        for n, (i, j, t) in enumerate(zip(*(index.tolist() for index in chosen), strict=True))
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.professional, one.student)))


def _witness(tables: Tables, result: FlowResult) -> Witness:
    nodes, room, potential = result.nodes, tables.room, result.potential
    edges = (1, nodes.first_professional, nodes.first_week, nodes.first_day, nodes.first_slot, nodes.count)
    parts = [potential[:, low:high] for low, high in pairwise(edges)]
    return Witness(
        draw=tables.draw,
        students=parts[0],
        professionals=parts[1],
        week_keys=_keys(nodes.weeks, room.weeks),
        weeks=parts[2],
        day_keys=_keys(nodes.days, room.days),
        days=parts[3],
        slot_keys=np.stack([nodes.slot_j, nodes.slot_t], axis=1),
        slots=parts[4],
    )


def _keys(places: NDArray[np.int64], ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.stack([places[:, 0], ordinals[places[:, 1]]], axis=1)
