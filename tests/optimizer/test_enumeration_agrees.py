"""Thousands of tiny nights with every feature mixed in: the engine and the checker against every feasible plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from enumeration import enumerate_plans
from optimizer_builders import random_night, random_policy, with_features, with_standing

from optimizer import ContradictionError, Plan, solve, verify
from optimizer.flow import engine
from optimizer.solving import sessions
from optimizer.tables import Chosen, Tables
from optimizer.unmatched import unmatched

NIGHTS_EACH = 60


def plan_of(tables: Tables, chosen: Chosen, like: Plan) -> Plan:
    """Another plan of the same night, telling the truth about itself."""
    tiers = tuple(
        replace(said, value=tables.value(tier, chosen), bound=tables.value(tier, chosen))
        for said, tier in zip(like.tiers, tables.tiers, strict=True)
    )
    return replace(like, sessions=sessions(tables, chosen), unmatched=unmatched(tables, chosen), tiers=tiers)


@pytest.mark.parametrize("block", range(40))
def test_plan_is_the_one_best_plan_and_the_checker_knows_it_from_all_others(block: int, monkeypatch) -> None:
    looked_at = 0
    for name, few in (("DENSE", 0), ("START_PER_SLOT", 1), ("START_PER_STUDENT", 0), ("MORE_PER_SLOT", 1)):
        if block % 2:  # columns one by one, so that pricing has to find the rest
            monkeypatch.setattr(engine, name, few)
    for seed in range(block * NIGHTS_EACH, (block + 1) * NIGHTS_EACH):
        rng = np.random.default_rng(seed)
        problem, policy = random_night(rng, commitments=True), random_policy(rng)
        if seed % 4 == 3:
            problem = with_standing(rng, problem)
        truth = enumerate_plans(problem, policy)
        if truth is None:
            continue
        looked_at += 1
        if not len(truth.use):
            with pytest.raises(ContradictionError):
                solve(problem, policy)
            continue
        solution = solve(problem, policy)
        best = truth.best()
        assert len(best) == 1
        assert [tier.value for tier in solution.plan.tiers] == truth.values[best[0]].tolist(), seed
        verdict = verify(problem, policy, solution.plan, solution.witness)
        assert verdict.accepted, (seed, verdict.reasons)
        assert [tier.left_choice for tier in solution.plan.tiers] == choices_left(truth), seed
        tables = Tables.of(problem, policy, solution.witness.draw)
        for row in rng.choice(len(truth.values), min(4, len(truth.values)), replace=False):
            other = plan_of(tables, truth.chosen(row), solution.plan)
            accepted = verify(problem, policy, other, solution.witness).accepted
            assert accepted == (row == best[0]), (seed, row)
    assert looked_at > NIGHTS_EACH // 2


@pytest.mark.parametrize("block", range(40))
def test_beyond_flows_the_plan_is_as_good_as_the_best_and_no_sure_tier_lies(block: int) -> None:
    looked_at = sure = tiers = 0
    for seed in range(block * NIGHTS_EACH, (block + 1) * NIGHTS_EACH):
        rng = np.random.default_rng(10**6 + seed)
        problem, policy = random_night(rng, commitments=True), random_policy(rng)
        if seed % 4 == 3:
            problem = with_standing(rng, problem)
        problem = with_features(rng, problem)
        truth = enumerate_plans(problem, policy)
        if truth is None:
            continue
        looked_at += 1
        if not len(truth.use):
            with pytest.raises(ContradictionError):
                solve(problem, policy)
            continue
        solution = solve(problem, policy)
        best = truth.best()
        assert [tier.value for tier in solution.plan.tiers] == truth.values[best[0]].tolist(), seed
        verdict = verify(problem, policy, solution.plan, solution.witness)
        assert verdict.accepted, (seed, verdict.reasons)
        sure += sum(tier.status.certain for tier in solution.plan.tiers)
        tiers += len(solution.plan.tiers)
        tables = Tables.of(problem, policy, solution.witness.draw)
        for row in rng.choice(len(truth.values), min(4, len(truth.values)), replace=False):
            other = plan_of(tables, truth.chosen(row), solution.plan)
            accepted = verify(problem, policy, other, solution.witness).accepted
            worse = truth.values[row].tolist() != truth.values[best[0]].tolist()
            assert not (accepted and worse and solution.plan.proven), (seed, row)
    assert looked_at > NIGHTS_EACH // 3
    assert sure > 0.9 * tiers


def choices_left(truth) -> list[bool]:
    """After each tier: is more than one plan still best so far?"""
    rows, left = np.arange(len(truth.values)), []
    for k in range(truth.values.shape[1]):
        rows = rows[truth.values[rows, k] == truth.values[rows, k].min()]
        left.append(len(rows) > 1)
    return left
