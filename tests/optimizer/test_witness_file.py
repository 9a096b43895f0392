"""The witness on disk."""

from __future__ import annotations

import io

import numpy as np
import pytest
from optimizer_builders import random_night

from optimizer import Policy, Witness, WitnessError, solve, verify
from optimizer.problem_file import problem_to_bytes


def test_a_saved_witness_still_proves_the_plan(tmp_path):
    problem = random_night(np.random.default_rng(4))
    solution = solve(problem, Policy())
    solution.witness.save(tmp_path / "witness.npz")
    assert verify(problem, Policy(), solution.plan, Witness.load(tmp_path / "witness.npz"))


def test_the_same_witness_gives_the_same_bytes_and_numpy_reads_them():
    problem = random_night(np.random.default_rng(4))
    first, second = (solve(problem, Policy()).witness.to_bytes() for _ in range(2))
    assert first == second
    with np.load(io.BytesIO(first)) as archive:
        assert archive["students"].shape[0] == len(solve(problem, Policy()).plan.tiers)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all"])
def test_something_else_is_refused(content):
    with pytest.raises(WitnessError):
        Witness.from_bytes(content)


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(WitnessError, match="not a witness file"):
        Witness.from_bytes(problem_to_bytes(random_night(np.random.default_rng(4))))
