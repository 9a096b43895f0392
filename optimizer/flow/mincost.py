"""The one place that calls OR-Tools' min-cost flow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from optimizer.flow.distances import distances_to

Ints = NDArray[np.int64]
Solver = Callable[[Ints, Ints, Ints, Ints, Ints], Ints]
"""Tail, head, capacity and cost of each arc, supply of each node -> the flow on each arc."""


RANGE_BITS = 56
"""Costs times nodes below 2 to this are small enough for the solver, and for adding up along a path."""


class FlowError(RuntimeError):
    """The flow solver gave no optimal flow; `status` is its own word for why."""

    def __init__(self, status: str) -> None:
        super().__init__(f"the min-cost flow solver answered {status}")
        self.status = status


def min_cost_flow(tail: Ints, head: Ints, capacity: Ints, cost: Ints, supply: Ints) -> Ints:
    """An integral flow of least cost on each arc. `supply` per node sums to 0. Raises `FlowError`.

    Cost scaling (Goldberg and Tarjan 1990), exact in 64-bit integers. Where the solver says BAD_COST_RANGE, coarser
    costs settle first which arcs can matter at all; nothing is rounded.
    """
    if not len(tail):
        if supply.any():
            raise FlowError("INFEASIBLE")
        return np.zeros(0, dtype=np.int64)
    try:
        return _solved(tail, head, capacity, cost, supply)
    except FlowError as error:
        if error.status != "BAD_COST_RANGE":
            raise
    return _coarse_to_fine(tail, head, capacity, cost, supply)


def _solved(tail: Ints, head: Ints, capacity: Ints, cost: Ints, supply: Ints) -> Ints:
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


def _coarse_to_fine(tail: Ints, head: Ints, capacity: Ints, cost: Ints, supply: Ints) -> Ints:
    """The flow of least cost where costs are too large for the solver.

    A flow that is best for costs without their last b bits is within 2^b of best on each arc; an arc whose reduced
    cost is beyond n 2^b then keeps its flow in every best plan (Tardos 1985), and what is left is small.
    """
    nodes = len(supply)
    largest = max(int(cost.max()), -int(cost.min()))
    bits = max(1, largest.bit_length() + nodes.bit_length() - RANGE_BITS)
    coarse = cost >> bits
    flow = _solved(tail, head, capacity, coarse, supply)
    ahead, back = np.flatnonzero(flow < capacity), np.flatnonzero(flow > 0)
    ends = np.concatenate([tail[ahead], head[back]]), np.concatenate([head[ahead], tail[back]])
    potential = -distances_to(int(tail[0]), nodes, *ends, np.concatenate([coarse[ahead], -coarse[back]]))
    reduced = coarse + potential[tail] - potential[head]
    open_arcs = np.abs(reduced) <= nodes
    fine = (reduced[open_arcs] << bits) + (cost[open_arcs] & ((1 << bits) - 1))
    rest = supply.copy()
    np.subtract.at(rest, tail[~open_arcs], flow[~open_arcs])
    np.add.at(rest, head[~open_arcs], flow[~open_arcs])
    flow[open_arcs] = _solved(tail[open_arcs], head[open_arcs], capacity[open_arcs], fine, rest)
    return flow
