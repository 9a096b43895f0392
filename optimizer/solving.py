"""`solve`: from a problem and a policy to the plan and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.commitments import contradiction, unmet
from optimizer.domain.plan import Plan, Session, TierResult
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.domain.time import Certainty
from optimizer.flow.engine import CommitmentError, FlowResult, solve_flow
from optimizer.packing.engine import PackingResult, solve_packing
from optimizer.progress import Listener, Stop
from optimizer.structure import Part, parts
from optimizer.sureness import statuses
from optimizer.tables import COMMITMENTS, Chosen, Tables
from optimizer.unmatched import unmatched
from optimizer.witness import Witness

FLOW, PACKING = "min-cost flow with column generation", "CP-SAT on columns of the linear relaxation"


@dataclass(frozen=True, eq=False)
class Solution:
    """The plan and the witness by which `verify` confirms it."""

    plan: Plan
    witness: Witness


def solve(
    problem: Problem,
    policy: Policy | None = None,
    *,
    progress: Listener | None = None,
    stop: Stop | None = None,
) -> Solution:
    """The best plan under the policy; each tier says how sure that is.

    Where the night, or a part of it, is a flow, it is unique and proven in every tier. The same problem and policy give
    the same bytes, unless `stop` cut the search short: then this is the best plan so far, and the bounds of its tiers
    say how far it may be from the best; pins and hard minimum loads are kept even so. `progress` hears of each round.
    Raises `PolicyError` when the policy does not fit the problem, `ContradictionError` when pins and hard minimum loads
    cannot all be kept.
    """
    policy = policy or Policy()
    tables = Tables.of(problem, policy)
    night = parts(tables)
    if len(night) > 1 and tables.tiers[0].name == COMMITMENTS and unmet(tables):
        raise contradiction(problem, policy)
    try:
        flow, tables = _flow(tables, night, progress, stop)
    except CommitmentError:
        raise contradiction(problem, policy) from None
    packings = [
        solve_packing(tables.part(one.students, one.professionals), progress, stop) for one in night if not one.is_flow
    ]
    chosen = _together(night, [flow.chosen, *(one.chosen for one in packings)])
    plan = Plan(
        sessions(tables, chosen),
        unmatched(tables, chosen),
        _tiers(tables, chosen, flow, packings),
        " and ".join([FLOW, PACKING] if packings and len(flow.chosen.i) else [PACKING] if packings else [FLOW]),
        policy.seed,
    )
    return Solution(plan, _witness(tables, night, flow, packings))


def _flow(
    tables: Tables, night: tuple[Part, ...], progress: Listener | None, stop: Stop | None
) -> tuple[FlowResult, Tables]:
    """The first part's plan, and the tables of the whole night with the tie-break's key that made it unique."""
    if len(night) == 1:
        return solve_flow(tables, progress, stop)
    flow, few = solve_flow(tables.part(night[0].students, night[0].professionals), progress, stop)
    while tables.draw < few.draw:
        tables = tables.redrawn()
    return flow, tables


def _together(night: tuple[Part, ...], plans: list[Chosen]) -> Chosen:
    """The parts' plans in the numbers of the whole night."""
    found = []
    for part, chosen in zip(night, plans, strict=True):
        students, hosts = np.flatnonzero(part.students), np.flatnonzero(part.professionals)
        found.append(np.stack([students[chosen.i], hosts[chosen.j], chosen.t]))
    return Chosen(*np.concatenate(found, axis=1))


def _tiers(tables: Tables, chosen: Chosen, flow: FlowResult, packings: list[PackingResult]) -> tuple[TierResult, ...]:
    values = [tables.value(tier, chosen) for tier in tables.tiers]
    gaps = [flow.gaps, *([tier.value - tier.bound for tier in one.tiers] for one in packings)]
    bounds = [value - sum(gap[k] for gap in gaps) for k, value in enumerate(values)]
    exhausted = [not flow.gaps[k] and all(one.tiers[k].exhausted for one in packings) for k in range(len(values))]
    left = [flow.left_choice[k] or any(one.tiers[k].left_choice for one in packings) for k in range(len(values))]
    sure = statuses(values, bounds, exhausted, is_flow=not packings)
    return tuple(TierResult(tier.name, values[k], bounds[k], sure[k], left[k]) for k, tier in enumerate(tables.tiers))


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


def _witness(tables: Tables, night: tuple[Part, ...], flow: FlowResult, packings: list[PackingResult]) -> Witness:
    nodes, potential = flow.nodes, flow.potential
    room = tables.room.part(night[0].professionals)
    edges = (1, nodes.first_professional, nodes.first_week, nodes.first_day, nodes.first_slot, nodes.count)
    piece = [potential[:, low:high] for low, high in pairwise(edges)]
    return Witness(
        draw=tables.draw,
        settled=flow.settled,
        students=piece[0],
        professionals=piece[1],
        week_keys=_keys(nodes.weeks, room.weeks),
        weeks=piece[2],
        day_keys=_keys(nodes.days, room.days),
        days=piece[3],
        slot_keys=np.stack([nodes.slot_j, nodes.slot_t], axis=1),
        slots=piece[4],
        packings=tuple(one.multipliers for one in packings),
    )


def _keys(places: NDArray[np.int64], ordinals: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.stack([places[:, 0], ordinals[places[:, 1]]], axis=1)
