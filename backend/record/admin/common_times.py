"""The last night, thought through once, and when two people could meet by it."""

from __future__ import annotations

from datetime import datetime

from backend.nightly.asking import Desk
from backend.record.admin.clock import program_zone
from backend.record.api.problems import Problem
from backend.record.api.questions import THINKING
from backend.record.api.site import now
from backend.record.models import Person, Program, ScheduledSession
from backend.record.models.states import SessionState
from backend.record.services.nights import codes_of
from optimizer import Audience
from optimizer.domain import Interval

SHOWN = 12


def desk(program: Program) -> Desk | None:
    """Where questions about the last night are answered; None while no night was planned."""
    try:
        return THINKING.desk(program, program_zone(), Audience.STAFF)
    except Problem:
        return None


def code_in(found: Desk, program: Program, person: Person) -> str:
    """What that night called somebody; "" for who had no part in it."""
    known = {**found.prepared.student_index, **found.prepared.professional_index}
    codes = codes_of(program, person.pk)
    return next((code for code in codes if code in known), "") or next(
        (one for one in codes if one in found.night.names), ""
    )


def common_starts(row: ScheduledSession) -> list[datetime]:
    """Starts still to come at which both people of a session are free by the last night, and in no other session."""
    found = desk(row.program)
    if found is None:
        return []
    prepared, problem = found.prepared, found.night.problem
    student = prepared.student_index.get(code_in(found, row.program, row.student))
    professional = prepared.professional_index.get(code_in(found, row.program, row.professional))
    if student is None or professional is None:
        return []
    cells = int(problem.session_cells[professional])
    both = problem.student_starts(cells)[student] & problem.professional_starts[professional]
    length = row.ends_at - row.starts_at
    starts = (problem.grid.starts[int(t)] for t in both.nonzero()[0])
    busy = _busy(row)
    free = (
        one for one in starts if one > now() and not any(Interval(one, one + length).overlaps(span) for span in busy)
    )
    return list(free)[:SHOWN]


def _busy(row: ScheduledSession) -> list[Interval]:
    """When either of the two meets somebody, this session included: it is to be another time."""
    pair = (row.student_id, row.professional_id)
    coming = ScheduledSession.objects.filter(state=SessionState.SCHEDULED, ends_at__gt=now())
    rows = coming.filter(student__in=pair) | coming.filter(professional__in=pair)
    return [Interval(one.starts_at, one.ends_at) for one in rows]
