"""The menu after a cancellation: each option whole and verified, and none better for as many people moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night

from benchmarks.replan_check import judged, most_sessions, told_night
from optimizer import ContradictionError, Policy, solve, verify
from optimizer.domain import Session
from optimizer.explain.alterations import Out
from optimizer.explain.replan import Menu, replan


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_each_option_is_a_verified_plan_and_no_plan_has_more_for_as_few_moves(seed):
    problem, told = told_night(seed)
    assert all(judged(problem, told)) if told else True


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_menu_goes_from_nobody_moved_to_as_many_sessions_as_possible(seed):
    problem, told = told_night(seed)
    if not told:
        return
    menu = replan(problem, Policy(), told, cancelled=[told[0].student])
    moves = [option.moved for option in menu.options]
    assert moves == sorted(set(moves))
    assert menu.options[0].moved == 0
    assert menu.options[-1].matched == most_sessions(problem, told[1:], len(told))


def menu_of_three(**given) -> tuple[Menu, list[Session]]:
    """p1 drops out. Whoever was with p1 finds a place only if s0 moves."""
    problem = night(certain([[1, 1], [1, 0]]), certain([[1, 1], [1, 0]]), **given)
    told = [
        replace(one, professional=host, start=problem.grid.starts[0])
        for one, host in zip(sorted(solve(problem).plan.sessions, key=lambda x: x.student), ("p0", "p1"), strict=True)
    ]
    return replan(problem, Policy(), told, changes=[Out("p1")]), told


def test_the_menu_names_who_would_move_and_who_is_placed():
    menu, told = menu_of_three()
    assert [(option.moved, option.matched) for option in menu.options] == [(0, 1), (1, 2)]
    assert [one.student for one in menu.cancelled] == ["s1"]
    last = menu.options[-1]
    assert [(move.before, move.after.student) for move in last.moves] == [(told[0], "s0")]
    assert [one.student for one in last.placed] == ["s1"]


def test_a_frozen_session_is_never_moved():
    problem = night(certain([[1, 1], [1, 0]]), certain([[1, 1], [1, 0]]))
    _, told = menu_of_three()
    menu = replan(problem, Policy(), told, changes=[Out("p1")], frozen=["s0"])
    assert [(option.moved, option.matched) for option in menu.options] == [(0, 1)]
    assert (menu.frozen, menu.standing) == (1, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_beyond_flows_the_two_ends_of_the_menu_are_plans_that_keep_everybody(seed):
    rng = np.random.default_rng(seed)
    problem = random_night(rng)
    problem = replace(problem, session_cells=np.full(len(problem.professionals), 2), kept=())
    told = list(solve(problem, Policy(alpha=0)).plan.sessions)
    if not told or problem.flow_case:
        return
    try:
        menu = replan(problem, Policy(), told, cancelled=[told[0].student])
    except ContradictionError:
        raise AssertionError("the plan they were told keeps everybody") from None
    for option in menu.options:
        assert verify(option.problem, Policy(), option.solution.plan, option.solution.witness)
        assert {one.student for one in told[1:]} <= {one.student for one in option.sessions}
    assert [option.moved for option in menu.options][:1] in ([], [0])
