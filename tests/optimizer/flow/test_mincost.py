"""The min-cost flow beyond the range of costs that the solver takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.flow import mincost
from optimizer.flow.distances import distances_to
from optimizer.flow.mincost import FlowError, min_cost_flow


def random_network(rng: np.random.Generator, largest: int) -> tuple[np.ndarray, ...]:
    """Sources 1-5, nodes between with a way to sink 0 each, and a dear way out for every source."""
    tail = np.concatenate([np.repeat(np.arange(1, 6), 3), np.arange(6, 10), rng.integers(6, 10, 3), np.arange(1, 6)])
    head = np.concatenate([rng.integers(6, 10, 15), np.zeros(4, int), rng.integers(6, 10, 3), np.zeros(5, int)])
    capacity = np.concatenate([np.ones(15, int), rng.integers(0, 3, 4), rng.integers(0, 2, 3), np.ones(5, int)])
    cost = rng.integers(0, largest, len(tail))
    return tail, head, capacity, cost, np.array([-5, 1, 1, 1, 1, 1, 0, 0, 0, 0])


def is_best(network: tuple[np.ndarray, ...], flow: np.ndarray) -> bool:
    """No cycle of the residual graph costs less than 0, in whole numbers of any size (Bellman-Ford)."""
    tail, head, capacity, cost, supply = (part.tolist() for part in network)
    arcs = [(u, v, c) for u, v, c, f, most in zip(tail, head, cost, flow.tolist(), capacity, strict=True) if f < most]
    arcs += [(v, u, -c) for u, v, c, f in zip(tail, head, cost, flow.tolist(), strict=True) if f > 0]
    reach = [0] * len(supply)
    for _ in range(len(supply)):
        for u, v, c in arcs:
            reach[v] = min(reach[v], reach[u] + c)
    return all(reach[v] <= reach[u] + c for u, v, c in arcs)


def is_flow(network: tuple[np.ndarray, ...], flow: np.ndarray) -> bool:
    tail, head, capacity, _, supply = network
    out = np.bincount(tail, flow, len(supply)) - np.bincount(head, flow, len(supply))
    return bool((out == supply).all() and (flow >= 0).all() and (flow <= capacity).all())


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([10, 1 << 30, 1 << 56, 1 << 59, (1 << 62) - 1]))
def test_flows_of_costs_of_any_size_are_best(seed, largest):
    network = random_network(np.random.default_rng(seed), largest)
    flow = min_cost_flow(*network)
    assert is_flow(network, flow)
    assert is_best(network, flow)


def test_the_solver_alone_refuses_such_costs():
    with pytest.raises(FlowError, match="BAD_COST_RANGE"):
        mincost._solved(*random_network(np.random.default_rng(0), (1 << 62) - 1))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_large_costs_that_differ_only_in_their_last_bits_are_told_apart(seed):
    rng = np.random.default_rng(seed)
    tail, head, capacity, cost, supply = random_network(rng, 4)
    network = (tail, head, capacity, cost + (1 << 61), supply)
    assert is_best(network, min_cost_flow(*network))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_distances_hold_on_every_arc_also_where_the_target_is_out_of_reach(seed):
    rng = np.random.default_rng(seed)
    height = rng.integers(-50, 50, 8)
    tail, head = rng.integers(0, 8, 10), rng.integers(0, 8, 10)
    cost = rng.integers(0, 20, 10) + height[tail] - height[head]  # no cycle costs less than 0
    distance = distances_to(0, 8, tail, head, cost)
    assert distance[0] == 0
    assert (distance[tail] <= distance[head] + cost).all()
