"""Pins and hard minimum loads that cannot all be kept: which few of them already contradict each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.domain.promises import Pin, Standing
from optimizer.flow.engine import FlowEngine
from optimizer.packing.engine import settle_first
from optimizer.structure import parts
from optimizer.tables import COMMITMENTS, Tables

Commitment = Pin | Standing | int
"""A pin, a session that stands, or the index of a professional whose minimum load is hard."""


class ContradictionError(ValueError):
    """No plan keeps all commitments. `commitments` cannot be kept together; all but any one of them can."""

    def __init__(self, commitments: tuple[str, ...]) -> None:
        super().__init__("these cannot all be kept: " + "; ".join(commitments))
        self.commitments = commitments


def contradiction(problem: Problem, policy: Policy) -> ContradictionError:
    """The error that names an irreducible set, found by solving again with one commitment left out at a time."""
    kept = _all(problem)
    for one in _all(problem):
        fewer = [other for other in kept if other is not one]
        if not _holds(_with_only(problem, fewer), policy):
            kept = fewer
    names = (
        str(one)
        if isinstance(one, Pin | Standing)
        else f"minimum load {problem.minimum_load[one]} of {problem.professionals[one]}"
        for one in kept
    )
    return ContradictionError(tuple(names))


def _all(problem: Problem) -> list[Commitment]:
    hard = np.flatnonzero(problem.minimum_is_hard & (problem.minimum_load > 0)).tolist()
    return [*problem.pins, *problem.standing, *hard]


def _with_only(problem: Problem, commitments: list[Commitment]) -> Problem:
    hard = [one for one in commitments if isinstance(one, int)]
    return replace(
        problem,
        pins=tuple(one for one in commitments if isinstance(one, Pin)),
        standing=tuple(one for one in commitments if isinstance(one, Standing)),
        minimum_is_hard=np.isin(np.arange(len(problem.professionals)), hard),
    )


def unmet(tables: Tables) -> int:
    """How far every plan is from keeping all commitments, at least; 0 if one may keep them all.

    Where a part is no flow, this is what its relaxation tells unless the search among whole plans came to its end.
    """
    total = tables.tiers[0].base
    for part in parts(tables):
        few = tables.part(part.students, part.professionals)
        if part.is_flow:
            total += few.value(few.tiers[0], FlowEngine(few, None).prove_first())
        else:
            first = settle_first(few)
            total += first.value if first.exhausted else first.bound
    return total


def _holds(problem: Problem, policy: Policy) -> bool:
    tables = Tables.of(problem, policy)
    return tables.tiers[0].name != COMMITMENTS or unmet(tables) == 0
