"""Does the optimal face still hold more than one plan?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.flow.network import SINK, Network

Ints = NDArray[np.int64]


def leaves_choice(network: Network) -> bool:
    """True when some free candidate arc lies on a cycle of the residual graph, so that another plan is as good.

    Arcs with room both ways, and professionals with a used and an unused free load unit, change no plan by
    themselves: their ends are merged first. What is left above the students is a forest, so every cycle that
    remains runs through a student; nodes without an arc in or out are peeled off until only cycles are left.
    """
    merged = _merged(network)
    tails, heads, _, _ = network.residual()
    tails, heads = merged[tails], merged[heads]
    real = tails != heads
    tails, heads = tails[real], heads[real]
    while len(tails):
        into, out = np.zeros(network.nodes.count, dtype=bool), np.zeros(network.nodes.count, dtype=bool)
        into[heads] = out[tails] = True
        keep = into[tails] & out[heads]
        if keep.all():
            return True
        tails, heads = tails[keep], heads[keep]
    return False


def _merged(network: Network) -> Ints:
    """For each node the node it is merged with, professionals with the sink, weeks and days with their parents."""
    nodes, tables = network.nodes, network.tables
    merged = np.arange(nodes.count)
    flow, free = network.flow[network.load], network.free[network.load]
    used, unused = np.zeros(nodes.professionals, dtype=bool), np.zeros(nodes.professionals, dtype=bool)
    used[tables.unit_professional[free & (flow > 0)]] = True
    unused[tables.unit_professional[free & (flow == 0)]] = True
    merged[nodes.first_professional + np.flatnonzero(used & unused)] = SINK
    both = network.free & (network.flow > 0) & (network.flow < network.capacity)
    for low, high in ((nodes.first_week, nodes.first_day), (nodes.first_day, nodes.first_slot)):
        arcs = network.tree.start + np.arange(low, high) - nodes.first_week
        arcs = arcs[both[arcs]]
        merged[network.tail[arcs]] = merged[network.head[arcs]]
    return merged
