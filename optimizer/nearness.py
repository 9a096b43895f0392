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
    eligible = problem.eligible(slice(student, student + 1))[0]
    found = []
    for j in np.flatnonzero(eligible).tolist():
        theirs = np.flatnonzero(problem.professional_open[j])
        pair = _closest(mine, theirs)
        if pair is None or pair[0] == pair[1]:
            continue
        gap = abs(pair[0] - pair[1]) * problem.grid.cell_minutes
        if gap <= within:
            starts = problem.grid.starts
            found.append(NearMiss(problem.professionals[j], starts[pair[0]], starts[pair[1]], gap))
    return tuple(sorted(found, key=lambda miss: (miss.gap_minutes, miss.professional)))


def _closest(mine: NDArray[np.int64], theirs: NDArray[np.int64]) -> tuple[int, int] | None:
    """The pair of cells that lie closest, the earliest such pair; None when a side is empty. Both sides ascend."""
    if not len(mine) or not len(theirs):
        return None
    after = np.searchsorted(theirs, mine).clip(0, len(theirs) - 1)
    before = (after - 1).clip(0)
    nearer = np.where(np.abs(theirs[before] - mine) <= np.abs(theirs[after] - mine), theirs[before], theirs[after])
    best = int(np.abs(nearer - mine).argmin())
    return int(mine[best]), int(nearer[best])
