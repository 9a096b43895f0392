"""The residual graph of a plan over all candidates, and how far the tiers froze each of its arcs.

Nodes are those of `optimizer.flow.network.Nodes` (0 is the sink, 1 + i student i, then professionals, weeks, days,
slots). A residual arc u -> v says that one more unit may go from u to v: along an arc with room, or back along an arc
in use. Every student sends one unit to the sink, by a session or directly when left out, so a cycle is another plan
with all capacities kept (Ahuja, Magnanti and Orlin 1993, chapter 2.4).

Each arc has a `depth`: the first tier whose reduced cost on it is not zero, and that cost as its `price` (> 0 in the
direction of the residual arc); `levels` (the number of tiers before the lot) when there is none. Arcs of depth >= k
are those still free once k tiers are settled ("level k"): level 0 is the coverage network with all its arcs, level
`levels` the final face before the lot. A plan that is optimal stays optimal on each of these faces, therefore

* another plan as good in the first k tiers, with a certain arc changed, exists iff that arc lies on a cycle of level k;
* forcing an idle arc into use makes tier d worse first, where d is the largest level at which the arc lies on a cycle,
  by the least total price of tier d around such a cycle.

"Free on the face" (zero reduced cost) alone says neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.flow.network import SINK, Network, Nodes
from optimizer.tables import COMMITMENTS, Chosen, Tables, Tier
from optimizer.witness import Witness, WitnessError

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
UNREACHED = -1
FAR = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, eq=False)
class Star:
    """Arcs grouped by one end: those of node v are `first[v]` to `first[v + 1]`, `ends` their other ends."""

    first: Ints
    ends: NDArray[np.int32]
    depth: NDArray[np.int8]
    price: Ints

    @classmethod
    def of(cls, nodes: int, group: NDArray[np.int32], ends: NDArray[np.int32], *about: NDArray[np.generic]) -> Star:
        order = np.argsort(group, kind="stable")
        first = np.searchsorted(group[order], np.arange(nodes + 1))
        depth, price = about
        return cls(first, ends[order], depth[order].astype(np.int8), price[order].astype(np.int64))

    def arcs(self, nodes: Ints) -> Ints:
        """Positions of all arcs of the nodes, node by node."""
        lengths = self.first[nodes + 1] - self.first[nodes]
        stops = np.cumsum(lengths)
        total = int(stops[-1]) if len(stops) else 0
        arcs: Ints = np.arange(total) + np.repeat(self.first[nodes] - stops + lengths, lengths)
        return arcs

    def reach(self, seeds: Ints, level: int, blocked: Bools) -> Bools:
        """Nodes that arcs of depth >= `level` lead to, the seeds included; blocked nodes are never entered."""
        seen = blocked.copy()
        seen[seeds] = True
        frontier = seeds
        while len(frontier):
            arcs = self.arcs(frontier)
            if level:
                arcs = arcs[self.depth[arcs] >= level]
            fresh = np.zeros(len(seen), dtype=bool)
            fresh[self.ends[arcs]] = True
            fresh &= ~seen
            frontier = np.flatnonzero(fresh)
            seen |= fresh
        return seen & ~blocked | _marked(len(seen), seeds)


class Residual:
    """The residual graph of one plan. `chosen` are its sessions, `witness` proves it best under `tables`.

    `slot_node` (P x T): the node of each slot, -1 where the professional cannot take a session. `base`: the level
    that keeps pins and hard minimum loads, 0 where there are none. Raises `WitnessError` when the witness belongs to
    another problem.
    """

    def __init__(self, tables: Tables, chosen: Chosen, witness: Witness) -> None:
        self.tables = tables
        self.chosen = chosen
        self.nodes = Nodes.of(tables)
        self.levels = len(tables.tiers) - 1
        self.base = int(tables.tiers[0].name == COMMITMENTS)
        shape = (len(tables.problem.professionals), tables.problem.grid.cells)
        self.slot_node = np.full(shape, -1, dtype=np.int64)
        slots = np.arange(self.nodes.first_slot, self.nodes.count)
        self.slot_node[self.nodes.slot_j, self.nodes.slot_t] = slots
        self._potential = _potentials(self.nodes, tables, witness)
        self._build()

    # -- construction ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        tails, heads, depths, prices = zip(self._frame(), self._candidates(), strict=True)
        self._tail, self._head = (np.concatenate(part).astype(np.int32) for part in (tails, heads))
        self._depth, self._price = np.concatenate(depths).astype(np.int8), np.concatenate(prices)

    def _frame(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Residual arcs of everything but the candidates: staying without a session, capacities, load units."""
        network, nodes = Network(self.tables), self.nodes
        flow = np.zeros(network.first_column, dtype=np.int64)
        flow[network.home] = 1
        flow[self.chosen.i] = 0
        through = np.zeros(nodes.count, dtype=np.int64)
        through[self.slot_node[self.chosen.j, self.chosen.t]] = 1
        parent = np.arange(nodes.count)
        parent[nodes.first_week :] = nodes.parent
        edges = (nodes.first_week, nodes.first_day, nodes.first_slot, nodes.count)
        for low, high in reversed(tuple(pairwise(edges))):
            np.add.at(through, parent[low:high], through[low:high])
        flow[network.tree] = through[nodes.first_week :]
        loads = np.bincount(self.chosen.j, minlength=nodes.professionals) + self.tables.problem.kept_load
        flow[network.load] = self.tables.unit_number <= loads[self.tables.unit_professional]
        ends = self._potential[:, network.tail] - self._potential[:, network.head]
        reduced = [network.costs(tier) + ends[k] for k, tier in enumerate(self._judged)]
        depth, price = _first_price(np.array(reduced).reshape(self.levels, -1))
        ahead, back = np.flatnonzero(flow < network.capacity), np.flatnonzero(flow > 0)
        both = np.concatenate([ahead, back])
        tail = np.concatenate([network.tail[ahead], network.head[back]])
        head = np.concatenate([network.head[ahead], network.tail[back]])
        return tail, head, depth[both], price[both]

    def _candidates(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Residual arcs of all candidates, slot by slot."""
        students, slots = self._listed()
        depth = np.full(len(students), self.levels, dtype=np.int64)
        price = np.zeros(len(students), dtype=np.int64)
        alive = np.arange(len(students))
        for k, tier in enumerate(self._judged):
            some = Chosen(students[alive], self.nodes.slot_j[slots[alive]], self.nodes.slot_t[slots[alive]])
            potential = self._potential[k]
            ends = potential[1 + some.i] - potential[self.nodes.first_slot + slots[alive]]
            reduced = self.tables.cost(tier, some) + ends
            hit = reduced != 0
            depth[alive[hit]], price[alive[hit]] = k, np.abs(reduced[hit])
            alive = alive[~hit]
        tail, head = 1 + students, self.nodes.first_slot + slots
        session = np.full(len(self.tables.problem.students), -1, dtype=np.int64)
        session[self.chosen.i] = self.slot_node[self.chosen.j, self.chosen.t]
        used = session[students] == head
        return np.where(used, head, tail), np.where(used, tail, head), depth, price

    def _listed(self) -> tuple[Ints, Ints]:
        """Students and slots (counted from the first slot) of every candidate."""
        nodes, tables = self.nodes, self.tables
        edges = np.searchsorted(nodes.slot_t, np.arange(tables.problem.grid.cells + 1)).tolist()
        students, slots = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for t in range(tables.problem.grid.cells):
            low, high = edges[t], edges[t + 1]
            rows = np.flatnonzero(tables.problem.student_starts(1)[:, t])
            column, row = np.nonzero(tables.levels[np.ix_(rows, nodes.slot_j[low:high])].T)
            students.append(rows[row])
            slots.append(low + column)
        return np.concatenate(students), np.concatenate(slots)

    @property
    def _judged(self) -> tuple[Tier, ...]:
        """All tiers but the lot."""
        return self.tables.tiers[:-1]

    # -- the graph ---------------------------------------------------------------------------------------------

    @cached_property
    def out(self) -> Star:
        """Residual arcs by the node they leave."""
        return Star.of(self.nodes.count, self._tail, self._head, self._depth, self._price)

    @cached_property
    def into(self) -> Star:
        """Residual arcs by the node they enter."""
        return Star.of(self.nodes.count, self._head, self._tail, self._depth, self._price)

    @cached_property
    def _no_sink(self) -> Bools:
        return _marked(self.nodes.count, np.array([SINK]))

    @cached_property
    def in_want(self) -> Bools:
        """R: nodes that a student left out reaches in the coverage network (sink -> student left aside).

        Whatever enters here would be used: a further session of a professional in R, or a new slot under a capacity
        in B for a student in R, adds a match. The same for every plan with the most sessions.
        """
        left_out = np.ones(len(self.tables.problem.students), dtype=bool)
        left_out[self.chosen.i] = False
        return self.out.reach(1 + np.flatnonzero(left_out), self.base, self._no_sink)

    @cached_property
    def with_room(self) -> Bools:
        """B: nodes that reach the sink in the coverage network: one more unit there needs nobody to go without.

        A slot outside the network (nobody could use it so far) counts as its day, week or professional.
        """
        spare = self._next_to_sink(self.into)
        return self.into.reach(spare, self.base, self._no_sink)

    def with_room_without(self, student: int) -> Bools:
        """B, were the student's own session given up: nodes where the student could go and nobody goes without."""
        if student not in self.chosen.i:
            return self.with_room
        seen = self.into.reach(np.array([1 + student]), self.base, self._no_sink)
        if seen[self._next_to_sink(self.out)].any():  # the load may move to another professional
            seen |= self.with_room
        return seen

    def _next_to_sink(self, star: Star) -> Ints:
        """Professionals with an unused load unit (arcs into the sink) or a used one (arcs out of it)."""
        arcs = star.arcs(np.array([SINK]))
        ends = star.ends[arcs][star.depth[arcs] >= self.base]
        return ends[ends >= self.nodes.first_professional].astype(np.int64)

    def possible_for(self, student: int) -> Bools:
        """Slot nodes the student could go to at all, commitments kept, whoever has to make way."""
        reaching = self.into.reach(np.array([1 + student]), self.base, np.zeros(self.nodes.count, dtype=bool))
        own = self.out.arcs(np.array([1 + student]))
        heads = self.out.ends[own][self.out.depth[own] >= self.base]
        return reaching & _marked(self.nodes.count, heads)

    def depths_to(self, student: int) -> Ints:
        """For each node the largest level at which it still reaches the student; -1 if it never does."""
        found = np.full(self.nodes.count, UNREACHED, dtype=np.int64)
        seen = _marked(self.nodes.count, np.array([1 + student]))
        for level in range(self.levels, -1, -1):
            seen = self.into.reach(np.flatnonzero(seen), level, np.zeros_like(seen))
            found[seen & (found == UNREACHED)] = level
        return found

    def costs_to(self, student: int, tier: int, depths: Ints) -> Ints:
        """For each node the least total price of the tier on a path to the student among the arcs of that level.

        `depths` as given by `depths_to`; `FAR` where no such path exists. Bellman-Ford by frontiers.
        """
        cost = np.where(depths > tier, 0, FAR).astype(np.int64)
        cost[1 + student] = 0
        frontier = np.flatnonzero(cost == 0)
        while len(frontier):
            arcs = self.into.arcs(frontier)
            lengths = self.into.first[frontier + 1] - self.into.first[frontier]
            through = np.repeat(cost[frontier], lengths)
            through += np.where(self.into.depth[arcs] == tier, self.into.price[arcs], 0)
            tails = self.into.ends[arcs]
            better = (self.into.depth[arcs] >= tier) & (through < cost[tails])
            np.minimum.at(cost, tails[better], through[better])
            frontier = np.flatnonzero(_marked(len(cost), tails[better]))
        return cost


def _marked(count: int, nodes: NDArray[np.signedinteger]) -> Bools:
    marks = np.zeros(count, dtype=bool)
    marks[nodes] = True
    return marks


def _first_price(reduced: Ints) -> tuple[Ints, Ints]:
    """Per column of tiers x arcs: the first tier that is not zero (else the number of tiers), and its size."""
    tiers, arcs = reduced.shape
    depth = np.full(arcs, tiers, dtype=np.int64)
    price = np.zeros(arcs, dtype=np.int64)
    for k in range(tiers - 1, -1, -1):
        depth = np.where(reduced[k] != 0, k, depth)
        price = np.where(reduced[k] != 0, np.abs(reduced[k]), price)
    return depth, price


def _potentials(nodes: Nodes, tables: Tables, witness: Witness) -> Ints:
    """Tiers x nodes. Raises `WitnessError` when the witness has other nodes or tiers."""
    keys = np.stack([nodes.slot_j, nodes.slot_t], axis=1)
    sizes = (len(witness.students), witness.weeks.shape[1], witness.days.shape[1])
    if sizes != (len(tables.tiers), len(nodes.weeks), len(nodes.days)) or not np.array_equal(witness.slot_keys, keys):
        raise WitnessError("the witness belongs to another problem")
    sink = np.zeros((len(tables.tiers), 1), dtype=np.int64)
    parts = (sink, witness.students, witness.professionals, witness.weeks, witness.days, witness.slots)
    return np.concatenate(parts, axis=1)
