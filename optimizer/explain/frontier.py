"""The price of fairness: the same night under other rules, each solved and proven, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.plan import Plan
from optimizer.domain.policy import LEXIMIN, Policy
from optimizer.domain.problem import Problem
from optimizer.room import Room
from optimizer.solving import Solution, solve

Ints = NDArray[np.int64]
ALPHAS = (0, 0.5, 1, 2, 4, LEXIMIN)
LOAD_WEIGHTS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Measures:
    """What a plan gives. `worst_level` and `mean_level` over its sessions (0 if there are none).

    Jain's index is 1 when all have the same and 1/n when one has all; Gini's is 0 when all have the same. Of waiting:
    days waited by students who still have no session (0 for the others). Of load: reviews, published ones included,
    over what each professional could take, for those who could take any.
    """

    matched: int
    shared_minutes: int
    worst_level: int
    mean_level: float
    professionals_with_nobody: int
    waiting_jain: float
    waiting_gini: float
    load_jain: float
    load_gini: float


@dataclass(frozen=True, eq=False)
class Point:
    """A policy of the frontier, its proven plan and what it gives. `chosen`: it is the program's own policy."""

    policy: Policy
    solution: Solution
    measures: Measures
    chosen: bool


def frontier(problem: Problem, policy: Policy) -> tuple[Point, ...]:
    """The program's policy with one knob turned at a time: alpha, the place of volunteers, the weight of the load.

    The program's own point comes first. Every point is a full solve, so this takes about a dozen times as long as a
    night. Weights that cannot be combined with the policy's alpha (see `Policy`) are left out.
    """
    points = []
    for one in dict.fromkeys((policy, *_turned(policy))):
        solution = solve(problem, one)
        points.append(Point(one, solution, measures(problem, solution.plan), one == policy))
    return tuple(points)


def _turned(policy: Policy) -> Iterable[Policy]:
    weighs = 0 < policy.load_weight < 100
    for alpha in ALPHAS:
        if alpha != LEXIMIN or not weighs:
            yield replace(policy, alpha=alpha)
    yield replace(policy, volunteers_first=not policy.volunteers_first)
    for weight in LOAD_WEIGHTS:
        if policy.alpha != LEXIMIN or weight in (0, 100):
            yield replace(policy, load_weight=weight)


def measures(problem: Problem, plan: Plan) -> Measures:
    """What the plan gives."""
    levels = [one.quality for one in plan.sessions]
    place = {name: j for j, name in enumerate(problem.professionals)}
    loads = np.array(problem.kept_load)
    for one in plan.sessions:
        loads[place[one.professional]] += 1
    usable = problem.kept_load + Room.of(problem).most
    able = usable > 0
    served = np.isin(problem.students, [one.student for one in plan.sessions])
    waits = np.where(served, 0, problem.waiting_days)
    shares = loads[able] / usable[able]
    return Measures(
        matched=len(levels),
        shared_minutes=sum(one.shared_minutes for one in plan.sessions),
        worst_level=min(levels, default=0),
        mean_level=round(sum(levels) / len(levels), 2) if levels else 0.0,
        professionals_with_nobody=int((loads == 0).sum()),
        waiting_jain=jain(waits),
        waiting_gini=gini(waits),
        load_jain=jain(shares),
        load_gini=gini(shares),
    )


def jain(values: NDArray[np.generic]) -> float:
    """(sum x)^2 / (n sum x^2), rounded to 4 digits (Jain, Chiu and Hawe 1984); 1 when nobody has anything."""
    x = values.astype(np.float64)
    square = float((x**2).sum())
    return round(float(x.sum()) ** 2 / (len(x) * square), 4) if square else 1.0


def gini(values: NDArray[np.generic]) -> float:
    """Mean absolute difference over twice the mean, rounded to 4 digits (Gini 1912); 0 when nobody has anything."""
    x = np.sort(values.astype(np.float64))
    total = float(x.sum())
    if not total:
        return 0.0
    weights = 2 * np.arange(1, len(x) + 1) - len(x) - 1
    return round(float((weights * x).sum()) / (len(x) * total), 4)
