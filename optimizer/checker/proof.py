"""Does the witness prove the plan best, tier by tier? Reduced costs, nothing else.

Every arc of the full network gets one reduced cost per tier: cost + d[from] - d[to]. If its first non-zero one is
positive the arc must be unused, if negative it must be full; with that holding everywhere no plan is better in the
first tier in which it differs (complementary slackness, tier by tier on the optimal face). Whatever potentials pass
prove the plan optimal; none pass with a worse plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.problem import Problem
from optimizer.tables import Chosen, Tables
from optimizer.witness import Witness

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
LARGEST = 1 << 60
"""Potentials beyond this could overflow when they are added up."""
BLOCK = 1 << 20


def witness_fits(tables: Tables, witness: Witness) -> Iterator[str]:
    """The witness has one potential per tier and node, of a size that can be added without overflow."""
    problem, tiers = tables.problem, len(tables.tiers)
    shapes = (
        ("students", (tiers, len(problem.students))),
        ("professionals", (tiers, len(problem.professionals))),
        ("weeks", (tiers, len(witness.week_keys))),
        ("days", (tiers, len(witness.day_keys))),
        ("slots", (tiers, len(witness.slot_keys))),
        ("week_keys", (len(witness.week_keys), 2)),
        ("day_keys", (len(witness.day_keys), 2)),
        ("slot_keys", (len(witness.slot_keys), 2)),
    )
    if not 0 <= witness.settled <= tiers:
        yield f"the witness is said to prove {witness.settled} of {tiers} tiers"
    for name, shape in shapes:
        array = getattr(witness, name)
        if array.shape != shape:
            yield f"the witness's {name} are {array.shape}, not {shape}"
        elif array.size and (array.max() > LARGEST or array.min() < -LARGEST):
            yield f"the witness's {name} hold a number too large to be added exactly"


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs of one kind: reduced costs (tiers x arcs), flow and capacity (arcs)."""

    reduced: Ints
    flow: Ints
    capacity: Ints

    @property
    def wrong(self) -> Bools:
        """Whose first non-zero reduced cost does not fit their flow."""
        sign = _first_sign(self.reduced)
        return ((sign > 0) & (self.flow > 0)) | ((sign < 0) & (self.flow < self.capacity))


class Proof:
    """One check of a plan that keeps the hard rules. `failures` says in words what does not hold.

    `which` are the tiers whose potentials are looked at.
    """

    def __init__(self, tables: Tables, chosen: Chosen, witness: Witness, which: range) -> None:
        self._tiers = [tables.tiers[tier] for tier in which]
        self._tables = tables
        self._problem = tables.problem
        self._chosen = chosen
        rows = slice(which.start, which.stop)
        self._students = witness.students[rows]
        self._professionals = witness.professionals[rows]
        self._lay_out()
        weeks, days, slots = witness.weeks[rows], witness.days[rows], witness.slots[rows]
        self._weeks = self._spread(self._professionals[:, :, None], self._week_ids, witness.week_keys, weeks)
        above_days = self._weeks[:, :, self._week_of_day]
        self._days = self._spread(above_days, self._day_ids, witness.day_keys, days)
        cells = np.arange(self._problem.grid.cells)
        self._slots = self._spread(self._days[:, :, self._day_of_cell], cells, witness.slot_keys, slots)

    def _lay_out(self) -> None:
        """Days, weeks, what is left of every capacity, and the slots that can be used at all."""
        grid, problem = self._problem.grid, self._problem
        self._day_ids, self._day_of_cell = np.unique(grid.day, return_inverse=True)
        self._week_ids, week_of_cell = np.unique(grid.week, return_inverse=True)
        self._week_of_day = np.searchsorted(self._week_ids, self._day_ids - (self._day_ids - 1) % 7)
        self._day_room, self._week_room = rooms(problem)
        usable = problem.professional_starts > 0
        usable &= (self._day_room > 0)[:, self._day_of_cell] & (self._week_room > 0)[:, week_of_cell]
        self._usable = usable & (problem.capacity_horizon > problem.kept_load)[:, None]

    @staticmethod
    def _spread(above: Ints, ids: Ints, keys: Ints, values: Ints) -> Ints:
        """Tiers x P x ids: the potential given for (professional, id), else that of the node above."""
        table = np.repeat(above, len(ids), axis=2) if above.shape[2] == 1 else above.copy()
        if len(keys) and len(ids):
            place = np.minimum(np.searchsorted(ids, keys[:, 1]), len(ids) - 1)
            known = (ids[place] == keys[:, 1]) & (keys[:, 0] >= 0) & (keys[:, 0] < table.shape[1])
            table[:, keys[known, 0], place[known]] = values[:, known]
        return table

    def failures(self) -> Iterator[str]:
        yield from self._home()
        yield from self._tree()
        yield from self._load()
        yield from self._used_candidates()
        yield from self._unused_candidates()

    def home(self) -> Arcs:
        """Student -> sink: in use for everyone left out."""
        costs = [_or_zeros(tier.unmatched, len(self._problem.students)) for tier in self._tiers]
        left_out = np.ones(len(self._problem.students), dtype=np.int64)
        left_out[self._chosen.i] = 0
        return Arcs(np.stack(costs) + self._students, left_out, np.ones_like(left_out))

    def tree(self) -> Iterator[tuple[str, Arcs]]:
        """Slot -> day -> week -> professional."""
        t_count, names = self._problem.grid.cells, self._problem.professionals
        slot_flow = np.zeros((len(names), t_count), dtype=np.int64)
        np.add.at(slot_flow, (self._chosen.j, self._chosen.t), 1)
        day_flow = np.zeros_like(self._day_room)
        np.add.at(day_flow, (self._chosen.j, self._day_of_cell[self._chosen.t]), 1)
        week_flow = np.zeros_like(self._week_room)
        np.add.at(week_flow, (self._chosen.j, self._week_of_day[self._day_of_cell[self._chosen.t]]), 1)
        slots, days = (
            self._slots - self._days[:, :, self._day_of_cell],
            self._days - self._weeks[:, :, self._week_of_day],
        )
        yield "slot", Arcs(slots, slot_flow, self._usable.astype(np.int64))
        yield "day", Arcs(days, day_flow, self._day_room)
        yield "week", Arcs(self._weeks - self._professionals[:, :, None], week_flow, self._week_room)

    def load(self) -> Arcs:
        """Professional -> sink: the units up to the load are in use."""
        owner = self._tables.unit_professional
        costs = np.stack([_or_zeros(tier.load, len(owner)) for tier in self._tiers])
        loads = np.bincount(self._chosen.j, minlength=len(self._problem.professionals)) + self._problem.kept_load
        used = (self._tables.unit_number <= loads[owner]).astype(np.int64)
        return Arcs(costs + self._professionals[:, owner], used, np.ones_like(used))

    def used(self) -> Arcs:
        """The sessions."""
        reduced = np.stack([self.reduced(tier, self._chosen) for tier in range(len(self._tiers))])
        ones = np.ones(len(self._chosen.i), dtype=np.int64)
        return Arcs(reduced, ones, ones)

    def unused(self, tier: int | None = None) -> Iterator[Chosen]:
        """All other candidates of the problem, found anew, block by block.

        With a tier in which candidates cost nothing, only those whose reduced cost there is not positive: then people
        decide, and looking at them before the pairs are listed is quick.
        """
        problem = self._problem
        taken = np.full(len(problem.students), -1, dtype=np.int64)
        taken[self._chosen.i] = self._chosen.j * problem.grid.cells + self._chosen.t
        for t, cells in product(range(problem.grid.cells), problem.lengths):
            hosts = np.flatnonzero(self._usable[:, t] & (problem.session_cells == cells))
            students = np.flatnonzero(problem.student_starts(cells)[:, t])
            step = max(1, BLOCK // max(1, len(hosts)))
            for low in range(0, len(students) if len(hosts) else 0, step):
                some = students[low : low + step]
                open_pairs = self._tables.levels[some[:, None], hosts] > 0
                open_pairs &= taken[some, None] != hosts * problem.grid.cells + t
                if tier is not None:
                    open_pairs &= self._students[tier, some, None] <= self._slots[tier, hosts, t]
                row, column = np.nonzero(open_pairs)
                yield Chosen(some[row], hosts[column], np.full(len(row), t))

    def reduced(self, tier: int, some: Chosen) -> Ints:
        """Reduced costs of candidates in one of the tiers."""
        ends: Ints = self._students[tier, some.i] - self._slots[tier, some.j, some.t]
        return self._tables.cost(self._tiers[tier], some) + ends

    def _home(self) -> Iterator[str]:
        home = self.home()
        for i in np.flatnonzero(home.wrong):
            yield f"leaving {self._problem.students[i]} {'out' if home.flow[i] else 'in'} is not proven best"

    def _tree(self) -> Iterator[str]:
        for what, arcs in self.tree():
            for j in np.unique(np.argwhere(arcs.wrong)[:, :1]):
                yield f"the use of a {what} of {self._problem.professionals[j]} is not proven best"

    def _load(self) -> Iterator[str]:
        for j in np.unique(self._tables.unit_professional[self.load().wrong]):
            yield f"the load of {self._problem.professionals[j]} is not proven best"

    def _used_candidates(self) -> Iterator[str]:
        """Sessions: the first non-zero reduced cost is negative, or none is."""
        for n in np.flatnonzero(self.used().wrong):
            yield f"the session of {self._problem.students[self._chosen.i[n]]} is not proven best"

    def _unused_candidates(self) -> Iterator[str]:
        """The first non-zero reduced cost is positive, or none is."""
        problem = self._problem
        for block in self.unused(None if self._tiers[0].judges_candidates else 0):
            wrong = self._first_wrong(block)
            if wrong is not None:
                i, j, t = wrong
                start = problem.grid.starts[t].isoformat()
                yield f"{problem.students[i]} with {problem.professionals[j]} at {start} could be better"

    def _first_wrong(self, some: Chosen) -> tuple[int, int, int] | None:
        """A candidate among these whose first non-zero reduced cost is negative."""
        for tier in range(len(self._tiers)):
            reduced = self.reduced(tier, some)
            if (reduced < 0).any():
                n = int(reduced.argmin())
                return int(some.i[n]), int(some.j[n]), int(some.t[n])
            some = Chosen(*(index[reduced == 0] for index in some))
            if not len(some.i):
                break
        return None


def _first_sign(reduced: Ints) -> Ints:
    sign = np.zeros(reduced.shape[1:], dtype=np.int64)
    for row in reduced:
        sign = np.where(sign == 0, np.sign(row), sign)
    return sign


def _or_zeros(costs: Ints | None, count: int) -> Ints:
    return np.zeros(count, dtype=np.int64) if costs is None else costs


def rooms(problem: Problem) -> tuple[Ints, Ints]:
    """What published sessions leave of the capacities: P x days and P x weeks that the grid touches, in order."""
    day_ids, week_ids = np.unique(problem.grid.day), np.unique(problem.grid.week)
    places = {name: j for j, name in enumerate(problem.professionals)}
    day = np.repeat(problem.capacity_day[:, None], len(day_ids), axis=1)
    week = np.repeat(problem.capacity_week[:, None], len(week_ids), axis=1)
    for kept in problem.kept:
        j, start = places[kept.professional], kept.interval.start
        day[j, day_ids == problem.grid.day_of(start)] -= 1
        week[j, week_ids == problem.grid.week_of(start)] -= 1
    return np.maximum(day, 0), np.maximum(week, 0)
