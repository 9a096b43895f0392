"""Pins and hard minimum loads: kept whatever they cost, and named when they contradict each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from enumeration import enumerate_plans
from optimizer_builders import SUNDAY_NOON, certain, night, random_night, random_policy

from optimizer import ContradictionError, Policy, Problem, ProblemError, solve, verify
from optimizer.domain import Pin

ONES = certain(np.ones((3, 3)))


def plan_of(problem: Problem):
    solution = solve(problem, Policy())
    assert verify(problem, Policy(), solution.plan, solution.witness)
    return {one.student: (one.professional, one.start) for one in solution.plan.sessions}


def test_a_pin_without_a_start_fixes_the_pair_and_leaves_the_time_open():
    assert plan_of(night(ONES, ONES, pins=(Pin("s0", "p2"),)))["s0"][0] == "p2"


def test_a_pin_with_a_start_fixes_the_session():
    start = SUNDAY_NOON + timedelta(hours=8)
    assert plan_of(night(ONES, ONES, pins=(Pin("s0", "p2", start),)))["s0"] == ("p2", start)


def test_a_pinned_junior_comes_before_a_senior():
    problem = night(certain([[1], [1]]), certain([[1]]), waiting_days=[0, 9], pins=(Pin("s0", "p0"),))
    assert set(plan_of(problem)) == {"s0"}


def test_a_hard_minimum_may_cost_a_session_and_the_most_are_still_served():
    """The known case where seniority weights would pick three of four: minimum three, one senior of weight nine."""
    free = certain(np.ones((5, 4)))
    forbidden = frozenset({(3, 0), (4, 0), (0, 1)})
    given = {"waiting_days": [9, 1, 1, 1, 1], "forbidden": forbidden, "capacity_horizon": [4, 4]}
    problem = night(free, certain(np.ones((2, 4))), minimum_load=[3, 0], minimum_is_hard=[True, False], **given)
    hosts = [host for host, _ in plan_of(problem).values()]
    assert len(hosts) == 5
    assert hosts.count("p0") == 3


def test_contradicting_pins_are_named_without_the_innocent_ones():
    pins = (Pin("s2", "p2"), Pin("s0", "p0", SUNDAY_NOON), Pin("s1", "p0", SUNDAY_NOON))
    with pytest.raises(ContradictionError) as caught:
        solve(night(ONES, ONES, pins=pins), Policy())
    assert caught.value.commitments == tuple(str(pin) for pin in pins[1:])


def test_a_minimum_beyond_what_is_possible_contradicts_itself():
    with pytest.raises(ContradictionError, match="minimum load 2 of p0"):
        solve(night(certain([[1]]), certain([[1]]), minimum_load=[2], minimum_is_hard=[True]), Policy())


def test_a_pin_to_a_time_nobody_offers_contradicts_itself():
    with pytest.raises(ContradictionError, match="pin of s0 to p0 at 2026-03-02"):
        solve(night(ONES, ONES, pins=(Pin("s0", "p0", SUNDAY_NOON + timedelta(days=1)),)), Policy())


@pytest.mark.parametrize("pins", [(Pin("s9", "p0"),), (Pin("s0", "p9"),), (Pin("s0", "p0"), Pin("s0", "p1"))])
def test_pins_of_strangers_or_twice_of_one_student_are_refused(pins):
    with pytest.raises(ProblemError):
        night(ONES, ONES, pins=pins)


def test_any_set_named_is_contradictory_and_irreducible():
    named = 0
    for seed in range(1500):
        rng = np.random.default_rng(seed)
        problem, policy = random_night(rng, commitments=True), random_policy(rng)
        if not problem.pins and not problem.minimum_is_hard.any():
            continue
        try:
            solve(problem, policy)
        except ContradictionError as error:
            parts = [str(pin) for pin in problem.pins if str(pin) in error.commitments]
            if len(parts) != len(error.commitments):
                continue  # minimum loads are covered by the enumeration
            named += 1
            pins = tuple(pin for pin in problem.pins if str(pin) in error.commitments)
            loose = replace(problem, minimum_is_hard=problem.minimum_is_hard & False)
            for left_out in (None, *pins):
                kept = tuple(pin for pin in pins if pin is not left_out)
                truth = enumerate_plans(replace(loose, pins=kept), policy)
                assert truth is None or bool(len(truth.use)) == (left_out is not None)
    assert named > 20


@pytest.mark.parametrize("student", ["s0", "s1"])
def test_a_plan_without_the_pinned_session_is_refused(student):
    free = night(certain([[1], [1]]), certain([[1]]), waiting_days=[0, 9])
    pinned = replace(free, pins=(Pin(student, "p0"),))
    solution = solve(free, Policy())
    verdict = verify(pinned, Policy(), solution.plan, solution.witness)
    assert not verdict
    assert ("is not kept" in verdict.reasons[0]) == (student == "s0")


def test_a_plan_short_of_a_hard_minimum_is_refused():
    free = night(ONES, ONES)
    hard = replace(free, minimum_load=np.array([3, 0, 0]), minimum_is_hard=np.array([True, False, False]))
    solution = solve(free, Policy())
    assert "fewer than the 3" in verify(hard, Policy(), solution.plan, solution.witness).reasons[0]
