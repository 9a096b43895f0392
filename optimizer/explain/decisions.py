"""What else a student could do, and which tier of the policy first gets worse by it."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.explain.prepared import Prepared
from optimizer.flow.network import SINK

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SEED = "seed"
"""Decided by lot: among the plans that are best in every real tier, some have it and some do not."""
NOT_SETTLED = "not settled"
"""The question has no exact answer here; nothing is claimed."""


class Choices:
    """The residual arcs out of one student: every candidate not in the plan, and (for a matched one) leaving.

    `j`, `t`: professional and cell by arc, -1 for leaving. `level`: the largest number of settled tiers after which a
    plan as good still uses the arc; equal to the tier (counted from 0) that gets worse first, -1 for never,
    `Residual.levels` for "as good in all tiers but the lot".
    """

    def __init__(self, prepared: Prepared, student: int) -> None:
        self._residual = residual = prepared.residual
        self._student = student
        self._arcs = residual.out.arcs(np.array([1 + student]))
        heads = residual.out.ends[self._arcs].astype(np.int64)
        self.leaving: Bools = heads == SINK
        slot = np.where(self.leaving, len(residual.nodes.slot_j), heads - residual.nodes.first_slot)
        self.j: Ints = np.append(residual.nodes.slot_j, -1)[slot]
        self.t: Ints = np.append(residual.nodes.slot_t, -1)[slot]
        self._heads = heads
        level = np.minimum(residual.out.depth[self._arcs], self._depths[heads])
        self.level: Ints = np.where(level < residual.base, -1, level).astype(np.int64)

    @cached_property
    def _depths(self) -> Ints:
        return self._residual.depths_to(self._student)

    def price(self, tier: int) -> Ints:
        """By how much the tier gets worse at least, for the arcs whose `level` is this tier; else not meaningful."""
        if tier >= self._residual.levels:
            return np.zeros(len(self._arcs), dtype=np.int64)
        out = self._residual.out
        own = np.where(out.depth[self._arcs] == tier, out.price[self._arcs], 0)
        return own + self._residual.costs_to(self._student, tier, self._depths)[self._heads]


def decided_by(prepared: Prepared, levels: Ints) -> str:
    """The tier that rules out the last of these choices, or `SEED` when one is as good in all tiers but the lot.

    What no plan that keeps the commitments could do otherwise is decided by the first tier.
    """
    last = max(int(levels.max(initial=-1)), 0)
    return SEED if last >= prepared.residual.levels else prepared.tables.tiers[last].name
