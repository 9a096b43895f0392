"""The menu after a cancellation: each option whole and verified, and none better for as many people moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night
from ortools.sat.python import cp_model

from optimizer import ContradictionError, Policy, Problem, solve, verify
from optimizer.domain import Session
from optimizer.explain.alterations import Out
from optimizer.explain.replan import Menu, replan


def most_sessions(problem: Problem, told: list[Session], moved: int) -> int:
    """With at most so many of those told moved and none without a session, by a model of its own; -1 for no plan."""
    model, use = cp_model.CpModel(), {}
    eligible = problem.eligible(slice(0, len(problem.students)))
    for i, j, t in np.argwhere(
        eligible[:, :, None] & (problem.student_open > 0)[:, None, :] & (problem.professional_open > 0)[None]
    ).tolist():
        use[i, j, t] = model.new_bool_var("")
    grid, p = problem.grid, len(problem.professionals)
    for i in range(len(problem.students)):
        model.add(sum(one for key, one in use.items() if key[0] == i) <= 1)
    for j in range(p):
        mine = {key: one for key, one in use.items() if key[1] == j}
        for t in range(grid.cells):
            model.add(sum(one for key, one in mine.items() if key[2] == t) <= 1)
        model.add(sum(mine.values()) <= int(max(0, problem.capacity_horizon[j] - problem.kept_load[j])))
        for ordinals, limit in ((grid.day, problem.capacity_day), (grid.week, problem.capacity_week)):
            for ordinal in set(ordinals.tolist()):
                model.add(sum(one for key, one in mine.items() if ordinals[key[2]] == ordinal) <= int(limit[j]))
    stays = []
    for one in told:
        i = problem.students.index(one.student)
        model.add(sum(v for key, v in use.items() if key[0] == i) == 1)
        stays.append(use[i, problem.professionals.index(one.professional), grid.cell_of(one.start)])
    model.add(sum(stays) >= len(told) - moved)
    model.maximize(sum(use.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return int(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else -1


def told_night(seed: int) -> tuple[Problem, list[Session]]:
    rng = np.random.default_rng(seed)
    plain = {"kept": (), "minimum_load": (0,) * 4, "requirements": (), "waiting_days": None}
    problem = random_night(rng)
    plain["minimum_load"] = np.zeros(len(problem.professionals), dtype=int)
    plain["waiting_days"] = rng.integers(0, 9, len(problem.students))
    problem = replace(problem, **plain)
    return problem, list(solve(problem, Policy(seed=seed % 97, alpha=0)).plan.sessions)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_each_option_is_a_verified_plan_and_no_plan_has_more_for_as_few_moves(seed):
    problem, told = told_night(seed)
    if not told:
        return
    menu = replan(problem, Policy(), told, cancelled=[told[0].student])
    stays = told[1:]
    for option in menu.options:
        assert verify(option.problem, Policy(), option.solution.plan, option.solution.witness)
        assert option.matched == most_sessions(problem, stays, option.moved)
        assert {one.student for one in stays} <= {one.student for one in option.sessions}
        assert option.moved == sum(one not in _places(option.sessions) for one in _places(stays))
    moves = [option.moved for option in menu.options]
    assert moves == sorted(set(moves))
    assert menu.options[0].moved == 0
    assert menu.options[-1].matched == most_sessions(problem, stays, len(stays))


def _places(sessions) -> list[tuple]:
    return [(one.student, one.professional, one.start) for one in sessions]


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
