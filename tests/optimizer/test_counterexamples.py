"""Small nights that catch the well-known wrong ways to do it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from enumeration import enumerate_plans
from optimizer_builders import SUNDAY_NOON, certain, eligible_only, night, random_night, random_policy

from optimizer import Policy, Problem, solve, verify
from optimizer.domain import SHARED_TIME, Interval, KeptSession, PairPoints, Stage
from optimizer.flow import engine

FIT = "fit"
ONLY_FIT = {SHARED_TIME: 0, FIT: 1}
POINTS = {1: 0, 2: 40, 3: 100}
"""Points that give level 1, 2 and 3 of 3."""


def by_levels(levels: dict[tuple[int, int], int], people: int, **given) -> Problem:
    """As many students as professionals and cells, professional j in cell j only, just these pairs."""
    return night(
        certain(np.ones((people, people))),
        certain(np.eye(people)),
        forbidden=eligible_only(set(levels), people, people),
        parts=(PairPoints(FIT, {pair: POINTS[level] for pair, level in levels.items()}),),
        **given,
    )


def pairs_of(problem: Problem, policy: Policy) -> dict[str, str]:
    solution = solve(problem, policy)
    assert verify(problem, policy, solution.plan, solution.witness)
    return {one.student: one.professional for one in solution.plan.sessions}


def test_leximin_takes_four_twos_where_powers_of_two_would_take_one_one_and_three_threes():
    straight = {(0, 0): 1, (1, 1): 3, (2, 2): 3, (3, 3): 3}
    shifted = {(0, 1): 2, (1, 2): 2, (2, 3): 2, (3, 0): 2}
    problem = by_levels({**straight, **shifted}, 4)
    fair = pairs_of(problem, Policy(ONLY_FIT, levels=3, alpha="leximin"))
    assert fair == {"s0": "p1", "s1": "p2", "s2": "p3", "s3": "p0"}
    assert pairs_of(problem, Policy(ONLY_FIT, levels=3, alpha=0)) == {f"s{i}": f"p{i}" for i in range(4)}


def test_small_weights_are_enough_for_oldest_first():
    """For any plan the k-th most senior student served is no more senior than in ours, for every k."""
    for seed in range(300):
        rng = np.random.default_rng(seed)
        problem, policy = random_night(rng), random_policy(rng)
        truth = enumerate_plans(problem, policy)
        if truth is None:
            continue
        rank = list(zip(problem.seniority_class.tolist(), problem.waiting_days.tolist(), strict=True))
        served = [sorted((rank[i] for i in truth.chosen(row).i), reverse=True) for row in range(len(truth.use))]
        ours = served[truth.best()[0]]
        for other in served:
            assert len(other) <= len(ours)
            assert all(mine >= theirs for mine, theirs in zip(ours, other, strict=False))


def test_two_juniors_go_before_one_senior_and_the_senior_before_one_junior():
    """Most students first; a session that could serve either goes to who has waited longer."""
    free = certain([[1, 0], [1, 0], [0, 1]])
    problem = night(free, certain([[1, 1]]), waiting_days=[9, 1, 2])
    assert pairs_of(problem, Policy()) == {"s0": "p0", "s2": "p0"}


def test_a_served_student_stays_served_in_later_tiers():
    """An arc of negative reduced cost is held full: later tiers would rather drop a badly fitting late session."""
    problem = by_levels({(0, 0): 1, (1, 1): 1, (2, 2): 1}, 3, minimum_load=[0, 0, 0], debt=[900, 900, 900])
    assert len(pairs_of(problem, Policy(ONLY_FIT, levels=3))) == 3


def test_a_candidate_priced_out_in_one_tier_never_comes_back_in_a_later_one(monkeypatch):
    """The doubtful window is dead after the second tier, though the third would like it (columns one by one)."""
    for name, few in (("DENSE", 0), ("START_PER_SLOT", 1), ("START_PER_STUDENT", 0), ("MORE_PER_SLOT", 1)):
        monkeypatch.setattr(engine, name, few)
    problem = night(
        [[3, 2, 0], [0, 0, 3], [0, 0, 1]],
        [[3, 2, 0], [0, 0, 3]],
        capacity_horizon=[1, 1],
        waiting_days=[1, 1, 1],
        forbidden=frozenset({(1, 0), (2, 0), (0, 1)}),
    )
    solution = solve(problem, Policy())
    values = {tier.name: tier.value for tier in solution.plan.tiers}
    assert (values["doubtful times"], values["times if needed"]) == (0, 0)


def test_as_many_volunteers_as_possible_get_somebody_and_no_student_pays_for_it():
    """Fit alone would give both students to p0; p1 would have nobody."""
    free = certain([[1, 0], [0, 1]])
    points = PairPoints(FIT, {(0, 0): 100, (1, 0): 100, (0, 1): 0, (1, 1): 40})
    problem = night(free, certain([[1, 1], [1, 1]]), parts=(points,))
    assert pairs_of(problem, Policy(ONLY_FIT, levels=3)) == {"s0": "p0", "s1": "p1"}


def test_a_minimum_load_is_met_before_others_get_their_first_session():
    free = certain([[1, 0], [0, 1]])
    problem = night(free, certain([[1, 1], [1, 1]]), minimum_load=[2, 0])
    assert set(pairs_of(problem, Policy()).values()) == {"p0"}


def test_a_published_session_counts_as_somebody_and_as_load():
    start = SUNDAY_NOON + timedelta(hours=4)
    kept = (KeptSession("p0", Interval(start, start + timedelta(hours=4))),)
    problem = night(certain([[1, 0]]), certain([[1, 1], [1, 1]]), kept=kept)
    assert pairs_of(problem, Policy()) == {"s0": "p1"}


@pytest.mark.parametrize("debt", [[0, 300], [300, 0]])
def test_who_did_more_on_earlier_nights_is_asked_later(debt):
    problem = night(certain([[1]]), certain([[1], [1]]), debt=debt)
    assert pairs_of(problem, Policy()) == {"s0": f"p{int(np.argmin(debt))}"}


def test_load_is_spread_relative_to_what_each_can_take():
    """Three sessions, capacities one and four: the second professional takes two, not the nearest to equal shares."""
    problem = night(certain(np.eye(3, 6)), certain(np.ones((2, 6))), capacity_horizon=[1, 4])
    hosts = sorted(pairs_of(problem, Policy()).values())
    assert hosts == ["p0", "p1", "p1"]


def test_the_set_that_proves_a_loss_is_exact_minimal_and_senior():
    """Rivals are one more than their places, no plan serves more of them, and none has waited less."""
    seen = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        problem, policy = random_night(rng, commitments=True), random_policy(rng)
        truth = enumerate_plans(problem, policy)
        if truth is None or not len(truth.use) or problem.minimum_is_hard.any():
            continue
        rank = list(zip(problem.seniority_class.tolist(), problem.waiting_days.tolist(), strict=True))
        index = {name: i for i, name in enumerate(problem.students)}
        for lost in solve(problem, policy).plan.unmatched:
            if lost.stage is not Stage.LOST:
                continue
            seen += 1
            rivals = {index[name] for name in lost.rivals}
            served = max(len(rivals & set(truth.chosen(row).i.tolist())) for row in range(len(truth.use)))
            assert len(rivals) == lost.places + 1 == served + 1
            assert index[lost.student] in rivals
            assert all(rank[i] >= rank[index[lost.student]] or problem.pinned[i] for i in rivals)
    assert seen > 50
