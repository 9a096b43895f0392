"""The checker on nights that are no flow: no forged multipliers prove a worse plan, however large they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night, random_policy, with_features

from optimizer import Plan, Policy, Problem, Solution, solve, verify
from optimizer.relaxed_witness import SCALE_BITS, Kind, Multipliers
from optimizer.structure import parts
from optimizer.tables import Tables

POLICY = Policy(seed=3)
HUGE = (1 << 62, 1 << 52, 1 << 47, 1 << 40)
LEAST = np.iinfo(np.int64).min


def knotted() -> Problem:
    """Three students and sessions of two of four cells, so that the night is no flow; all three can meet somebody."""
    return night(certain(np.ones((3, 4))), certain(np.ones((2, 4))), session_cells=[2, 2], waiting_days=[3, 2, 1])


def of_nobody(problem: Problem) -> Plan:
    """The plan that books nobody, as honest as can be."""
    return solve(replace(problem, capacity_horizon=problem.capacity_horizon * 0), POLICY).plan


def multipliers(rows: list[tuple[int, int, int, int, int]], levels: list[tuple[int, int, int]] = ()) -> Multipliers:
    """(tier, kind, first, second, multiplier) and (tier, earlier tier, multiplier)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    level = np.array(levels, dtype=np.int64).reshape(-1, 3)
    return Multipliers(table[:, :4], table[:, 4], level[:, :2], level[:, 2])


def passes(problem: Problem, solution: Solution, plan: Plan, forged: Multipliers) -> bool:
    """Is there a way to word the tiers so that the checker takes the plan? It says itself what it wants to read."""
    truth = tuple(replace(tier, value=tier.bound) for tier in plan.tiers)
    worded = (plan, replace(plan, tiers=truth))
    witness = replace(solution.witness, packings=(forged,) * len(solution.witness.packings))
    return any(verify(problem, POLICY, one, witness).accepted for one in worded)


@pytest.mark.parametrize("number", [*HUGE, *(-one for one in HUGE), LEAST, LEAST + 1])
@pytest.mark.parametrize("kind", list(Kind))
def test_one_huge_multiplier_proves_nothing(kind, number):
    problem = knotted()
    solution, worse = solve(problem, POLICY), of_nobody(problem)
    rows = [(tier, kind, 0, 0, number) for tier in range(len(worse.tiers))]
    assert not passes(problem, solution, worse, multipliers(rows))


@pytest.mark.parametrize("number", [LEAST, *(-(1 << bits) for bits in (30, 33, 40, 44, 48, 52))])
def test_prices_of_days_that_wrap_around_do_not_prove_that_nobody_can_be_served(number):
    """Everybody at the price of being left out, and every day so dear that a product with "no limit" is 0 again."""
    problem = knotted()
    solution, worse = solve(problem, POLICY), of_nobody(problem)
    tables = Tables.of(problem, POLICY, solution.witness.draw)
    (part,) = parts(tables)[1:]
    rows = []
    for tier, one in enumerate(tables.part(part.students, part.professionals).tiers):
        left_out = [] if one.unmatched is None else one.unmatched.tolist()
        rows += [(tier, Kind.STUDENT, i, 0, cost << SCALE_BITS) for i, cost in enumerate(left_out) if cost]
        rows += [(tier, Kind.DAY, j, day, number) for j in range(2) for day in np.unique(problem.grid.day).tolist()]
    assert not passes(problem, solution, worse, multipliers(rows))


@pytest.mark.parametrize("number", [LEAST, -(1 << 62), -(1 << 45), -(1 << 34)])
def test_a_huge_multiplier_of_an_earlier_tier_proves_nothing(number):
    problem = knotted()
    solution, worse = solve(problem, POLICY), of_nobody(problem)
    levels = [(tier, tier - 1, number) for tier in range(1, len(worse.tiers))]
    assert not passes(problem, solution, worse, multipliers([], levels))


def test_sums_that_would_wrap_around_are_refused_by_name():
    problem = knotted()
    solution = solve(problem, POLICY)
    forged = multipliers([(0, Kind.HOST_CELL, 0, cell, LEAST) for cell in range(4)])
    verdict = verify(problem, POLICY, solution.plan, replace(solution.witness, packings=(forged,)))
    assert "too large to be added exactly" in "; ".join(verdict.reasons)


def blank(*shape: int) -> np.ndarray:
    return np.zeros(shape, dtype=np.int64)


@pytest.mark.parametrize(
    "forged",
    [
        Multipliers(blank(1, 3), blank(1), blank(0, 2), blank(0)),
        Multipliers(blank(2, 4), blank(1), blank(0, 2), blank(0)),
        Multipliers(blank(0, 4), blank(0), blank(1, 2), blank(0)),
    ],
)
def test_multipliers_of_the_wrong_shape_are_refused(forged):
    problem = knotted()
    solution = solve(problem, POLICY)
    verdict = verify(problem, POLICY, solution.plan, replace(solution.witness, packings=(forged,)))
    assert "multipliers are" in "; ".join(verdict.reasons)


@pytest.mark.parametrize("row", [(0, Kind.ORDER, 99, 1, -1), (0, Kind.ORDER, -1, 1, -1), (0, Kind.DAY, 0, 7, -1)])
def test_a_row_that_does_not_exist_is_refused(row):
    problem = knotted()
    solution = solve(problem, POLICY)
    verdict = verify(problem, POLICY, solution.plan, replace(solution.witness, packings=(multipliers([row]),)))
    assert "the witness proves nothing" in "; ".join(verdict.reasons)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.data())
def test_random_changes_of_true_multipliers_never_prove_a_worse_plan(seed, data):
    """Numbers of any size, rows twice, other tiers: a plan worse in its first tier is never called sure there."""
    rng = np.random.default_rng(seed)
    problem, policy = with_features(rng, random_night(rng)), random_policy(rng)
    solution = solve(problem, policy)
    worse = solve(replace(problem, capacity_horizon=problem.capacity_horizon * 0), policy).plan
    if worse.tiers[0].value == solution.plan.tiers[0].value or len(parts(Tables.of(problem, policy, 0))) == 1:
        return
    number = st.sampled_from([0, 1, 7, 2**16, 2**30, *HUGE]).flatmap(lambda one: st.sampled_from([one, -one, LEAST]))
    forged = []
    for one in solution.witness.packings:
        of_rows = one.of_rows.copy()
        for place in range(len(of_rows)):
            of_rows[place] = data.draw(number) if rng.random() < 0.3 else of_rows[place]
        twice = rng.integers(0, max(1, len(of_rows)), size=min(2, len(of_rows)))
        rows = np.concatenate([one.rows, one.rows[twice]])
        forged.append(replace(one, rows=rows, of_rows=np.concatenate([of_rows, of_rows[twice] // 3])))
    witness = replace(solution.witness, packings=tuple(forged))
    assert not verify(problem, policy, worse, witness).accepted
