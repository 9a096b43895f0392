"""The coverage network as matrices: filled from nothing it serves as many as the solver does, and R and B stay."""

from __future__ import annotations

import numpy as np
import pytest
from optimizer_builders import certain, night, random_night

from optimizer import Policy, prepare
from optimizer.explain.coverage import NOBODY, Coverage


@pytest.mark.parametrize("seed", range(150))
def test_filling_an_empty_plan_serves_as_many_and_reaches_the_same(seed: int) -> None:
    prepared = prepare(random_night(np.random.default_rng(seed)), Policy())
    best = Coverage.of(prepared.tables, prepared.chosen)
    filled = best.copy()
    filled.holder[:] = NOBODY
    assert filled.fill() == len(prepared.chosen.i)
    assert not best.copy().fill()
    students = filled.holder[filled.used]
    assert len(set(students.tolist())) == len(students)
    hosts, cells = np.nonzero(filled.used)
    assert (filled.slots & filled.used == filled.used).all()
    assert filled.can[students, hosts].all()
    assert filled.open[students, cells].all()
    for name in ("slots", "days", "weeks", "hosts"):
        assert np.array_equal(getattr(best.wants(), name), getattr(filled.wants(), name))
        assert np.array_equal(getattr(best.rooms(), name), getattr(filled.rooms(), name))
    assert np.array_equal(best.wants().students, filled.wants().students)
    assert not (best.wants().students & best.rooms().students).any()


def test_limits_hold_when_a_plan_is_filled() -> None:
    problem = night(
        certain(np.ones((6, 6))),
        certain(np.ones((2, 6))),
        capacity_day=[1, 2],
        capacity_week=[2, 2],
        capacity_horizon=[3, 3],
    )
    prepared = prepare(problem, Policy())
    filled = Coverage.of(prepared.tables, prepared.chosen)
    filled.holder[:] = NOBODY
    assert filled.fill() == len(prepared.chosen.i) == 5
    assert (filled.in_days(filled.used) <= filled.day).all()


def test_students_outside_the_given_ones_are_not_added() -> None:
    prepared = prepare(night(certain([[1, 1], [1, 1]]), certain([[1, 1]])), Policy())
    empty = Coverage.of(prepared.tables, prepared.chosen)
    empty.holder[:] = NOBODY
    assert empty.fill(np.array([False, True])) == 1
    assert empty.matched.tolist() == [False, True]
