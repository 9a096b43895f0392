"""The tiers of a part one after the other: bound by the relaxation, plan by rounding or CP-SAT, then on to the face."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.packing.program import Program, program_of
from optimizer.packing.relaxation import Dual, Face, Level, Relaxation, Relaxed, dual_of, face_after
from optimizer.packing.search import best_point
from optimizer.progress import Listener, Progress, Stop
from optimizer.relaxed_witness import SCALE_BITS, Multipliers
from optimizer.tables import Chosen, Tables, Tier

Ints = NDArray[np.int64]
START_PER_STUDENT, START_PER_SLOT = 6, 3
"""Columns to begin with."""
MOST_SEARCHED = 60_000
"""Candidates that one search by CP-SAT looks at, at most."""
WHOLE = 1e-6
NEAR, FAR = 2.0, 10.0
"""Deterministic time for a search near the relaxation's plan, and for one over everything."""


@dataclass(frozen=True, eq=False)
class Settled:
    """A tier of the part: value, multipliers that bound it, earlier tiers they speak of, whether the search ended."""

    value: int
    dual: Dual
    levels: tuple[int, ...]
    exhausted: bool
    left_choice: bool

    @property
    def bound(self) -> int:
        return self.dual.bound


@dataclass(frozen=True, eq=False)
class PackingResult:
    """The plan of the part, tier by tier how sure it is, and the multipliers that say so."""

    chosen: Chosen
    tiers: tuple[Settled, ...]
    multipliers: Multipliers
    rounds: int
    columns: int


def solve_packing(tables: Tables, listener: Listener | None = None, stop: Stop | None = None) -> PackingResult:
    """The best plan of a part of the night, tier by tier. Once `stop()` is true the tiers left take what they have."""
    return _Engine(tables, listener, stop).run()


def settle_first(tables: Tables) -> Settled:
    """The first tier alone."""
    return _Engine(tables, None, None).settle(0)


class _Engine:
    def __init__(self, tables: Tables, listener: Listener | None, stop: Stop | None) -> None:
        self._tables, self._tell, self._stop = tables, listener, stop
        self._program = program = program_of(tables)
        self._relaxation = Relaxation(program, _first_columns(program))
        self._face = Face(
            np.zeros(program.variables, dtype=np.int8),
            np.ones(program.variables, dtype=np.int8),
            np.zeros(len(program.limit), dtype=bool),
        )
        self._point = program.point(np.zeros(0, dtype=np.int64))

    def run(self) -> PackingResult:
        settled = tuple(self.settle(number) for number in range(len(self._tables.tiers)))
        program = self._program
        chosen = np.flatnonzero(self._point[: program.first_missing])
        return PackingResult(
            Chosen(*(index[chosen] for index in program.candidates)),
            settled,
            _multipliers(program, settled),
            self._relaxation.rounds,
            self._relaxation.columns,
        )

    def settle(self, number: int) -> Settled:
        """Bounds the tier and finds a plan, then goes on to what is left to choose."""
        tier = self._tables.tiers[number]
        cost, levels = self._program.costs(tier), tuple(level.tier for level in self._face.levels)
        dual, exhausted = self._prove(cost)
        value = self._value(cost)
        self._face = face_after(self._program, self._face, Level(number, cost, value), dual)
        self._report(tier, value, dual.bound)
        free = self._face.free[: self._program.first_missing]
        return Settled(value, dual, levels, exhausted, bool(free.any()))

    def _prove(self, cost: Ints) -> tuple[Dual, bool]:
        """Multipliers, and whether the plan now held is the best there is."""
        zeros = dual_of(
            self._program, self._face, cost, np.zeros(len(self._program.limit)), np.zeros(len(self._face.levels))
        )
        if zeros.bound >= self._value(cost) or self._stopped():
            return zeros, zeros.bound >= self._value(cost)
        relaxed, dual = self._relaxation.solve(self._face, cost)
        self._round(relaxed, cost)
        if dual.bound >= self._value(cost):
            return dual, True
        return dual, self._search(cost, relaxed, dual)

    def _round(self, relaxed: Relaxed, cost: Ints) -> None:
        """Takes the relaxation's plan if it is a whole one."""
        sessions = relaxed.value[: self._program.first_missing]
        if np.abs(sessions - np.rint(sessions)).max(initial=0) < WHOLE:
            self._take(self._program.point(np.flatnonzero(sessions > 0.5)), cost)

    def _take(self, point: NDArray[np.int8], cost: Ints) -> None:
        """A plan of the face becomes the one held if it is better in this tier."""
        tidy = self._program.point(np.flatnonzero(point[: self._program.first_missing]))
        if int(cost @ tidy.astype(np.int64)) < self._value(cost):
            self._point = tidy

    def _search(self, cost: Ints, relaxed: Relaxed, dual: Dual) -> bool:
        """CP-SAT: near the relaxation's plan first, then over all that a better plan could use. True if exhaustive."""
        reachable = self._worth(dual, dual.bound + 1)
        for settled in (self._whole(relaxed), self._whole(relaxed) & self._undisturbed(relaxed)):
            self._best(reachable, cost, (dual.bound, dual.bound), settled, NEAR)
            if self._value(cost) == dual.bound:
                return True
        self._best(reachable, cost, (dual.bound, self._value(cost) - 1), settled, NEAR)
        some = self._worth(dual, self._value(cost))
        if int(some[: self._program.first_missing].sum()) > MOST_SEARCHED or self._stopped():
            return False
        nothing = np.zeros_like(some)
        return self._best(some, cost, (dual.bound, self._value(cost) - 1), nothing, FAR) or (
            self._value(cost) == dual.bound
        )

    def _whole(self, relaxed: Relaxed) -> NDArray[np.bool_]:
        """Candidates that the relaxation takes in full."""
        whole = relaxed.value > 1 - WHOLE
        whole[self._program.first_missing :] = False
        return whole

    def _undisturbed(self, relaxed: Relaxed) -> NDArray[np.bool_]:
        """Candidates whose professional has no fraction of a session in the relaxation."""
        sessions = relaxed.value[: self._program.first_missing]
        split = np.abs(sessions - np.rint(sessions)) > WHOLE
        hosts = np.zeros(len(self._tables.problem.professionals), dtype=bool)
        hosts[self._program.candidates.j[split]] = True
        rest = np.zeros(self._program.variables - self._program.first_missing, dtype=bool)
        return np.concatenate([~hosts[self._program.candidates.j], rest])

    def _worth(self, dual: Dual, value: int) -> NDArray[np.bool_]:
        """Variables that a plan cheaper than `value` could use."""
        room = ((value - 1) << SCALE_BITS) - dual.scaled_bound
        return dual.reduced <= room

    def _best(
        self, some: NDArray[np.bool_], cost: Ints, within: tuple[int, int], settled: NDArray[np.bool_], effort: float
    ) -> bool:
        """Looks for a plan with all that is `settled`; True when the search came to its end."""
        if within[0] > within[1] or self._stopped():
            return False
        some = some | settled
        some[self._program.first_missing :] = True
        face = replace(self._face, lower=np.where(settled, self._face.upper, self._face.lower).astype(np.int8))
        found = best_point(self._program, face, cost, np.flatnonzero(some), within, self._point, effort, self._stop)
        if found.point is not None:
            self._take(found.point, cost)
            self._relaxation.take(np.flatnonzero(found.point))
        return found.finished

    def _value(self, cost: Ints) -> int:
        return int(cost @ self._point.astype(np.int64))

    def _stopped(self) -> bool:
        return self._stop is not None and self._stop()

    def _report(self, tier: Tier, value: int, bound: int) -> None:
        if self._tell:
            self._tell(Progress("packing", tier.name, self._relaxation.rounds, value, bound, self._relaxation.columns))


def _multipliers(program: Program, settled: tuple[Settled, ...]) -> Multipliers:
    """What a checker needs: all multipliers that are not 0."""
    names = np.column_stack([program.kind, program.key])
    rows, levels = [np.zeros((0, 4), dtype=np.int64)], [np.zeros((0, 2), dtype=np.int64)]
    of_rows, of_levels = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for number, tier in enumerate(settled):
        used = np.flatnonzero(tier.dual.rows)
        rows.append(np.column_stack([np.full(len(used), number), names[used]]))
        of_rows.append(tier.dual.rows[used])
        spoken = np.flatnonzero(tier.dual.levels)
        levels.append(np.column_stack([np.full(len(spoken), number), np.array(tier.levels, dtype=np.int64)[spoken]]))
        of_levels.append(tier.dual.levels[spoken])
    return Multipliers(*(np.concatenate(one) for one in (rows, of_rows, levels, of_levels)))


def _first_columns(program: Program) -> Ints:
    """Some candidates of each student and of each professional's cell, spread evenly."""
    i, j, t = program.candidates
    slot = j * (int(t.max(initial=0)) + 1) + t
    spread = (slot * 40503 + i * 30011) * 0x9E3779B1 >> 12 & 0xFFFF
    order = np.argsort(spread, kind="stable")
    first = np.zeros(len(i), dtype=bool)
    for group, few in ((i, START_PER_STUDENT), (slot, START_PER_SLOT)):
        ranked = order[np.argsort(group[order], kind="stable")]
        begins = np.searchsorted(group[ranked], group[ranked], side="left")
        first[ranked[np.arange(len(ranked)) - begins < few]] = True
    return np.flatnonzero(first)
