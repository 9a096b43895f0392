"""Synthetic nights: afternoon-heavy times, eight fields, a few reviews each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.domain import Problem, Requirement, SlotGrid, TagFit

CELLS_PER_DAY = 24
"""A working day has so many cells; here a cell is an hour, so a grid day is a calendar day."""
FIELDS = 8
VARIANTS = ("plain", "scarce", "ample", "equal-waits", "sparse", "fifteen")
Variant = Literal["plain", "scarce", "ample", "equal-waits", "sparse", "fifteen"]


def generate(students: int, professionals: int, cells: int = 120, seed: int = 0, variant: Variant = "plain") -> Problem:
    """Students offer 2-5 blocks of 1-4 hours, professionals 1-3 blocks of 1-3 hours and 1-4 reviews; waits 0-30 days.

    `scarce`: one review each; `ample`: three times the reviews; `equal-waits`: nobody waited longer than anybody;
    `sparse`: a student may only meet professionals of their own field, of which there are 64. `fifteen`: every cell is
    cut into two of 15 minutes, sessions take two of them, half of the professionals want a break of one after each,
    and every fifth student asks for two sessions.
    """
    rng = np.random.default_rng(seed)
    capacity = rng.integers(1, 5, professionals)
    waiting = rng.integers(0, 31, students)
    if variant == "scarce":
        capacity[:] = 1
    if variant == "ample":
        capacity *= 3
    if variant == "equal-waits":
        waiting[:] = 0
    wanted, offered = _fields(rng, students, 1), _fields(rng, professionals, 2)
    requirements: tuple[Requirement, ...] = ()
    if variant == "sparse":
        own, theirs = (np.uint64(1) << rng.integers(0, 64, n).astype(np.uint64) for n in (students, professionals))
        requirements = (Requirement("circle", own, theirs),)
    problem = Problem(
        students=tuple(f"s{i}" for i in range(students)),
        professionals=tuple(f"p{j}" for j in range(professionals)),
        grid=SlotGrid(datetime(2026, 3, 2, tzinfo=UTC), 60, cells),
        student_free=_blocks(rng, students, cells, blocks=(2, 5), length=(2, 8)),
        professional_free=_blocks(rng, professionals, cells, blocks=(1, 3), length=(2, 6)),
        capacity_horizon=capacity,
        waiting_days=waiting,
        requirements=requirements,
        parts=(TagFit("field", wanted, offered),),
    )
    return _in_fifteen_minutes(rng, problem) if variant == "fifteen" else problem


def _in_fifteen_minutes(rng: np.random.Generator, problem: Problem) -> Problem:
    students, professionals, cells = len(problem.students), len(problem.professionals), 2 * problem.grid.cells
    return replace(
        problem,
        grid=SlotGrid(problem.grid.first, 15, cells),
        student_free=np.repeat(problem.student_free, 2, axis=1),
        professional_free=np.repeat(problem.professional_free, 2, axis=1),
        bookable=np.ones(cells, dtype=bool),
        busy=np.zeros((professionals, cells), dtype=bool),
        session_cells=np.full(professionals, 2),
        buffer_cells=(rng.random(professionals) < 0.5).astype(np.int64),
        demand=1 + (rng.random(students) < 0.2).astype(np.int64),
    )


def _fields(rng: np.random.Generator, people: int, each: int) -> NDArray[np.uint64]:
    tags = np.zeros(people, dtype=np.uint64)
    for _ in range(each):
        tags |= np.uint64(1) << rng.integers(0, FIELDS, people).astype(np.uint64)
    return tags


def _blocks(
    rng: np.random.Generator, people: int, cells: int, blocks: tuple[int, int], length: tuple[int, int]
) -> NDArray[np.uint8]:
    """People x cells: each has some blocks of time, more of them in the afternoon, none over the end of a day."""
    free = np.zeros((people, cells), dtype=np.uint8)
    count = rng.integers(blocks[0], blocks[1] + 1, people)
    place = np.arange(cells)
    for block in range(blocks[1]):
        day = rng.integers(0, max(1, cells // CELLS_PER_DAY), people) * CELLS_PER_DAY
        start = day + rng.triangular(0, 16, CELLS_PER_DAY, people).astype(np.int64)
        end = np.minimum(start + rng.integers(length[0], length[1] + 1, people), day + CELLS_PER_DAY)
        inside = (place >= start[:, None]) & (place < end[:, None]) & (block < count)[:, None]
        free[inside] = 3
    return free
