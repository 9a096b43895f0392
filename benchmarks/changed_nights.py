"""Nights with one thing changed, written out from the problem alone, for checks by solving again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer import Problem
from optimizer.domain import Interval, Pin, Session, TagFit


def opened(problem: Problem, j: int, t: int) -> Problem:
    """The professional offers one more cell."""
    free = np.array(problem.professional_free)
    free[j, t] = 3
    return replace(problem, professional_free=free)


def joined(problem: Problem, like: int | None, t: int) -> Problem:
    """One more professional, free for one review at t: for everybody, or under the hard rules of `like`."""
    own = problem.grid.cells * [0]
    own[t] = 3
    j = len(problem.professionals)
    every = np.uint64(2**64 - 1)

    def grown(tags: NDArray[np.uint64], other: np.uint64) -> NDArray[np.uint64]:
        return np.append(tags, other if like is None else tags[like])

    rules = tuple(
        replace(rule, professional_tags=grown(rule.professional_tags, every)) for rule in problem.requirements
    )
    parts = tuple(
        replace(part, professional_tags=grown(part.professional_tags, every)) if isinstance(part, TagFit) else part
        for part in problem.parts
    )
    busy = np.array(problem.busy)
    return replace(
        problem,
        professionals=(*problem.professionals, f"new{j}"),
        professional_free=np.vstack([problem.professional_free, own]),
        capacity_horizon=np.append(problem.capacity_horizon, 1),
        capacity_week=np.append(problem.capacity_week, 1),
        capacity_day=np.append(problem.capacity_day, 1),
        minimum_load=np.append(problem.minimum_load, 0),
        minimum_is_hard=np.append(problem.minimum_is_hard, False),
        session_cells=np.append(problem.session_cells, 1),
        buffer_cells=np.append(problem.buffer_cells, 0),
        debt=np.append(problem.debt, 0),
        busy=np.vstack([busy, np.zeros_like(busy[:1])]),
        requirements=rules,
        parts=parts,
        forbidden=problem.forbidden | {(i, j) for i, other in problem.forbidden if other == like},
    )


def beyond(problem: Problem, j: int, t: int) -> Problem:
    """One more review of the professional at t beyond every limit: a second self who has this cell alone."""
    free = np.array(problem.professional_free)
    free[j, t] = 0
    return replace(joined(problem, j, t), professional_free=np.vstack([free, _only(problem, t)]))


def _only(problem: Problem, t: int) -> NDArray[np.uint8]:
    row = np.zeros((1, problem.grid.cells), dtype=np.uint8)
    row[0, t] = 3
    return row


def raised(problem: Problem, j: int, limit: Literal["day", "week", "horizon"]) -> Problem:
    """One limit of the professional is one higher."""
    one = np.arange(len(problem.professionals)) == j
    if limit == "day":
        return replace(problem, capacity_day=problem.capacity_day + one)
    if limit == "week":
        return replace(problem, capacity_week=problem.capacity_week + one)
    return replace(problem, capacity_horizon=problem.capacity_horizon + one)


def tagged(problem: Problem, rule: str, j: int, tag: int) -> Problem:
    """The professional offers one more option under the rule."""

    def more(tags: NDArray[np.uint64]) -> NDArray[np.uint64]:
        added = np.array(tags)
        added[j] |= np.uint64(1 << tag)
        return added

    changed = (
        replace(one, professional_tags=more(one.professional_tags)) if one.name == rule else one
        for one in problem.requirements
    )
    return replace(problem, requirements=tuple(changed))


def held(problem: Problem, sessions: Iterable[Session]) -> Problem:
    """The sessions stay where they are, nothing else is promised."""
    return replace(problem, standing=(), pins=tuple(Pin(one.student, one.professional, one.start) for one in sessions))


def cell_at(problem: Problem, t: int) -> Interval:
    start = problem.grid.starts[t]
    return Interval(start, start + timedelta(minutes=problem.grid.cell_minutes))
