"""Who may arrive and who offers time, as weekly patterns taken from questions of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.domain import Problem, SlotGrid, zone_info
from optimizer.domain.pairs import TagFit

Ints = NDArray[np.int64]
Certainties = NDArray[np.uint8]


class WorldError(ValueError):
    """The questions of the past do not tell enough."""


@dataclass(frozen=True, eq=False)
class Kind:
    """A student of the past whose like may arrive: `times` are days x cells of a day, day 0 on `weekday` (0 = Monday).

    `tags`: by name of a rule or a quality part. `arrived`: the ordinal of the date on which they asked.
    """

    times: Certainties
    weekday: int
    tags: dict[str, np.uint64]
    arrived: int


@dataclass(frozen=True, eq=False)
class World:
    """`base`: the latest question, whose professionals offer the same times again and again, and whose queue waits.

    `kinds`: every student seen, the queue of `base` first (`queue` of them). `hosts`: professionals x days x cells of a
    day, day 0 being that of `base`. `hours`: cells of a day within program hours. `per_day`: arrivals a day.
    """

    base: Problem
    kinds: tuple[Kind, ...]
    queue: int
    hosts: Certainties
    hours: NDArray[np.bool_]
    per_day: float

    @property
    def days(self) -> int:
        """Length of the horizon, in local days."""
        return int(self.hosts.shape[1])

    @property
    def first_day(self) -> int:
        """The ordinal of the first local date on which a session may lie."""
        return int(self.base.grid.day[0])


def world_of(questions: Sequence[Problem], per_day: float | None = None) -> World:
    """From questions of the past, the earliest first; the last one is the base. Raises `WorldError`.

    Without `per_day`, as many arrive a day as asked for the first time between the earliest and the latest of them.
    """
    base = questions[-1]
    if not base.grid.cells or not base.students or not base.professionals:
        raise WorldError("the latest question has no students, no professionals or no days")
    if 1440 % base.grid.cell_minutes:
        raise WorldError("a day is no whole number of cells")
    found: dict[str, Kind] = dict(zip(base.students, _kinds(base), strict=True))
    for question in questions[:-1]:
        if _alike(question, base):
            for name, kind in zip(question.students, _kinds(question), strict=True):
                found.setdefault(name, kind)
    kinds = tuple(found.values())
    dates = [kind.arrived for kind in kinds]
    rate = len(kinds) / (max(dates) - min(dates) + 1) if per_day is None else per_day
    day, cell = places(base.grid)
    hours = np.zeros(1440 // base.grid.cell_minutes, dtype=bool)
    hours[cell[base.bookable]] = True
    hosts = _by_day(base.professional_free, day, cell, len(hours))
    return World(base, kinds, len(base.students), hosts, hours, rate)


def _alike(question: Problem, base: Problem) -> bool:
    """Its students can be asked about in the base's words."""
    names = {one.name for one in question.requirements} >= {one.name for one in base.requirements}
    return names and question.grid.cell_minutes == base.grid.cell_minutes and bool(question.grid.cells)


def _kinds(question: Problem) -> list[Kind]:
    day, cell = places(question.grid)
    times = _by_day(question.student_free, day, cell, 1440 // question.grid.cell_minutes)
    ruled: list[Any] = [*question.requirements, *(part for part in question.parts if isinstance(part, TagFit))]
    first = int(question.grid.day[0])
    return [
        Kind(
            times[i],
            (first - 1) % 7,
            {rule.name: rule.student_tags[i] for rule in ruled},
            first - int(question.waiting_days[i]),
        )
        for i in range(len(question.students))
    ]


def places(grid: SlotGrid) -> tuple[Ints, Ints]:
    """For each cell its local day, counted from the first one's, and its place in the day by the local clock."""
    info = zone_info(grid.zone)
    local = [start.astimezone(info) for start in grid.starts]
    cell = np.array([(at.hour * 60 + at.minute) // grid.cell_minutes for at in local], dtype=np.int64)
    return grid.day - grid.day[0], cell


def _by_day(free: Certainties, day: Ints, cell: Ints, cells: int) -> Certainties:
    """People x days x cells of a day; an hour that the clocks repeat counts as its better half."""
    table = np.zeros((len(free), int(day.max()) + 1, cells), dtype=np.uint8)
    for k in range(free.shape[1]):
        np.maximum(table[:, day[k], cell[k]], free[:, k], out=table[:, day[k], cell[k]])
    return table
