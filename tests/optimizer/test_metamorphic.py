"""What must hold between related nights, on random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night, random_policy

from optimizer import Policy, Problem, solve, verify
from optimizer.domain import Requirement, SlotGrid, TagFit

seeds = st.integers(0, 2**32 - 1)
PER_PROFESSIONAL = (
    *("capacity_horizon", "capacity_week", "capacity_day", "minimum_load", "debt", "minimum_is_hard"),
    *("session_cells", "buffer_cells"),
)
quick = settings(max_examples=60, deadline=None, derandomize=True)


def values(problem: Problem, policy: Policy) -> dict[str, int]:
    solution = solve(problem, policy)
    assert verify(problem, policy, solution.plan, solution.witness)
    return {tier.name: tier.value for tier in solution.plan.tiers}


@quick
@given(seeds)
def test_one_more_professional_never_lowers_coverage(seed):
    rng = np.random.default_rng(seed)
    full, policy = random_night(rng), random_policy(rng)
    p, again = len(full.professionals), full.parts[1]
    fewer = replace(again, pairs={pair: points for pair, points in again.pairs.items() if pair[1] < p - 1})
    without = replace(
        full,
        professionals=full.professionals[: p - 1],
        professional_free=full.professional_free[: p - 1],
        requirements=tuple(
            Requirement(r.name, r.student_tags, r.professional_tags[: p - 1]) for r in full.requirements
        ),
        parts=(TagFit("field", full.parts[0].student_tags, full.parts[0].professional_tags[: p - 1]), fewer),
        forbidden=frozenset(pair for pair in full.forbidden if pair[1] < p - 1),
        kept=tuple(kept for kept in full.kept if kept.professional != f"p{p - 1}"),
        busy=full.busy[: p - 1],
        **{name: getattr(full, name)[: p - 1] for name in PER_PROFESSIONAL},
    )
    first = "coverage and seniority"
    assert values(full, policy)[first] <= values(without, policy)[first]


@quick
@given(seeds)
def test_the_order_of_the_rows_changes_no_session(seed):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    assert solve(shuffled(problem, rng), policy).plan.sessions == solve(problem, policy).plan.sessions


def shuffled(problem: Problem, rng: np.random.Generator) -> Problem:
    s, p = rng.permutation(len(problem.students)), rng.permutation(len(problem.professionals))
    back_s, back_p = np.argsort(s), np.argsort(p)

    def pairs(old: Any) -> Any:
        return {(int(back_s[i]), int(back_p[j])): value for (i, j), value in old.items()}

    tag, again = problem.parts
    return replace(
        problem,
        students=tuple(problem.students[i] for i in s),
        professionals=tuple(problem.professionals[j] for j in p),
        student_free=problem.student_free[s],
        professional_free=problem.professional_free[p],
        waiting_days=problem.waiting_days[s],
        seniority_class=problem.seniority_class[s],
        busy=problem.busy[p],
        requirements=tuple(
            Requirement(r.name, r.student_tags[s], r.professional_tags[p]) for r in problem.requirements
        ),
        forbidden=frozenset(pairs(dict.fromkeys(problem.forbidden, True))),
        parts=(
            TagFit(tag.name, tag.student_tags[s], tag.professional_tags[p]),
            replace(again, pairs=pairs(again.pairs)),
        ),
        **{name: getattr(problem, name)[p] for name in PER_PROFESSIONAL},
    )


@quick
@given(seeds, st.integers(1, 60))
def test_shifting_everything_by_whole_weeks_changes_no_tier_but_the_lot(seed, weeks):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    shift = timedelta(weeks=weeks)
    grid = SlotGrid(problem.grid.first + shift, problem.grid.cell_minutes, problem.grid.cells)
    kept = tuple(
        replace(k, interval=replace(k.interval, start=k.interval.start + shift, end=k.interval.end + shift))
        for k in problem.kept
    )
    before, after = values(problem, policy), values(replace(problem, grid=grid, kept=kept), policy)
    assert {**before, "drawn by lot": 0} == {**after, "drawn by lot": 0}


@quick
@given(seeds)
def test_two_nights_side_by_side_cost_the_sum_of_both(seed):
    """Separate components; equal waits, so that seniority ranks mean the same in both parts."""
    rng = np.random.default_rng(seed)
    free = [certain(rng.random((n, 4)) < 0.6) for n in (4, 3, 3, 2)]
    left = night(free[0], free[1], capacity_day=[1] * 3)
    later = SlotGrid(left.grid.starts[-1] + timedelta(minutes=left.grid.cell_minutes), left.grid.cell_minutes, 4)
    right = night(free[2], free[3], capacity_day=[1] * 2, grid=later)
    corners = [np.zeros((4, 4)), np.zeros((3, 4)), np.zeros((3, 4)), np.zeros((2, 4))]
    both = night(
        np.block([[free[0], corners[0]], [corners[2], free[2]]]),
        np.block([[free[1], corners[1]], [corners[3], free[3]]]),
        capacity_day=[1] * 5,
        grid=SlotGrid(left.grid.first, left.grid.cell_minutes, 8),
    )
    policy = Policy(levels=4)
    one, other, whole = values(left, policy), values(right, policy), values(both, policy)
    for name in ("coverage and seniority", "professionals with nobody", "fit"):
        assert whole[name] == one[name] + other[name]


@quick
@given(seeds)
def test_another_seed_changes_nothing_but_the_lot(seed):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    one, other = values(problem, policy), values(problem, replace(policy, seed=policy.seed + 1))
    assert {**one, "drawn by lot": 0} == {**other, "drawn by lot": 0}


@quick
@given(seeds, st.integers(1, 10))
def test_one_more_free_cell_never_costs_a_student_their_session(seed, cell):
    """Seniority decides who is served, and more availability can only help the one who offers it."""
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    more = problem.student_free.copy()
    more[0, cell % problem.grid.cells] = 3
    apart = replace(problem, waiting_days=10 + np.arange(len(problem.students)))  # ties may fall to anybody
    before = {one.student for one in solve(apart, policy).plan.sessions}
    after = {one.student for one in solve(replace(apart, student_free=more), policy).plan.sessions}
    assert "s0" not in before or "s0" in after
