"""The tiers one after the other, each proven optimal on the optimal face of those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.flow.candidates import Candidates
from optimizer.flow.choice import leaves_choice
from optimizer.flow.mincost import Solver, min_cost_flow
from optimizer.flow.network import Network, Nodes
from optimizer.flow.potentials import potentials
from optimizer.flow.worker import StoppableFlow, StoppedError
from optimizer.progress import Listener, Progress, Stop
from optimizer.tables import COMMITMENTS, Chosen, Tables, Tier

Ints = NDArray[np.int64]
DENSE = 150_000
"""Up to so many living candidates are simply all taken into the network."""
START_PER_SLOT, START_PER_STUDENT, MORE_PER_SLOT = 10, 2, 8
"""Columns to begin with, and those a slot may gain in each block and round of pricing."""


@dataclass(frozen=True, eq=False)
class FlowResult:
    """The unique optimal plan, per tier its potentials (tiers x nodes) and whether it left a choice.

    Of a run that was stopped: the best plan so far, `settled` the tiers that were proven before, and `gaps` how far
    each tier may be from the best (whose later ones nobody looked at).
    """

    chosen: Chosen
    nodes: Nodes
    potential: Ints
    left_choice: tuple[bool, ...]
    rounds: int
    columns: int
    settled: int
    gaps: tuple[int, ...]


class _CutError(RuntimeError):
    """The solve is to stop within a tier; `potential` gives the best bound so far."""

    def __init__(self, potential: Ints) -> None:
        self.potential = potential


class CommitmentError(RuntimeError):
    """No plan keeps all pins and hard minimum loads."""


class FlowEngine:
    """One run over the tiers of `tables`. Use `solve_flow`."""

    def __init__(self, tables: Tables, listener: Listener | None, stop: Stop | None = None) -> None:
        self._tables = tables
        self._tell = listener
        self._stop = stop
        self._minimise: Solver = min_cost_flow
        self._network = Network(tables)
        self._candidates = Candidates(tables, self._network.nodes)
        self._complete = False
        self._choice = True
        self._rounds = 0

    def run(self) -> FlowResult | None:
        """None when the tie-break left a choice, so that its key has to be drawn anew."""
        with StoppableFlow(self._stop) as flow:
            self._minimise = flow
            return self._run()

    def _run(self) -> FlowResult | None:
        self._begin()
        duals: list[Ints] = []
        left: list[bool] = []
        for tier in self._tables.tiers:
            try:
                duals.append(self._settle(tier))
            except _CutError as cut:
                return self._cut(duals, left, cut.potential)
            if self._promised(tier) and self._tables.value(tier, self._network.matches()):
                raise CommitmentError
            left.append(self._choice)
        return None if self._choice else self._result(duals, left, len(left))

    def _cut(self, duals: list[Ints], left: list[bool], potential: Ints) -> FlowResult:
        """What is held when the solve stops: the tiers left have the bounds that need no work."""
        settled, tiers = len(duals), len(self._tables.tiers)
        zeros = np.zeros_like(potential)
        duals = [*duals, potential, *[zeros] * (tiers - settled - 1)]
        return self._result(duals, left + [True] * (tiers - settled), settled)

    def _result(self, duals: list[Ints], left: list[bool], settled: int) -> FlowResult:
        gaps = [0] * settled + [
            self._value(tier) - self._bound(tier, dual)
            for tier, dual in zip(self._tables.tiers[settled:], duals[settled:], strict=True)
        ]
        columns = self._network.columns
        size = columns.stop - columns.start
        nodes, matches = self._network.nodes, self._network.matches()
        return FlowResult(matches, nodes, np.stack(duals), tuple(left), self._rounds, size, settled, tuple(gaps))

    def prove_first(self) -> Chosen:
        """The first tier alone: one of its optimal plans."""
        self._begin()
        self._settle(self._tables.tiers[0])
        return self._network.matches()

    def any_best(self) -> Chosen:
        """All tiers, one of the plans that are best in them; for tables without a tie-break."""
        self._begin()
        for tier in self._tables.tiers:
            self._settle(tier)
        return self._network.matches()

    def _begin(self) -> None:
        if self._candidates.alive > DENSE:
            self._network.add_columns(*self._candidates.start(START_PER_SLOT, START_PER_STUDENT))

    def _settle(self, tier: Tier) -> Ints:
        """Proves the tier, goes on to its optimal face, returns its potentials. Raises `_CutError`."""
        if not self._complete and self._candidates.alive <= DENSE:
            self._take_all()
        cost = self._network.costs(tier)
        if self._already_best(cost):
            potential = np.zeros(self._network.nodes.count, dtype=np.int64)
        else:
            potential = self._prove(tier)
        self._network.fix(self._network.costs(tier), potential)
        if not self._complete and (tier.judges_candidates or potential.any()):
            self._candidates.close(tier, potential)
        self._choice = self._choice and self._leaves_choice()
        self._report(tier, self._value(tier))
        return potential

    def _promised(self, tier: Tier) -> bool:
        """A tier that has to reach 0, and that no stop cuts short: without it there is no plan."""
        return self._tables.is_whole and tier.name == COMMITMENTS

    def _already_best(self, cost: Ints) -> bool:
        """Zero potentials are optimal: what costs is unused, what pays is full (no absent candidate ever pays)."""
        network = self._network
        idle = (cost <= 0) | (network.flow == 0)
        full = (cost >= 0) | (network.flow == network.capacity)
        return bool((idle & full)[network.free].all())

    def _prove(self, tier: Tier) -> Ints:
        """Flow and pricing in turn until no candidate of the whole problem has a negative reduced cost."""
        best = np.zeros(self._network.nodes.count, dtype=np.int64)
        bound = self._bound(tier, best)
        while True:
            if self._stop and self._stop() and not self._promised(tier):
                raise _CutError(best)
            self._rounds += 1
            cost = self._network.costs(tier)
            if self._choice:  # a face of one plan needs no flow, only its duals
                self._send(tier, cost, best)
            potential = potentials(self._network, cost)
            if self._complete:
                return potential
            better, least = self._candidates.priced_out(tier, potential, MORE_PER_SLOT)
            if not len(better.students):
                return potential
            potential[1 : 1 + len(least)] -= least  # now no candidate has a negative reduced cost
            if (found := self._bound(tier, potential)) > bound:
                best, bound = potential, found
            self._report(tier, bound)
            self._network.add_columns(*better)

    def _send(self, tier: Tier, cost: Ints, best: Ints) -> None:
        try:
            self._network.minimise(cost, min_cost_flow if self._promised(tier) else self._minimise)
        except StoppedError:
            raise _CutError(best) from None

    def _value(self, tier: Tier) -> int:
        return self._tables.value(tier, self._network.matches())

    def _bound(self, tier: Tier, potential: Ints) -> int:
        """What no plan on the face can be below; no candidate may have a negative reduced cost."""
        return tier.base + self._network.bound(self._network.costs(tier), potential)

    def _leaves_choice(self) -> bool:
        if leaves_choice(self._network):
            return True
        if self._complete:
            return False
        self._take_all()
        return leaves_choice(self._network)

    def _take_all(self) -> None:
        """Every living candidate becomes a column; from here on no pricing is needed."""
        network, alive = self._network, self._candidates.all_alive()
        slots = network.nodes.count - network.nodes.first_slot
        present = network.chosen.i * slots + network.column_slots
        absent = ~np.isin(alive.students * slots + alive.slots, present)
        network.add_columns(alive.students[absent], alive.slots[absent])
        self._complete = True

    def _report(self, tier: Tier, bound: int) -> None:
        if self._tell:
            columns = len(self._network.chosen.i)
            self._tell(Progress("flow", tier.name, self._rounds, self._value(tier), bound, columns))


def solve_flow(tables: Tables, listener: Listener | None = None, stop: Stop | None = None) -> tuple[FlowResult, Tables]:
    """The optimal plan of the flow case with its duals, and the tables with the tie-break key that made it unique.

    Once `stop()` is true, the best plan so far.
    """
    while True:
        result = FlowEngine(tables, listener, stop).run()
        if result is not None:
            return result, tables
        tables = tables.redrawn()
