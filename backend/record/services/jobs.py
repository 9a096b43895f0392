"""What the jobs that run every few minutes need of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from backend.record.models import AuditEntry, CalendarCursor, JobPass, OutboxItem, Program, ScheduledSession
from backend.record.models.states import DeliveryState, SessionState
from publish.reminding import Standing

SETS_A_TIME = ("book", "reschedule")
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def standing_sessions(program: Program, first: datetime, last: datetime) -> Sequence[Standing]:
    """Sessions that stand and begin in `[first, last]`, with the moment at which their time was set.

    Without those of nights that are held: their people were not told of them yet.
    """
    rows = ScheduledSession.objects.filter(
        program=program, state=SessionState.SCHEDULED, starts_at__gte=first, starts_at__lte=last
    )
    rows = rows.exclude(run__in=OutboxItem.objects.filter(program=program, state=DeliveryState.HELD).values("run"))
    found = list(rows.values_list("public_id", "key", "revision", "starts_at"))
    told = AuditEntry.objects.filter(
        subject_kind=ScheduledSession._meta.model_name, subject_id__in=[row[0] for row in found], action__in=SETS_A_TIME
    )
    since = dict(told.order_by("pk").values_list("subject_id", "at"))
    return [Standing(key, revision, start, since.get(name, _ALWAYS)) for name, key, revision, start in found]


def last_pass(program: Program, job: str) -> datetime | None:
    """The present of the job's last pass; None before the first."""
    found = JobPass.objects.filter(program=program, job=job).first()
    return found.at if found else None


def last_followed(program: Program, calendar_id: str) -> datetime | None:
    """When that calendar was last followed to its end."""
    found = CalendarCursor.objects.filter(program=program, calendar_id=calendar_id).first()
    return found.followed_at if found else None


def note_pass(program: Program, job: str, at: datetime, outcome: Mapping[str, int]) -> None:
    """A pass that goes by an earlier present than one before it changes nothing."""
    JobPass.objects.get_or_create(program=program, job=job, defaults={"at": at})
    JobPass.objects.filter(program=program, job=job, at__lte=at).update(at=at, outcome=dict(outcome))
