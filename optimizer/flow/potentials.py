"""Optimal duals: node potentials under which no residual arc has a negative reduced cost.

The reduced cost of an arc u -> v is cost + d[u] - d[v]. The flow solver hands out no duals, so they are shortest
distances to the sink in the residual graph.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.flow.distances import distances_to
from optimizer.flow.network import SINK, Network

Ints = NDArray[np.int64]


def potentials(network: Network, cost: Ints) -> Ints:
    """One valid potential per node, the sink's being 0. The current flow must be optimal for `cost`.

    Slots, days, weeks and professionals take their lowest value (minus the distance to the sink) and students their
    highest one: then few absent candidates look better than they are.
    """
    tail, head, arc, backward = network.residual()
    signed = np.where(backward, -cost[arc], cost[arc])
    potential = -distances_to(SINK, network.nodes.count, tail, head, signed)
    students = slice(1, 1 + network.nodes.students)
    potential[students] = potential.max() + 1  # nothing holds a student whose arc in use is fixed
    held = np.flatnonzero(backward & (head >= 1) & (head < 1 + network.nodes.students))
    potential[head[held]] = potential[tail[held]] + signed[held]
    return potential
