"""The checker: each broken rule, each untrue statement, forged potentials, forgotten candidates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from optimizer_builders import SUNDAY_NOON, certain, night, random_night, random_policy

from optimizer import Plan, Policy, Problem, solve, verify
from optimizer.domain import Certainty, Interval, KeptSession, Session, Stage, TierStatus, Unmatched

POLICY = Policy(seed=3)


def two_and_two(**given) -> Problem:
    """Two students, two professionals, three cells; everybody is always free."""
    return night(certain(np.ones((2, 3))), certain(np.ones((2, 3))), **given)


def reasons(problem: Problem, change: Callable[[Plan], Plan], policy: Policy = POLICY) -> str:
    """Why the checker refuses the changed optimal plan of a night in which everybody is always free."""
    solution = solve(two_and_two(), policy)
    verdict = verify(problem, policy, change(solution.plan), solution.witness)
    assert not verdict
    return "; ".join(verdict.reasons)


def change_first(plan: Plan, **changes) -> Plan:
    return replace(plan, sessions=(replace(plan.sessions[0], **changes), *plan.sessions[1:]))


def first_session() -> Session:
    return solve(two_and_two(), POLICY).plan.sessions[0]


def test_an_optimal_plan_is_accepted():
    solution = solve(two_and_two(), POLICY)
    assert verify(two_and_two(), POLICY, solution.plan, solution.witness)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plan: change_first(plan, student="s9"), "s9 is not a student"),
        (lambda plan: change_first(plan, professional="p9"), "p9 is not a professional"),
        (lambda plan: replace(plan, sessions=plan.sessions[1:]), "0 sessions and is unmatched 0 times"),
        (
            lambda plan: replace(plan, unmatched=(Unmatched("s0", Stage.LOST, 0),)),
            "is unmatched 1 times",
        ),
        (lambda plan: replace(plan, sessions=plan.sessions + plan.sessions[:1]), "has 2 sessions and asks for 1"),
        (lambda plan: change_first(plan, start=SUNDAY_NOON + timedelta(minutes=30)), "off the grid"),
        (lambda plan: change_first(plan, minutes=30), "meets for 30 minutes"),
        (lambda plan: change_first(plan, quality=1 + plan.sessions[0].quality % 20), "the level is"),
        (lambda plan: change_first(plan, certainty=Certainty.IF_NEEDED), "the certainty is"),
        (lambda plan: change_first(plan, shared_minutes=1), "the shared minutes is"),
        (lambda plan: change_first(plan, parts=(("shared time", 1),)), "the parts is"),
        (lambda plan: replace(plan, sessions=plan.sessions[::-1]), "not sorted"),
        (lambda plan: replace(plan, seed=4), "seed 4"),
        (lambda plan: replace(plan, tiers=plan.tiers[1:]), "tiers are"),
        (lambda plan: replace(plan, tiers=(replace(plan.tiers[0], value=-1), *plan.tiers[1:])), "the value is 0"),
        (lambda plan: replace(plan, tiers=(replace(plan.tiers[0], bound=-1), *plan.tiers[1:])), "and -1"),
        (
            lambda plan: replace(plan, tiers=(replace(plan.tiers[0], status=TierStatus.CONDITIONAL), *plan.tiers[1:])),
            "the tier is proven",
        ),
    ],
)
def test_a_plan_that_breaks_a_rule_or_tells_an_untruth_is_refused_with_the_reason(change, said):
    assert said in reasons(two_and_two(), change)


def test_two_sessions_of_one_professional_at_one_time_are_refused():
    solution = solve(two_and_two(), POLICY)
    host, start = solution.plan.sessions[0].professional, solution.plan.sessions[0].start
    clash = tuple(replace(one, professional=host, start=start) for one in solution.plan.sessions)
    verdict = verify(two_and_two(), POLICY, replace(solution.plan, sessions=clash), solution.witness)
    assert "two sessions at" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("tighter", "said"),
    [
        (lambda _: {"capacity_horizon": [0, 0]}, "in a horizon and offered 0"),
        (lambda _: {"capacity_week": [0, 0]}, "in a week and offered 0"),
        (lambda _: {"capacity_day": [0, 0]}, "in a day and offered 0"),
        (lambda _: {"forbidden": frozenset({(0, 0), (0, 1), (1, 0), (1, 1)})}, "may not meet"),
        (lambda _: {"bookable": np.zeros(3, dtype=bool)}, "may not be booked"),
        (lambda _: {"busy": np.ones((2, 3), dtype=bool)}, "is not free at"),
        (lambda one: {"kept": (KeptSession(one.professional, one.interval),)}, "has a published session at"),
    ],
)
def test_a_plan_of_a_looser_night_is_refused_on_the_tighter_one(tighter, said):
    assert said in reasons(two_and_two(**tighter(first_session())), lambda plan: plan)


@pytest.mark.parametrize(("who", "said"), [(0, "s0 is not free"), (1, "s1 is not free")])
def test_a_session_outside_a_students_times_is_refused(who, said):
    free = np.ones((2, 3))
    free[who] = 0
    assert said in reasons(night(certain(free), certain(np.ones((2, 3)))), lambda plan: plan)


def test_a_session_outside_a_professionals_times_is_refused():
    never = night(certain(np.ones((2, 3))), certain(np.zeros((2, 3))))
    assert "p" in reasons(never, lambda plan: plan)


def test_published_sessions_beyond_a_lowered_capacity_are_no_fault_of_the_plan():
    kept = (KeptSession("p0", Interval(SUNDAY_NOON, SUNDAY_NOON + timedelta(hours=4))),)
    problem = two_and_two(kept=kept, capacity_horizon=[0, 2])
    solution = solve(problem, POLICY)
    assert verify(problem, POLICY, solution.plan, solution.witness)
    assert {one.professional for one in solution.plan.sessions} == {"p1"}


@pytest.mark.parametrize("part", ["students", "professionals", "slots", "days", "weeks"])
def test_forged_potentials_never_pass_with_a_worse_plan(part):
    rng = np.random.default_rng(5)
    tried = 0
    for _ in range(60):
        problem, policy = random_night(rng), random_policy(rng)
        solution = solve(problem, policy)
        potential = getattr(solution.witness, part).copy()
        if not potential.size or not solution.plan.sessions:
            continue
        flat = potential.reshape(-1)
        flat[rng.integers(flat.size, size=3)] += rng.integers(-3, 4, size=3) * 10 ** int(rng.integers(0, 6))
        forged = replace(solution.witness, **{part: potential})
        worse_problem = replace(problem, capacity_horizon=problem.capacity_horizon * 0)
        worse = solve(worse_problem, policy).plan
        tried += 1
        assert not verify(problem, policy, worse, forged)
        assert not verify(problem, policy, worse, solution.witness)
    assert tried > 5


def test_a_candidate_the_engine_forgot_is_found():
    """The plan and witness of a night in which one student had fewer times do not pass on the full night."""
    rng, found = np.random.default_rng(2), 0
    for _ in range(40):
        full, policy = random_night(rng), random_policy(rng)
        poor = full.student_free.copy()
        poor[0] = 0
        blind, seeing = solve(replace(full, student_free=poor), policy), solve(full, policy)
        if any(one.student == "s0" for one in seeing.plan.sessions):
            found += 1
            assert not verify(full, policy, blind.plan, blind.witness)
    assert found > 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda witness: {"students": witness.students[:-1]}, "the witness's students are"),
        (lambda witness: {"slots": witness.slots + (1 << 61)}, "too large"),
        (lambda witness: {"professionals": witness.professionals - (1 << 61)}, "too large"),
        (lambda witness: {"slot_keys": witness.slot_keys[:, :1]}, "slot_keys are"),
        (lambda witness: {"draw": -1}, "no key"),
    ],
)
def test_a_witness_of_the_wrong_shape_or_size_is_refused(change, said):
    solution = solve(two_and_two(), POLICY)
    forged = replace(solution.witness, **change(solution.witness))
    assert said in "; ".join(verify(two_and_two(), POLICY, solution.plan, forged).reasons)


def test_all_zero_potentials_prove_nothing_where_somebody_has_to_lose():
    problem = night(certain([[1], [1]]), certain([[1]]), waiting_days=[1, 5])
    solution = solve(problem, POLICY)
    blank = {part: np.zeros_like(getattr(solution.witness, part)) for part in ("students", "professionals", "slots")}
    assert verify(problem, POLICY, solution.plan, solution.witness)
    assert not verify(problem, POLICY, solution.plan, replace(solution.witness, **blank))
