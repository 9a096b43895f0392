"""Near misses: close, never a candidate, and the same as by brute force."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer import Problem, near_misses, solve
from optimizer.domain import SlotGrid

CELLS = 12


def problem(student: list[int], professionals: list[list[int]]) -> Problem:
    def row(cells: list[int]) -> list[int]:
        return [3 if cell in cells else 0 for cell in range(CELLS)]

    return Problem(
        students=("s",),
        professionals=tuple(f"p{j}" for j in range(len(professionals))),
        grid=SlotGrid(datetime(2026, 11, 24, 14, tzinfo=UTC), 30, CELLS),
        student_free=np.array([row(student)]),
        professional_free=np.array([row(cells) for cells in professionals]).reshape(-1, CELLS),
        capacity_horizon=np.ones(len(professionals)),
    )


def test_half_an_hour_apart_is_near_and_two_hours_are_not() -> None:
    found = near_misses(problem([4], [[5], [8], [4]]), 0)
    assert [(miss.professional, miss.gap_minutes) for miss in found] == [("p0", 30)]
    assert (found[0].professional_start - found[0].student_start).total_seconds() == 1800


def test_a_near_miss_is_never_booked() -> None:
    night = problem([4], [[5]])
    assert near_misses(night, 0)
    assert solve(night).plan.sessions == ()


def test_nothing_offered_is_near_to_nothing() -> None:
    assert near_misses(problem([], [[5]]), 0) == near_misses(problem([5], [[]]), 0) == ()


@given(st.sets(st.integers(0, CELLS - 1)), st.lists(st.sets(st.integers(0, CELLS - 1)), max_size=4))
def test_gaps_are_those_of_brute_force(student: set[int], professionals: list[set[int]]) -> None:
    night = problem(sorted(student), [sorted(cells) for cells in professionals])
    gaps = {
        f"p{j}": min(abs(a - b) for a in student for b in cells) * 30
        for j, cells in enumerate(professionals)
        if student and cells
    }
    expected = {name: gap for name, gap in gaps.items() if 0 < gap <= 60}
    assert {miss.professional: miss.gap_minutes for miss in near_misses(night, 0)} == expected
