"""Splitting a night into parts changes nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import random_night, random_policy, with_features, with_standing

from optimizer.structure import parts, possible_pairs
from optimizer.tables import Chosen, Tables

quick = settings(max_examples=150, deadline=None, derandomize=True)


@quick
@given(st.integers(0, 2**32 - 1))
def test_parts_share_no_candidate_and_leave_nobody_out(seed):
    rng = np.random.default_rng(seed)
    tables = Tables.of(with_features(rng, random_night(rng, commitments=True)), random_policy(rng))
    found, pairs = parts(tables), possible_pairs(tables)
    assert (sum(part.students.astype(int) for part in found) == 1).all()
    assert (sum(part.professionals.astype(int) for part in found) == 1).all()
    for part in found:
        assert not pairs[np.ix_(part.students, ~part.professionals)].any()
        few = tables.part(part.students, part.professionals)
        asks, shuts = few.problem.demand > 1, few.problem.conflicting
        assert part.is_flow == (not (possible_pairs(few)[asks].any() or possible_pairs(few)[:, shuts].any()))


@quick
@given(st.integers(0, 2**32 - 1))
def test_values_of_parts_add_up(seed):
    rng = np.random.default_rng(seed)
    problem = with_features(rng, with_standing(rng, random_night(rng, commitments=True)))
    tables = Tables.of(problem, random_policy(rng))
    i, j = np.nonzero(possible_pairs(tables))
    some = rng.random(len(i)) < 0.5
    i, j = i[some], j[some]
    t = rng.integers(0, problem.grid.cells, len(i))
    total = np.array([tier.base for tier in tables.tiers])
    for part in parts(tables):
        few = tables.part(part.students, part.professionals)
        mine = part.students[i]
        inside = Chosen(np.cumsum(part.students)[i[mine]] - 1, np.cumsum(part.professionals)[j[mine]] - 1, t[mine])
        total += [few.value(tier, inside) for tier in few.tiers]
    assert total.tolist() == [tables.value(tier, Chosen(i, j, t)) for tier in tables.tiers]
