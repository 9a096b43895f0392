"""The residual graph against every feasible plan: which tier gets worse first, and by how much."""

from __future__ import annotations

import numpy as np
import pytest
from enumeration import enumerate_plans
from optimizer_builders import certain, night, random_night, random_policy

from optimizer import ContradictionError, Policy, WitnessError, prepare, solve
from optimizer.explain.decisions import Choices

NIGHTS_EACH = 25


@pytest.mark.parametrize("block", range(8))
def test_each_choice_costs_what_the_best_plan_with_it_costs(block: int) -> None:
    looked_at = 0
    for seed in range(block * NIGHTS_EACH, (block + 1) * NIGHTS_EACH):
        rng = np.random.default_rng(seed)
        problem, policy = random_night(rng, commitments=True), random_policy(rng)
        truth = enumerate_plans(problem, policy)
        if truth is None or not len(truth.use):
            continue
        prepared = prepare(problem, policy)
        best = truth.values[truth.best()[0]]
        for i in range(len(problem.students)):
            choices = Choices(prepared, i)
            for n, (j, t) in enumerate(zip(choices.j.tolist(), choices.t.tolist(), strict=True)):
                own = [c[0] == i if choices.leaving[n] else c == (i, j, t) for c in truth.candidates]
                rows = np.flatnonzero(truth.use[:, own].any(axis=1) != choices.leaving[n])
                level = int(choices.level[n])
                assert (level >= 0) == (len(rows) > 0), seed
                if level < 0:
                    continue
                for k in range(truth.values.shape[1]):
                    rows = rows[truth.values[rows, k] == truth.values[rows, k].min()]
                worse = truth.values[rows[0]] - best
                assert np.flatnonzero(worse)[0] == level, seed
                if level < prepared.residual.levels:
                    assert choices.price(level)[n] == worse[level], seed
                looked_at += 1
    assert looked_at > 4 * NIGHTS_EACH


def test_a_witness_of_another_night_is_refused() -> None:
    small, large = night(certain([[1]]), certain([[1]])), night(certain([[1, 1]]), certain([[1, 1]]))
    with pytest.raises(WitnessError):
        prepare(large, Policy(), solve(small))


def test_commitments_that_cannot_be_kept_have_no_plan_to_explain() -> None:
    problem = night(certain([[1]]), certain([[1]]), minimum_load=[2], minimum_is_hard=[True])
    with pytest.raises(ContradictionError):
        prepare(problem)
