"""When the two people of a session could meet instead, by the night that knew both."""

from __future__ import annotations

from datetime import datetime

from backend.record.models import ScheduledSession
from backend.record.models.states import SessionState
from backend.record.services.nights import last_run, night_of
from backend.settings import Settings
from optimizer.domain import Interval

SHOWN = 12


def common_starts(row: ScheduledSession, settings: Settings, now: datetime) -> list[datetime]:
    """Starts still to come at which both offered time and are in no other session, by the night that matched them.

    A session by hand has none: no night read their answers together.
    """
    run = row.run if row.run and row.run.problem is not None else last_run(row.program)
    if run is None:
        return []
    problem = night_of(run, settings).problem
    if row.student_code not in problem.students or row.professional_code not in problem.professionals:
        return []
    student = problem.students.index(row.student_code)
    professional = problem.professionals.index(row.professional_code)
    cells = int(problem.session_cells[professional])
    both = problem.student_starts(cells)[student] & problem.professional_starts[professional]
    length, busy = row.ends_at - row.starts_at, _busy(row, now)
    starts = (problem.grid.starts[int(cell)] for cell in both.nonzero()[0])
    free = (one for one in starts if one > now and not any(Interval(one, one + length).overlaps(each) for each in busy))
    return list(free)[:SHOWN]


def _busy(row: ScheduledSession, now: datetime) -> list[Interval]:
    """When either of the two meets somebody, this session included: it is to be another time."""
    pair = (row.student_id, row.professional_id)
    coming = ScheduledSession.objects.filter(state=SessionState.SCHEDULED, ends_at__gt=now)
    rows = coming.filter(student__in=pair) | coming.filter(professional__in=pair)
    return [Interval(one.starts_at, one.ends_at) for one in rows]
