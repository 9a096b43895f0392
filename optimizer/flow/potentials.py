"""Optimal duals: node potentials under which no residual arc has a negative reduced cost.

The reduced cost of an arc u -> v is cost + d[u] - d[v]. The flow solver hands out no duals, so they are shortest
distances to the sink in the residual graph (Bellman-Ford by frontiers, vectorised).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.flow.network import SINK, Network

Ints = NDArray[np.int64]
UNREACHED = np.iinfo(np.int64).max // 4


def potentials(network: Network, cost: Ints) -> Ints:
    """One valid potential per node, the sink's being 0. The current flow must be optimal for `cost`.

    Slots, days, weeks and professionals take their lowest value (minus the distance to the sink) and students their
    highest one: then few absent candidates look better than they are.
    """
    tail, head, arc, backward = network.residual()
    signed = np.where(backward, -cost[arc], cost[arc])
    count = network.nodes.count
    large = 2 * (int(np.abs(cost).max(initial=0)) + 1) * (count + 1)
    distance = _distances(count, tail, head, signed, large)
    potential = -distance
    students = slice(1, 1 + network.nodes.students)
    potential[students] = 4 * large  # nothing holds a student whose arc in use is fixed
    held = np.flatnonzero(backward & (head >= 1) & (head < 1 + network.nodes.students))
    potential[head[held]] = potential[tail[held]] + signed[held]
    return potential


def _distances(count: int, tail: Ints, head: Ints, cost: Ints, large: int) -> Ints:
    """Shortest distance of every node to the sink; a node that cannot reach it counts from `large`."""
    order = np.argsort(head, kind="stable")
    first = np.searchsorted(head[order], np.arange(count + 1))
    tail, cost = tail[order], cost[order]
    distance = np.full(count, UNREACHED, dtype=np.int64)
    distance[SINK] = 0
    _relax(np.array([SINK]), distance, first, tail, cost)
    cut_off = np.flatnonzero(distance == UNREACHED)
    if len(cut_off):
        distance[cut_off] = large
        _relax(cut_off, distance, first, tail, cost)
    return distance


def _relax(frontier: Ints, distance: Ints, first: Ints, tail: Ints, cost: Ints) -> None:
    """Lowers distances in place until no arc can lower one. Arcs are sorted by head, `first` says where each begins."""
    while len(frontier):
        lengths = first[frontier + 1] - first[frontier]
        ends = np.cumsum(lengths)
        arcs = np.arange(ends[-1]) + np.repeat(first[frontier] - ends + lengths, lengths)
        reached = np.repeat(distance[frontier], lengths) + cost[arcs]
        better = reached < distance[tail[arcs]]
        nodes = tail[arcs][better]
        np.minimum.at(distance, nodes, reached[better])
        frontier = np.unique(nodes)
