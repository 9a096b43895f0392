"""All candidates of a night, looked at in blocks of one cell, and which of them may still matter.

A candidate may still matter ("alive") as long as its reduced cost was zero in every tier so far. One bit each is all
that is kept of the candidates outside the restricted network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.policy import MOST_LEVELS
from optimizer.flow.network import Nodes
from optimizer.tables import Chosen, Tables, Tier

Ints = NDArray[np.int64]
BLOCK = 1 << 20
"""Candidates looked at in one go."""
SPREAD = 1 << 16
FAR = np.iinfo(np.int64).max


class Arcs(NamedTuple):
    """Candidates by student and slot (counted from the first slot)."""

    students: Ints
    slots: Ints


@dataclass(frozen=True, eq=False)
class Block:
    """The students `rows` x the slots `low` to `high`, all in one cell."""

    rows: Ints
    low: int
    high: int


class Candidates:
    """The candidates of the whole problem; `students x slots` pairs that share a cell and are allowed to meet."""

    def __init__(self, tables: Tables, nodes: Nodes) -> None:
        self._tables = tables
        self._nodes = nodes
        self._blocks = list(self._cut())
        self._alive = [np.packbits(self._allowed(block)) for block in self._blocks]
        self.alive = sum(int(np.bitwise_count(bits).sum()) for bits in self._alive)

    def _cut(self) -> Iterator[Block]:
        slot_t, problem = self._nodes.slot_t, self._tables.problem
        student_open = np.logical_or.reduce([problem.student_starts(cells) > 0 for cells in problem.lengths])
        edges = np.searchsorted(slot_t, np.arange(self._tables.problem.grid.cells + 1))
        for t, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
            if low == high:
                continue
            rows = np.flatnonzero(student_open[:, t])
            step = max(1, BLOCK // (high - low))
            for start in range(0, len(rows), step):
                yield Block(rows[start : start + step], low, high)

    def _allowed(self, block: Block) -> NDArray[np.bool_]:
        hosts, problem = self._nodes.slot_j[block.low : block.high], self._tables.problem
        allowed: NDArray[np.bool_] = self._tables.levels[block.rows[:, None], hosts[None, :]] > 0
        if len(problem.lengths) > 1:
            t = self._nodes.slot_t[block.low]
            for cells in problem.lengths:
                shut = problem.student_starts(cells)[block.rows, t] == 0
                allowed &= ~(shut[:, None] & (problem.session_cells[hosts] == cells))
        return allowed

    def _living(self, index: int) -> tuple[Ints, Arcs]:
        """Positions in the block and arcs of the candidates of a block that are alive."""
        block = self._blocks[index]
        width = block.high - block.low
        bits = np.unpackbits(self._alive[index], count=len(block.rows) * width)
        place = np.flatnonzero(bits)
        row, column = np.divmod(place, width)
        return place, Arcs(block.rows[row], block.low + column)

    def all_alive(self) -> Arcs:
        """Every candidate that is alive, block by block."""
        found = [self._living(index)[1] for index in range(len(self._blocks))]
        empty = np.zeros(0, dtype=np.int64)
        return Arcs(
            np.concatenate([empty, *(arcs.students for arcs in found)]),
            np.concatenate([empty, *(arcs.slots for arcs in found)]),
        )

    def reduced(self, tier: Tier, potential: Ints, arcs: Arcs) -> Ints:
        """Reduced costs of candidates under a tier and its potentials."""
        nodes = self._nodes
        chosen = Chosen(arcs.students, nodes.slot_j[arcs.slots], nodes.slot_t[arcs.slots])
        ends = potential[1 + arcs.students] - potential[nodes.first_slot + arcs.slots]
        return self._tables.cost(tier, chosen) + ends

    def priced_out(self, tier: Tier, potential: Ints, per_slot: int) -> tuple[Arcs, Ints]:
        """Living candidates of negative reduced cost: block by block each student's and each slot's best ones.

        With them each student's least reduced cost over all that live, 0 if none is negative.
        """
        picked: list[Arcs] = []
        least = np.zeros(self._nodes.students, dtype=np.int64)
        for index in range(len(self._blocks)):
            _, arcs = self._living(index)
            cost = self.reduced(tier, potential, arcs)
            negative = np.flatnonzero(cost < 0)
            if len(negative):
                cost, arcs = cost[negative], Arcs(*(a[negative] for a in arcs))
                np.minimum.at(least, arcs.students, cost)
                wanted = _best(cost, arcs, per_slot)
                picked.append(Arcs(arcs.students[wanted], arcs.slots[wanted]))
        empty = Arcs(*np.zeros((2, 0), dtype=np.int64))
        return Arcs(*(np.concatenate(column) for column in zip(empty, *picked, strict=True))), least

    def close(self, tier: Tier, potential: Ints) -> None:
        """Buries the candidates whose reduced cost is not zero."""
        self.alive = 0
        for index, bits in enumerate(self._alive):
            place, arcs = self._living(index)
            kept = np.zeros(8 * len(bits), dtype=np.uint8)
            kept[place[self.reduced(tier, potential, arcs) == 0]] = 1
            self._alive[index] = np.packbits(kept)
            self.alive += int(kept.sum())

    def start(self, per_slot: int, per_student: int) -> Arcs:
        """First columns: the most senior students of each slot and the best-fitting hosts of each student."""
        weight = np.sum([tier.unmatched for tier in self._tables.tiers if tier.unmatched is not None], axis=0)
        junior = weight.max() - weight
        picked: list[Arcs] = []
        for block, bits in zip(self._blocks, self._alive, strict=True):
            rows, slots = block.rows[:, None], np.arange(block.low, block.high)
            alive = np.unpackbits(bits, count=rows.size * slots.size).reshape(rows.size, slots.size) > 0
            misfit = MOST_LEVELS - self._tables.levels[rows, self._nodes.slot_j[slots]].astype(np.int64)
            spread = _spread(Arcs(rows, slots))
            wanted = alive & _smallest(np.where(alive, junior[rows] * SPREAD + spread, FAR), per_slot, axis=0)
            wanted |= alive & _smallest(np.where(alive, misfit * SPREAD + spread, FAR), per_student, axis=1)
            row, column = np.nonzero(wanted)
            picked.append(Arcs(block.rows[row], block.low + column))
        return Arcs(*(np.concatenate(column) for column in zip(*picked, strict=True)))


def _smallest(key: Ints, count: int, axis: int) -> NDArray[np.bool_]:
    """Marks the `count` smallest keys along an axis of a matrix."""
    marks = np.zeros(key.shape, dtype=bool)
    if count:
        count = min(count, key.shape[axis])
        places = np.argpartition(key, count - 1, axis=axis)
        np.put_along_axis(marks, np.take(places, np.arange(count), axis=axis), True, axis=axis)
    return marks


def _best(cost: Ints, arcs: Arcs, per_slot: int) -> Ints:
    """Positions of each student's cheapest candidate and each slot's `per_slot` cheapest ones."""
    spread = _spread(arcs)
    return np.union1d(_first_of(arcs.students, cost, spread, 1), _first_of(arcs.slots, cost, spread, per_slot))


def _spread(arcs: Arcs) -> Ints:
    """An order among equals that differs from slot to slot, or everybody would begin with the same few."""
    return (arcs.slots * 40503 + arcs.students * 30011) * 0x9E3779B1 >> 12 & (SPREAD - 1)


def _first_of(group: Ints, key: Ints, spread: Ints, count: int) -> Ints:
    """Positions of the `count` smallest keys of each group."""
    order = np.lexsort((spread, key, group))
    ordered = group[order]
    begins = np.searchsorted(ordered, ordered, side="left")
    return order[np.arange(len(order)) - begins < count]
