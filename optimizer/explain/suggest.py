"""Whom a student could meet: every professional with common time, and what booking them would do to the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.grid import SlotGrid
from optimizer.domain.time import Certainty, Interval
from optimizer.explain.prepared import Prepared
from optimizer.nearness import near_misses
from optimizer.tables import Chosen

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Effect(StrEnum):
    """What a booking would do to tonight's plan, from harmless to impossible."""

    PLANNED = "planned"
    """It is the session the plan holds."""
    FREE = "free"
    """Nobody has to make way."""
    UNSETTLED = "not settled"
    """Somebody would have to make way, and whether everyone could keep a session is not settled (beyond flows)."""
    MOVES = "moves"
    """Somebody has to make way, but everyone with a session can keep one."""
    COSTS = "costs"
    """One student with a session would have none."""
    NEAR = "near"
    """No common time, but starts within an hour of each other: only if somebody shifts."""
    CLOSED = "closed"
    """Common time, but already booked sessions or commitments leave no way."""


_RANK = tuple(Effect)


@dataclass(frozen=True)
class Suggestion:
    """A professional for a student. `windows`: all common bookable time; `open_windows`: the starts in it at which
    nobody has to make way.

    `start` is the best start for the plan: the mildest effect, then the surest, then the earliest (for NEAR the
    professional's, None for CLOSED). `displaces`: students one of whom would have to make way at `start`. `load`
    counts the plan's and kept sessions, `room` how many more the professional could take beside them. A NEAR one has
    `gap_minutes` between the student's possible `student_start` and `start`.
    """

    professional: str
    effect: Effect
    start: datetime | None
    certainty: Certainty | None
    windows: tuple[Interval, ...]
    open_windows: tuple[Interval, ...]
    shared_minutes: int
    quality: int
    parts: tuple[tuple[str, int], ...]
    load: int
    room: int
    displaces: tuple[str, ...] = ()
    gap_minutes: int = 0
    student_start: datetime | None = None


def suggest(prepared: Prepared, student: str, most: int | None = None) -> tuple[Suggestion, ...]:
    """Eligible professionals with common time or a near miss, the best first; all of them or the first `most`.

    Ordered by effect, quality, certainty of the start, shared time, load and id. Raises `KeyError` for an unknown
    student. Exact in its effects by the residual graph (see `residual.py`); on other nights `UNSETTLED` where that
    graph would be needed.
    """
    i = prepared.student(student)
    problem = prepared.problem
    hosts = np.flatnonzero(prepared.tables.levels[i])
    common = (problem.professional_open[hosts] > 0) & (problem.student_open[i] > 0)
    hosts, common = hosts[common.any(axis=1)], common[common.any(axis=1)]
    kind = Options if prepared.by_flow else BeyondFlows
    found = kind(prepared, i, hosts, common).ranked(most)
    near = _near(prepared, i)
    ranked = sorted((*found, *near), key=lambda one: _RANK.index(one.effect))
    return tuple(ranked[:most])


class Options:
    """The professionals `hosts` and their `common` cells (hosts x T) with one student."""

    def __init__(self, prepared: Prepared, i: int, hosts: Ints, common: Bools) -> None:
        self._prepared, self._i, self._hosts, self._common = prepared, i, hosts, common
        self._open = self._free()
        self._effect = self._effects()
        self._students = np.full(len(hosts), i)

    def _candidates(self) -> Bools:
        """hosts x T: where a session can start, both being free as long as it lasts."""
        candidates: Bools = self._starts() & (self._prepared.residual.slot_node[self._hosts] >= 0)
        return candidates

    def _starts(self) -> Bools:
        """hosts x T: starts at which the student is free as long as the professional's sessions last."""
        problem, hosts = self._prepared.problem, self._hosts
        starts = np.zeros(self._common.shape, dtype=bool)
        for cells in problem.lengths:
            starts[problem.session_cells[hosts] == cells] = problem.student_starts(int(cells))[self._i] > 0
        return starts

    def _free(self) -> Bools:
        """hosts x T: starts at which nobody has to make way."""
        free: Bools = self._prepared.open_for(self._i)[self._hosts] & self._candidates()
        return free

    def _effects(self) -> NDArray[np.int8]:
        """hosts x T: ranks of `Effect` for each common cell; beyond all ranks elsewhere."""
        residual = self._prepared.residual
        candidates, nodes = self._candidates(), residual.slot_node[self._hosts]
        possible = candidates & residual.possible_for(self._i)[nodes] if residual.base else candidates
        kept = possible & residual.with_room_without(self._i)[nodes]
        effect = np.full(self._common.shape, len(_RANK), dtype=np.int8)
        layers = (
            (self._common, Effect.CLOSED),
            (possible, Effect.COSTS),
            (kept, Effect.MOVES),
            (kept & self._open, Effect.FREE),
        )
        for where, what in layers:
            effect[where] = _RANK.index(what)
        return self._with_planned(effect)

    def _with_planned(self, effect: NDArray[np.int8]) -> NDArray[np.int8]:
        prepared = self._prepared
        for session in prepared.sessions_of.get(prepared.problem.students[self._i], ()):
            row = np.flatnonzero(self._hosts == prepared.professional_index[session.professional])
            effect[row, prepared.problem.grid.cell_of(session.start)] = _RANK.index(Effect.PLANNED)
        return effect

    def ranked(self, most: int | None) -> list[Suggestion]:
        prepared, hosts = self._prepared, self._hosts
        if not len(hosts):
            return []
        sure = prepared.tables.certainty(
            Chosen(*np.broadcast_arrays(self._i, hosts[:, None], np.arange(self._common.shape[1])))
        )
        best = (self._effect.astype(np.int64) * 4 - sure).argmin(axis=1)
        rows = np.arange(len(hosts))
        levels = prepared.tables.levels[self._i, hosts].astype(np.int64)
        shared = self._common.sum(axis=1)
        load = prepared.loads[hosts]
        names = np.array([prepared.problem.professionals[j] for j in hosts.tolist()])
        order = np.lexsort((names, load, -shared, -sure[rows, best], -levels, self._effect[rows, best]))[:most]
        parts = prepared.tables.quality.parts(self._students[order], hosts[order])
        return [self._one(int(row), int(best[row]), parts[n]) for n, row in enumerate(order.tolist())]

    def _one(self, row: int, t: int, parts: tuple[tuple[str, int], ...]) -> Suggestion:
        prepared, grid, j = self._prepared, self._prepared.problem.grid, int(self._hosts[row])
        effect = _RANK[self._effect[row, t]]
        makes_way: Ints = np.zeros(0, dtype=np.int64)
        if effect in (Effect.MOVES, Effect.COSTS):
            makes_way = prepared.in_the_way(j, t)
        sure = int(prepared.tables.certainty(Chosen(*(np.array([index]) for index in (self._i, j, t))))[0])
        closed = effect is Effect.CLOSED
        return Suggestion(
            professional=prepared.problem.professionals[j],
            effect=effect,
            start=None if closed else grid.starts[t],
            certainty=None if closed else Certainty(sure),
            windows=spans(grid, self._common[row]),
            open_windows=spans(grid, self._open[row]),
            shared_minutes=int(self._common[row].sum()) * grid.cell_minutes,
            quality=int(prepared.tables.levels[self._i, j]),
            parts=parts,
            load=int(prepared.loads[j]),
            room=int(prepared.room_left[j]),
            displaces=tuple(prepared.problem.students[i] for i in makes_way.tolist() if i != self._i),
        )


class BeyondFlows(Options):
    """Where no residual graph says who else could move: free starts are exact, everything else is not settled."""

    def _candidates(self) -> Bools:
        candidates: Bools = self._starts() & self._prepared.tables.room.slots[self._hosts]
        return candidates

    def _free(self) -> Bools:
        """Beside the sessions of all others, and the student's own unless they have as many as they ask for."""
        prepared, chosen, hosts = self._prepared, self._prepared.chosen, self._hosts
        mine = chosen.i == self._i
        keeps = not mine.any() or mine.sum() < prepared.problem.demand[self._i]
        staying = chosen if keeps else Chosen(*(index[~mine] for index in chosen))
        free: Bools = prepared.beside(staying).slots[hosts] & self._candidates()
        for j, t in zip(chosen.j[mine].tolist(), chosen.t[mine].tolist(), strict=True):
            if keeps:
                free &= ~self._beside_own(j, t)
            elif self._at_its_minimum(j):
                free &= (hosts == j)[:, None]  # somebody would have to come in the student's place
        return free

    def _at_its_minimum(self, j: int) -> bool:
        problem = self._prepared.problem
        return bool(problem.minimum_is_hard[j] and self._prepared.loads[j] <= problem.minimum_load[j])

    def _beside_own(self, j: int, t: int) -> Bools:
        """hosts x T: starts that the student's session with j at t shuts out."""
        problem, cells = self._prepared.problem, np.arange(self._common.shape[1])
        length = problem.session_cells[self._hosts][:, None]
        shut: Bools = (cells < t + int(problem.session_cells[j])) & (cells + length > t)
        if not problem.repeats_allowed:
            shut |= (self._hosts == j)[:, None]
        return shut

    def _effects(self) -> NDArray[np.int8]:
        effect = np.full(self._common.shape, len(_RANK), dtype=np.int8)
        layers = ((self._common, Effect.CLOSED), (self._candidates(), Effect.UNSETTLED), (self._open, Effect.FREE))
        for where, what in layers:
            effect[where] = _RANK.index(what)
        return self._with_planned(effect)


def _near(prepared: Prepared, i: int) -> list[Suggestion]:
    """Near misses, those with a professional who has room left first, then the closest."""
    found = []
    for miss in near_misses(prepared.problem, i):
        j = prepared.professional_index[miss.professional]
        found.append(
            Suggestion(
                professional=miss.professional,
                effect=Effect.NEAR,
                start=miss.professional_start,
                certainty=None,
                windows=(),
                open_windows=(),
                shared_minutes=0,
                quality=int(prepared.tables.levels[i, j]),
                parts=prepared.tables.quality.parts(np.array([i]), np.array([j]))[0],
                load=int(prepared.loads[j]),
                room=int(prepared.room_left[j]),
                gap_minutes=miss.gap_minutes,
                student_start=miss.student_start,
            )
        )
    return sorted(found, key=lambda one: (not one.room, one.gap_minutes, -one.quality, one.professional))


def spans(grid: SlotGrid, cells: Bools) -> tuple[Interval, ...]:
    """The marked cells as sorted, merged intervals."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], cells.astype(np.int8), [0]])))
    width = timedelta(minutes=grid.cell_minutes)
    ends = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple(Interval(grid.starts[low], grid.starts[high - 1] + width) for low, high in ends)
