"""A solve that is stopped: the best plan so far, with bounds that hold, and no more believed than is proven."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night, random_policy, with_features

from optimizer import ContradictionError, Policy, Problem, Progress, solve, verify
from optimizer.domain import Pin, TierStatus
from optimizer.flow import engine, worker
from optimizer.flow.mincost import FlowError, min_cost_flow
from optimizer.flow.worker import StoppableFlow, StoppedError


@pytest.fixture
def column_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small nights take many rounds."""
    for name, few in (("DENSE", 0), ("START_PER_SLOT", 1), ("START_PER_STUDENT", 0), ("MORE_PER_SLOT", 1)):
        monkeypatch.setattr(engine, name, few)


def after(calls: int) -> Callable[[], bool]:
    """Stops at the n-th look."""
    left = iter(range(calls))
    return lambda: next(left, None) is None


def settled_alike(best, stopped) -> Iterator[tuple]:
    """Tiers up to the first that is not certain: (of the best plan, of the stopped one)."""
    for one, other in zip(best.tiers, stopped.tiers, strict=True):
        yield one, other
        if not other.status.certain:
            return


@pytest.mark.usefixtures("column_by_column")
@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 25), st.booleans())
def test_a_stopped_solve_gives_a_plan_whose_bounds_hold_and_pass_the_checker(seed, calls, features):
    rng = np.random.default_rng(seed)
    problem, policy = random_night(rng), random_policy(rng)
    problem = with_features(rng, problem) if features else problem
    best, stopped = solve(problem, policy).plan, solve(problem, policy, stop=after(calls))
    verdict = verify(problem, policy, stopped.plan, stopped.witness)
    assert verdict.accepted, verdict.reasons
    for true, said in settled_alike(best, stopped.plan):
        assert said.bound <= true.value <= said.value
        assert said.status is not TierStatus.CONDITIONAL


@pytest.mark.usefixtures("column_by_column")
def test_a_stopped_night_claims_nothing_after_the_tier_it_was_stopped_in():
    rng, kinds = np.random.default_rng(11), set()
    for calls in range(30):
        problem, policy = random_night(rng), random_policy(rng)
        plan = solve(problem, policy, stop=after(calls)).plan
        said = [tier.status for tier in plan.tiers]
        opened = said.index(TierStatus.OPEN) if TierStatus.OPEN in said else len(said)
        assert set(said[:opened]) <= {TierStatus.PROVEN}
        assert set(said[opened + 1 :]) <= {TierStatus.CONDITIONAL}
        kinds |= set(said)
    assert kinds == {TierStatus.PROVEN, TierStatus.OPEN, TierStatus.CONDITIONAL}


@pytest.mark.usefixtures("column_by_column")
def test_the_checker_refuses_a_bound_that_was_made_better_or_a_tier_called_proven():
    problem = night(certain(np.ones((6, 4))), certain(np.ones((3, 4))), waiting_days=range(6))
    solution = solve(problem, Policy(), stop=after(3))
    (first, at) = next((one, k) for k, one in enumerate(solution.plan.tiers) if one.status is TierStatus.OPEN)

    def refused(witness=solution.witness, **changes) -> bool:
        tiers = list(solution.plan.tiers)
        tiers[at] = replace(first, **changes)
        return not verify(problem, Policy(), replace(solution.plan, tiers=tuple(tiers)), witness)

    assert not refused()
    assert refused(bound=first.bound + 1)
    assert refused(bound=first.value, status=TierStatus.PROVEN)
    assert refused(status=TierStatus.SOLVER_CLAIMED)
    assert refused(witness=replace(solution.witness, settled=len(solution.plan.tiers)))
    assert refused(witness=replace(solution.witness, settled=-1))
    assert refused(witness=replace(solution.witness, settled=99))


@pytest.mark.usefixtures("column_by_column")
def test_each_round_tells_a_bound_that_no_plan_is_below():
    rng = np.random.default_rng(3)
    problem = night(certain(rng.random((12, 6)) < 0.6), certain(rng.random((4, 6)) < 0.8), waiting_days=range(12))
    heard: list[Progress] = []
    plan = solve(problem, Policy(), progress=heard.append).plan
    values = {tier.name: tier.value for tier in plan.tiers}
    assert all(one.bound <= values[one.tier] <= one.value for one in heard)
    assert {one.tier for one in heard if one.bound == one.value} == set(values)


def test_pins_are_kept_by_a_solve_that_is_stopped_at_once():
    problem = night(certain(np.ones((2, 2))), certain(np.ones((2, 2))), pins=(Pin("s1", "p0", None),))
    plan = solve(problem, Policy(), stop=lambda: True).plan
    assert ("s1", "p0") in {(one.student, one.professional) for one in plan.sessions}


def test_a_stopped_solve_never_calls_commitments_contradictory_that_are_not():
    possible = night(certain([[1], [1]]), certain([[1]]), pins=(Pin("s0", "p0", None),))
    assert solve(possible, Policy(), stop=lambda: True).plan.sessions
    impossible = replace(possible, pins=(*possible.pins, Pin("s1", "p0", None)))
    with pytest.raises(ContradictionError):
        solve(impossible, Policy(), stop=lambda: True)


def random_flow(rng: np.random.Generator) -> tuple:
    """Five sources, some nodes between, one sink that all can reach."""
    tail = np.concatenate([np.repeat(np.arange(1, 6), 4), np.arange(6, 10), np.arange(1, 6)])
    head = np.concatenate([rng.integers(6, 10, 20), np.zeros(4, int), np.zeros(5, int)])
    capacity = np.concatenate([np.ones(20, int), rng.integers(0, 3, 4), np.ones(5, int)])
    return tail, head, capacity, rng.integers(0, 50, len(tail)), np.array([-5, 1, 1, 1, 1, 1, 0, 0, 0, 0])


def test_a_flow_in_a_process_of_its_own_is_the_same_flow(monkeypatch):
    monkeypatch.setattr(worker, "LONG", 0)
    rng = np.random.default_rng(1)
    with StoppableFlow(lambda: False) as flow:
        for _ in range(20):
            asked = random_flow(rng)
            assert flow(*asked).tolist() == min_cost_flow(*asked).tolist()


def test_a_night_solved_with_flows_in_a_process_of_their_own_has_the_same_bytes(monkeypatch):
    problem, policy = random_night(np.random.default_rng(8)), Policy()
    here = solve(problem, policy)
    monkeypatch.setattr(worker, "LONG", 0)
    there = solve(problem, policy, stop=lambda: False)
    assert (there.plan, there.witness.to_bytes()) == (here.plan, here.witness.to_bytes())


def test_a_long_flow_is_left_as_soon_as_it_is_to_stop_and_leaves_no_process(monkeypatch):
    monkeypatch.setattr(worker, "LONG", 0)
    with StoppableFlow(lambda: True) as flow, pytest.raises(StoppedError):
        flow(*large_flow())
    assert flow._process is None


def test_a_flow_whose_process_is_killed_says_so(monkeypatch):
    monkeypatch.setattr(worker, "LONG", 0)

    def kill() -> bool:
        assert flow._process is not None
        os.kill(flow._process.pid, signal.SIGKILL)
        return False

    with StoppableFlow(kill) as flow, pytest.raises(FlowError, match="its process ended"):
        flow(*large_flow())


def test_a_flow_that_cannot_be_is_refused_there_as_here(monkeypatch):
    monkeypatch.setattr(worker, "LONG", 0)
    tail, head, capacity, cost, supply = random_flow(np.random.default_rng(1))
    with StoppableFlow(lambda: False) as flow, pytest.raises(FlowError, match="INFEASIBLE"):
        flow(tail, head, capacity * 0, cost, supply)


def test_a_search_by_cp_sat_ends_when_it_is_to_stop():
    """A knotted night that takes CP-SAT a while: the stop comes from another thread, in the middle of a search."""
    problem = knotted(np.random.default_rng(0), 40, 12)
    asked = threading.Event()
    threading.Timer(0.3, asked.set).start()
    solution = solve(problem, Policy(), stop=asked.is_set)
    assert verify(problem, Policy(), solution.plan, solution.witness)


def knotted(rng: np.random.Generator, students: int, professionals: int) -> Problem:
    """Sessions of two cells on starts that overlap."""
    free = certain(rng.random((students, 12)) < 0.6)
    return night(free, certain(rng.random((professionals, 12)) < 0.6), session_cells=[2] * professionals)


def large_flow() -> tuple:
    """Takes the solver a second or more."""
    rng, n = np.random.default_rng(2), 3_000
    tail, head = np.repeat(np.arange(1, n + 1), 60), rng.integers(n + 1, 2 * n, 60 * n)
    up = np.arange(n + 1, 2 * n)
    tail = np.concatenate([tail, up, np.arange(1, n + 1)])
    head = np.concatenate([head, np.zeros(len(up) + n, int)])
    cost = rng.integers(0, 1 << 30, len(tail))
    supply = np.zeros(2 * n, int)
    supply[1 : n + 1], supply[0] = 1, -n
    return tail, head, np.ones(len(tail), int), cost, supply
