"""How a program is doing, computed from the record; nothing is counted up and stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from backend.analysis.measures import DAY, Spread, measure, spread
from backend.record.models import Membership, OutboxItem, Program, ReviewRequest
from backend.record.models.states import MembershipState, RequestState, Role, SessionState
from backend.record.services.facts import facts_of
from backend.record.services.outbox import outbox_counts


@dataclass(frozen=True)
class Load:
    """A professional's sessions: still to come, and held."""

    id: str
    name: str
    upcoming: int
    held: int


@dataclass(frozen=True)
class Statistics:
    """Shares are of 1, None without anything to share. What each measure is: `backend.analysis.measures.Measures`.

    `waiting`: days, of the requests that wait now. `outbox`: see `outbox_counts`.
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
    told = measure(facts_of(program))
    members = Membership.objects.filter(program=program).exclude(state=MembershipState.LEFT)
    pending = ReviewRequest.objects.filter(program=program, state=RequestState.PENDING)
    waits = pending.values_list("waiting_since", flat=True)
    return Statistics(
        students=members.filter(role=Role.STUDENT).count(),
        professionals=members.filter(role=Role.PROFESSIONAL).count(),
        asked=told.asked,
        matched_share=told.matched_share,
        waiting=spread([(now - since).total_seconds() / DAY for since in waits]),
        to_session=told.to_session,
        sessions=told.sessions,
        completed=told.completed,
        assumed=told.assumed,
        completion_share=told.completion_share,
        no_show_share=told.no_show_share,
        ratings=told.ratings,
        rating_mean=told.rating_mean,
        loads=_loads(program, now),
        outbox=outbox_counts(OutboxItem.objects.filter(program=program)),
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
