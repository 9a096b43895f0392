"""For everyone without a session the one stage that removed the last candidate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.plan import Stage, Unmatched
from optimizer.domain.starts import starts_of
from optimizer.domain.time import Interval, intersect
from optimizer.shortage import Shortages
from optimizer.tables import Chosen, Tables

Ints = NDArray[np.int64]
LISTED_WORK = 200_000_000
"""Shortages are listed in the plan while students left out x students x slots stays below; else ask for one."""


def unmatched(tables: Tables, chosen: Chosen) -> tuple[Unmatched, ...]:
    """The students without a session, in the problem's order; rivals are only known where the night is a flow."""
    problem = tables.problem
    left_out = np.ones(len(problem.students), dtype=bool)
    left_out[chosen.i] = False
    shortages = Shortages(tables, chosen) if problem.flow_case else None
    listed = shortages is not None and shortages.size * int(left_out.sum()) <= LISTED_WORK
    found = []
    for i in np.flatnonzero(left_out).tolist():
        stage, waiting = stage_of(tables, i), int(problem.waiting_days[i])
        if stage is Stage.LOST and shortages is not None and listed:
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
    if not _fits(tables, student, hosts):
        common = (problem.student_free[student] > 0) & (problem.professional_free[hosts] > 0)
        return Stage.OFF_GRID if common.any() or _share_a_minute(tables, windows, hosts) else Stage.NO_COMMON_TIME
    return Stage.LOST if _usable(tables, student, hosts) else Stage.ALL_FULL


def _fits(tables: Tables, student: int, hosts: Ints) -> bool:
    """Some session fits into what the two offered and the program allows, whatever is taken by now."""
    problem = tables.problem
    mine = np.where(problem.bookable, problem.student_free[[student]], 0).astype(np.uint8)
    theirs = np.where(problem.bookable, problem.professional_free[hosts], 0).astype(np.uint8)
    return any(
        bool(((starts_of(mine, cells) > 0) & (starts_of(theirs[rows], cells) > 0)).any())
        for cells in problem.lengths
        for rows in (problem.session_cells[hosts] == cells,)
    )


def _usable(tables: Tables, student: int, hosts: Ints) -> bool:
    """The student has a candidate."""
    problem = tables.problem
    mine = np.stack([problem.student_starts(cells)[student] > 0 for cells in problem.lengths])
    length = np.searchsorted(problem.lengths, problem.session_cells[hosts])
    return bool((tables.room.slots[hosts] & mine[length]).any())


def _share_a_minute(tables: Tables, windows: tuple[Interval, ...] | None, hosts: NDArray[np.int64]) -> bool:
    offered = tables.problem.professional_windows
    if not windows or offered is None:
        return False
    return any(intersect(windows, offered[j]) for j in hosts.tolist())
