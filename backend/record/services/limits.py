"""How many reviews staff may hand a professional by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.record.models import Membership, Person, Program, ScheduledSession
from backend.record.models.states import AvailabilityState, MembershipState, Role, SessionState
from backend.record.refusal import Reason, Refused
from backend.record.services.sessions import Slot
from optimizer.domain import zone_info


@dataclass(frozen=True)
class Limits:
    """The most reviews in a day and a week of the program's zone; `usual`: a week's when a professional states none."""

    per_day: int
    per_week: int
    usual: int


def refuse_over_limits(
    program: Program,
    professional: Person,
    slot: Slot,
    limits: Limits,
    now: datetime,
    *,
    without: ScheduledSession | None = None,
) -> None:
    """Raises `Refused`: the day or the week is full, or the professional is paused. `without`: a session that moves."""
    member = Membership.objects.filter(program=program, person=professional, role=Role.PROFESSIONAL).first()
    if member and member.state == MembershipState.PAUSED and (not member.paused_until or member.paused_until > now):
        raise Refused(Reason.NOT_NOW, "this professional is paused")
    midnight = slot.start.astimezone(zone_info(program.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    taken = ScheduledSession.objects.filter(program=program, professional=professional).exclude(
        state=SessionState.CANCELLED
    )
    if without is not None:
        taken = taken.exclude(pk=without.pk)
    for what, first, days, most in (
        ("day", midnight, 1, limits.per_day),
        ("week", monday, 7, min(_stated(member, limits), limits.per_week)),
    ):
        count = taken.filter(starts_at__gte=first, starts_at__lt=first + timedelta(days=days)).count()
        if count >= most:
            raise Refused(Reason.NOT_NOW, f"this professional has {count} of {most} reviews in that {what} already")


def _stated(member: Membership | None, limits: Limits) -> int:
    """What staff allow, else what the professional offers, else the usual."""
    if member is None:
        return limits.usual
    if member.capacity_per_week is not None:
        return member.capacity_per_week
    offer = member.availabilities.filter(state=AvailabilityState.ACTIVE).first()
    return offer.per_week if offer else limits.usual
