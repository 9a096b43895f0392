"""What all answers about one plan share, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.checker.rules import as_chosen
from optimizer.domain.plan import Plan, Session
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.explain.residual import Residual
from optimizer.room import Room
from optimizer.shortage import Shortages
from optimizer.solving import Solution, solve
from optimizer.tables import Chosen, Tables

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A plan made ready for questions. Make it with `prepare`; nothing here changes a plan."""

    problem: Problem
    policy: Policy
    solution: Solution
    tables: Tables
    chosen: Chosen

    @property
    def by_flow(self) -> bool:
        """Every tier is proven by a flow, so that the residual graph answers exactly."""
        return self.problem.flow_case and self.solution.witness.settled == len(self.tables.tiers)

    @cached_property
    def residual(self) -> Residual:
        """Only where `by_flow`. Raises `WitnessError` when the witness belongs elsewhere."""
        return Residual(self.tables, self.chosen, self.solution.witness)

    @property
    def plan(self) -> Plan:
        return self.solution.plan

    @cached_property
    def student_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.problem.students)}

    @cached_property
    def professional_index(self) -> dict[str, int]:
        return {name: j for j, name in enumerate(self.problem.professionals)}

    @cached_property
    def sessions_of(self) -> dict[str, tuple[Session, ...]]:
        """The sessions of each student who has any, by start."""
        found: dict[str, tuple[Session, ...]] = {}
        for one in self.plan.sessions:
            found[one.student] = (*found.get(one.student, ()), one)
        return found

    @cached_property
    def session_of(self) -> dict[str, Session]:
        """The first session of each student who has any."""
        return {student: sessions[0] for student, sessions in self.sessions_of.items()}

    @cached_property
    def loads(self) -> Ints:
        """P: sessions of this plan and kept ones inside the horizon."""
        loads: Ints = np.bincount(self.chosen.j, minlength=len(self.problem.professionals)) + self.problem.kept_load
        return loads

    @cached_property
    def shortages(self) -> Shortages:
        return Shortages(self.tables, self.chosen)

    def student(self, name: str) -> int:
        """The index of a student. Raises `KeyError` with the name when the problem does not know them."""
        return self.student_index[name]

    @cached_property
    def _now(self) -> Room:
        return self.beside(self.chosen)

    def beside(self, chosen: Chosen) -> Room:
        """What these sessions leave of every capacity; `slots`: takes one more without anybody making way."""
        room = self.tables.room
        day, week, horizon, slots = room.day.copy(), room.week.copy(), room.horizon.copy(), room.slots.copy()
        np.subtract.at(day, (chosen.j, room.day_of_cell[chosen.t]), 1)
        np.subtract.at(week, (chosen.j, room.week_of_cell[chosen.t]), 1)
        np.subtract.at(horizon, chosen.j, 1)
        for apart in range(1 - int(room.reach.max(initial=1)), int(room.reach.max(initial=1))):
            near = (np.abs(apart) < room.reach[chosen.j]) & (chosen.t + apart >= 0)
            near &= chosen.t + apart < slots.shape[1]
            slots[chosen.j[near], chosen.t[near] + apart] = False
        slots &= (day > 0)[:, room.day_of_cell] & (week > 0)[:, room.week_of_cell] & (horizon > 0)[:, None]
        return replace(room, day=day, week=week, horizon=horizon, slots=slots)

    @property
    def room_left(self) -> Ints:
        """P: the most sessions each professional could take beside those of the plan."""
        return self._now.most

    def open_for(self, student: int) -> NDArray[np.bool_]:
        """P x T: slots that could take the student (own session given up) without anybody making way."""
        mine = self.chosen.i == student
        if not mine.any():
            return self._now.slots
        slots = self.beside(Chosen(*(index[~mine] for index in self.chosen))).slots
        own = int(self.chosen.j[mine][0])
        if self.problem.minimum_is_hard[own] and self.loads[own] <= self.problem.minimum_load[own]:
            slots &= (np.arange(len(slots)) == own)[:, None]  # somebody would have to come in the student's place
        return slots

    def in_the_way(self, j: int, t: int) -> Ints:
        """Students one of whom has to make way for a further session of j at cell t; nobody when there is room.

        The one in the slot, else all of the day, week or horizon that is full: whoever of them leaves opens it.
        """
        chosen, room = self.chosen, self.tables.room
        mine = np.flatnonzero(chosen.j == j)
        days, weeks = room.day_of_cell[chosen.t[mine]], room.week_of_cell[chosen.t[mine]]
        d, w = room.day_of_cell[t], room.week_of_cell[t]
        scopes = (
            (chosen.t[mine] == t, 1),
            (days == d, int(room.day[j, d])),
            (weeks == w, int(room.week[j, w])),
            (np.ones(len(mine), dtype=bool), int(room.horizon[j])),
        )
        for inside, limit in scopes:
            if int(inside.sum()) >= limit:
                return chosen.i[mine[inside]]
        return chosen.i[:0]


def prepare(problem: Problem, policy: Policy | None = None, solution: Solution | None = None) -> Prepared:
    """Everything questions about this plan share.

    `solution` must be what `solve` gave for this problem and policy, or what `verify` accepted; without it the
    problem is solved here. Raises what `solve` raises, and `WitnessError` when the witness belongs elsewhere.
    """
    policy = policy or Policy()
    solution = solution or solve(problem, policy)
    tables = Tables.of(problem, policy, solution.witness.draw)
    prepared = Prepared(problem, policy, solution, tables, as_chosen(problem, solution.plan))
    if prepared.by_flow:
        assert prepared.residual is not None  # built here, so that a witness that belongs elsewhere is refused here
    return prepared
