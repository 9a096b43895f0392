"""The question of one evening ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from backend.backtest.ahead.world import Kind, World, places
from optimizer.domain import Problem, Session, SlotGrid
from optimizer.domain.pairs import QualityPart, TagFit
from optimizer.domain.promises import KeptSession


@dataclass(frozen=True)
class Asking:
    """A student ahead: arrived on the evening `day` (0 = the first; below 0: waited before); times from `begins` on."""

    name: str
    kind: Kind
    day: int
    begins: int


def evening(world: World, day: int, waiting: Sequence[Asking], booked: Sequence[Session]) -> Problem:
    """The question of the evening `day` for those who wait; `booked` sessions stand.

    Professionals offer the weeks of the base again and again; a student's times begin in the week of their arrival and
    end with their horizon. Seniority, pins, minimum loads, private decisions and debts of the base are left out.
    """
    base = world.base
    first = world.first_day + day
    grid = SlotGrid.of_days(date.fromordinal(first), world.days, base.grid.cell_minutes, base.grid.zone)
    _, cell = places(grid)
    ordinals = grid.day
    again = world.days // 7 * 7 or world.days  # whole weeks, so that Mondays stay Mondays
    hosts = world.hosts[:, (ordinals - world.first_day) % again, cell]
    rows = np.zeros((len(waiting), grid.cells), dtype=np.uint8)
    for i, one in enumerate(waiting):
        begins = world.first_day + one.begins
        day_of_times = ordinals - (begins - ((begins - 1) % 7 - one.kind.weekday) % 7)
        inside = (day_of_times >= 0) & (day_of_times < len(one.kind.times))
        rows[i, inside] = one.kind.times[day_of_times[inside], cell[inside]]
    monday = first - (first - 1) % 7
    standing = [KeptSession(one.professional, one.interval) for one in booked]
    standing = [one for one in (*base.kept, *standing) if grid.day_of(one.interval.start) >= monday]
    return Problem(
        students=tuple(one.name for one in waiting),
        professionals=base.professionals,
        grid=grid,
        student_free=rows,
        professional_free=hosts,
        capacity_horizon=base.capacity_horizon,
        capacity_week=base.capacity_week,
        capacity_day=base.capacity_day,
        waiting_days=np.array([day - one.day for one in waiting], dtype=np.int64),
        bookable=world.hours[cell],
        requirements=tuple(replace(rule, student_tags=_tags(waiting, rule.name)) for rule in base.requirements),
        parts=tuple(_parts(world, waiting)),
        kept=tuple(standing),
        session_cells=base.session_cells,
        buffer_cells=base.buffer_cells,
    )


def _parts(world: World, waiting: Sequence[Asking]) -> list[QualityPart]:
    parts = (part for part in world.base.parts if isinstance(part, TagFit))
    return [replace(part, student_tags=_tags(waiting, part.name)) for part in parts]


def _tags(waiting: Sequence[Asking], name: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array([one.kind.tags.get(name, np.uint64(0)) for one in waiting], dtype=np.uint64)
