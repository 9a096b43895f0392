"""Why a student has no session: the one stage, the set that proves it, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.plan import Stage
from optimizer.domain.time import Interval
from optimizer.explain.changes import OwnChange, own_changes
from optimizer.explain.decisions import NOT_SETTLED, Choices, decided_by
from optimizer.explain.prepared import Prepared
from optimizer.explain.suggest import spans
from optimizer.shortage import Shortage
from optimizer.unmatched import stage_of

Ints = NDArray[np.int64]


class Audience(StrEnum):
    """Who reads an answer. Private forbids and other students' names are for staff alone."""

    STAFF = "staff"
    STUDENT = "student"
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class Places:
    """Up to `places` sessions of a professional, somewhere in `windows`."""

    professional: str
    places: int
    windows: tuple[Interval, ...]


@dataclass(frozen=True)
class Competition:
    """A set of `size` students (this one included) who can only use `places` places, fewer than they are.

    `rivals` are the others (empty for all but staff). `all_as_senior`: each of them has a higher class, or the same
    and at least this student's wait; `all_waited`: each has waited at least as long. `ahead`: students as senior who
    could use one of these places. `nights`: ceil(ahead / places), in how many nights with as many such places they
    would all be served; not a promise, as people and times change.
    """

    size: int
    places: int
    hosts: tuple[Places, ...]
    rivals: tuple[str, ...]
    all_as_senior: bool
    all_waited: bool
    ahead: int
    nights: int


@dataclass(frozen=True)
class LeftOutExplanation:
    """Why a student of the problem has no session. `decided_by` (for LOST): the first tier after which no best plan
    serves them, or `SEED`. `forbidden`: professionals staff forbade who else could meet them (for staff alone).
    `changes_settled`: `changes` are all there are."""

    student: str
    stage: Stage
    waiting_days: int
    decided_by: str
    competition: Competition | None
    changes: tuple[OwnChange, ...]
    forbidden: tuple[str, ...] = ()
    changes_settled: bool = True


def explain_unmatched(prepared: Prepared, student: str, audience: Audience = Audience.STAFF) -> LeftOutExplanation:
    """Why the student has no session, and every single change of theirs that would give one with everyone else kept.

    Exact by the residual graph (see `residual.py`); on nights that are no flow only the stage is known, and what it
    would take to know more is `NOT_SETTLED`. Raises `KeyError` for somebody who is not a student of the problem, or has
    a session.
    """
    i = prepared.student(student)
    if student in prepared.session_of:
        raise KeyError(student)
    stage = stage_of(prepared.tables, i)
    lost, settled = stage is Stage.LOST, prepared.by_flow
    decided = decided_by(prepared, Choices(prepared, i).level) if lost and settled else NOT_SETTLED
    return LeftOutExplanation(
        student=student,
        stage=stage,
        waiting_days=int(prepared.problem.waiting_days[i]),
        decided_by=decided if lost else "",
        competition=_competition(prepared, i, audience) if lost and settled else None,
        changes=own_changes(prepared, i) if settled else (),
        forbidden=_forbidden(prepared, i) if audience is Audience.STAFF else (),
        changes_settled=settled,
    )


def _competition(prepared: Prepared, i: int, audience: Audience) -> Competition:
    problem, shortage = prepared.problem, prepared.shortages.of(i)
    others = np.array([k for k in shortage.rivals if k != i], dtype=np.int64)
    senior = _as_senior(prepared, i)
    users = _users(prepared, shortage)
    ahead = int((senior[users] & (users != i)).sum())
    return Competition(
        size=len(shortage.rivals),
        places=shortage.places,
        hosts=_hosts(prepared, shortage),
        rivals=tuple(problem.students[k] for k in others.tolist()) if audience is Audience.STAFF else (),
        all_as_senior=bool(senior[others].all()),
        all_waited=bool((problem.waiting_days[others] >= problem.waiting_days[i]).all()),
        ahead=ahead,
        nights=-(-ahead // shortage.places) if shortage.places else 0,
    )


def _as_senior(prepared: Prepared, i: int) -> NDArray[np.bool_]:
    """S: at least this student's class, and in the same class at least their wait."""
    classes, waits = prepared.problem.seniority_class, prepared.problem.waiting_days
    senior: NDArray[np.bool_] = (classes > classes[i]) | ((classes == classes[i]) & (waits >= waits[i]))
    return senior


def _users(prepared: Prepared, shortage: Shortage) -> Ints:
    """Students with a candidate in one of the set's slots."""
    nodes = np.array([prepared.residual.slot_node[slot] for slot in shortage.slots], dtype=np.int64)
    residual, count = prepared.residual, len(prepared.problem.students)
    users = np.zeros(residual.nodes.count, dtype=bool)
    for star in (residual.into, residual.out):
        users[star.ends[star.arcs(nodes)]] = True
    return np.flatnonzero(users[1 : 1 + count])


def _hosts(prepared: Prepared, shortage: Shortage) -> tuple[Places, ...]:
    grid = prepared.problem.grid
    cells = {j: np.zeros(grid.cells, dtype=bool) for j in shortage.hosts}
    for j, t in shortage.slots:
        if j in cells:
            cells[j][t] = True
    names = prepared.problem.professionals
    places = zip(shortage.hosts, shortage.places_of, strict=True)
    return tuple(Places(names[j], count, spans(grid, cells[j])) for j, count in places)


def _forbidden(prepared: Prepared, i: int) -> tuple[str, ...]:
    """Professionals who are eligible and share bookable time, were the pair not forbidden."""
    problem = prepared.problem
    found = []
    for j in sorted(j for s, j in problem.forbidden if s == i):
        allowed = all(rule.eligible(slice(i, i + 1))[0, j] for rule in problem.requirements)
        if allowed and ((problem.student_open[i] > 0) & (problem.professional_open[j] > 0)).any():
            found.append(problem.professionals[j])
    return tuple(found)
