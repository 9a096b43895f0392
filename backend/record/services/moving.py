"""One of the two people of a session chooses another time that suits both."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.record.actor import Actor
from backend.record.models import FormResponse, Membership, ScheduledSession
from backend.record.models.states import ResponseState
from backend.record.refusal import Refused
from backend.record.services.common_times import common_starts
from backend.record.services.limits import Limits, refuse_over_limits
from backend.record.services.nights import last_run
from backend.record.services.requests import is_paused
from backend.record.services.sessions import Slot, reschedule_session
from backend.settings import Settings


def starts_to_choose(row: ScheduledSession, settings: Settings, now: datetime) -> list[datetime]:
    """Starts that suit both, not before the notice time, within the professional's limits; none when it is too late.

    Nor when one of the two paused, or answered anew since the night that read them: the next night knows better.
    """
    soonest = now + timedelta(hours=settings.matching.notice_hours)
    if row.starts_at < soonest or _changed_since(row, now):
        return []
    return [one for one in common_starts(row, settings, now) if one >= soonest and _within(row, one, settings, now)]


def move_by_one_of_the_two(
    row: ScheduledSession, start: datetime, actor: Actor, settings: Settings, now: datetime
) -> ScheduledSession:
    """The other is told of the new time. Raises `Refused` for a start that does not suit both (any more)."""
    slot = Slot(start, row.minutes)
    return reschedule_session(row, slot, actor, now, among=starts_to_choose(row, settings, now))


def _changed_since(row: ScheduledSession, now: datetime) -> bool:
    pair = (row.student_id, row.professional_id)
    members = Membership.objects.filter(program=row.program, person__in=pair)
    if any(is_paused(one, now) for one in members):
        return True
    run = row.run if row.run and row.run.problem is not None else last_run(row.program)
    if run is None:
        return True
    answers = FormResponse.objects.filter(program=row.program, person__in=pair, state=ResponseState.CURRENT)
    return answers.filter(received_at__gt=run.as_of).exists()


def _within(row: ScheduledSession, start: datetime, settings: Settings, now: datetime) -> bool:
    rules = settings.matching
    limits = Limits(rules.limit_per_day, rules.limit_per_week, rules.default_per_week)
    try:
        refuse_over_limits(row.program, row.professional, Slot(start, row.minutes), limits, now, without=row)
    except Refused:
        return False
    return True
