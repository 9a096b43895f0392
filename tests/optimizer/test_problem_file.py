"""A night on disk is the same night."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import SUNDAY_NOON, random_night, with_standing

from optimizer import ArchiveError, ContradictionError, Policy, Problem, load_problem, save_problem, solve
from optimizer.domain import Interval
from optimizer.problem_file import problem_from_bytes, problem_to_bytes


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_reading_back_gives_the_same_bytes_and_the_same_plan(seed):
    rng = np.random.default_rng(seed)
    problem = with_standing(rng, random_night(rng, commitments=True))
    again = problem_from_bytes(problem_to_bytes(problem))
    assert problem_to_bytes(again) == problem_to_bytes(problem)
    assert answer(again) == answer(problem)


def answer(problem: Problem):
    try:
        return solve(problem, Policy()).plan
    except ContradictionError as error:
        return error.commitments


def test_every_field_survives_a_file(tmp_path):
    window = Interval(SUNDAY_NOON, SUNDAY_NOON + timedelta(hours=5))
    problem = random_night(np.random.default_rng(8), commitments=True)
    problem = replace(
        problem,
        student_windows=((window,),) * len(problem.students),
        professional_windows=((),) * len(problem.professionals),
    )
    save_problem(problem, tmp_path / "night.zip")
    again = load_problem(tmp_path / "night.zip")
    for one in fields(Problem):
        before, after = getattr(problem, one.name), getattr(again, one.name)
        if isinstance(before, np.ndarray):
            assert before.dtype == after.dtype
            assert (before == after).all()
        elif one.name not in ("requirements", "parts"):
            assert before == after
    for old, new in zip(problem.requirements + problem.parts, again.requirements + again.parts, strict=True):
        assert old.name == new.name


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"something else"])
def test_something_else_is_refused(content):
    with pytest.raises(ArchiveError):
        problem_from_bytes(content)
