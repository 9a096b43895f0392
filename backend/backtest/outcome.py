"""What a plan gave on one night, measured alike for every plan of that night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

import numpy as np

from optimizer.domain import Plan, Problem, Session
from optimizer.domain.policy import Policy
from optimizer.explain.frontier import measures
from optimizer.quality import Quality

YARDSTICK = 100
"""Fit is measured from 1 to this, whatever levels the compared policies use."""


@dataclass(frozen=True)
class Outcome:
    """One plan. `waited`: days waited by those left out. `fits`: of each session, 1 to `YARDSTICK`.

    `nobody`: professionals without any session, kept ones counted. `load_gini`: 0 when all have the same share of what
    they could take.
    """

    matched: int
    waited: int
    fits: tuple[int, ...]
    nobody: int
    load_gini: float


@dataclass(frozen=True)
class Moves:
    """Students by what the other plan means for them: another professional or time, a session more, one fewer."""

    moved: int
    gained: int
    lost: int


@dataclass(frozen=True)
class NightResult:
    """A stored night both ways. `students`: who asked. `proven`: both plans are proven in every tier."""

    night: str
    run: str
    students: int
    before: Outcome
    after: Outcome
    moves: Moves
    proven: bool


class Yardstick:
    """Measures plans of one problem; fit is judged by one set of weights, so that numbers can be compared."""

    def __init__(self, problem: Problem, weights: Mapping[str, int]) -> None:
        self._problem = problem
        self._levels = Quality(problem, Policy(quality_weights=weights, levels=YARDSTICK)).levels
        self._rows = {name: i for i, name in enumerate(problem.students)}
        self._columns = {name: j for j, name in enumerate(problem.professionals)}

    def of(self, plan: Plan) -> Outcome:
        """What the plan gave."""
        problem, told = self._problem, measures(self._problem, plan)
        served = np.isin(problem.students, [one.student for one in plan.sessions])
        return Outcome(
            matched=int(served.sum()),
            waited=int(problem.waiting_days[~served].sum()),
            fits=tuple(self._fit(one) for one in plan.sessions),
            nobody=told.professionals_with_nobody,
            load_gini=told.load_gini,
        )

    def _fit(self, session: Session) -> int:
        return int(self._levels[self._rows[session.student], self._columns[session.professional]])


def moves_between(before: Plan, after: Plan) -> Moves:
    """Student by student; the order of somebody's several sessions does not matter."""
    then, now = _by_student(before), _by_student(after)
    both = then.keys() & now.keys()
    return Moves(
        moved=sum(then[one] != now[one] for one in both),
        gained=len(now.keys() - then.keys()),
        lost=len(then.keys() - now.keys()),
    )


def _by_student(plan: Plan) -> dict[str, frozenset[tuple[str, datetime]]]:
    found: dict[str, set[tuple[str, datetime]]] = {}
    for one in plan.sessions:
        found.setdefault(one.student, set()).add((one.professional, one.start))
    return {student: frozenset(sessions) for student, sessions in found.items()}


def mean_fit(outcomes: list[Outcome]) -> float:
    """Over all sessions; 0 when there are none."""
    fits = [fit for one in outcomes for fit in one.fits]
    return fmean(fits) if fits else 0.0


def worst_fit(outcomes: list[Outcome]) -> float:
    """The worst fit of a night, on average over the nights with sessions."""
    worst = [min(one.fits) for one in outcomes if one.fits]
    return fmean(worst) if worst else 0.0
