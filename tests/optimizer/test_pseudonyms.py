"""A night under other names is the same question."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import random_night, random_policy, with_features, with_standing

from optimizer import ContradictionError, Policy, Problem, pseudonymised, solve
from optimizer.problem_file import policy_from_bytes, problem_from_bytes, problem_to_bytes


def values(problem: Problem, policy: Policy) -> list[int] | int:
    """Of all tiers but the lot, which is drawn from names; or how many commitments contradict each other."""
    try:
        return [tier.value for tier in solve(problem, policy).plan.tiers[:-1]]
    except ContradictionError as error:
        return len(error.commitments)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_other_names_change_no_value_and_survive_a_file(seed):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng, commitments=rng.random() < 0.5), random_policy(rng)
    problem = with_standing(rng, problem) if rng.random() < 0.5 else with_features(rng, problem)
    shown = pseudonymised(problem, policy)
    content = problem_to_bytes(*shown)
    assert values(*shown) == values(problem, policy)
    assert values(problem_from_bytes(content), policy_from_bytes(content) or Policy()) == values(*shown)


def test_no_name_of_a_person_or_rule_is_left():
    rng = np.random.default_rng(1)
    problem = random_night(rng)
    shown, policy = pseudonymised(problem, Policy({"field": 3}))
    assert not set(shown.students) & set(problem.students) - {f"s{n}" for n in range(1, 9)}
    assert [rule.name for rule in shown.requirements] == ["rule 1"]
    assert [part.name for part in shown.parts] == ["part 1", "part 2"]
    assert policy.weights == {"part 1": 3}
    assert b"field" not in problem_to_bytes(shown, policy)
