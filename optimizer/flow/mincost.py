"""The one place that calls OR-Tools' min-cost flow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Ints = NDArray[np.int64]
Solver = Callable[[Ints, Ints, Ints, Ints, Ints], Ints]
"""Tail, head, capacity and cost of each arc, supply of each node -> the flow on each arc."""


class FlowError(RuntimeError):
    """The flow solver gave no optimal flow; `status` is its own word for why."""

    def __init__(self, status: str) -> None:
        super().__init__(f"the min-cost flow solver answered {status}")
        self.status = status


def min_cost_flow(tail: Ints, head: Ints, capacity: Ints, cost: Ints, supply: Ints) -> Ints:
    """An integral flow of least cost on each arc. `supply` per node sums to 0. Raises `FlowError`.

    Cost scaling (Goldberg and Tarjan 1990), exact in 64-bit integers; costs too large for that are refused by the
    solver with BAD_COST_RANGE, never rounded.
    """
    if not len(tail):
        if supply.any():
            raise FlowError("INFEASIBLE")
        return np.zeros(0, dtype=np.int64)
    used = supply != 0
    used[tail] = used[head] = True
    number = np.cumsum(used) - 1
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(number[tail], number[head], capacity, cost)
    solver.set_nodes_supplies(np.arange(int(used.sum())), supply[used])
    status = solver.solve()
    if status != SimpleMinCostFlow.OPTIMAL:
        raise FlowError(status.name)
    return np.asarray(solver.flows(arcs), dtype=np.int64)
