"""Where both engines apply they say the same, tier by tier: the flow, and the relaxation with CP-SAT."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import random_night, random_policy

from optimizer import solve
from optimizer.packing.engine import solve_packing
from optimizer.tables import Tables


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_engine_for_knotted_parts_finds_what_the_flow_finds(seed):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    solution = solve(problem, policy)
    tables = Tables.of(problem, policy, solution.witness.draw)
    everybody = np.ones(len(problem.students), dtype=bool), np.ones(len(problem.professionals), dtype=bool)
    packed = solve_packing(tables.part(*everybody))
    for tier, flow, other in zip(tables.tiers, solution.plan.tiers, packed.tiers, strict=True):
        assert tier.base + other.bound <= flow.value
        if other.value > other.bound:
            return
        assert tier.base + other.value == flow.value
