"""What must hold between related nights, on random ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night, random_policy, with_features

from optimizer import Policy, Problem, solve, verify
from optimizer.domain import Requirement, SlotGrid, TagFit
from optimizer.selection import only

seeds = st.integers(0, 2**32 - 1)
beyond_flows = st.booleans()
PER_PROFESSIONAL = (
    *("capacity_horizon", "capacity_week", "capacity_day", "minimum_load", "debt", "minimum_is_hard"),
    *("session_cells", "buffer_cells"),
)
PER_STUDENT = ("waiting_days", "seniority_class", "demand")
quick = settings(max_examples=80, deadline=None, derandomize=True)


def some_night(rng: np.random.Generator, beyond: bool) -> Problem:
    """A random night; `beyond` flows with long sessions, buffers and several sessions a student."""
    problem = random_night(rng)
    return with_features(rng, problem) if beyond else problem


def left_out(problem: Problem, policy: Policy) -> int:
    values(problem, policy)
    return len(solve(problem, policy).plan.unmatched)


def values(problem: Problem, policy: Policy) -> dict[str, int]:
    solution = solve(problem, policy)
    assert verify(problem, policy, solution.plan, solution.witness)
    return {tier.name: tier.value for tier in solution.plan.tiers}


@quick
@given(seeds, beyond_flows)
def test_one_more_professional_never_lowers_coverage(seed, beyond):
    rng = np.random.default_rng(seed)
    full, policy = some_night(rng, beyond), random_policy(rng)
    hosts = np.arange(len(full.professionals)) < len(full.professionals) - 1
    assert left_out(full, policy) <= left_out(only(full, np.ones(len(full.students), bool), hosts), policy)


@quick
@given(seeds)
def test_the_order_of_the_rows_changes_no_session(seed):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    assert solve(shuffled(problem, rng), policy).plan.sessions == solve(problem, policy).plan.sessions


@quick
@given(seeds)
def test_beyond_flows_the_order_of_the_rows_changes_no_value(seed):
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, True), random_policy(rng)
    assert values(shuffled(problem, rng), policy) == values(problem, policy)


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
        busy=problem.busy[p],
        requirements=tuple(
            Requirement(r.name, r.student_tags[s], r.professional_tags[p]) for r in problem.requirements
        ),
        forbidden=frozenset(pairs(dict.fromkeys(problem.forbidden, True))),
        parts=(
            TagFit(tag.name, tag.student_tags[s], tag.professional_tags[p]),
            replace(again, pairs=pairs(again.pairs)),
        ),
        **{name: getattr(problem, name)[s] for name in PER_STUDENT},
        **{name: getattr(problem, name)[p] for name in PER_PROFESSIONAL},
    )


@quick
@given(seeds, st.integers(1, 60), beyond_flows)
def test_shifting_everything_by_whole_weeks_changes_no_tier_but_the_lot(seed, weeks, beyond):
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, beyond), random_policy(rng)
    shift = timedelta(weeks=weeks)
    grid = SlotGrid(problem.grid.first + shift, problem.grid.cell_minutes, problem.grid.cells)
    kept = tuple(
        replace(k, interval=replace(k.interval, start=k.interval.start + shift, end=k.interval.end + shift))
        for k in problem.kept
    )
    before, after = values(problem, policy), values(replace(problem, grid=grid, kept=kept), policy)
    assert {**before, "drawn by lot": 0} == {**after, "drawn by lot": 0}


@quick
@given(seeds, beyond_flows)
def test_two_nights_side_by_side_cost_the_sum_of_both(seed, beyond):
    """Separate components; equal waits, so that seniority means the same in both parts and in the whole."""
    rng = np.random.default_rng(seed)
    free = [certain(rng.random((n, 4)) < 0.7) for n in (4, 3, 3, 2)]
    of = {
        "session_cells": rng.integers(1, 3 if beyond else 2, 5),
        "buffer_cells": rng.integers(0, 2 if beyond else 1, 5),
        "demand": rng.integers(1, 3 if beyond else 2, 7),
        "capacity_day": rng.integers(1, 3, 5),
    }

    def part(students: slice, hosts: slice) -> dict[str, Any]:
        return {name: array[students if name == "demand" else hosts] for name, array in of.items()}

    left = night(free[0], free[1], **part(slice(0, 4), slice(0, 3)))
    later = SlotGrid(left.grid.starts[-1] + timedelta(minutes=left.grid.cell_minutes), left.grid.cell_minutes, 4)
    right = night(free[2], free[3], grid=later, **part(slice(4, 7), slice(3, 5)))
    corners = [np.zeros((4, 4)), np.zeros((3, 4)), np.zeros((3, 4)), np.zeros((2, 4))]
    both = night(
        np.block([[free[0], corners[0]], [corners[2], free[2]]]),
        np.block([[free[1], corners[1]], [corners[3], free[3]]]),
        grid=SlotGrid(left.grid.first, left.grid.cell_minutes, 8),
        **of,
    )
    policy = Policy(levels=4)
    one, other, whole = (_plainly(values(some, policy)) for some in (left, right, both))
    for name in sorted(set(whole) - {"earliest", "drawn by lot"}):
        assert whole[name] == one.get(name, 0) + other.get(name, 0), name


def _plainly(found: dict[str, int]) -> dict[str, int]:
    """Coverage under one name: without waits and classes it is a number of students in either form."""
    plain = {"students left out" if name == "coverage and seniority" else name: value for name, value in found.items()}
    return {name: value for name, value in plain.items() if " of class " not in name}


@quick
@given(seeds, beyond_flows)
def test_another_seed_changes_nothing_but_the_lot(seed, beyond):
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, beyond), random_policy(rng)
    one, other = values(problem, policy), values(problem, replace(policy, seed=policy.seed + 1))
    assert {**one, "drawn by lot": 0} == {**other, "drawn by lot": 0}


@quick
@given(seeds, st.integers(1, 10), beyond_flows)
def test_one_more_free_cell_never_costs_a_student_their_session(seed, cell, beyond):
    """Coverage decides who is served, and more availability can only help the one who offers it.

    Waits that are powers of two leave no tie between sets of students; a tie may fall to anybody.
    """
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, beyond), random_policy(rng)
    more = problem.student_free.copy()
    more[0, cell % problem.grid.cells] = 3
    apart = replace(problem, waiting_days=2 ** np.arange(len(problem.students)))
    before = {one.student for one in solve(apart, policy).plan.sessions}
    after = {one.student for one in solve(replace(apart, student_free=more), policy).plan.sessions}
    assert "s0" not in before or "s0" in after


@quick
@given(seeds, st.integers(2, 3))
def test_a_finer_grid_never_lowers_coverage(seed, pieces):
    """Every start stays possible and new ones come between; lengths and buffers take as long as before."""
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, True), random_policy(rng)
    grid = problem.grid
    finer = replace(
        problem,
        grid=SlotGrid(grid.first, grid.cell_minutes // pieces, grid.cells * pieces),
        student_free=problem.student_free.repeat(pieces, axis=1),
        professional_free=problem.professional_free.repeat(pieces, axis=1),
        bookable=problem.bookable.repeat(pieces),
        busy=problem.busy.repeat(pieces, axis=1),
        session_cells=problem.session_cells * pieces,
        buffer_cells=problem.buffer_cells * pieces,
    )
    assert left_out(finer, policy) <= left_out(problem, policy)


@quick
@given(seeds)
def test_who_asks_for_more_takes_nobodys_first_session(seed):
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, True), random_policy(rng)
    more = problem.demand.copy()
    more[int(rng.integers(len(more)))] += 1
    assert left_out(replace(problem, demand=more), policy) == left_out(problem, policy)


@quick
@given(seeds)
def test_without_breaks_or_with_repeats_nobody_more_is_left_out(seed):
    rng = np.random.default_rng(seed)
    problem, policy = some_night(rng, True), random_policy(rng)
    least = left_out(problem, policy)
    assert left_out(replace(problem, buffer_cells=np.zeros_like(problem.buffer_cells)), policy) <= least
    assert left_out(replace(problem, repeats_allowed=True), policy) <= least


@quick
@given(seeds)
def test_repeats_make_no_plan_worse(seed):
    """The same tables and more plans: smaller in the first tier in which the best two differ."""
    rng = np.random.default_rng(seed)
    problem, policy = replace(some_night(rng, True), repeats_allowed=False), random_policy(rng)
    strict, loose = values(problem, policy), values(replace(problem, repeats_allowed=True), policy)
    if list(strict) == list(loose):
        assert list(loose.values()) <= list(strict.values())
