"""How far a plan is from the best in the tiers that a stopped search did not prove: weak duality on the face so far.

For any potentials a tier's value is at least the sum over all arcs of min(reduced cost, 0) x capacity, less the
students' potentials. Arcs that the proven tiers fix (one of their reduced costs is not 0) count with their flow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.checker.proof import Arcs, Ints, Proof
from optimizer.exact import product, total
from optimizer.tables import Chosen, Tables
from optimizer.witness import Witness


def cut_bounds(tables: Tables, chosen: Chosen, witness: Witness) -> Iterator[tuple[int, int]]:
    """Tiers that the witness's potentials do not prove, and what no plan as good in the proven ones can be below.

    The proven tiers must have passed `Proof`.
    """
    if witness.settled < len(tables.tiers):
        yield from _Cut(tables, chosen, witness, range(len(tables.tiers))).bounds(witness.settled)


class _Cut(Proof):
    def bounds(self, settled: int) -> Iterator[tuple[int, int]]:
        arcs = (self.home(), *(one for _, one in self.tree()), self.load(), self.used())
        absent = self._absent(settled)
        for tier in range(settled, len(self._tiers)):
            least = sum(_least(one, tier, settled) for one in arcs) + absent[tier - settled]
            yield tier, self._tiers[tier].base + least - total(self._students[tier])

    def _absent(self, settled: int) -> list[int]:
        """What candidates outside the plan could take off, tier by tier."""
        sums = [0] * (len(self._tiers) - settled)
        for block in self.unused():
            some = block
            for tier in range(settled):
                still = self.reduced(tier, some) == 0
                some = Chosen(*(index[still] for index in some))
            for place in range(len(sums)):
                sums[place] += total(np.minimum(self.reduced(settled + place, some), 0))
        return sums


def _least(arcs: Arcs, tier: int, settled: int) -> int:
    """The least that these arcs can add to the tier."""
    fixed = (arcs.reduced[:settled] != 0).any(axis=0)
    mine: Ints = arcs.reduced[tier]
    return product(np.minimum(mine[~fixed], 0), arcs.capacity[~fixed]) + product(mine[fixed], arcs.flow[fixed])
