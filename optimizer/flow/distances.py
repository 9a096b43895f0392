"""Shortest distances where arcs may cost less than 0: Bellman-Ford by frontiers, vectorised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
UNREACHED = np.iinfo(np.int64).max // 4


def distances_to(target: int, count: int, tail: Ints, head: Ints, cost: Ints) -> Ints:
    """Shortest distance of every node to one; no cycle of these arcs may cost less than 0.

    Nodes that cannot reach it count among themselves, all so far off that no arc from the others to them matters.
    """
    order = np.argsort(head, kind="stable")
    first = np.searchsorted(head[order], np.arange(count + 1))
    tail, head, cost = tail[order], head[order], cost[order]
    distance = np.full(count, UNREACHED, dtype=np.int64)
    distance[target] = 0
    _relax(np.array([target]), distance, first, tail, cost)
    reached = distance < UNREACHED
    cut_off = np.flatnonzero(~reached)
    if len(cut_off):
        among = np.where(reached, -UNREACHED, 0)  # an arc lowers nobody who reaches the target
        _relax(cut_off, among, first, tail, cost)
        over = reached[tail] & ~reached[head]
        gap = distance[tail[over]] - cost[over] - among[head[over]]
        distance[cut_off] = among[cut_off] + max(0, int(gap.max(initial=-1)) + 1)
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
