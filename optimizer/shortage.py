"""Why a student lost: the set of students who share fewer places than they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.tables import Chosen, Tables

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Shortage:
    """`rivals` (the student included) can only be served in `places` sessions of `hosts`; indices, ascending.

    `places_of` says how many of them each host has, `slots` (professional, cell) where they could be.
    """

    rivals: tuple[int, ...]
    hosts: tuple[int, ...]
    places: int
    places_of: tuple[int, ...]
    slots: tuple[tuple[int, int], ...]


class Shortages:
    """Deficient sets read off a plan of the most sessions (Hall 1935, König 1931).

    From a student left out, a free place of the network leads on to the students whose leaving would open it: the
    occupant of the slot, or all sessions of the day, week or professional that is full. Those reached, together with
    the student, are one more than the places they could use. Under the plan of tier 1 they all are at least as senior.
    """

    def __init__(self, tables: Tables, chosen: Chosen) -> None:
        self._tables = tables
        room = tables.room
        self._slot_j, self._slot_t = np.nonzero(room.slots)
        self._occupants = self._displaced(chosen)

    @property
    def size(self) -> int:
        """Students x slots: what one search costs at most."""
        return len(self._tables.problem.students) * len(self._slot_j)

    def _displaced(self, chosen: Chosen) -> list[Ints]:
        """For each slot the students whose leaving opens it."""
        room = self._tables.room
        day, week = room.day_of_cell[chosen.t], room.week_of_cell[chosen.t]
        in_day, in_week, in_all = (np.zeros_like(room.day), np.zeros_like(room.week), np.zeros_like(room.horizon))
        np.add.at(in_day, (chosen.j, day), 1)
        np.add.at(in_week, (chosen.j, week), 1)
        np.add.at(in_all, chosen.j, 1)
        by_host = [np.flatnonzero(chosen.j == j) for j in range(len(in_all))]
        sets = []
        for j, t in zip(self._slot_j.tolist(), self._slot_t.tolist(), strict=True):
            mine, d, w = by_host[j], room.day_of_cell[t], room.week_of_cell[t]
            if (chosen.t[mine] == t).any():
                mine = mine[chosen.t[mine] == t]
            elif in_day[j, d] >= room.day[j, d]:
                mine = mine[day[mine] == d]
            elif in_week[j, w] >= room.week[j, w]:
                mine = mine[week[mine] == w]
            sets.append(chosen.i[mine])
        return sets

    def of(self, student: int) -> Shortage:
        """The set of one student without a session; only meaningful if the plan holds as many sessions as possible."""
        reached = np.zeros(len(self._tables.problem.students), dtype=bool)
        usable = np.zeros(len(self._slot_j), dtype=bool)
        frontier = np.array([student])
        reached[student] = True
        while len(frontier):
            fresh = np.flatnonzero(self._slots_of(frontier) & ~usable)
            usable[fresh] = True
            found = np.unique(np.concatenate([frontier[:0], *(self._occupants[slot] for slot in fresh)]))
            frontier = found[~reached[found]]
            reached[frontier] = True
        per_host = self._places(usable)
        hosts = np.flatnonzero(per_host)
        slots = zip(self._slot_j[usable].tolist(), self._slot_t[usable].tolist(), strict=True)
        return Shortage(
            rivals=tuple(np.flatnonzero(reached).tolist()),
            hosts=tuple(hosts.tolist()),
            places=int(per_host.sum()),
            places_of=tuple(per_host[hosts].tolist()),
            slots=tuple(slots),
        )

    def _slots_of(self, students: Ints) -> NDArray[np.bool_]:
        """Slots that are a candidate of one of the students."""
        problem = self._tables.problem
        usable = np.zeros(len(self._slot_j), dtype=bool)
        step = max(1, (1 << 22) // max(1, len(self._slot_j)))
        for low in range(0, len(students), step):
            some = students[low : low + step, None]
            for cells in problem.lengths:
                fits = problem.session_cells[self._slot_j] == cells
                free = problem.student_starts(cells)[some, self._slot_t] > 0
                usable |= (fits & free & (self._tables.levels[some, self._slot_j] > 0)).any(axis=0)
        return usable

    def _places(self, usable: NDArray[np.bool_]) -> Ints:
        """P: how many sessions the usable slots can take under the caps of day, week and horizon."""
        room = self._tables.room
        in_day, in_week = np.zeros_like(room.day), np.zeros_like(room.week)
        np.add.at(in_day, (self._slot_j[usable], room.day_of_cell[self._slot_t[usable]]), 1)
        np.minimum(in_day, room.day, out=in_day)
        for d, w in enumerate(room.week_of_day.tolist()):
            in_week[:, w] += in_day[:, d]
        in_horizon: Ints = np.minimum(in_week, room.week).sum(axis=1)
        return np.minimum(in_horizon, room.horizon)
