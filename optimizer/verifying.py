"""`verify`: is this plan allowed, true in what it says, and provably the best?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from optimizer.checker.cut import cut_bounds
from optimizer.checker.proof import Proof, witness_fits
from optimizer.checker.relaxed import RelaxedError, bounds
from optimizer.checker.rules import RULES, as_chosen, true_statements
from optimizer.domain.plan import Plan, TierStatus
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.structure import Part, parts
from optimizer.sureness import statuses
from optimizer.tables import Chosen, Tables
from optimizer.witness import Witness

MOST_REASONS = 20


@dataclass(frozen=True)
class Verdict:
    """`accepted`, or the first reasons why not, in words. Truth value: accepted."""

    accepted: bool
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.accepted


def verify(problem: Problem, policy: Policy, plan: Plan, witness: Witness) -> Verdict:
    """Confirms a plan without a solver, linear in candidates x tiers.

    Rebuilds candidates, capacities and tables from the problem and the policy; takes from the witness nothing but
    potentials, multipliers and the number of the tie-break's key. Accepted means: the plan keeps every hard rule, its
    sessions and tiers are what it says they are, and no plan is better in the first tier in which it differs, as
    long as that tier is `PROVEN` or `WITNESSED`; any other is within its gap, given that those before it keep their
    value.
    Not checked: the stages of the unmatched, whether a tier left a choice, and what only CP-SAT claims.
    """
    for step in (_breaches, _proof_failures):
        reasons = tuple(islice(step(problem, policy, plan, witness), MOST_REASONS))
        if reasons:
            return Verdict(False, reasons)
    return Verdict(True)


def _breaches(problem: Problem, policy: Policy, plan: Plan, witness: Witness) -> Iterator[str]:
    """Broken rules; a rule is only asked once those before it hold, so that each can trust what it reads."""
    for rule in RULES:
        broken = tuple(rule(problem, plan))
        yield from broken
        if broken:
            return
    if plan.seed != policy.seed:
        yield f"the plan was drawn with seed {plan.seed}, the policy says {policy.seed}"
    if witness.draw < 0:
        yield "the witness names no key of the tie-break"


def _proof_failures(problem: Problem, policy: Policy, plan: Plan, witness: Witness) -> Iterator[str]:
    tables = Tables.of(problem, policy, witness.draw)
    chosen = as_chosen(problem, plan)
    yield from true_statements(tables, plan)
    night = parts(tables)
    if len(witness.packings) != len(night) - 1:
        yield f"the witness speaks of {len(witness.packings)} parts that are no flow, the night has {len(night) - 1}"
        return
    failures = tuple(_flow_failures(tables, night, chosen, witness))
    yield from failures
    if failures:
        return
    flow = _flow_gaps(tables, night, chosen, witness)
    try:
        packings = _packing_gaps(tables, night, chosen, witness)
    except RelaxedError as error:
        yield f"the witness proves nothing: {error}"
        return
    yield from _true_tiers(tables, chosen, plan, flow, packings, is_flow=len(night) == 1)


def _flow_failures(tables: Tables, night: tuple[Part, ...], chosen: Chosen, witness: Witness) -> Iterator[str]:
    """Of the tiers that the potentials are said to prove."""
    few, mine = (tables, chosen) if len(night) == 1 else _of_part(tables, night[0], chosen)
    misfits = tuple(witness_fits(few, witness))
    yield from misfits
    if not misfits and witness.settled:
        yield from Proof(few, mine, witness, range(witness.settled)).failures()


def _flow_gaps(tables: Tables, night: tuple[Part, ...], chosen: Chosen, witness: Witness) -> list[int]:
    """By tier: how far the part that is a flow may be from the best."""
    few, mine = (tables, chosen) if len(night) == 1 else _of_part(tables, night[0], chosen)
    rest = [few.value(few.tiers[tier], mine) - bound for tier, bound in cut_bounds(few, mine, witness)]
    return [0] * witness.settled + rest


def _packing_gaps(tables: Tables, night: tuple[Part, ...], chosen: Chosen, witness: Witness) -> list[int]:
    """By tier: how far the parts that are no flow may be from the best. Raises `RelaxedError`."""
    gaps = [0] * len(tables.tiers)
    for part, multipliers in zip(night[1:], witness.packings, strict=True):
        found = bounds(*_of_part(tables, part, chosen), multipliers)
        gaps = [gap + one.value - one.bound for gap, one in zip(gaps, found, strict=True)]
    return gaps


def _of_part(tables: Tables, part: Part, chosen: Chosen) -> tuple[Tables, Chosen]:
    """The part's tables, and its sessions in its own numbers."""
    mine = part.students[chosen.i]
    student, host = np.cumsum(part.students) - 1, np.cumsum(part.professionals) - 1
    few = Chosen(student[chosen.i[mine]], host[chosen.j[mine]], chosen.t[mine])
    return tables.part(part.students, part.professionals), few


def _true_tiers(
    tables: Tables, chosen: Chosen, plan: Plan, flow: list[int], packings: list[int], *, is_flow: bool
) -> Iterator[str]:
    """The plan names every tier in order with its true value and bound, and claims no more than they say."""
    named, true = [tier.name for tier in plan.tiers], [tier.name for tier in tables.tiers]
    if named != true:
        yield f"the plan's tiers are {', '.join(named)}, not {', '.join(true)}"
        return
    values = [tables.value(tier, chosen) for tier in tables.tiers]
    least = [value - one - other for value, one, other in zip(values, flow, packings, strict=True)]
    ended = [said.status is TierStatus.SOLVER_CLAIMED and not gap for said, gap in zip(plan.tiers, flow, strict=True)]
    sure = statuses(values, least, ended, is_flow=is_flow)
    for said, value, bound, status in zip(plan.tiers, values, least, sure, strict=True):
        if (said.value, said.bound) != (value, bound):
            yield f"{said.name}: the value is {value}, the bound {bound}; the plan says {said.value} and {said.bound}"
        if said.status is not status:
            yield f"{said.name}: the tier is {status}, the plan says {said.status}"
