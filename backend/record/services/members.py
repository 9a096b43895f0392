"""Who takes part in a program: added, changed and let go by staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.record.actor import Actor
from backend.record.models import Membership, Person, Program, ScheduledSession
from backend.record.models.states import ActorKind, AvailabilityState, MembershipState, Role, SessionState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.requests import active_request, cancel_request
from backend.record.transitions import STAFF


@dataclass(frozen=True)
class Changes:
    """What shall be different; None leaves it. `details`: see `Membership`. `capacity`: -1 leaves it to the form."""

    name: str | None = None
    zone: str | None = None
    capacity: int | None = None
    details: tuple[tuple[str, str], ...] = ()


def add_member(
    program: Program, role: Role, name: str, actor: Actor, now: datetime, *, email: str = "", details: Changes
) -> Membership:
    """Somebody new under this role; whoever has the address already stays who they are, and may come back.

    `email`: case-folded. It is claimed, not verified: staff may mistype it.
    """
    _staff(actor)
    with one_step():
        person = Person.objects.filter(email=email).first() if email else None
        while person is not None and person.merged_into is not None:
            person = person.merged_into
        if person is None:
            person = Person.objects.create(name=name, email=email or None, zone=details.zone or "")
        member, new = Membership.objects.get_or_create(program=program, person=person, role=role)
        if not new and member.state != MembershipState.LEFT:
            raise Refused(Reason.CLASH, f"somebody with this address is a {role} of the program already")
        member.state, member.paused_until = MembershipState.ACTIVE, None
        _set(member, details)
        member.save()
        note(actor, "add", member, now, program=program, after={"person": person.public_id, "role": role.value})
    return member


def change_member(member: Membership, changes: Changes, actor: Actor, now: datetime) -> Membership:
    """Staff change anything; participants their own zone alone."""
    own = actor.kind is ActorKind.PARTICIPANT and actor.id == member.person.public_id
    beyond = changes.name is not None or changes.capacity is not None or changes.details
    if actor.kind not in STAFF and (not own or beyond):
        raise Refused(Reason.NOT_ALLOWED, "only staff change this")
    with one_step():
        member = Membership.objects.select_for_update().select_related("person").get(pk=member.pk)
        before = {"capacity_per_week": member.capacity_per_week}
        person = Person.objects.select_for_update().get(pk=member.person_id)
        person.name = person.name if changes.name is None else changes.name
        person.zone = person.zone if changes.zone is None else changes.zone
        person.save()
        _set(member, changes)
        member.save()
        after = {"capacity_per_week": member.capacity_per_week, "person": person.public_id}
        note(actor, "change", member, now, program=member.program, before=before, after=after)
    return member


def leave(member: Membership, actor: Actor, now: datetime) -> Membership:
    """Out of the program: no longer matched. Refused while a session of theirs is booked."""
    _staff(actor)
    with one_step():
        member = Membership.objects.select_for_update().get(pk=member.pk)
        if member.state == MembershipState.LEFT:
            raise Refused(Reason.NOT_NOW, "this person has left the program")
        mine = {"student": member.person} if member.role == Role.STUDENT else {"professional": member.person}
        booked = ScheduledSession.objects.filter(program=member.program, state=SessionState.SCHEDULED, **mine)
        if booked.filter(ends_at__gt=now).exists():
            raise Refused(Reason.NOT_NOW, "a session of theirs is booked; cancel that first")
        request = active_request(member.program, member.person) if member.role == Role.STUDENT else None
        if request is not None:
            cancel_request(request, actor, now)
        member.availabilities.filter(state=AvailabilityState.ACTIVE).update(state=AvailabilityState.WITHDRAWN)
        before, member.state = member.state, MembershipState.LEFT
        member.save()
        after = {"state": member.state, "person": member.person.public_id}
        note(actor, "leave", member, now, program=member.program, before={"state": before}, after=after)
    return member


def _set(member: Membership, changes: Changes) -> None:
    if changes.capacity is not None:
        member.capacity_per_week = None if changes.capacity < 0 else changes.capacity
    member.details = {**member.details, **dict(changes.details)}


def _staff(actor: Actor) -> None:
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff decide who takes part")
