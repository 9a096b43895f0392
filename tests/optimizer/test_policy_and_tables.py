"""The policy checks itself; the tables mean what the policy says."""

from __future__ import annotations

import numpy as np
import pytest
from optimizer_builders import certain, night

from optimizer import Policy, PolicyError, solve
from optimizer import tables as tables_module
from optimizer.domain import SHARED_TIME, PairPoints, TagFit
from optimizer.quality import Quality
from optimizer.tables import FAIRNESS_SCALE, Chosen, Tables, alpha_costs


@pytest.mark.parametrize(
    "given",
    [
        {"levels": 0},
        {"levels": 101},
        {"alpha": -1},
        {"alpha": "maximin"},
        {"alpha": float("nan")},
        {"load_weight": 101},
        {"load_weight": 50, "alpha": "leximin"},
        {"quality_weights": {"field": -1}},
        {"quality_weights": {"field": 1.5}},
        {"quality_weights": (("field", 1), ("field", 2))},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(given):
    with pytest.raises(PolicyError):
        Policy(**given)


@pytest.mark.parametrize(
    ("alpha", "word"), [(0, "total"), (1, "proportionally"), (3, "alpha 3"), ("leximin", "worst-fitting")]
)
def test_the_description_names_the_fairness_and_what_is_not_promised(alpha, word):
    told = Policy(alpha=alpha, seed=41).describe()
    assert word in told
    assert "seed 41" in told
    assert "equal class and equal wait" in told
    assert "Not promised" in told
    assert "Strict seniority is not promised" in told
    assert "first one for somebody else" in told


def test_weights_may_be_a_mapping_and_equal_policies_are_equal():
    assert Policy({"b": 1, "a": 2}) == Policy((("a", 2), ("b", 1)))


@pytest.mark.parametrize("given", [{"feild": 1}, {SHARED_TIME: 0, "field": 0}])
def test_weights_that_fit_no_part_or_leave_nothing_are_refused(given):
    tags = np.ones(1, dtype=np.uint64)
    with pytest.raises(PolicyError):
        solve(night(certain([[1]]), certain([[1]]), parts=(TagFit("field", tags, tags),)), Policy(given))


@pytest.mark.parametrize(("points", "level"), [(0, 1), (4, 1), (5, 1), (6, 2), (50, 10), (51, 11), (99, 20), (100, 20)])
def test_points_are_cut_into_levels_of_equal_width(points, level):
    problem = night(certain([[1]]), certain([[1]]), parts=(PairPoints("fit", {(0, 0): points}),))
    assert Quality(problem, Policy({SHARED_TIME: 0})).levels[0, 0] == level


def test_level_is_the_weighted_mean_of_the_parts_and_the_parts_are_told():
    problem = night(certain([[1, 1, 1, 1]]), certain([[1, 0, 0, 0]]), parts=(PairPoints("fit", {(0, 0): 85}),))
    (session,) = solve(problem, Policy({SHARED_TIME: 1, "fit": 2})).plan.sessions
    assert session.parts == ((SHARED_TIME, 25), ("fit", 85))
    assert session.quality == 1 + (25 + 2 * 85) // 3 * 20 // 101
    assert session.shared_minutes == 240


def test_shared_time_counts_every_cell_over_many_words():
    free = certain(np.ones((1, 150)))
    assert Quality(night(free, free), Policy()).shared_cells(np.array([0]), np.array([0])).tolist() == [150]


@pytest.mark.parametrize("alpha", [0, 0.5, 1, 2, 16])
def test_alpha_costs_fall_strictly_to_zero_and_ever_more_slowly(alpha):
    costs = alpha_costs(alpha, 20)
    steps = -np.diff(costs)
    assert costs[-1] == 0
    assert (steps > 0).all()
    assert (np.diff(steps) <= 1).all()
    if alpha:
        assert FAIRNESS_SCALE <= costs[0] <= FAIRNESS_SCALE + 20


def test_the_lot_is_drawn_again_when_its_costs_leave_a_tie(monkeypatch):
    monkeypatch.setattr(tables_module, "TIE_BREAK_BITS", 1)
    ones = certain(np.ones((2, 1)))
    solutions = [solve(night(ones, ones), Policy(seed=seed)) for seed in range(8)]
    assert any(solution.witness.draw > 0 for solution in solutions)
    assert not any(solution.plan.tiers[-1].left_choice for solution in solutions)


def test_lots_are_keyed_by_ids_and_not_by_places():
    problem, turned = (night(certain([[1], [1]]), certain([[1]]), students=ids) for ids in (("a", "b"), ("b", "a")))
    i, zero = np.array([0, 1]), np.array([0, 0])
    costs = [Tables.of(one, Policy()).tiers[-1].lot.cost(Chosen(i, zero, zero)).tolist() for one in (problem, turned)]
    assert costs[0] == costs[1][::-1]
    assert costs[0][0] != costs[0][1]
