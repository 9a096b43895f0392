"""Measures and the gate of a backtest, on questions small enough to count by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.backtest.outcome import Moves, NightResult, Outcome, Yardstick, mean_fit, moves_between, worst_fit
from backend.backtest.settings_compared import WITHOUT_EFFECT, changes_between
from backend.backtest.telling import gate, people, table
from backend.backtest.verdict import ROWS, lines_of
from backend.settings import Settings, from_mapping
from optimizer import Policy, solve
from optimizer.domain import Problem, SlotGrid, TagFit

SAME = Moves(0, 0, 0)
FIRST = datetime(2026, 11, 23, 14, tzinfo=UTC)


def question() -> Problem:
    """Two students want the one professional with a single review; the second waited longer; a third is never free."""
    free = np.array([[3, 3], [3, 3], [0, 0]], dtype=np.uint8)
    tags = np.array([1, 2, 1], dtype=np.uint64)
    return Problem(
        students=("s-a", "s-b", "s-c"),
        professionals=("p-a", "p-b"),
        grid=SlotGrid(FIRST, 30, 2),
        student_free=free,
        professional_free=np.array([[3, 3], [0, 0]], dtype=np.uint8),
        capacity_horizon=np.array([1, 1]),
        waiting_days=np.array([1, 5, 9]),
        parts=(TagFit("field", tags, np.array([2, 1], dtype=np.uint64)),),
    )


def outcome(matched: int = 3, fits: tuple[int, ...] = (50, 60, 70), nobody: int = 0, gini: float = 0.2) -> Outcome:
    return Outcome(matched, 4, fits, nobody, gini)


def result(before: Outcome, after: Outcome, moves: Moves = SAME) -> NightResult:
    return NightResult("2026-11-22", "r-1", 5, before, after, moves, proven=True)


def test_a_plan_is_measured_by_whom_it_serves_and_whom_it_leaves() -> None:
    problem = question()
    plan = solve(problem, Policy()).plan
    told = Yardstick(problem, {}).of(plan)
    assert (told.matched, told.waited, told.nobody) == (1, 1 + 9, 1)
    assert told.fits == (100,)
    assert Yardstick(problem, {"field": 0}).of(plan).fits == (100,)


def test_fit_is_on_one_scale_whatever_levels_the_policies_use() -> None:
    problem = question()
    coarse, fine = (Yardstick(problem, {}).of(solve(problem, Policy(levels=n)).plan) for n in (2, 100))
    assert coarse.fits == fine.fits


def test_students_are_moved_gained_and_lost() -> None:
    problem = question()
    plan = solve(problem, Policy()).plan
    nobody = type(plan)((), plan.unmatched, plan.tiers, plan.engine, plan.seed)
    assert moves_between(plan, plan) == Moves(0, 0, 0)
    assert moves_between(plan, nobody) == Moves(0, 0, 1)
    assert moves_between(nobody, plan) == Moves(0, 1, 0)


def test_means_over_nights_without_sessions_do_not_fail() -> None:
    none = outcome(0, ())
    assert (mean_fit([none]), worst_fit([none, outcome()])) == (0.0, 50)


@pytest.mark.parametrize(
    ("after", "tolerated", "refused"),
    [
        (outcome(), {}, []),
        (outcome(matched=2), {}, ["matched"]),
        (outcome(matched=2), {"matched": 1}, []),
        (outcome(fits=(49, 59, 69)), {}, []),
        (outcome(fits=(48, 58, 68)), {}, ["fit"]),
        (outcome(nobody=1, gini=0.221), {}, ["nobody", "load"]),
        (outcome(gini=0.22), {}, []),
        (outcome(matched=9, fits=(90,), gini=0.0), {}, []),
    ],
)
def test_the_gate_refuses_what_is_worse_by_more_than_is_let_pass(
    after: Outcome, tolerated: dict[str, float], refused: list[str]
) -> None:
    lines = lines_of([result(outcome(), after)], tolerated)
    assert [line.row.name for line in lines if line.refused] == refused
    assert ("refused" in gate(lines)) == bool(refused)


@given(st.tuples(*(st.floats(0, 1000) for _ in range(2))), st.sampled_from(ROWS))
def test_no_measure_is_worse_in_both_directions(values: tuple[float, float], row: object) -> None:
    numbers = outcome(gini=values[0]), outcome(gini=values[1])
    forth, back = (lines_of([result(*pair)], {}) for pair in (numbers, numbers[::-1]))
    name = row.name  # type: ignore[attr-defined]
    one, other = (next(line for line in lines if line.row.name == name) for lines in (forth, back))
    assert min(one.worse, other.worse) == 0
    assert one.change == -other.change


def test_the_table_is_80_columns_and_says_what_is_better_and_worse() -> None:
    big = Outcome(1_234_567, 9_999_999, (99,) * 5, 123_456, 0.999)
    lines = lines_of([result(big, outcome(), Moves(2, 1, 0))], {})
    text = table(lines)
    assert max(map(len, text)) <= 80
    assert any(line.endswith("too much worse") for line in text)
    assert any(line.endswith("  better") for line in text)
    told = people([result(big, outcome(), Moves(2, 1, 0))])
    assert "2 students would have met somebody else" in told
    assert "1 student would have had a session more" in told


def test_only_the_policy_can_be_answered_from_a_stored_question() -> None:
    before = from_mapping({"policy": {"alpha": 1}, "out_dir": "a", "matching": {"limit_per_day": 3}})
    after = from_mapping(
        {"policy": {"alpha": 0, "seed": 2}, "out_dir": "b", "matching": {"limit_per_day": 4}, "guards": {}}
    )
    changes = changes_between(before, after)
    assert [one.key for one in changes.judged] == ["policy.alpha", "policy.seed"]
    assert [str(one) for one in changes.unanswerable] == ["matching.limit_per_day: 3 -> 4"]
    assert changes_between(after, after) == changes_between(Settings(), Settings())


def test_keys_said_to_have_no_effect_exist_and_are_not_part_of_the_question() -> None:
    keys = {f"{name}." for name in Settings.model_fields} | set(Settings.model_fields)
    keys |= {
        f"{name}.{key}"
        for name in ("program", "sources")
        for key in Settings.model_fields[name].annotation.model_fields
    }  # type: ignore[union-attr]
    assert all(any(key.startswith(prefix) for key in keys) for prefix in WITHOUT_EFFECT)
    assert not any(
        prefix.startswith(("matching", "reading", "columns", "pins", "forbidden")) for prefix in WITHOUT_EFFECT
    )
