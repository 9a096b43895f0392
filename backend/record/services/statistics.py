"""How a program is doing, computed from the record; nothing is counted up and stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from django.db.models import Avg, Count, Q

from backend.record.models import Membership, OutboxItem, Program, Rating, ReviewRequest, ScheduledSession
from backend.record.models.states import MembershipState, RequestState, Role, SessionState

DAY = 24 * 3600


@dataclass(frozen=True)
class Load:
    """A professional's sessions: still to come, and held."""

    id: str
    name: str
    upcoming: int
    held: int


@dataclass(frozen=True)
class Spread:
    """Days; None where there is nothing to measure."""

    count: int
    mean: float | None
    median: float | None
    longest: float | None


@dataclass(frozen=True)
class Statistics:
    """Shares are of 1, None without anything to share.

    `matched_share`: students with a session booked or held, of those who ever asked. `completed` are sessions that
    somebody confirmed, `assumed` those that nobody did. `no_show_share` and `completion_share` are of sessions that are
    over and settled. `ratings`: stars -> how many. `outbox`: state -> items.
    """

    students: int
    professionals: int
    asked: int
    matched_share: float | None
    waiting: Spread
    to_session: Spread
    sessions: dict[str, int]
    completed: int
    assumed: int
    completion_share: float | None
    no_show_share: float | None
    ratings: dict[str, int]
    rating_mean: float | None
    loads: tuple[Load, ...]
    outbox: dict[str, int]


def statistics(program: Program, now: datetime) -> Statistics:
    """Of one program, as of `now`."""
    sessions = ScheduledSession.objects.filter(program=program)
    requests = ReviewRequest.objects.filter(program=program)
    by_state = {state.value: sessions.filter(state=state).count() for state in SessionState}
    assumed = sessions.filter(assumed=True).count()
    completed, absent = by_state["completed"] - assumed, by_state["no_show"]
    settled = by_state["completed"] + absent
    asked = requests.values("student").distinct().count()
    served = sessions.filter(state__in=(SessionState.SCHEDULED, SessionState.COMPLETED)).values("student").distinct()
    ratings = Rating.objects.filter(session__program=program)
    stars = dict(ratings.values_list("stars").annotate(Count("pk")))
    members = Membership.objects.filter(program=program).exclude(state=MembershipState.LEFT)
    waits = requests.filter(state=RequestState.PENDING).values_list("waiting_since", flat=True)
    first = sessions.exclude(state=SessionState.CANCELLED).exclude(request=None)
    begun = first.values_list("request__waiting_since", "starts_at")
    return Statistics(
        students=members.filter(role=Role.STUDENT).count(),
        professionals=members.filter(role=Role.PROFESSIONAL).count(),
        asked=asked,
        matched_share=_share(min(served.count(), asked), asked),
        waiting=_spread([(now - since).total_seconds() / DAY for since in waits]),
        to_session=_spread([(start - since).total_seconds() / DAY for since, start in begun]),
        sessions=by_state,
        completed=completed,
        assumed=assumed,
        completion_share=_share(by_state["completed"], settled),
        no_show_share=_share(absent, settled),
        ratings={str(number): stars.get(number, 0) for number in range(1, 6)},
        rating_mean=_rounded(ratings.aggregate(mean=Avg("stars"))["mean"]),
        loads=_loads(program, now),
        outbox=dict(OutboxItem.objects.filter(program=program).order_by().values_list("state").annotate(Count("pk"))),
    )


def _loads(program: Program, now: datetime) -> tuple[Load, ...]:
    """Every professional of the program, the most loaded first."""
    sessions = "person__sessions_as_professional"
    here = Q(**{f"{sessions}__program": program})
    coming = Q(**{f"{sessions}__state": SessionState.SCHEDULED, f"{sessions}__ends_at__gt": now})
    rows = Membership.objects.filter(program=program, role=Role.PROFESSIONAL).exclude(state=MembershipState.LEFT)
    counted = rows.annotate(
        coming=Count(sessions, here & coming, distinct=True),
        held=Count(sessions, here & Q(**{f"{sessions}__state": SessionState.COMPLETED}), distinct=True),
    ).values_list("person__public_id", "person__name", "coming", "held")
    return tuple(sorted((Load(*row) for row in counted), key=lambda one: (-one.upcoming - one.held, one.name, one.id)))


def _spread(days: list[float]) -> Spread:
    if not days:
        return Spread(0, None, None, None)
    return Spread(len(days), _rounded(fmean(days)), _rounded(median(days)), _rounded(max(days)))


def _share(part: int, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
