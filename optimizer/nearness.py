"""Near misses: two people who share no time, but nearly. Kept for suggestions, never booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.problem import Problem

NEAR_MINUTES = 60


@dataclass(frozen=True)
class NearMiss:
    """An eligible professional without a common cell: both could start, `gap_minutes` apart (the closest such pair)."""

    professional: str
    student_start: datetime
    professional_start: datetime
    gap_minutes: int


def near_misses(problem: Problem, student: int, within: int = NEAR_MINUTES) -> tuple[NearMiss, ...]:
    """Those whose closest bookable starts lie at most `within` minutes apart, the nearest first, then by id.

    Whoever shares a cell with the student is a candidate, not a near miss. O(P x T) for one student.
    """
    mine = np.flatnonzero(problem.student_open[student])
    found = []
    for j in np.flatnonzero(_worth_a_look(problem, student, within // problem.grid.cell_minutes)).tolist():
        one, other = _closest(mine, np.flatnonzero(problem.professional_open[j]))
        gap, starts = abs(one - other) * problem.grid.cell_minutes, problem.grid.starts
        found.append(NearMiss(problem.professionals[j], starts[one], starts[other], gap))
    return tuple(sorted(found, key=lambda miss: (miss.gap_minutes, miss.professional)))


def _worth_a_look(problem: Problem, student: int, cells: int) -> NDArray[np.bool_]:
    """P: eligible professionals open in a cell at most `cells` away from one of the student's, but in none of them."""
    mine = problem.student_open[student] > 0
    edges = np.concatenate([[0], np.cumsum(mine)])
    place = np.arange(len(mine))
    around = edges[np.minimum(place + cells + 1, len(mine))] > edges[np.maximum(place - cells, 0)]
    theirs = problem.professional_open > 0
    eligible: NDArray[np.bool_] = problem.eligible(slice(student, student + 1))[0]
    near: NDArray[np.bool_] = eligible & (theirs & around).any(axis=1) & ~(theirs & mine).any(axis=1)
    return near


def _closest(mine: NDArray[np.int64], theirs: NDArray[np.int64]) -> tuple[int, int]:
    """The pair of cells that lie closest, the earliest such pair. Both sides ascend, neither is empty."""
    after = np.searchsorted(theirs, mine).clip(0, len(theirs) - 1)
    before = (after - 1).clip(0)
    nearer = np.where(np.abs(theirs[before] - mine) <= np.abs(theirs[after] - mine), theirs[before], theirs[after])
    best = int(np.abs(nearer - mine).argmin())
    return int(mine[best]), int(nearer[best])
