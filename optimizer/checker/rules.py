"""The hard rules a plan has to keep, one function each, and the statements it makes about its sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from optimizer.domain.plan import Plan, Session
from optimizer.domain.problem import Problem
from optimizer.domain.time import Interval
from optimizer.tables import Chosen, Tables


def known_people(problem: Problem, plan: Plan) -> Iterator[str]:
    """Sessions and unmatched name people of the problem."""
    students, professionals = set(problem.students), set(problem.professionals)
    for name in _students_named(plan):
        if name not in students:
            yield f"{name} is not a student of this problem"
    for session in plan.sessions:
        if session.professional not in professionals:
            yield f"{session.professional} is not a professional of this problem"


def everyone_counted(problem: Problem, plan: Plan) -> Iterator[str]:
    """A student has as many sessions as they ask for at most, or is listed as unmatched once, and never both."""
    met, left_out = Counter(one.student for one in plan.sessions), Counter(one.student for one in plan.unmatched)
    for name, demand in zip(problem.students, problem.demand.tolist(), strict=True):
        if met[name] > demand:
            yield f"{name} has {met[name]} sessions and asks for {demand}"
        if (met[name] > 0) + left_out[name] != 1:
            yield f"{name} has {met[name]} sessions and is unmatched {left_out[name]} times"


def on_the_grid(problem: Problem, plan: Plan) -> Iterator[str]:
    """A session starts with a cell, ends within the horizon, and lasts as long as the professional's sessions do."""
    place = _indices(problem)[1]
    for session in plan.sessions:
        t, cells = problem.grid.cell_of(session.start), int(problem.session_cells[place[session.professional]])
        if t is None or t + cells > problem.grid.cells:
            yield f"{session.student} starts off the grid at {session.start.isoformat()}"
        if session.minutes != cells * problem.grid.cell_minutes:
            yield f"{session.student} meets for {session.minutes} minutes, not {cells * problem.grid.cell_minutes}"


def both_free(problem: Problem, plan: Plan) -> Iterator[str]:
    """Both are free, the cells may be booked, neither is busy or in a kept session (the professional's with buffer)."""
    students, professionals = _indices(problem)
    assert problem.busy is not None
    for session in plan.sessions:
        i, j = students[session.student], professionals[session.professional]
        cells, at = problem.grid.touched(session.start, session.interval.end), session.start.isoformat()
        if not problem.student_free[i, cells].all():
            yield f"{session.student} is not free at {at}"
        if not problem.professional_free[j, cells].all() or problem.busy[j, cells].any():
            yield f"{session.professional} is not free at {at}"
        if not problem.bookable[cells].all():
            yield f"{at} may not be booked"
        for kept in problem.kept:
            if kept.professional == session.professional and kept.interval.overlaps(_wide(problem, session, j)):
                yield f"{session.professional} has a published session at {at}"
            if kept.student == session.student and kept.interval.overlaps(session.interval):
                yield f"{session.student} has a published session at {at}"


def _wide(problem: Problem, session: Session, j: int) -> Interval:
    """The session with the professional's buffer on either side."""
    buffer = timedelta(minutes=problem.grid.cell_minutes) * int(problem.buffer_cells[j])
    return Interval(session.start - buffer, session.interval.end + buffer)


def allowed_pair(problem: Problem, plan: Plan) -> Iterator[str]:
    """The hard requirements hold and nobody forbade the pair."""
    students, professionals = _indices(problem)
    for session in plan.sessions:
        i, j = students[session.student], professionals[session.professional]
        if not problem.eligible(slice(i, i + 1))[0, j]:
            yield f"{session.student} may not meet {session.professional}"


def one_at_a_time(problem: Problem, plan: Plan) -> Iterator[str]:
    """Nobody has two sessions at once, and a professional's buffer lies between two of theirs."""
    place, ends = _indices(problem)[1], dict[str, datetime]()
    for session in sorted(plan.sessions, key=lambda one: one.start):
        wide = _wide(problem, session, place[session.professional])
        for name, end in ((session.student, session.interval.end), (session.professional, wide.end)):
            if session.start < ends.get(name, session.start):
                yield f"{name} has two sessions at {session.start.isoformat()}"
            ends[name] = end


def different_hosts(problem: Problem, plan: Plan) -> Iterator[str]:
    """Unless repeats are allowed, a student meets each professional once, published sessions counted."""
    earlier = {(one.student, one.professional) for one in problem.kept}  # however often: they stand
    for pair, times in Counter((one.student, one.professional) for one in plan.sessions).items():
        if times + (pair in earlier) > 1 and not problem.repeats_allowed:
            yield f"{pair[0]} meets {pair[1]} {times + (pair in earlier)} times"


def within_capacity(problem: Problem, plan: Plan) -> Iterator[str]:
    """No professional has more sessions in a day, a week or the horizon than they offered, published ones counted."""
    used = Counter[tuple[str, str, int]]()
    horizon = set(problem.grid.day.tolist())
    meetings = [(one.professional, one.start) for one in plan.sessions]
    for name, start in meetings + [(one.professional, one.interval.start) for one in problem.kept]:
        used[name, "day", problem.grid.day_of(start)] += 1
        used[name, "week", problem.grid.week_of(start)] += 1
        used[name, "horizon", 0] += problem.grid.day_of(start) in horizon
    limits = {"day": problem.capacity_day, "week": problem.capacity_week, "horizon": problem.capacity_horizon}
    place = _indices(problem)[1]
    for name, start in meetings:  # published sessions alone may exceed a capacity that was lowered since
        scopes = (("day", problem.grid.day_of(start)), ("week", problem.grid.week_of(start)), ("horizon", 0))
        for scope, key in scopes:
            limit = limits[scope][place[name]]
            if used[name, scope, key] > limit:
                yield f"{name} has {used[name, scope, key]} sessions in a {scope} and offered {limit}"


def commitments_kept(problem: Problem, plan: Plan) -> Iterator[str]:
    """Every pin and every standing session has its session, every hard minimum load is met, published ones counted."""
    met = {one.student: one for one in plan.sessions}
    for pin in problem.pins:
        session = met.get(pin.student)
        if session is None or session.professional != pin.professional or pin.start not in (None, session.start):
            yield f"the {pin} is not kept"
    for one in problem.standing:
        if one.student not in met:
            yield f"the {one} was taken away"
    loads = Counter(one.professional for one in plan.sessions)
    for j in np.flatnonzero(problem.minimum_is_hard):
        name, least = problem.professionals[j], int(problem.minimum_load[j])
        if loads[name] + int(problem.kept_load[j]) < least:
            yield f"{name} has fewer than the {least} sessions that were promised"


RULES = (
    known_people,
    everyone_counted,
    on_the_grid,
    both_free,
    allowed_pair,
    one_at_a_time,
    different_hosts,
    within_capacity,
    commitments_kept,
)


def as_chosen(problem: Problem, plan: Plan) -> Chosen:
    """The sessions as candidates; only for plans whose people and starts are known."""
    students, professionals = _indices(problem)
    i = [students[one.student] for one in plan.sessions]
    j = [professionals[one.professional] for one in plan.sessions]
    t = [problem.grid.cell_of(one.start) for one in plan.sessions]
    return Chosen(*(np.array(index, dtype=np.int64) for index in (i, j, t)))


def true_statements(tables: Tables, plan: Plan) -> Iterator[str]:
    """Level, parts, certainty and shared time of each session are what the tables say."""
    chosen = as_chosen(tables.problem, plan)
    levels, certain = tables.levels[chosen.i, chosen.j].tolist(), tables.certainty(chosen).tolist()
    parts = tables.quality.parts(chosen.i, chosen.j)
    shared = (tables.quality.shared_cells(chosen.i, chosen.j) * tables.problem.grid.cell_minutes).tolist()
    for session, *true in zip(plan.sessions, levels, parts, certain, shared, strict=True):
        said = [session.quality, session.parts, int(session.certainty), session.shared_minutes]
        for what, claim, truth in zip(("level", "parts", "certainty", "shared minutes"), said, true, strict=True):
            if claim != truth:
                yield f"{session.student}: the {what} is {truth}, the plan says {claim}"
    if list(plan.sessions) != sorted(plan.sessions, key=_order):
        yield "the sessions are not sorted by start, professional and student"


def _students_named(plan: Plan) -> list[str]:
    return [one.student for one in plan.sessions] + [one.student for one in plan.unmatched]


def _order(session: Session) -> tuple[object, ...]:
    return session.start, session.professional, session.student


def _indices(problem: Problem) -> tuple[dict[str, int], dict[str, int]]:
    return (
        {name: i for i, name in enumerate(problem.students)},
        {name: j for j, name in enumerate(problem.professionals)},
    )
