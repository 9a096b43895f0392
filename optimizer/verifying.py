"""`verify`: is this plan allowed, true in what it says, and provably the best?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from optimizer.checker.proof import Proof, witness_fits
from optimizer.checker.rules import RULES, as_chosen, true_statements
from optimizer.domain.plan import Plan, TierStatus
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
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
    potentials and the number of the tie-break's key. Accepted means: the plan keeps every hard rule, its sessions
    and tiers are what it says they are, and no plan is better in the first tier in which it differs. Not checked:
    the stages of the unmatched and whether a tier left a choice.
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
    yield from _true_tiers(tables, chosen, plan)
    misfits = tuple(witness_fits(tables, witness))
    yield from misfits
    if not misfits:
        yield from Proof(tables, chosen, witness).failures()


def _true_tiers(tables: Tables, chosen: Chosen, plan: Plan) -> Iterator[str]:
    """The plan names every tier in order with its true value, and claims a proof for it."""
    named, true = [tier.name for tier in plan.tiers], [tier.name for tier in tables.tiers]
    if named != true:
        yield f"the plan's tiers are {', '.join(named)}, not {', '.join(true)}"
        return
    for said, tier in zip(plan.tiers, tables.tiers, strict=True):
        value = tables.value(tier, chosen)
        if (said.value, said.bound) != (value, value):
            yield f"{tier.name}: the value is {value}, the plan says {said.value} with bound {said.bound}"
        if said.status is not TierStatus.PROVEN:
            yield f"{tier.name}: the plan claims no proof"
