"""The same night gives the same bytes, and the domain stays cheap to import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from optimizer_builders import random_night

from optimizer import Policy, solve

HERE = Path(__file__).parent
NIGHT = """
import hashlib, numpy as np
from optimizer_builders import random_night
from optimizer import Policy, solve
solution = solve(random_night(np.random.default_rng(11)), Policy(seed=5))
print(hashlib.sha256(repr(solution.plan).encode() + solution.witness.to_bytes()).hexdigest())
"""


def run(code: str, hash_seed: str = "0") -> str:
    path = os.pathsep.join([str(HERE.parents[1]), str(HERE)])
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def test_another_hash_seed_gives_the_same_plan_and_witness():
    assert run(NIGHT, "1") == run(NIGHT, "2")


def test_domain_types_do_not_pay_for_the_solver_or_pandas():
    code = "import sys, optimizer.domain; print([m for m in ('ortools', 'pandas') if m in sys.modules])"
    assert run(code) == "[]"


def test_progress_is_told_tier_by_tier_and_ends_proven():
    heard = []
    solution = solve(random_night(np.random.default_rng(11)), Policy(), progress=heard.append)
    proven = [step for step in heard if step.bound is not None]
    assert [step.tier for step in proven] == [tier.name for tier in solution.plan.tiers]
    assert all(step.phase == "flow" for step in heard)
    assert proven[-1].value == solution.plan.tiers[-1].value
