"""A part of a night as a 0/1 program: variables, rows, and the costs of every tier.

Variables are the candidates, then for each student and n "the n-th session is missing", then the load units of each
professional. The rows are those of `Kind`. In the relaxation variables are fractions. Columns of the matrix are kept
sparse: `rows[start[v] : start[v + 1]]`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.relaxed_witness import Kind
from optimizer.tables import Chosen, Tables, Tier

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


EQUAL = (Kind.STUDENT, Kind.LOAD)


@dataclass(frozen=True, eq=False)
class Program:
    """`kind` and `key` (R x 2) and `limit` of the rows, the sparse columns, and what each variable stands for.

    `candidates`: the first variables. `missing_student`, `missing_number`: the next ones. The rest are the load units.
    """

    tables: Tables
    candidates: Chosen
    missing_student: Ints
    missing_number: Ints
    kind: Ints
    key: Ints
    limit: Ints
    start: Ints
    rows: Ints
    coefficient: Ints

    @property
    def variables(self) -> int:
        return len(self.start) - 1

    @property
    def first_missing(self) -> int:
        return len(self.candidates.i)

    @property
    def first_unit(self) -> int:
        return self.first_missing + len(self.missing_student)

    @property
    def equal(self) -> Bools:
        """R: rows that are equations."""
        return np.isin(self.kind, EQUAL)

    @property
    def owner(self) -> Ints:
        """The variable of each entry of `rows`."""
        return np.repeat(np.arange(self.variables), np.diff(self.start))

    def costs(self, tier: Tier) -> Ints:
        """The tier's cost of every variable."""
        missing = np.zeros(len(self.missing_student), dtype=np.int64)
        if tier.unmatched is not None:
            own = self.missing_number == tier.session_number
            missing[own] = tier.unmatched[self.missing_student[own]]
        units = np.zeros(self.variables - self.first_unit, dtype=np.int64) if tier.load is None else tier.load
        return np.concatenate([self.tables.cost(tier, self.candidates), missing, units])

    def weighed(self, multiplier: Ints) -> Ints:
        """For every variable the sum of its coefficients times the rows' multipliers (integers or floats)."""
        return np.add.reduceat(self.coefficient * multiplier[self.rows], self.start[:-1])

    def point(self, chosen: Ints) -> NDArray[np.int8]:
        """The variables' values of the plan with these candidates (indices); load units are used in order."""
        value = np.zeros(self.variables, dtype=np.int8)
        value[chosen] = 1
        tables, some = self.tables, self.candidates
        met = np.bincount(some.i[chosen], minlength=len(tables.problem.students))
        value[self.first_missing : self.first_unit] = self.missing_number > met[self.missing_student]
        loads = np.bincount(some.j[chosen], minlength=len(tables.problem.professionals)) + tables.problem.kept_load
        value[self.first_unit :] = tables.unit_number <= loads[tables.unit_professional]
        return value


def program_of(tables: Tables) -> Program:
    """The program of a part. Rows that cannot bind are left out."""
    return _Builder(tables).program()


class _Builder:
    """Collects (row, variable, coefficient) entries block by block."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._problem = tables, tables.problem
        self._some = candidates_of(tables)
        self._size = len(self._some.i)
        asks = self._problem.demand
        self._missing_student = np.repeat(np.arange(len(asks)), asks)
        first = np.repeat(np.cumsum(asks) - asks, asks)
        self._missing_number = np.arange(len(self._missing_student)) - first + 1
        self._kind: list[Ints] = []
        self._key: list[Ints] = []
        self._limit: list[Ints] = []
        self._entries: list[tuple[Ints, Ints, Ints]] = []
        self._count = 0

    def program(self) -> Program:
        self._students()
        self._times_of_students()
        self._times_of_hosts()
        self._capacities()
        self._loads()
        rows, variables, coefficients = (np.concatenate([entry[k] for entry in self._entries]) for k in range(3))
        order = np.lexsort((rows, variables))
        total = self._size + len(self._missing_student) + len(self._tables.unit_professional)
        start = np.searchsorted(variables[order], np.arange(total + 1))
        return Program(
            self._tables,
            self._some,
            self._missing_student,
            self._missing_number,
            np.concatenate(self._kind),
            np.concatenate(self._key),
            np.concatenate(self._limit),
            start,
            rows[order],
            coefficients[order],
        )

    def _add(self, kind: Kind, keys: Ints, limit: Ints) -> Ints:
        """New rows with keys (R x 2); their numbers."""
        numbers = self._count + np.arange(len(keys))
        self._kind.append(np.full(len(keys), int(kind)))
        self._key.append(keys.astype(np.int64).reshape(-1, 2))
        self._limit.append(np.broadcast_to(limit, len(keys)).astype(np.int64))
        self._count += len(keys)
        return numbers

    def _enter(self, rows: Ints, variables: Ints, coefficient: int = 1) -> None:
        self._entries.append((rows, variables, np.full(len(rows), coefficient, dtype=np.int64)))

    def _students(self) -> None:
        s = len(self._problem.students)
        people = np.arange(s)
        rows = self._add(Kind.STUDENT, np.stack([people, people * 0], axis=1), self._problem.demand)
        missing = self._size + np.arange(len(self._missing_student))
        self._enter(rows[self._some.i], np.arange(self._size))
        self._enter(rows[self._missing_student], missing)
        ordered = self._missing_number < self._problem.demand[self._missing_student]
        keys = np.stack([self._missing_student, self._missing_number], axis=1)[ordered]
        rows = self._add(Kind.ORDER, keys, np.zeros(1, dtype=np.int64))
        self._enter(rows, missing[ordered])
        self._enter(rows, missing[ordered] + 1, -1)

    def _times_of_students(self) -> None:
        """Only for students who ask for several sessions; the others have one at most anyway."""
        several = np.flatnonzero(self._problem.demand[self._some.i] > 1)
        i, j, t = (index[several] for index in self._some)
        if not self._problem.repeats_allowed:
            self._at_most_one(Kind.PAIR, i, j, several)
        which, ahead = _spread(self._problem.session_cells[j])
        self._at_most_one(Kind.OWN_CELL, i[which], t[which] + ahead, several[which])

    def _times_of_hosts(self) -> None:
        """A start takes `reach` cells. Of these rows only those stay that say more than the next one does."""
        j, t, reach = self._some.j, self._some.t, self._problem.reach
        width = self._problem.grid.cells + int(reach.max(initial=1))
        used = np.zeros((len(reach), width), dtype=bool)
        used[j, t] = True
        host, cell = np.nonzero(used)
        last = np.append(host[1:] != host[:-1], True)
        following = np.where(last, width, np.roll(cell, -1))
        first = _first_within(used, host, cell, reach)
        telling = np.zeros_like(used)
        telling[host, cell] = last | (first <= following - reach[host])
        which, ahead = _spread(reach[j])
        inside = telling[j[which], t[which] + ahead]
        which, ahead = which[inside], ahead[inside]
        self._at_most_one(Kind.HOST_CELL, j[which], t[which] + ahead, which)

    def _at_most_one(self, kind: Kind, first: Ints, second: Ints, variables: Ints) -> None:
        """A row "at most one" for each (first, second) with two variables or more."""
        wide = int(second.max(initial=0)) + 1
        keys, place, count = np.unique(first * wide + second, return_inverse=True, return_counts=True)
        rows = np.full(len(keys), -1, dtype=np.int64)
        some = keys[count > 1]
        rows[count > 1] = self._add(kind, np.stack([some // wide, some % wide], axis=1), np.ones(1, dtype=np.int64))
        inside = rows[place] >= 0
        self._enter(rows[place][inside], variables[inside])

    def _capacities(self) -> None:
        room = self._tables.room
        days = (room.day < room.slots_of_day) & (room.day < room.most[:, None])
        weeks = (room.week < room.most_of_week) & (room.week < room.most[:, None])
        for kind, binding, limit, ids, of_cell in (
            (Kind.DAY, days, room.day, room.days, room.day_of_cell),
            (Kind.WEEK, weeks, room.week, room.weeks, room.week_of_cell),
        ):
            j, k = np.nonzero(binding)
            rows = np.full(binding.shape, -1, dtype=np.int64)
            rows[j, k] = self._add(kind, np.stack([j, ids[k]], axis=1), limit[j, k])
            mine = rows[self._some.j, of_cell[self._some.t]]
            self._enter(mine[mine >= 0], np.flatnonzero(mine >= 0))

    def _loads(self) -> None:
        p = np.arange(len(self._problem.professionals))
        rows = self._add(Kind.LOAD, np.stack([p, p * 0], axis=1), np.zeros(1, dtype=np.int64))
        units = self._tables.unit_professional
        self._enter(rows[self._some.j], np.arange(self._size))
        self._enter(rows[units], self._size + len(self._missing_student) + np.arange(len(units)), -1)


def _spread(lengths: Ints) -> tuple[Ints, Ints]:
    """0..n-1, each as often as its length says, and beside it 0, 1, ... up to the length."""
    which = np.repeat(np.arange(len(lengths)), lengths)
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return which, np.arange(len(which)) - first


def _first_within(used: Bools, host: Ints, cell: Ints, reach: Ints) -> Ints:
    """For each used (host, cell) the earliest used cell of the host less than `reach` before it, or itself."""
    first = cell.copy()
    for back in range(1, int(reach.max(initial=1))):
        near = (back < reach[host]) & (cell >= back)
        near[near] = used[host[near], cell[near] - back]
        first[near] = cell[near] - back
    return first


def candidates_of(tables: Tables) -> Chosen:
    """Every candidate of the part, by cell, then student, then professional."""
    problem, slots = tables.problem, tables.room.slots
    found = []
    for t in range(problem.grid.cells):
        for cells in problem.lengths:
            hosts = np.flatnonzero(slots[:, t] & (problem.session_cells == cells))
            students = np.flatnonzero(problem.student_starts(cells)[:, t])
            row, column = np.nonzero(tables.levels[np.ix_(students, hosts)])
            found.append(np.stack([students[row], hosts[column], np.full(len(row), t)]))
    i, j, t = np.concatenate([np.zeros((3, 0), dtype=np.int64), *found], axis=1)
    return Chosen(i, j, t)
