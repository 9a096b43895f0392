"""Other ways to plan the same night under one weighted objective: everything at once, or first come, first served."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from optimizer.flow.candidates import Candidates
from optimizer.flow.network import Network
from optimizer.tables import Chosen, Tables, Tier

Answer = tuple[int, int, str]
"""Sessions, value of the objective, how sure."""


def dense_flow(tables: Tables, tier: Tier) -> Answer:
    """One min-cost flow over every candidate."""
    network = Network(tables)
    network.add_columns(*Candidates(tables, network.nodes).all_alive())
    network.minimise(network.costs(tier))
    return len(network.matches().i), tables.value(tier, network.matches()), "optimal"


def cp_sat(tables: Tables, tier: Tier, seconds: float = 120.0) -> Answer:
    """One Boolean for every candidate, one worker."""
    network = Network(tables)
    network.add_columns(*Candidates(tables, network.nodes).all_alive())
    chosen, model = network.chosen, cp_model.CpModel()
    use = [model.new_bool_var("") for _ in range(len(chosen.i))]
    for group in (chosen.i, chosen.j * tables.problem.grid.cells + chosen.t):
        for members in _members(group):
            model.add_at_most_one(use[n] for n in members)
    for members in _members(chosen.j):
        model.add(sum(use[n] for n in members) <= int(tables.room.horizon[chosen.j[members[0]]]))
    gain = tables.cost(tier, chosen) - (0 if tier.unmatched is None else tier.unmatched[chosen.i])
    model.minimize(cp_model.LinearExpr.weighted_sum(use, gain.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0, 0, solver.status_name(status).lower()
    used = np.array([n for n, one in enumerate(use) if solver.boolean_value(one)], dtype=np.int64)
    picked = Chosen(*(index[used] for index in chosen))
    return len(used), tables.value(tier, picked), solver.status_name(status).lower()


def highs(tables: Tables, tier: Tier, seconds: float = 120.0) -> Answer:
    """The same 0/1 program, by HiGHS (which OR-Tools brings along)."""
    network = Network(tables)
    network.add_columns(*Candidates(tables, network.nodes).all_alive())
    chosen, model = network.chosen, mathopt.Model()
    use = [model.add_binary_variable() for _ in range(len(chosen.i))]
    slots = chosen.j * tables.problem.grid.cells + chosen.t
    limits = np.minimum(tables.room.horizon, len(chosen.i))
    for group, limit in ((chosen.i, None), (slots, None), (chosen.j, limits)):
        for members in _members(group):
            most = 1 if limit is None else int(limit[group[members[0]]])
            model.add_linear_constraint(mathopt.fast_sum(use[n] for n in members) <= most)
    gain = tables.cost(tier, chosen) - (0 if tier.unmatched is None else tier.unmatched[chosen.i])
    model.minimize(mathopt.fast_sum(one * int(cost) for one, cost in zip(use, gain, strict=True)))
    limit = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), relative_gap_tolerance=0.0)
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=limit)
    status = result.termination.reason.name.lower()
    if not result.has_primal_feasible_solution():
        return 0, 0, status
    values = result.variable_values()
    used = np.array([n for n, one in enumerate(use) if values[one] > 0.5], dtype=np.int64)
    picked = Chosen(*(index[used] for index in chosen))
    return len(used), tables.value(tier, picked), status


def greedy(tables: Tables, tier: Tier) -> Answer:
    """First come, first served: who waited longest takes the best-fitting, earliest slot that is left."""
    problem, room = tables.problem, tables.room
    open_slots, left = room.slots.copy(), room.horizon.copy()
    picked: list[tuple[int, int, int]] = []
    for i in np.lexsort((np.arange(len(problem.students)), -problem.waiting_days)).tolist():
        hosts = np.flatnonzero((tables.levels[i] > 0) & (left > 0))
        usable = open_slots[hosts] & (problem.student_open[i] > 0)
        able = usable.any(axis=1)
        if not able.any():
            continue
        best = int(np.flatnonzero(able)[tables.levels[i, hosts[able]].argmax()])
        j, t = int(hosts[best]), int(usable[best].argmax())
        open_slots[j, t] = False
        left[j] -= 1
        picked.append((i, j, t))
    chosen = Chosen(*np.array(picked, dtype=np.int64).reshape(-1, 3).T)
    return len(picked), tables.value(tier, chosen), "no claim"


PEERS = {"dense-flow": dense_flow, "highs": highs, "cp-sat": cp_sat, "greedy": greedy}


def _members(group: np.ndarray) -> list[list[int]]:
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    return [part.tolist() for part in np.split(order, edges)]
