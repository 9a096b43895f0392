"""What a student without a session could change alone to get one, everyone else keeping theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.pairs import Requirement
from optimizer.domain.time import Interval
from optimizer.explain.prepared import Prepared
from optimizer.explain.suggest import spans

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
ANY_TAG = -1
"""Stands for asking nothing at all under a requirement."""


@dataclass(frozen=True)
class MoreTime:
    """Free at any one whole cell inside `window` as well: a session with one of `professionals`.

    `apart_minutes`: how far the window is from the nearest time offered already, None when nothing was offered.
    `others_move`: somebody else would get another time or professional; nobody would lose a session.
    """

    window: Interval
    professionals: tuple[str, ...]
    apart_minutes: int | None
    others_move: bool


@dataclass(frozen=True)
class MoreTags:
    """Naming tag `tag` (a bit number) under `requirement` as well, or asking nothing there (`ANY_TAG`)."""

    requirement: str
    tag: int
    professionals: tuple[str, ...]
    others_move: bool


OwnChange = MoreTime | MoreTags


def own_changes(prepared: Prepared, i: int) -> tuple[OwnChange, ...]:
    """Every single change that gives student i (without a session) one: times the closest first, then tags.

    Exact: a candidate added to a student left out gives a session iff its slot reaches a spare place in the coverage
    network (`Residual.with_room`); each such plan has one session more, and everyone keeps one.
    """
    return (*_more_time(prepared, i), *_more_tags(prepared, i))


def _wins(prepared: Prepared) -> Bools:
    """P x T: slots in which one more student could be served."""
    nodes = prepared.residual.slot_node
    return (nodes >= 0) & prepared.residual.with_room[nodes]


def _more_time(prepared: Prepared, i: int) -> list[MoreTime]:
    problem = prepared.problem
    hosts = np.flatnonzero(prepared.tables.levels[i])
    own = problem.student_open[i] > 0
    wins = _wins(prepared)[hosts] & ~own
    direct = (wins & prepared.open_for(i)[hosts]).any(axis=0)
    found = []
    for cells, moves in ((direct, False), (wins.any(axis=0) & ~direct, True)):
        for window in spans(problem.grid, cells):
            inside = problem.grid.touched(window.start, window.end)
            meets = wins[:, inside] & prepared.open_for(i)[hosts][:, inside] if not moves else wins[:, inside]
            names = tuple(problem.professionals[j] for j in hosts[meets.any(axis=1)].tolist())
            found.append(MoreTime(window, names, _apart(prepared, own, inside), moves))
    return sorted(found, key=lambda one: (one.others_move, one.apart_minutes or 0, one.window))


def _apart(prepared: Prepared, own: Bools, inside: slice) -> int | None:
    """Minutes between the window and the nearest cell offered."""
    offered = np.flatnonzero(own)
    if not len(offered):
        return None
    gaps = np.maximum(inside.start - offered - 1, offered - inside.stop)
    return int(gaps.min()) * prepared.problem.grid.cell_minutes


def _more_tags(prepared: Prepared, i: int) -> Iterator[MoreTags]:
    for rule in prepared.problem.requirements:
        asked = int(rule.student_tags[i])
        if not asked:
            continue
        offered = int(np.bitwise_or.reduce(rule.professional_tags)) & ~asked
        bits = [bit for bit in range(64) if offered >> bit & 1]
        single = [change for bit in bits for change in _tag(prepared, i, rule, bit)]
        yield from single or _tag(prepared, i, rule, ANY_TAG)


def _tag(prepared: Prepared, i: int, rule: Requirement, bit: int) -> Iterator[MoreTags]:
    """The change, if it gives a session."""
    problem = prepared.problem
    meets = np.ones(len(problem.professionals), dtype=bool)
    if bit != ANY_TAG:
        meets = (rule.professional_tags >> np.uint64(bit) & np.uint64(1)).astype(bool)
    for other in problem.requirements:
        if other is not rule:
            meets &= other.eligible(slice(i, i + 1))[0]
    meets[[j for s, j in sorted(problem.forbidden) if s == i]] = False
    hosts = np.flatnonzero(meets & (prepared.tables.levels[i] == 0))
    wins = _wins(prepared)[hosts] & (problem.student_open[i] > 0)
    if wins.any():
        direct = (wins & prepared.open_for(i)[hosts]).any(axis=1)
        chosen = direct if direct.any() else wins.any(axis=1)
        names = tuple(problem.professionals[j] for j in hosts[chosen].tolist())
        yield MoreTags(rule.name, bit, names, not direct.any())
