"""Who has a place and who could have one: the coverage network of a night as matrices, to be changed and filled up.

Nodes are students, slots (professional, cell), days and weeks of professionals, and professionals; arcs as in
`optimizer.flow.network`, but every day and week has its node, so that conditions about slots that do not exist yet can
be read off. A residual arc says that one more unit may pass, or go back where one passes. As no unit passes through the
sink, everyone with a session keeps one and no professional's load falls: pins and minimum loads stay kept.

* R, what students left out reach: whatever opens there is used.
* B, what reaches a professional with room: whatever comes there needs nobody to go without.

A plan of the most sessions has no student left out in B (Ford and Fulkerson 1956); R and B are then the same for every
such plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.tables import Chosen, Tables

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NOBODY = -1


@dataclass(eq=False)
class Marks:
    """Marked nodes: `students` (S), `slots` (P x T), `days` (P x D), `weeks` (P x W), `hosts` (P)."""

    students: Bools
    slots: Bools
    days: Bools
    weeks: Bools
    hosts: Bools

    def counts(self) -> tuple[int, ...]:
        parts = (self.students, self.slots, self.days, self.weeks, self.hosts)
        return tuple(int(part.sum()) for part in parts)


@dataclass(eq=False)
class Coverage:
    """A plan in its coverage network. The arrays may be changed between questions; `copy` first.

    `can` (S x P) by the hard rules, `open` (S x T) cells of students, `slots` (P x T) cells of professionals; `day`
    (P x D), `week` (P x W), `horizon` (P): the most further sessions. `holder` (P x T): the student there or `NOBODY`.
    """

    can: Bools
    open: Bools
    slots: Bools
    day: Ints
    week: Ints
    horizon: Ints
    holder: Ints
    day_of_cell: Ints
    week_of_day: Ints

    @classmethod
    def of(cls, tables: Tables, chosen: Chosen) -> Coverage:
        problem, room = tables.problem, tables.room
        holder = np.full((len(problem.professionals), problem.grid.cells), NOBODY, dtype=np.int64)
        holder[chosen.j, chosen.t] = chosen.i
        return cls(
            can=tables.levels > 0,
            open=problem.student_starts(1) > 0,
            slots=problem.professional_open > 0,
            day=room.day.copy(),
            week=room.week.copy(),
            horizon=room.horizon.copy(),
            holder=holder,
            day_of_cell=room.day_of_cell,
            week_of_day=room.week_of_day,
        )

    def copy(self) -> Coverage:
        """A copy whose arrays can be changed; who belongs to which day and week is shared."""
        parts = ("can", "open", "slots", "day", "week", "horizon", "holder")
        return Coverage(
            **{name: getattr(self, name).copy() for name in parts},
            day_of_cell=self.day_of_cell,
            week_of_day=self.week_of_day,
        )

    def with_host(self, can: Bools, slots: Bools) -> Coverage:
        """One more professional, the last row: whom they may meet (S), when (T); limited by that alone."""
        enough, grown = len(self.open), self.copy()
        grown.can = np.column_stack([self.can, can])
        grown.slots = np.vstack([self.slots, slots])
        grown.day = np.vstack([self.day, np.full_like(self.day[:1], enough)])
        grown.week = np.vstack([self.week, np.full_like(self.week[:1], enough)])
        grown.horizon = np.append(self.horizon, enough)
        grown.holder = np.vstack([self.holder, np.full_like(self.holder[:1], NOBODY)])
        return grown

    # -- flows ---------------------------------------------------------------------------------------------------

    @property
    def used(self) -> Bools:
        """P x T: slots with a session."""
        return np.asarray(self.holder != NOBODY)

    @property
    def matched(self) -> Bools:
        """S: students with a session."""
        found = np.zeros(len(self.open), dtype=bool)
        found[self.holder[self.used]] = True
        return found

    def in_days(self, slots: Bools) -> Ints:
        """P x D: how many of the slots lie in each day."""
        return _grouped(slots.astype(np.int64), self.day_of_cell, self.day.shape[1])

    def by_week(self, days: Ints) -> Ints:
        """P x W: sums of a P x D table."""
        return _grouped(days, self.week_of_day, self.week.shape[1])

    def _flows(self) -> tuple[Ints, Ints, Ints]:
        days = self.in_days(self.used)
        weeks = self.by_week(days)
        return days, weeks, weeks.sum(axis=1)

    def candidate_slots(self, students: Bools) -> Bools:
        """P x T: cells, open or not, in which one of the students could meet the professional by rules and time."""
        some = np.flatnonzero(students)
        meets: NDArray[np.float32] = self.can[some].T.astype(np.float32) @ self.open[some].astype(np.float32)
        return np.asarray(meets > 0)

    def candidates_of(self, slots: Bools) -> Bools:
        """S: students who could meet the professional in one of the slots by rules and time."""
        hosts = np.flatnonzero(slots.any(axis=1))
        cells = np.flatnonzero(slots.any(axis=0))
        meets = self.can[:, hosts].astype(np.float32) @ slots[np.ix_(hosts, cells)].astype(np.float32)
        return np.asarray(((meets > 0) & self.open[:, cells]).any(axis=1))

    # -- reachability ---------------------------------------------------------------------------------------------

    def _none(self) -> Marks:
        students = np.zeros(len(self.open), dtype=bool)
        rest = (self.slots, self.day, self.week, self.horizon)
        return Marks(students, *(np.zeros(part.shape, dtype=bool) for part in rest))

    def wants(self) -> Marks:
        """R: nodes that students left out reach."""
        return self.reached_from(~self.matched)

    def rooms(self) -> Marks:
        """B: nodes that reach a professional with room."""
        marks = self._none()
        marks.hosts |= self._flows()[2] < self.horizon
        return self._into(marks)

    def nodes_reaching(self, students: Bools) -> Marks:
        """Nodes that reach one of the students, the students included."""
        marks = self._none()
        marks.students |= students
        return self._into(marks)

    def reaching(self, students: Bools) -> Bools:
        """S: students who reach one of the students, themselves included."""
        return self.nodes_reaching(students).students

    def reached_from(self, students: Bools) -> Marks:
        """Nodes that the students reach, themselves included."""
        days, weeks, _ = self._flows()
        used, marks = self.used, self._none()
        fresh = students.copy()
        before: tuple[int, ...] = ()
        while before != marks.counts():
            before = marks.counts()
            marks.students |= fresh
            marks.slots = np.logical_or(marks.slots, self.candidate_slots(fresh) & self.slots)
            self._climb(marks, days, weeks, used)
            fresh = np.zeros_like(fresh)
            fresh[self.holder[marks.slots & used]] = True
            fresh &= ~marks.students
        return marks

    def _climb(self, marks: Marks, days: Ints, weeks: Ints, used: Bools) -> None:
        """From slots up to whatever has room, and down again to what is in use."""
        marks.days |= self.in_days(marks.slots & ~used) > 0
        marks.weeks |= self.by_week((marks.days & (days < self.day)).astype(np.int64)) > 0
        marks.hosts |= (marks.weeks & (weeks < self.week)).any(axis=1)
        marks.weeks |= marks.hosts[:, None] & (weeks > 0)
        marks.days |= marks.weeks[:, self.week_of_day] & (days > 0)
        marks.slots |= marks.days[:, self.day_of_cell] & used

    def _into(self, marks: Marks) -> Marks:
        """All nodes that reach a marked one."""
        days, weeks, _ = self._flows()
        used, seen = self.used, np.zeros_like(marks.slots)
        before: tuple[int, ...] = ()
        while before != marks.counts():
            before = marks.counts()
            marks.slots |= used & np.append(marks.students, False)[self.holder]  # the holder can give the slot up
            marks.days |= self.in_days(marks.slots & used) > 0
            marks.weeks |= self.by_week((marks.days & (days > 0)).astype(np.int64)) > 0
            marks.hosts |= (marks.weeks & (weeks > 0)).any(axis=1)
            marks.weeks |= marks.hosts[:, None] & (weeks < self.week)
            marks.days |= marks.weeks[:, self.week_of_day] & (days < self.day)
            marks.slots |= marks.days[:, self.day_of_cell] & self.slots & ~used
            marks.students |= self.candidates_of(marks.slots & ~seen)
            seen = marks.slots.copy()
        return marks

    # -- changes --------------------------------------------------------------------------------------------------

    def spare(self) -> Bools:
        """P x T: open slots that take one more session without anybody making way."""
        days, weeks, loads = self._flows()
        roomy = (days < self.day) & (weeks < self.week)[:, self.week_of_day]
        roomy &= (loads < self.horizon)[:, None]
        free: Bools = self.slots & ~self.used & roomy[:, self.day_of_cell]
        return free

    def fill(self, among: Bools | None = None) -> int:
        """Gives as many students left out (`among` them) a session as possible, nobody losing one; how many."""
        gained = 0
        while self._augment(~self.matched if among is None else among & ~self.matched):
            gained += 1
        return gained

    def _augment(self, students: Bools) -> bool:
        """One more session along a shortest chain of students who make way for each other (Berge 1957).

        A shortest chain enters no day, week or professional twice, so its steps do not get in each other's way.
        """
        layers, seen, spare = [students], students.copy(), self.spare()
        while layers[-1].any():
            fresh = self.candidate_slots(layers[-1]) & self.slots
            if (fresh & spare).any():
                self._shift(layers, fresh & spare)
                return True
            displaced = self._displaced(fresh) & ~seen
            seen |= displaced
            layers.append(displaced)
        return False

    def _full(self) -> tuple[Bools, Bools, Bools]:
        """Days, weeks and professionals that take no more."""
        days, weeks, loads = self._flows()
        return days >= self.day, weeks >= self.week, loads >= self.horizon

    def _displaced(self, slots: Bools) -> Bools:
        """Students whose leaving alone opens one of the slots: the holder, or all of the lowest limit that is full."""
        used, (full_days, full_weeks, full) = self.used, self._full()
        days = self.in_days(slots & ~used) > 0
        higher = self.by_week((days & ~full_days).astype(np.int64)) > 0
        way = days & full_days | (higher & full_weeks)[:, self.week_of_day]
        way |= ((higher & ~full_weeks).any(axis=1) & full)[:, None]
        found = np.zeros(len(self.open), dtype=bool)
        found[self.holder[used & (slots | way[:, self.day_of_cell])]] = True
        return found

    def _opened_by(self, j: int, t: int) -> Bools:
        """T: the slots of the professional that the leaving of the session at t alone opens."""
        full_days, full_weeks, _ = self._full()
        week_of_cell = self.week_of_day[self.day_of_cell]
        same_day, same_week = self.day_of_cell == self.day_of_cell[t], week_of_cell == week_of_cell[t]
        by_week = np.where(full_weeks[j, week_of_cell], same_week, True)
        opened = np.where(full_days[j, self.day_of_cell], same_day, by_week)
        opened = np.where(self.used[j], np.arange(len(opened)) == t, opened)
        cells: Bools = opened & self.slots[j]
        return cells

    def _shift(self, layers: list[Bools], ends: Bools) -> None:
        """Walks a chain back from a slot with room: each student takes a slot, the one before takes what they leave."""
        j, t = (int(axis[0]) for axis in np.nonzero(ends))
        taken: list[tuple[int, int, int]] = []
        for depth in range(len(layers) - 1, -1, -1):
            i = int(np.flatnonzero(layers[depth] & self.can[:, j] & self.open[:, t])[0])
            taken.append((i, j, t))
            if depth:
                j, left = (int(axis[0]) for axis in np.nonzero(self.holder == i))
                t = int(np.flatnonzero(self._opened_by(j, left) & self.candidate_slots(layers[depth - 1])[j])[0])
        self.holder[np.isin(self.holder, [i for i, _, _ in taken])] = NOBODY
        for i, j, t in taken:
            self.holder[j, t] = i


def _grouped(table: Ints, group: Ints, groups: int) -> Ints:
    """Column sums of P x N by group of column: P x groups."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(groups + 1))
    sums = np.concatenate([np.zeros((len(table), 1), dtype=np.int64), np.cumsum(table[:, order], axis=1)], axis=1)
    total: Ints = sums[:, edges[1:]] - sums[:, edges[:-1]]
    return total
