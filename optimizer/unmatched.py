"""For everyone without a session the one stage that removed the last candidate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.plan import Stage, Unmatched
from optimizer.domain.time import Interval, intersect
from optimizer.shortage import Shortages
from optimizer.tables import Chosen, Tables

LISTED_WORK = 200_000_000
"""Shortages are listed in the plan while students left out x students x slots stays below; else ask for one."""


def unmatched(tables: Tables, chosen: Chosen) -> tuple[Unmatched, ...]:
    """The students without a session, in the problem's order."""
    problem = tables.problem
    left_out = np.ones(len(problem.students), dtype=bool)
    left_out[chosen.i] = False
    shortages = Shortages(tables, chosen)
    listed = shortages.size * int(left_out.sum()) <= LISTED_WORK
    found = []
    for i in np.flatnonzero(left_out).tolist():
        stage, waiting = stage_of(tables, i), int(problem.waiting_days[i])
        if stage is Stage.LOST and listed:
            found.append(_lost(tables, shortages, i, waiting))
        else:
            found.append(Unmatched(problem.students[i], stage, waiting))
    return tuple(found)


def _lost(tables: Tables, shortages: Shortages, student: int, waiting: int) -> Unmatched:
    problem, shortage = tables.problem, shortages.of(student)
    rivals = tuple(problem.students[i] for i in shortage.rivals)
    hosts = tuple(problem.professionals[j] for j in shortage.hosts)
    return Unmatched(problem.students[student], Stage.LOST, waiting, rivals, hosts, shortage.places)


def stage_of(tables: Tables, student: int) -> Stage:
    """The first stage after which the student has no candidate left; `LOST` if candidates are left to the end."""
    problem = tables.problem
    windows = None if problem.student_windows is None else problem.student_windows[student]
    if not problem.student_free[student].any() and not windows:
        return Stage.NO_USABLE_ANSWER
    hosts = np.flatnonzero(tables.levels[student])
    if not len(hosts):
        return Stage.NOBODY_ELIGIBLE
    common = (problem.student_free[student] > 0) & (problem.professional_free[hosts] > 0)
    if not (common & problem.bookable).any():
        return Stage.OFF_GRID if common.any() or _share_a_minute(tables, windows, hosts) else Stage.NO_COMMON_TIME
    usable = tables.room.slots[hosts] & (problem.student_open[student] > 0)
    return Stage.LOST if usable.any() else Stage.ALL_FULL


def _share_a_minute(tables: Tables, windows: tuple[Interval, ...] | None, hosts: NDArray[np.int64]) -> bool:
    offered = tables.problem.professional_windows
    if not windows or offered is None:
        return False
    return any(intersect(windows, offered[j]) for j in hosts.tolist())
