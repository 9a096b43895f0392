"""The re-plan menu against a model of its own, on random small nights.

    python -m benchmarks.replan_check --cases 5000

A session is cancelled; for each option of the menu CP-SAT says the most sessions that any plan with as few people moved
has, everybody who was told one keeping one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.explain_check import random_night
from optimizer import Policy, Problem, solve, verify
from optimizer.domain import Session
from optimizer.explain.replan import replan


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replan_check", description=__doc__)
    parser.add_argument("--cases", type=int, default=500, help="at least so many options")
    asked, seed, options, wrong = parser.parse_args(arguments), 0, 0, 0
    while options < asked.cases:
        problem, told = told_night(seed)
        found = judged(problem, told) if told else []
        options, wrong, seed = options + len(found), wrong + found.count(False), seed + 1
    print(f"re-plan options {options:,} on {seed:,} nights, {wrong} wrong")


def told_night(seed: int) -> tuple[Problem, list[Session]]:
    """A random night without promises of its own, and what people were told by another policy's plan."""
    rng = np.random.default_rng(seed)
    problem = random_night(rng)
    problem = replace(
        problem,
        kept=(),
        pins=(),
        standing=(),
        minimum_load=np.zeros(len(problem.professionals), dtype=int),
        minimum_is_hard=np.zeros(len(problem.professionals), dtype=bool),
        waiting_days=rng.integers(0, 9, len(problem.students)),
    )
    return problem, list(solve(problem, Policy(seed=seed % 97, alpha=0)).plan.sessions)


def judged(problem: Problem, told: Sequence[Session]) -> list[bool]:
    """Whether each option after the first session's cancellation is a verified plan that no other betters."""
    stays, menu = told[1:], replan(problem, Policy(), told, cancelled=[told[0].student])
    found = []
    for option in menu.options:
        true = bool(verify(option.problem, Policy(), option.solution.plan, option.solution.witness))
        true &= option.matched == most_sessions(problem, stays, option.moved)
        true &= {one.student for one in stays} <= {one.student for one in option.sessions}
        true &= option.moved == len(_places(stays) - _places(option.sessions))
        found.append(true)
    return found


def _places(sessions: Sequence[Session]) -> set[tuple[object, ...]]:
    return {(one.student, one.professional, one.start) for one in sessions}


def most_sessions(problem: Problem, told: Sequence[Session], moved: int) -> int:
    """With at most so many of those told moved and none without a session, by a model of its own; -1 for no plan."""
    model = cp_model.CpModel()
    use: dict[tuple[int, int, int], cp_model.IntVar] = {}
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
        stays.append(use[i, problem.professionals.index(one.professional), int(grid.starts.index(one.start))])
    model.add(sum(stays) >= len(told) - moved)
    model.maximize(sum(use.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return int(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else -1


if __name__ == "__main__":
    main()
