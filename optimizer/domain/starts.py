"""From free cells to session starts: a start is as certain as the least certain cell of its session."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def starts_of(free: NDArray[np.uint8], cells: int) -> NDArray[np.uint8]:
    """N x T certainties of sessions of `cells` cells that start in each cell; 0 where one does not fit."""
    least = np.zeros_like(free)
    last = free.shape[1] - cells + 1
    if last > 0:
        least[:, :last] = free[:, :last]
        for ahead in range(1, cells):
            np.minimum(least[:, :last], free[:, ahead : ahead + last], out=least[:, :last])
    return least


def conflicting(starts: NDArray[np.bool_], reach: Ints) -> NDArray[np.bool_]:
    """N: rows in which two starts are less than `reach` (N) cells apart, so that only one can be used."""
    found = np.zeros(len(starts), dtype=bool)
    for apart in range(1, int(reach.max(initial=1))):
        near = (starts[:, apart:] & starts[:, :-apart]).any(axis=1)
        found |= near & (reach > apart)
    return found


def packed(starts: NDArray[np.bool_], reach: Ints) -> Ints:
    """N: the most starts of each row of which no two are less than `reach` cells apart (earliest first is best)."""
    count, open_from = np.zeros(len(starts), dtype=np.int64), np.zeros(len(starts), dtype=np.int64)
    for t in range(starts.shape[1]):
        take = starts[:, t] & (open_from <= t)
        count += take
        open_from[take] = t + reach[take]
    return count
