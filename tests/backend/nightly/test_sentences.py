"""What staff read about tiers and the unmatched says no more than is so."""

from __future__ import annotations

import numpy as np
import pytest

from backend.explanations.rules import decided
from backend.nightly.sentences import what_a_tier_settled, why_unmatched
from optimizer import Policy
from optimizer.domain import Problem, SlotGrid, Stage, TierResult, TierStatus, Unmatched
from optimizer.tables import Tables
from tests.backend.nightly.nights import AS_OF


def tier(name: str, status: TierStatus = TierStatus.PROVEN) -> TierResult:
    return TierResult(name, 5, 3, status, left_choice=True)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("students left out", "5 students are left out; fewer is impossible."),
        ("left out of class 2", "5 students of class 2 are left out; fewer is impossible."),
        ("days waited by those left out", "Those left out have waited 5 days in all; fewer is impossible."),
        ("students without session 2", "5 students are without a session number 2; fewer is impossible."),
        ("without session 3 of class 0", "5 students of class 0 are without a session number 3; fewer is impossible."),
        ("fit of level 4", "5 sessions have level 4; fewer is impossible."),
    ],
)
def test_a_proven_tier_says_that_less_is_impossible(name: str, sentence: str) -> None:
    assert what_a_tier_settled(tier(name)) == sentence


@pytest.mark.parametrize("status", [TierStatus.SOLVER_CLAIMED, TierStatus.CONDITIONAL])
def test_a_tier_that_is_not_proven_says_only_what_its_bound_does(status: TierStatus) -> None:
    told = what_a_tier_settled(tier("doubtful times", status))
    assert "fewer than 3 is impossible" in told
    assert "not proven" in told
    assert "not proven" in what_a_tier_settled(tier("fit", status))


def test_every_tier_of_a_night_with_everything_has_a_sentence_and_a_rule() -> None:
    problem = Problem(
        students=("s0",),
        professionals=("p0",),
        grid=SlotGrid(AS_OF, 30, 4),
        student_free=np.full((1, 4), 3),
        professional_free=np.full((1, 4), 3),
        capacity_horizon=np.array([3]),
        minimum_load=np.array([1]),
        minimum_is_hard=np.array([True]),
        demand=np.array([3]),
    )
    for alpha in (1, "leximin"):
        for one in Tables.of(problem, Policy(alpha=alpha, levels=3)).tiers[:-1]:  # the lot is told as "seed"
            assert f"students are {one.name};" not in what_a_tier_settled(tier(one.name))
            assert decided(one.name) != one.name


def lost(*rivals: str) -> Unmatched:
    return Unmatched("s0", Stage.LOST, 4, rivals, ("p0",), 1)


def test_that_others_waited_as_long_is_only_said_where_it_is_so() -> None:
    names = {"p0": "Pat"}
    assert why_unmatched(lost("s0", "s1"), names, {"s0": 4, "s1": 4}).endswith("; all have waited at least as long.")
    assert (
        why_unmatched(lost("s0", "s1"), names, {"s0": 4, "s1": 3}) == "These 2 students can only use 1 place, with Pat."
    )
    assert why_unmatched(lost(), names, {}) == "There were places they could use, and other students got them."
