"""Builders with plain defaults: small nights by hand or at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from optimizer import ContradictionError, solve
from optimizer.domain import (
    NO_LIMIT,
    Interval,
    KeptSession,
    PairPoints,
    Pin,
    Policy,
    Problem,
    Requirement,
    SlotGrid,
    Standing,
    TagFit,
)

SUNDAY_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Cells of four hours from here: three on Sunday, the following ones on Monday, the next week."""


def night(student_free: Any, professional_free: Any, **given: Any) -> Problem:
    """A problem from two matrices (any non-zero number is a certainty), with as many ids as rows."""
    students, professionals = np.array(student_free, dtype=np.uint8), np.array(professional_free, dtype=np.uint8)
    given.setdefault("grid", SlotGrid(SUNDAY_NOON, 240, students.shape[1]))
    given.setdefault("capacity_horizon", [NO_LIMIT] * len(professionals))
    names = {
        "students": tuple(f"s{i}" for i in range(len(students))),
        "professionals": tuple(f"p{j}" for j in range(len(professionals))),
    }
    return Problem(student_free=students, professional_free=professionals, **{**names, **given})


def certain(rows: Any) -> Any:
    """A 0/1 matrix as certainties: free cells are certain."""
    return np.array(rows, dtype=np.uint8) * 3


def eligible_only(pairs: set[tuple[int, int]], students: int, professionals: int) -> frozenset[tuple[int, int]]:
    """The forbidden pairs that leave just these."""
    return frozenset((i, j) for i in range(students) for j in range(professionals) if (i, j) not in pairs)


def random_night(rng: np.random.Generator, *, commitments: bool = False) -> Problem:
    """A tiny night with every feature mixed in: 3-6 students, 2-4 professionals, 3-5 cells over two days and weeks."""
    s, p, t = int(rng.integers(3, 7)), int(rng.integers(2, 5)), int(rng.integers(3, 6))
    density = 0.55 if s > 4 else 0.8
    return night(
        _free(rng, s, t, density * 0.7),
        _free(rng, p, t, 0.7),
        capacity_horizon=rng.choice([0, 1, 1, 2, 3, NO_LIMIT], p),
        capacity_week=rng.choice([1, 2, NO_LIMIT], p),
        capacity_day=rng.choice([1, 2, NO_LIMIT, NO_LIMIT], p),
        waiting_days=rng.integers(0, 3, s),
        seniority_class=rng.integers(0, 2, s),
        minimum_load=rng.integers(0, 3, p),
        debt=rng.integers(-150, 151, p),
        bookable=rng.random(t) < 0.95,
        busy=rng.random((p, t)) < 0.05,
        requirements=(Requirement("format", _tags(rng, s, 2), _tags(rng, p, 3)),),
        forbidden=frozenset({(0, 0)} if rng.random() < 0.3 else ()),
        parts=(TagFit("field", _tags(rng, s, 3), _tags(rng, p, 3)), PairPoints("again", {(1, 1): 0, (2, 0): 100})),
        kept=_kept(rng, p),
        pins=_pins(rng, s, p) if commitments else (),
        minimum_is_hard=rng.random(p) < (0.06 if commitments else 0),
    )


def random_policy(rng: np.random.Generator) -> Policy:
    alpha: Any = rng.choice(np.array([0, 1, 2.5, "leximin"], dtype=object))
    policy = Policy({"field": int(rng.integers(0, 4))}, levels=int(rng.integers(2, 7)), alpha=alpha, seed=7)
    weight = int(rng.choice([0, 0, 30, 100])) if alpha != "leximin" else int(rng.choice([0, 100]))
    return replace(policy, volunteers_first=bool(rng.random() < 0.7), load_weight=weight)


def with_standing(rng: np.random.Generator, problem: Problem) -> Problem:
    """The night as a re-plan: up to three students were told a session of another, random plan."""
    kept = replace(problem, waiting_days=rng.integers(0, 9, len(problem.students)))
    try:
        told = solve(kept, Policy(seed=int(rng.integers(99)), alpha=0)).plan.sessions
    except ContradictionError:
        return problem
    some = [one for one in told if rng.random() < 0.6][:3]
    return replace(problem, standing=tuple(Standing(one.student, one.professional, one.start) for one in some))


def with_features(rng: np.random.Generator, problem: Problem) -> Problem:
    """The night with what is no flow: long sessions, buffers, several sessions, published ones of students."""
    s, p = len(problem.students), len(problem.professionals)
    settled = {one.student for one in (*problem.pins, *problem.standing)}
    demand = np.where([name in settled for name in problem.students], 1, rng.choice([1, 1, 2, 3], s))
    kept = [replace(one, student=f"s{int(rng.integers(s))}") if rng.random() < 0.4 else one for one in problem.kept]
    return replace(
        problem,
        session_cells=rng.choice([1, 1, 2], p) if rng.random() < 0.7 else np.full(p, 2),
        buffer_cells=rng.choice([0, 0, 1], p),
        demand=demand if rng.random() < 0.7 else np.ones(s, dtype=int),
        repeats_allowed=bool(rng.random() < 0.3),
        kept=tuple(kept),
    )


def _free(rng: np.random.Generator, people: int, cells: int, density: float) -> Any:
    certainty = rng.choice([1, 2, 3], (people, cells), p=[0.2, 0.2, 0.6])
    return np.where(rng.random((people, cells)) < density, certainty, 0)


def _tags(rng: np.random.Generator, people: int, kinds: int) -> Any:
    """0 to all of `kinds` tags each, most people with some."""
    return np.where(rng.random(people) < 0.15, 0, rng.integers(1, 1 << kinds, people)).astype(np.uint64)


def _pins(rng: np.random.Generator, students: int, professionals: int) -> tuple[Pin, ...]:
    """Now and then a pin, with or without a start."""
    found = []
    for i in range(students):
        if rng.random() < 0.06:
            start = None if rng.random() < 0.5 else SUNDAY_NOON + timedelta(hours=4 * int(rng.integers(3)))
            found.append(Pin(f"s{i}", f"p{int(rng.integers(professionals))}", start))
    return tuple(found)


def _kept(rng: np.random.Generator, professionals: int) -> tuple[KeptSession, ...]:
    """Sometimes a published session on the grid, sometimes one on Monday night, or on the day after."""
    found = []
    for hours in (4, 28, 40):
        if rng.random() < 0.2:
            start = SUNDAY_NOON + timedelta(hours=hours)
            who = f"p{int(rng.integers(professionals))}"
            found.append(KeptSession(who, Interval(start, start + timedelta(hours=1))))
    return tuple(found)
