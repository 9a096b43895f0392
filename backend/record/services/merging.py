"""Two profiles that are one person: joined by staff, never by a guess."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model

from backend.record.actor import Actor
from backend.record.models import (
    ApiKey,
    FeedToken,
    ForbiddenPair,
    FormResponse,
    LedgerEntry,
    Membership,
    Person,
    Pin,
    Pseudonym,
    Rating,
    ReviewRequest,
    ScheduledSession,
    SessionAcceptance,
    SessionConfirmation,
)
from backend.record.models.states import (
    ACTIVE_REQUEST,
    AvailabilityState,
    MembershipState,
    RequestState,
    ResponseState,
)
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.transitions import STAFF

SIDES = ("student", "professional")


def merge(gone: Person, stays: Person, actor: Actor, now: datetime) -> Person:
    """Everything of `gone` belongs to `stays` from now on; answers under its old address find the right person.

    Raises `Refused`: not staff, the same or an erased person, or sessions of the two that overlap or are with each
    other.
    """
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff join profiles")
    with one_step():
        pair = Person.objects.select_for_update().in_bulk([gone.pk, stays.pk])
        if len(pair) < 2:
            raise Refused(Reason.INVALID, "these are one profile already")
        gone, stays = pair[gone.pk], pair[stays.pk]
        if any(one.merged_into_id or one.erased_at for one in pair.values()):
            raise Refused(Reason.NOT_NOW, "one of the two was joined or erased before")
        _requests(gone, stays, now)
        _responses(gone, stays)
        _memberships(gone, stays)
        for side in SIDES:
            ScheduledSession.objects.filter(**{side: gone}).update(**{side: stays})
            _pairs(side, gone, stays, now)
        for table in (Rating, SessionAcceptance, SessionConfirmation, Pseudonym, LedgerEntry):
            _hand_over(table, gone, stays)
        for opened in (ApiKey.objects, FeedToken.objects):
            opened.filter(person=gone, revoked_at__isnull=True).update(revoked_at=now)
        _keys(gone, stays)
        note(actor, "merge", gone, now, after={"merged_into": stays.public_id})
    return stays


def _hand_over(table: type[Model], gone: Person, stays: Person) -> None:
    table._default_manager.filter(person=gone).update(person=stays)


def _requests(gone: Person, stays: Person, now: datetime) -> None:
    """Of two active wishes in a program one is left, with the longer wait and the larger number."""
    for one in ReviewRequest.objects.select_for_update().filter(student=gone, state__in=ACTIVE_REQUEST):
        other = ReviewRequest.objects.filter(program=one.program, student=stays, state__in=ACTIVE_REQUEST).first()
        if other is None:
            continue
        one.sessions.update(request=other)
        other.waiting_since = min(one.waiting_since, other.waiting_since)
        other.wanted, other.priority = max(one.wanted, other.wanted), max(one.priority, other.priority)
        booked = other.sessions.filter(state__in=("scheduled", "completed")).count()
        other.state = RequestState.SCHEDULED if booked >= other.wanted else RequestState.PENDING
        other.save()
        one.state, one.closed_at = RequestState.CANCELLED, now
        one.save()
    ReviewRequest.objects.filter(student=gone).update(student=stays)


def _responses(gone: Person, stays: Person) -> None:
    """Of two answers that count the later one does, with the offer that came of it."""
    for one in FormResponse.objects.select_for_update().filter(person=gone, state=ResponseState.CURRENT):
        other = FormResponse.objects.filter(
            program=one.program, form=one.form, person=stays, state=ResponseState.CURRENT
        ).first()
        if other is not None:
            earlier = min(one, other, key=lambda row: (row.submitted_at or row.received_at, row.pk))
            FormResponse.objects.filter(pk=earlier.pk).update(state=ResponseState.SUPERSEDED)
            earlier.availabilities.filter(state=AvailabilityState.ACTIVE).update(state=AvailabilityState.SUPERSEDED)
    FormResponse.objects.filter(person=gone).update(person=stays)


def _memberships(gone: Person, stays: Person) -> None:
    for one in Membership.objects.select_for_update().filter(person=gone):
        other = Membership.objects.filter(program=one.program, person=stays, role=one.role).first()
        if other is None:
            one.person = stays
            one.save()
            continue
        if other.availabilities.filter(state=AvailabilityState.ACTIVE).exists():
            one.availabilities.filter(state=AvailabilityState.ACTIVE).update(state=AvailabilityState.SUPERSEDED)
        one.availabilities.update(membership=other)
        other.details = {**one.details, **other.details}
        if other.state == MembershipState.LEFT:
            other.state, other.paused_until = one.state, one.paused_until
        other.save()
        one.delete()


def _pairs(side: str, gone: Person, stays: Person, now: datetime) -> None:
    """Pins and forbidden pairs; one that the other profile has too ends."""
    other = SIDES[1 - SIDES.index(side)]
    for table in (Pin, ForbiddenPair):
        rows = table._default_manager
        for row in rows.filter(**{side: gone}, ended_at=None):
            same = {side: stays, other: getattr(row, other), "program": row.program, "ended_at": None}
            if rows.filter(**same).exists():
                rows.filter(pk=row.pk).update(ended_at=now)
        rows.filter(**{side: gone}).update(**{side: stays})


def _keys(gone: Person, stays: Person) -> None:
    """The one who stays gets what they lack; the rest stays behind, as a trace to them."""
    gone.merged_into = stays
    discord, since = gone.discord_id, gone.discord_verified_at
    email, proven = gone.email, gone.email_verified_at
    if stays.discord_id is None and discord is not None:
        gone.discord_id = gone.discord_verified_at = None
        stays.discord_id, stays.discord_verified_at = discord, since
    if stays.email is None and email is not None:
        gone.email = gone.email_verified_at = None
        stays.email, stays.email_verified_at = email, proven
    gone.save()
    stays.name, stays.zone = stays.name or gone.name, stays.zone or gone.zone
    if not stays.reminders:
        stays.reminders, stays.phone = gone.reminders, gone.phone
    stays.save()
