"""Where demand meets no supply and supply no demand: by weekday and hour, and by option of the rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.pairs import PairPoints
from optimizer.domain.time import zone_info
from optimizer.explain.offers import Offers

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class HourSpot:
    """One hour of the week on the program's clock (0 is Monday); people with any whole bookable cell in it.

    `left_out`: students without a session who are free then; `students`: all; `professionals`: who offer it; `open`:
    those of them with an unused slot that takes one more session without anybody making way; `sessions` of the plan.
    """

    weekday: int
    hour: int
    left_out: int
    students: int
    professionals: int
    open: int
    sessions: int


@dataclass(frozen=True)
class FieldSpot:
    """One option (a bit number) of a hard rule or a quality part.

    `left_out`: students without a session who name it; `students`: all; `professionals`: who have it; `open`: those
    of them with any room left.
    """

    name: str
    tag: int
    left_out: int
    students: int
    professionals: int
    open: int


@dataclass(frozen=True)
class BlindSpots:
    """`no_supply`: students left out are free, but nobody has room then; `no_demand`: room, but no student left out is
    free. `fields_without_supply`: students left out name an option for which nobody has room; `fields_without_demand`:
    professionals with room have one that no student names. Each the most people first."""

    no_supply: tuple[HourSpot, ...]
    no_demand: tuple[HourSpot, ...]
    fields_without_supply: tuple[FieldSpot, ...]
    fields_without_demand: tuple[FieldSpot, ...]


def blind_spots(offers: Offers) -> BlindSpots:
    """Counts over the horizon of tonight's question; nothing here says that one more offer would add a session."""
    hours, fields = hour_spots(offers), field_spots(offers)
    no_supply = [one for one in hours if one.left_out and not one.open]
    no_demand = [one for one in hours if one.open and not one.left_out]
    return BlindSpots(
        tuple(sorted(no_supply, key=lambda one: (-one.left_out, one.weekday, one.hour))),
        tuple(sorted(no_demand, key=lambda one: (-one.open, one.weekday, one.hour))),
        tuple(sorted((one for one in fields if one.left_out and not one.open), key=lambda one: -one.left_out)),
        tuple(sorted((one for one in fields if one.open and not one.students), key=lambda one: -one.open)),
    )


def hour_spots(offers: Offers) -> tuple[HourSpot, ...]:
    """Every hour of the week in which anybody is free or meets, from Monday on."""
    problem, coverage = offers.prepared.problem, offers.coverage
    info = zone_info(problem.grid.zone)
    local = [start.astimezone(info) for start in problem.grid.starts]
    hour_of_cell = np.array([moment.weekday() * 24 + moment.hour for moment in local], dtype=np.int64)
    asked, offered = problem.student_open > 0, coverage.slots
    rows = (asked & offers.left_out[:, None], asked, offered, coverage.spare(), coverage.used)
    counts = [_people(row, hour_of_cell) for row in rows[:-1]]
    counts.append(np.bincount(hour_of_cell, weights=rows[-1].sum(axis=0), minlength=168).astype(np.int64))
    table = np.stack(counts)
    return tuple(HourSpot(*divmod(hour, 24), *table[:, hour].tolist()) for hour in range(168) if table[:, hour].any())


def _people(free: Bools, hour_of_cell: Ints) -> Ints:
    """For each of the 168 hours how many rows have a cell in it."""
    found = np.zeros(168, dtype=np.int64)
    for hour in np.unique(hour_of_cell).tolist():
        found[hour] = free[:, hour_of_cell == hour].any(axis=1).sum()
    return found


def field_spots(offers: Offers) -> tuple[FieldSpot, ...]:
    """Every option that anybody names, rule by rule."""
    problem = offers.prepared.problem
    has_room = offers.coverage.spare().any(axis=1)
    found = []
    for rule in (*problem.requirements, *problem.parts):
        if isinstance(rule, PairPoints):
            continue
        for tag in range(64):
            bit = np.uint64(1) << np.uint64(tag)
            asks, has = (rule.student_tags & bit) != 0, (rule.professional_tags & bit) != 0
            if asks.any() or has.any():
                counts = (asks & offers.left_out, asks, has, has & has_room)
                found.append(FieldSpot(rule.name, tag, *(int(row.sum()) for row in counts)))
    return tuple(found)
