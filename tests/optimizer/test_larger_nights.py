"""Nights large enough for column generation to matter, and the benchmarks that measure them."""

from __future__ import annotations

import json

import pytest

from benchmarks import narrow, night
from benchmarks.generate import VARIANTS, generate
from optimizer import Policy, solve, verify
from optimizer import unmatched as unmatched_module
from optimizer.domain import Stage
from optimizer.flow import engine


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("alpha", [1, "leximin"])
def test_few_columns_at_a_time_find_the_plan_that_all_at_once_find(variant, alpha, monkeypatch):
    problem, policy = generate(90, 30, seed=3, variant=variant), Policy(alpha=alpha)
    at_once = solve(problem, policy)
    for name, few in (("DENSE", 0), ("START_PER_SLOT", 1), ("START_PER_STUDENT", 1), ("MORE_PER_SLOT", 1)):
        monkeypatch.setattr(engine, name, few)
    heard = []
    bit_by_bit = solve(problem, policy, progress=heard.append)
    assert bit_by_bit.plan == at_once.plan
    assert verify(problem, policy, bit_by_bit.plan, bit_by_bit.witness)
    assert heard[0].columns < heard[-1].columns or variant == "sparse"


def test_sets_too_costly_to_list_are_left_out_of_the_plan(monkeypatch):
    problem = generate(60, 10, seed=1)
    monkeypatch.setattr(unmatched_module, "LISTED_WORK", 0)
    lost = [one for one in solve(problem, Policy()).plan.unmatched if one.stage is Stage.LOST]
    assert lost
    assert all(one.rivals == () for one in lost)


@pytest.mark.parametrize("peer", ["dense-flow", "cp-sat", "greedy"])
def test_peers_of_the_benchmark_agree_or_are_worse(peer, capsys):
    night.main(["--students", "25", "--professionals", "8", "--peer", peer, "--json"])
    reports = json.loads(capsys.readouterr().out)
    ours, theirs = reports["engine"]["value"], reports[peer]["value"]
    assert ours == theirs if peer != "greedy" else ours <= theirs


def test_the_benchmark_of_all_tiers_reports_a_checked_plan(capsys):
    night.main(["--students", "25", "--professionals", "8", "--json"])
    report = json.loads(capsys.readouterr().out)["engine"]
    assert report["accepted"]
    assert {tier["status"] for tier in report["tiers"]} == {"proven"}


def test_hiding_times_gains_nobody_a_session():
    problem = generate(20, 6, seed=2, variant="scarce")
    assert "gained a session" not in narrow.outcomes(problem, Policy())
