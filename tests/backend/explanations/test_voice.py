"""Times, lists and rules in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.explanations.rules import decided, worse
from backend.explanations.voice import Voice, weekday_ranges
from optimizer import Policy, solve
from optimizer.domain import Interval, Problem, SlotGrid
from optimizer.explain.decisions import NOT_SETTLED, SEED


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


NEW_YORK = Voice({"s1": "Ana"}, "America/New_York")


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (Interval(at(24, 23), at(25, 0, 30)), "Tue 24 Nov 18:00-19:30"),
        (Interval(at(25, 4), at(25, 5)), "Tue 24 Nov 23:00-24:00"),
        (Interval(at(25, 4), at(25, 6)), "Tue 24 Nov 23:00 - Wed 25 Nov 01:00"),
    ],
)
def test_a_window_is_said_on_local_clocks(window: Interval, said: str) -> None:
    assert NEW_YORK.window(window) == said


def test_many_windows_become_one_frame() -> None:
    windows = [Interval(at(day, 23), at(day + 1, 1)) for day in (24, 25, 26)]
    assert NEW_YORK.roughly(windows) == "Tue-Thu between 18:00 and 20:00, Tue 24 Nov to Thu 26 Nov"
    assert NEW_YORK.roughly(windows[:1]) == "Tue 24 Nov between 18:00 and 20:00"
    late = [*windows, Interval(at(27, 4), at(27, 5))]
    assert NEW_YORK.roughly(late) == "Tue-Thu between 18:00 and 24:00, Tue 24 Nov to Thu 26 Nov"


@pytest.mark.parametrize(
    ("days", "said"),
    [([0], "Mon"), ([0, 1], "Mon and Tue"), ([0, 1, 2, 4], "Mon-Wed and Fri"), ([5, 6], "Sat and Sun")],
)
def test_weekdays_become_ranges(days: list[int], said: str) -> None:
    assert weekday_ranges(days) == said


@pytest.mark.parametrize(("minutes", "said"), [(30, "30 minutes"), (60, "1 hour"), (150, "2.5 hours")])
def test_durations(minutes: int, said: str) -> None:
    assert NEW_YORK.duration(minutes) == said


def test_strangers_keep_their_id() -> None:
    assert NEW_YORK.listed(["s1", "s2"]) == "Ana and s2"


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("alpha", [1, "leximin"])
def test_every_rule_of_the_policy_has_words(hard: bool, alpha: object) -> None:
    problem = Problem(
        ("s",),
        ("p",),
        SlotGrid(at(24, 12), 30, 1),
        student_free=[[3]],  # type: ignore[arg-type]
        professional_free=[[3]],  # type: ignore[arg-type]
        capacity_horizon=[1],  # type: ignore[arg-type]
        minimum_load=[1],  # type: ignore[arg-type]
        minimum_is_hard=[hard],  # type: ignore[arg-type]
    )
    tiers = [tier.name for tier in solve(problem, Policy(levels=3, alpha=alpha)).plan.tiers[:-1]]  # type: ignore[arg-type]
    for name in (*tiers, SEED, NOT_SETTLED):
        assert decided(name) != name
        assert "would be worse, by 2" not in worse(name, 2, NEW_YORK) or name == "fit"
