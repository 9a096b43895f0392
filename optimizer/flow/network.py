"""The network of a night: student -> slot -> day -> week -> professional => sink, and student -> sink if left out.

Nodes are numbered sink, students, professionals, weeks, days, slots. Day and week nodes exist only where their
capacity can bind. Every student sends one unit to the sink. Candidate arcs ("columns") are added as they are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer import exact
from optimizer.flow.mincost import Solver, min_cost_flow
from optimizer.tables import Chosen, Tables, Tier

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
SINK = 0


@dataclass(frozen=True, eq=False)
class Nodes:
    """Where each node is. `weeks` and `days` are (professional, index into the room's weeks or days) by node.

    `slot_j`, `slot_t`: professional and cell of each slot, in order of cell, then professional. `parent` holds the
    node above each week, day and slot node, in that order, `capacity` how much may pass to it.
    """

    students: int
    professionals: int
    weeks: NDArray[np.int64]
    days: NDArray[np.int64]
    slot_j: Ints
    slot_t: Ints
    parent: Ints
    capacity: Ints

    @classmethod
    def of(cls, tables: Tables) -> Nodes:
        room = tables.room
        s, p = len(tables.problem.students), len(tables.problem.professionals)
        limit = room.horizon[:, None]
        weeks = np.argwhere((room.week > 0) & (room.week < np.minimum(room.most_of_week, limit)))
        days = np.argwhere((room.day > 0) & (room.day < np.minimum(room.slots_of_day, limit)))
        slot_t, slot_j = np.nonzero(room.slots.T)
        week_node = np.repeat(1 + s + np.arange(p)[:, None], len(room.weeks), axis=1)
        week_node[weeks[:, 0], weeks[:, 1]] = 1 + s + p + np.arange(len(weeks))
        day_node = week_node[:, room.week_of_day]
        above_days = day_node[days[:, 0], days[:, 1]]
        day_node[days[:, 0], days[:, 1]] = 1 + s + p + len(weeks) + np.arange(len(days))
        above = (1 + s + weeks[:, 0], above_days, day_node[slot_j, room.day_of_cell[slot_t]])
        capacity = (room.week[weeks[:, 0], weeks[:, 1]], room.day[days[:, 0], days[:, 1]], np.ones_like(slot_j))
        return cls(s, p, weeks, days, slot_j, slot_t, np.concatenate(above), np.concatenate(capacity))

    @property
    def first_professional(self) -> int:
        return 1 + self.students

    @property
    def first_week(self) -> int:
        return self.first_professional + self.professionals

    @property
    def first_day(self) -> int:
        return self.first_week + len(self.weeks)

    @property
    def first_slot(self) -> int:
        return self.first_day + len(self.days)

    @property
    def count(self) -> int:
        return self.first_slot + len(self.slot_j)


class Network:
    """The restricted network: arcs, the current flow, and which arcs are still free on the optimal face.

    Arcs lie in four segments: `home` (student -> sink), `tree` (week, day and slot nodes to their parents), `load`
    (one unit arc per load unit), `columns`. A fixed arc keeps its flow for good.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.nodes = nodes = Nodes.of(tables)
        s, units = nodes.students, len(tables.unit_professional)
        inner = np.arange(nodes.first_week, nodes.count)
        self.home = slice(0, s)
        self.tree = slice(s, s + len(inner))
        self.load = slice(s + len(inner), s + len(inner) + units)
        self.first_column = s + len(inner) + units
        to_sink = np.zeros(units, dtype=np.int64)
        self.tail = np.concatenate([1 + np.arange(s), inner, nodes.first_professional + tables.unit_professional])
        self.head = np.concatenate([np.zeros(s, dtype=np.int64), nodes.parent, to_sink])
        self.capacity = np.concatenate([np.ones(s, dtype=np.int64), nodes.capacity, to_sink + 1])
        self.flow = np.zeros(self.first_column, dtype=np.int64)
        self.flow[self.home] = 1
        self.free = np.ones(self.first_column, dtype=bool)
        self.chosen = Chosen(*(np.zeros(0, dtype=np.int64) for _ in range(3)))

    @property
    def columns(self) -> slice:
        return slice(self.first_column, len(self.tail))

    @property
    def column_slots(self) -> Ints:
        """The slot of each column, counted from the first slot."""
        return self.head[self.columns] - self.nodes.first_slot

    def add_columns(self, students: Ints, slots: Ints) -> None:
        """Free candidate arcs without flow."""
        nodes, more = self.nodes, len(students)
        self.tail = np.concatenate([self.tail, 1 + students])
        self.head = np.concatenate([self.head, nodes.first_slot + slots])
        self.capacity = np.concatenate([self.capacity, np.ones(more, dtype=np.int64)])
        self.flow = np.concatenate([self.flow, np.zeros(more, dtype=np.int64)])
        self.free = np.concatenate([self.free, np.ones(more, dtype=bool)])
        added = (students, nodes.slot_j[slots], nodes.slot_t[slots])
        self.chosen = Chosen(*(np.concatenate(pair) for pair in zip(self.chosen, added, strict=True)))

    def costs(self, tier: Tier) -> Ints:
        """The tier's cost of every arc."""
        cost = np.zeros(len(self.tail), dtype=np.int64)
        if tier.unmatched is not None:
            cost[self.home] = tier.unmatched
        if tier.load is not None:
            cost[self.load] = tier.load
        cost[self.columns] = self.tables.cost(tier, self.chosen)
        return cost

    def minimise(self, cost: Ints, solver: Solver = min_cost_flow) -> None:
        """Sends the flow of least cost over the free arcs; fixed arcs keep theirs."""
        supply = np.zeros(self.nodes.count, dtype=np.int64)
        supply[1 : 1 + self.nodes.students] = 1
        supply[SINK] = -self.nodes.students
        held = ~self.free & (self.flow > 0)
        np.subtract.at(supply, self.tail[held], self.flow[held])
        np.add.at(supply, self.head[held], self.flow[held])
        free = self.free
        self.flow[free] = solver(self.tail[free], self.head[free], self.capacity[free], cost[free], supply)
        self._fill_load_in_order()

    def bound(self, cost: Ints, potential: Ints) -> int:
        """What no flow with the fixed arcs as they are can be below (weak duality), for any potentials of the nodes.

        Candidates that are not in the network must have no negative reduced cost under them.
        """
        reduced = cost + potential[self.tail] - potential[self.head]
        free = self.free
        least = exact.product(np.minimum(reduced[free], 0), self.capacity[free])
        least += exact.product(reduced[~free], self.flow[~free])
        return least - exact.total(potential[1 : 1 + self.nodes.students])

    def _fill_load_in_order(self) -> None:
        """Free load units of one professional are used from the first on; costs never fall, so this costs nothing."""
        flow, free = self.flow[self.load], self.free[self.load]
        owner, units = self.tables.unit_professional[free], flow[free]
        used = np.bincount(owner, weights=units, minlength=self.nodes.professionals).astype(np.int64)
        first = np.searchsorted(owner, np.arange(self.nodes.professionals))
        flow[free] = np.arange(len(owner)) - first[owner] < used[owner]
        self.flow[self.load] = flow

    def residual(self) -> tuple[Ints, Ints, Ints, Bools]:
        """Residual arcs of the free arcs: tails, heads, the arc each stems from, and whether it goes backward."""
        ahead = np.flatnonzero(self.free & (self.flow < self.capacity))
        back = np.flatnonzero(self.free & (self.flow > 0))
        tails = np.concatenate([self.tail[ahead], self.head[back]])
        heads = np.concatenate([self.head[ahead], self.tail[back]])
        backward = np.arange(len(tails)) >= len(ahead)
        return tails, heads, np.concatenate([ahead, back]), backward

    def fix(self, cost: Ints, potential: Ints) -> None:
        """Goes on to the optimal face: free arcs of non-zero reduced cost keep the flow they have."""
        self.free &= cost + potential[self.tail] - potential[self.head] == 0

    def matches(self) -> Chosen:
        """The candidates the current flow chooses."""
        used = self.flow[self.columns] > 0
        return Chosen(*(index[used] for index in self.chosen))
