"""Who arrives when: drawn from the past by a seed, the same for every way that is compared."""

from __future__ import annotations

import numpy as np

from backend.backtest.ahead.evening import Asking
from backend.backtest.ahead.world import World


def arrivals(world: World, evenings: int, seed: int, repetition: int) -> list[list[Asking]]:
    """By evening. The first also has the queue of the base, with the waits it had.

    How many arrive on an evening is Poisson with the world's rate; who, is any student of the past, each as likely.
    """
    draw = np.random.default_rng((seed, repetition))
    base = world.base
    queue = [Asking(f"q{i}", world.kinds[i], -int(base.waiting_days[i]) - 1, 0) for i in range(world.queue)]
    days: list[list[Asking]] = []
    for day in range(evenings):
        picked = draw.integers(0, len(world.kinds), draw.poisson(world.per_day))
        days.append([Asking(f"a{day}-{n}", world.kinds[k], day, day) for n, k in enumerate(picked.tolist())])
    days[0] = [*queue, *days[0]]
    return days
