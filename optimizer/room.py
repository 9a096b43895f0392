"""How many more sessions each professional can take: per day, week and horizon, kept sessions taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.problem import Problem
from optimizer.domain.starts import packed


@dataclass(frozen=True, eq=False)
class Room:
    """Capacities left over for tonight; P professionals, T cells, D days and W weeks that the grid touches.

    `horizon` (P), `week` (P x W), `day` (P x D) in sessions, never negative. `day_of_cell` (T) and `week_of_cell`
    (T) index days and weeks, `week_of_day` (D) weeks; `days` (D) and `weeks` (W) are their ordinals.
    `slots` (P x T): a session with the professional can start in the cell and no capacity above it is used up.
    `reach` (P): cells from one start to the next; `conflicting` (P): it matters.
    """

    horizon: NDArray[np.int64]
    week: NDArray[np.int64]
    day: NDArray[np.int64]
    days: NDArray[np.int64]
    weeks: NDArray[np.int64]
    day_of_cell: NDArray[np.int64]
    week_of_cell: NDArray[np.int64]
    week_of_day: NDArray[np.int64]
    slots: NDArray[np.bool_]
    reach: NDArray[np.int64]
    conflicting: NDArray[np.bool_]

    @classmethod
    def of(cls, problem: Problem) -> Room:
        days, first_cells, day_of_cell = np.unique(problem.grid.day, return_index=True, return_inverse=True)
        weeks, week_of_cell = np.unique(problem.grid.week, return_inverse=True)
        horizon = np.maximum(problem.capacity_horizon - problem.kept_load, 0)
        week = _left(problem, "week", problem.capacity_week, weeks)
        day = _left(problem, "day", problem.capacity_day, days)
        slots = problem.professional_starts > 0
        slots &= (day > 0)[:, day_of_cell] & (week > 0)[:, week_of_cell] & (horizon > 0)[:, None]
        week_of_day = week_of_cell[first_cells]
        cells = (day_of_cell, week_of_cell, week_of_day)
        return cls(horizon, week, day, days, weeks, *cells, slots, problem.reach, problem.conflicting)

    def part(self, professionals: NDArray[np.bool_]) -> Room:
        """The room of these professionals (a mask)."""
        per_host = ("horizon", "week", "day", "slots", "reach", "conflicting")
        return replace(self, **{name: getattr(self, name)[professionals] for name in per_host})

    @cached_property
    def slots_of_day(self) -> NDArray[np.int64]:
        """P x D: the most sessions the slots of each day can take, whatever the capacities."""
        most = _sums(self.slots.astype(np.int64), self.day_of_cell, len(self.days))
        rows = np.flatnonzero(self.conflicting)
        for d in range(len(self.days)):
            most[rows, d] = packed(self.slots[np.ix_(rows, self.day_of_cell == d)], self.reach[rows])
        return most

    @cached_property
    def most_of_week(self) -> NDArray[np.int64]:
        """P x W: the most sessions the days and slots of a week allow, the week's own capacity aside."""
        return _sums(np.minimum(self.day, self.slots_of_day), self.week_of_day, len(self.weeks))

    @cached_property
    def most_of_horizon(self) -> NDArray[np.int64]:
        """P: the most sessions the weeks allow, the horizon's own capacity aside."""
        most: NDArray[np.int64] = np.minimum(self.week, self.most_of_week).sum(axis=1)
        return most

    @cached_property
    def most(self) -> NDArray[np.int64]:
        """P: the most further sessions each professional could take tonight."""
        return np.minimum(self.horizon, self.most_of_horizon)


def _left(
    problem: Problem, scope: Literal["week", "day"], capacity: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.int64]:
    left = np.repeat(capacity[:, None], len(keys), axis=1)
    place = {int(key): k for k, key in enumerate(keys)}
    for (j, key), count in problem.kept_count(scope).items():
        if key in place:
            left[j, place[key]] -= count
    return np.maximum(left, 0)


def _sums(table: NDArray[np.int64], group: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Column sums of P x N by group of column: P x groups."""
    total = np.zeros((len(table), groups), dtype=np.int64)
    for g in range(groups):
        total[:, g] = table[:, group == g].sum(axis=1)
    return total
