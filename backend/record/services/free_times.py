"""Whether two people offered a time, by the stored nights that knew them."""

from __future__ import annotations

from datetime import datetime

from backend.record.models import Run, ScheduledSession
from backend.record.services.nights import last_run, night_of
from backend.settings import Settings
from optimizer.domain import Interval


def why_not_free(session: ScheduledSession, start: datetime, end: datetime, settings: Settings) -> str:
    """Why the two may not be moved to [start, end); "" when both offered all of it.

    The latest night that knew a person counts: the professional's last one, and for the student, who is in no question
    while booked, the one that matched them.
    """
    runs = [run for run in (last_run(session.program), session.run) if run is not None]
    asked = Interval(start, end)
    for who, code in (("student", session.student_code), ("professional", session.professional_code)):
        windows = _windows(runs, who, code, settings)
        if windows is None:
            return f"no stored night knows when the {who} is free"
        if not any(one.start <= asked.start and asked.end <= one.end for one in windows):
            return f"it lies outside the times of the {who}"
    return ""


def _windows(runs: list[Run], who: str, code: str, settings: Settings) -> tuple[Interval, ...] | None:
    for run in runs:
        if run.problem is None:
            continue
        problem = night_of(run, settings).problem
        names = problem.students if who == "student" else problem.professionals
        windows = problem.student_windows if who == "student" else problem.professional_windows
        if windows is not None and code in names:
            return windows[names.index(code)]
    return None
