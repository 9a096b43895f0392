"""Which parts of a night have nothing to do with each other, and which of them are flows.

Students and professionals are connected by candidates. Every tier is a sum over people and sessions, so the best
plan of a night is made of the best plans of its parts. Engine and checker both split a night by this function.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.tables import Tables

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
BLOCK = 1 << 24
"""Bytes of the temporary tables at most, about."""


@dataclass(frozen=True, eq=False)
class Part:
    """`students` (S) and `professionals` (P) as masks. `is_flow`: one session each, no starts that shut others out."""

    students: Bools
    professionals: Bools
    is_flow: bool


def parts(tables: Tables) -> tuple[Part, ...]:
    """First one part for all that is a flow, with everybody without a candidate, maybe empty; then other components.

    Components come in the order of their first student.
    """
    problem = tables.problem
    everyone = Part(np.ones(len(problem.students), bool), np.ones(len(problem.professionals), bool), True)
    if problem.flow_case:
        return (everyone,)
    of_student, of_host = _labels(possible_pairs(tables))
    knotted = np.union1d(of_student[problem.demand > 1], of_host[problem.conflicting])
    knotted = knotted[np.isin(knotted, of_student) & np.isin(knotted, of_host)]
    smooth = Part(~np.isin(of_student, knotted), ~np.isin(of_host, knotted), True)
    others = [Part(of_student == label, of_host == label, False) for label in knotted.tolist()]
    return (smooth, *others)


def possible_pairs(tables: Tables) -> Bools:
    """S x P: pairs with a candidate."""
    problem, slots = tables.problem, tables.room.slots
    found = np.zeros(tables.levels.shape, dtype=bool)
    for cells in problem.lengths:
        hosts = np.flatnonzero(problem.session_cells == cells)
        mine, theirs = (problem.student_starts(cells) > 0).astype(np.float32), slots[hosts].astype(np.float32)
        step = max(1, BLOCK // max(1, 4 * len(hosts)))
        for low in range(0, len(mine), step):
            found[low : low + step, hosts] = (mine[low : low + step] @ theirs.T) > 0
    return found & (tables.levels > 0)


def _labels(pairs: Bools) -> tuple[Ints, Ints]:
    """Component labels of rows and columns: the smallest row of each component; columns alone get own labels."""
    s, p = pairs.shape
    label = np.arange(s)
    while True:
        host = np.min(np.where(pairs, label[:, None], s), axis=0, initial=s)
        again = np.minimum(label, np.min(np.where(pairs, host[None, :], s), axis=1, initial=s))
        if (again == label).all():
            return label, np.where(host == s, s + np.arange(p), host)
        label = again
