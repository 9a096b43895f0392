"""Which doubtful reading is worth a question: the night with the person's doubtful times certain, and without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.commitments import ContradictionError
from optimizer.domain.problem import Problem
from optimizer.domain.time import Certainty, Interval
from optimizer.explain.coverage import NOBODY, Coverage
from optimizer.explain.prepared import Prepared
from optimizer.explain.suggest import spans
from optimizer.explain.whatif import Difference, difference
from optimizer.solving import solve

Bools = NDArray[np.bool_]
TRIED = 5
"""So many people's doubts are settled by solving both nights, those first whose answer could cost most sessions."""


@dataclass(frozen=True)
class Doubt:
    """A person's doubtful times and what hangs on them.

    `change`: from the night in which they are certain to the one without them; None where commitments need them.
    `student`: whether the person is a student.
    """

    person: str
    student: bool
    windows: tuple[Interval, ...]
    change: Difference | None

    @property
    def weight(self) -> tuple[int, int]:
        """Sessions lost by a no, and all sessions that would differ."""
        if self.change is None:
            return 1 << 30, 1 << 30
        lost = self.change.matched_before - self.change.matched_after
        return lost, len(self.change.gains) + len(self.change.loses) + len(self.change.moves)


@dataclass(frozen=True)
class Doubts:
    """`ask`: doubts whose answer would change a match, the weightiest first. `people`: how many have doubtful times;
    `untried`: how many of them were not settled."""

    ask: tuple[Doubt, ...]
    people: int
    untried: int


def doubts(prepared: Prepared, tried: int = TRIED) -> Doubts:
    """The questions that would change a match; the first is the one to ask if only one can be asked.

    For the `tried` weightiest people both nights are solved in full. Whose these are is read off the coverage network:
    exact in the sessions a no would cost, unless pins or binding minimum loads rest on doubtful times.
    """
    people = _doubtful(prepared.problem)
    order = sorted(people, key=lambda one: (-_at_stake(prepared, *one), one))
    settled = [_settled(prepared, *one) for one in order[:tried]]
    matter = [one for one in settled if one.weight > (0, 0)]
    ranked = sorted(matter, key=lambda one: (-one.weight[0], -one.weight[1], one.person))
    return Doubts(tuple(ranked), len(people), max(0, len(people) - tried))


def _doubtful(problem: Problem) -> list[tuple[bool, int]]:
    """Students (True) and professionals (False) with a bookable cell read with low confidence."""
    found = []
    for student, cells in ((True, problem.student_open), (False, problem.professional_open)):
        found += [(student, int(k)) for k in np.flatnonzero((cells == Certainty.LOW_CONFIDENCE).any(axis=1))]
    return found


def _cells(problem: Problem, student: bool, k: int) -> Bools:
    """T: the doubtful cells of a person, bookable or not."""
    free = problem.student_free if student else problem.professional_free
    return np.asarray(free[k] == Certainty.LOW_CONFIDENCE)


def _at_stake(prepared: Prepared, student: bool, k: int) -> int:
    """How many sessions fewer there are without the person's doubtful times."""
    coverage, cells = Coverage.of(prepared.tables, prepared.chosen), _cells(prepared.problem, student, k)
    if student:
        coverage.open[k, cells] = False
        coverage.holder[(coverage.holder == k) & cells] = NOBODY
    else:
        coverage.slots[k, cells] = False
        coverage.holder[k, cells] = NOBODY
    dropped = len(prepared.chosen.i) - int(coverage.used.sum())
    return dropped - coverage.fill()


def _settled(prepared: Prepared, student: bool, k: int) -> Doubt:
    problem = prepared.problem
    name = (problem.students if student else problem.professionals)[k]
    cells = _cells(problem, student, k)
    windows = spans(problem.grid, cells & problem.bookable)
    try:
        with_them = solve(_read_as(problem, student, k, cells, Certainty.CERTAIN), prepared.policy).plan
        without = solve(_read_as(problem, student, k, cells, 0), prepared.policy).plan
    except ContradictionError:
        return Doubt(name, student, windows, None)
    return Doubt(name, student, windows, difference(with_them, without, frozenset(problem.students)))


def _read_as(problem: Problem, student: bool, k: int, cells: Bools, certainty: int) -> Problem:
    free = np.array(problem.student_free if student else problem.professional_free)
    free[k, cells] = certainty
    return replace(problem, student_free=free) if student else replace(problem, professional_free=free)
