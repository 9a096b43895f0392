"""The best whole plan on a face, by CP-SAT over the variables that a better plan could use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from optimizer.packing.program import Program
from optimizer.packing.relaxation import Face
from optimizer.progress import Stop

Ints = NDArray[np.int64]
POLL = 0.02
"""Seconds between two looks at whether to stop."""


@dataclass(frozen=True, eq=False)
class Found:
    """`point`: the variables in the best plan seen, None for none. `finished`: nothing better exists there."""

    point: NDArray[np.int8] | None
    finished: bool


def best_point(
    program: Program,
    face: Face,
    cost: Ints,
    some: Ints,
    within: tuple[int, int],
    hint: NDArray[np.int8],
    effort: float,
    stop: Stop | None = None,
) -> Found:
    """The cheapest plan with none but `some` of the free variables that costs `within` (least, most), both included.

    `effort` is deterministic time: with one worker and a fixed seed the same answer every time, on every machine. What
    the solver reports is only used after a look at its status: values after UNKNOWN and INFEASIBLE mean nothing.
    """
    model = cp_model.CpModel()
    inside = np.zeros(program.variables, dtype=bool)
    inside[some] = True
    inside &= face.free
    variable = {int(v): model.new_bool_var("") for v in np.flatnonzero(inside)}
    _rows(model, program, face, inside, variable)
    for level in face.levels:
        _at_most(model, level.cost, level.value, face, inside, variable)
    total, base = _sum(cost, face, inside, variable)
    model.add(total + base >= within[0])
    model.add(total + base <= within[1])
    model.minimize(total)
    for v, literal in variable.items():
        model.add_hint(literal, int(hint[v]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    with _watched(solver, stop):
        status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Found(None, finished=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, finished=False)
    point = face.lower.copy()
    for v, literal in variable.items():
        point[v] = solver.value(literal)
    return Found(point, finished=status == cp_model.OPTIMAL)


@contextmanager
def _watched(solver: cp_model.CpSolver, stop: Stop | None) -> Iterator[None]:
    """Ends the search soon after it is to stop: asked beside it, as the solver itself asks nobody."""
    if stop is None:
        yield
        return
    done = Event()

    def watch() -> None:
        while not done.wait(POLL):
            if stop():
                solver.stop_search()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


Literals = dict[int, cp_model.IntVar]


def _rows(model: cp_model.CpModel, program: Program, face: Face, inside: NDArray[np.bool_], variable: Literals) -> None:
    owner = program.owner
    taken = np.zeros(len(program.limit), dtype=np.int64)
    np.add.at(taken, program.rows, program.coefficient * face.lower[owner])
    live = inside[owner]
    rows, columns, coefficients = program.rows[live], owner[live], program.coefficient[live]
    order = np.argsort(rows, kind="stable")
    rows, columns, coefficients = rows[order], columns[order], coefficients[order]
    edges = np.flatnonzero(np.diff(rows, prepend=-1, append=-1))
    equal = program.equal | face.tight
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        row = int(rows[low])
        literals = [variable[v] for v in columns[low:high].tolist()]
        left = int(program.limit[row] - taken[row])
        if equal[row]:
            model.add(cp_model.LinearExpr.weighted_sum(literals, coefficients[low:high].tolist()) == left)
        elif left == 1 and (coefficients[low:high] == 1).all():
            model.add_at_most_one(literals)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(literals, coefficients[low:high].tolist()) <= left)


def _sum(cost: Ints, face: Face, inside: NDArray[np.bool_], variable: Literals) -> tuple[cp_model.LinearExprT, int]:
    """The cost as an expression of the free variables, and what the fixed ones cost."""
    paying = np.flatnonzero(inside & (cost != 0))
    total = cp_model.LinearExpr.weighted_sum([variable[v] for v in paying.tolist()], cost[paying].tolist())
    return total, int(cost[face.lower > 0].sum())


def _at_most(
    model: cp_model.CpModel, cost: Ints, value: int, face: Face, inside: NDArray[np.bool_], variable: Literals
) -> None:
    total, base = _sum(cost, face, inside, variable)
    model.add(total + base <= value)
