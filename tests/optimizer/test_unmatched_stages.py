"""Each stage that can remove a student's last candidate."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from optimizer_builders import SUNDAY_NOON, certain, night

from optimizer import Policy, solve
from optimizer.domain import Interval, KeptSession, Stage, Unmatched


def hours(start: float, end: float) -> Interval:
    return Interval(SUNDAY_NOON + timedelta(hours=start), SUNDAY_NOON + timedelta(hours=end))


def only_unmatched(problem) -> Unmatched:
    (one,) = solve(problem, Policy()).plan.unmatched
    return one


@pytest.mark.parametrize(
    ("student", "professional", "given", "stage"),
    [
        ([0, 0], [1, 1], {}, Stage.NO_USABLE_ANSWER),
        ([1, 1], [1, 1], {"forbidden": frozenset({(0, 0)})}, Stage.NOBODY_ELIGIBLE),
        ([1, 0], [0, 1], {}, Stage.NO_COMMON_TIME),
        ([1, 0], [1, 1], {"bookable": [False, True]}, Stage.OFF_GRID),
        ([1, 0], [1, 1], {"busy": [[True, False]]}, Stage.ALL_FULL),
        ([1, 0], [1, 1], {"capacity_horizon": [0]}, Stage.ALL_FULL),
        ([1, 0], [1, 1], {"kept": (KeptSession("p0", hours(1, 2)),)}, Stage.ALL_FULL),
        ([1, 0], [1, 1], {"kept": (KeptSession("p0", hours(5, 6)),), "capacity_day": [1]}, Stage.ALL_FULL),
    ],
)
def test_stage(student, professional, given, stage):
    assert only_unmatched(night(certain([student]), certain([professional]), **given)).stage is stage


def test_sharing_minutes_that_hold_no_whole_cell_is_off_the_grid():
    windows = {"student_windows": ((hours(1, 3),),), "professional_windows": ((hours(2, 6),),)}
    assert only_unmatched(night(certain([[0, 0]]), certain([[0, 0]]), **windows)).stage is Stage.OFF_GRID


def test_windows_that_only_touch_share_no_time():
    windows = {"student_windows": ((hours(1, 2),),), "professional_windows": ((hours(2, 6),),)}
    assert only_unmatched(night(certain([[0, 0]]), certain([[0, 0]]), **windows)).stage is Stage.NO_COMMON_TIME


def test_the_loser_hears_who_shares_which_places():
    problem = night(certain([[1], [1], [1]]), certain([[1], [0]]), waiting_days=[1, 4, 4])
    lost = {one.student: one for one in solve(problem, Policy()).plan.unmatched}
    assert set(lost) > {"s0"}
    assert lost["s0"].stage is Stage.LOST
    assert (lost["s0"].hosts, lost["s0"].places, lost["s0"].waiting_days) == (("p0",), 1, 1)
    assert len(lost["s0"].rivals) == 2


def test_nobody_at_all_gives_an_empty_plan():
    plan = solve(night(np.zeros((0, 2)), np.zeros((0, 2))), Policy()).plan
    assert (plan.sessions, plan.unmatched, plan.proven) == ((), (), True)
