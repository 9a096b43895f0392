"""The fewest asks for a given number of sessions, as a min-cost flow over everything that could be asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.explain.offers import OfferKind, Offers
from optimizer.flow.mincost import FlowError, min_cost_flow

Ints = NDArray[np.int64]
SINK, OUT = 0, 1

Asked = tuple[OfferKind, int, int]
"""What is asked for: kind, professional (-1: anyone) and cell."""


@dataclass(eq=False)
class _Arcs:
    """Arcs collected in blocks; `cost` 1 marks an ask."""

    blocks: list[tuple[Ints, Ints, Ints, Ints]]

    def add(self, tail: Ints, head: Ints | int, capacity: Ints | int = 1, cost: Ints | int = 0) -> slice:
        """Equally long arcs; says where they lie."""
        start = sum(len(block[0]) for block in self.blocks)
        whole = np.zeros(len(tail), dtype=np.int64)
        self.blocks.append((whole + tail, whole + head, whole + capacity, whole + cost))
        return slice(start, start + len(tail))

    def arrays(self) -> tuple[Ints, Ints, Ints, Ints]:
        tail, head, capacity, cost = (np.concatenate(part) for part in zip(*self.blocks, strict=True))
        return tail, head, capacity, cost


class AskingFlow:
    """The coverage network with every ask of these kinds as an arc of price 1; at most `most` of one and the same.

    A slot has an entry and an exit, so that one student at most is in it whether their session is within the limits
    (exit -> day -> week -> professional) or beyond them (exit -> review).
    """

    def __init__(self, offers: Offers, kinds: frozenset[OfferKind], most: int) -> None:
        self._offers, self._kinds, self._most = offers, kinds, most
        coverage = offers.coverage
        usable = coverage.slots | offers.askable if OfferKind.SLOT in kinds else coverage.slots
        self.slot_j, self.slot_t = np.nonzero(usable)
        self._students = len(coverage.open)
        self._build()

    @staticmethod
    def size(offers: Offers, kinds: frozenset[OfferKind]) -> int:
        """How many candidates the network would hold."""
        coverage = offers.coverage
        usable = coverage.slots | offers.askable if OfferKind.SLOT in kinds else coverage.slots
        pairs = coverage.can.astype(np.int64).T @ coverage.open.astype(np.int64)
        return int(pairs[usable].sum())

    def _build(self) -> None:
        coverage, arcs = self._offers.coverage, _Arcs([])
        hosts, days = coverage.day.shape
        weeks, slots = coverage.week.shape[1], len(self.slot_j)
        self._student = 2 + np.arange(self._students)
        entry = 2 + self._students + np.arange(slots)
        host = 2 + self._students + 2 * slots + np.arange(hosts)
        day = host[-1:].max(initial=1) + 1 + np.arange(hosts * days).reshape(hosts, days)
        week = day.max(initial=host.max(initial=1)) + 1 + np.arange(hosts * weeks).reshape(hosts, weeks)
        self._review = week.max(initial=1) + 1 + np.arange(hosts)
        self._anyone = self._review.max(initial=1) + 1 + np.arange(coverage.open.shape[1])
        self._count = int(self._anyone.max(initial=1)) + 1
        problem = self._offers.prepared.problem
        free = ~(problem.pinned | problem.stands)
        arcs.add(self._student[free], OUT)
        self._out = arcs.add(np.array([OUT]), SINK)
        self._enter = self._candidates(arcs, entry)
        new = ~coverage.slots[self.slot_j, self.slot_t]
        self._open = arcs.add(entry, entry + slots, 1, new.astype(np.int64))
        arcs.add(entry + slots, day[self.slot_j, coverage.day_of_cell[self.slot_t]])
        arcs.add(day.ravel(), week[:, coverage.week_of_day].ravel(), coverage.day.ravel())
        arcs.add(week.ravel(), np.repeat(host, weeks), coverage.week.ravel())
        self._owed = np.where(problem.minimum_is_hard, problem.minimum_load, 0) - problem.kept_load
        self._owed = np.maximum(self._owed, 0)
        arcs.add(host, SINK, coverage.horizon - self._owed)
        self._beyond = slice(0, 0)
        if OfferKind.REVIEW in self._kinds:
            self._beyond = arcs.add(entry + slots, self._review[self.slot_j])
            arcs.add(self._review, SINK, self._most, 1)
        if OfferKind.ANYONE in self._kinds:
            self._meet(arcs)
        self._host = host
        self._tail, self._head, self._capacity, self._cost = arcs.arrays()

    def _candidates(self, arcs: _Arcs, entry: Ints) -> slice:
        coverage = self._offers.coverage
        student, slot = np.nonzero(coverage.can[:, self.slot_j] & coverage.open[:, self.slot_t])
        return arcs.add(self._student[student], entry[slot])

    def _meet(self, arcs: _Arcs) -> None:
        """Anyone: a new professional for one review at a cell."""
        coverage, problem = self._offers.coverage, self._offers.prepared.problem
        student, cell = np.nonzero(coverage.open & ~problem.pinned[:, None])
        arcs.add(self._student[student], self._anyone[cell])
        arcs.add(self._anyone, SINK, self._most, 1)

    def asks_for(self, sessions: int) -> list[Asked] | None:
        """A smallest set of asks under which `sessions` students can have one; None when no set is enough."""
        capacity = self._capacity.copy()
        capacity[self._out] = self._students - sessions
        supply = np.zeros(self._count, dtype=np.int64)
        supply[self._student] = 1
        supply[self._host] -= self._owed
        supply[SINK] = self._owed.sum() - self._students
        try:
            flow = min_cost_flow(self._tail, self._head, capacity, self._cost, supply)
        except FlowError as error:
            if error.status != "INFEASIBLE":
                raise
            return None
        return self._asked(flow)

    def _asked(self, flow: Ints) -> list[Asked]:
        found: list[Asked] = []
        opened = (flow[self._open] > 0) & (self._cost[self._open] > 0)
        for kind, used in ((OfferKind.SLOT, opened), (OfferKind.REVIEW, flow[self._beyond] > 0)):
            places = np.flatnonzero(used)
            found += [(kind, int(self.slot_j[n]), int(self.slot_t[n])) for n in places.tolist()]
        met = (self._head == SINK) & (self._tail >= self._anyone[0]) if len(self._anyone) else np.zeros(0, dtype=bool)
        for arc in np.flatnonzero(met).tolist():
            found += [(OfferKind.ANYONE, -1, int(self._tail[arc] - self._anyone[0]))] * int(flow[arc])
        return sorted(found)
