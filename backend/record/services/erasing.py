"""Erasing a person: names, keys and texts go; what happened stays, without them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from backend.record.actor import Actor
from backend.record.models import (
    ApiKey,
    AvailabilityWindow,
    FeedToken,
    ForbiddenPair,
    FormPost,
    FormResponse,
    LedgerEntry,
    Membership,
    Person,
    Pin,
    ProfessionalAvailability,
    Pseudonym,
    Reading,
    ReviewRequest,
    ScheduledSession,
    StoredAnswer,
)
from backend.record.models.states import (
    ACTIVE_REQUEST,
    ActorKind,
    AvailabilityState,
    Cause,
    MembershipState,
    RequestState,
    ResponseState,
    SessionState,
)
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.sessions import cancel_session

GONE = "erased"
NAMED_IN_LOGS = (Person, Membership, FormResponse, ReviewRequest, ProfessionalAvailability)
"""Rows whose name in the admin's own log says who it is about."""


def erase(person: Person, actor: Actor, now: datetime) -> Person:
    """Everything that says who somebody is, and every text of theirs, in all programs. Cannot be undone.

    Sessions to come are cancelled first, which the other person is told. Sessions and nights of the past stay, under
    pseudonyms that lead nowhere any more, and can be replayed. Raises `Refused`: not an owner, nor the person.
    """
    own = actor.kind is ActorKind.PARTICIPANT and actor.id == person.public_id
    if actor.kind is not ActorKind.OWNER and not own:
        raise Refused(Reason.NOT_ALLOWED, "only an owner, or the person, erases somebody")
    with one_step():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.erased_at is not None:
            raise Refused(Reason.NOT_NOW, "this person was erased already")
        everybody = _joined(person)
        _close(person, actor, now)
        marks = [mark for one in everybody for mark in (one.email, one.discord_id, one.public_id) if mark]
        for one in everybody:
            _forget_texts(one)
            _forget_membership(one, now)
            _forget_log(one)
            _forget_keys(one, now)
        _forget_posts(marks)
        note(actor, "erase", person, now, after={"erased": True})
    return person


def _joined(person: Person) -> list[Person]:
    """The person with every profile that was joined to them, over however many steps."""
    found, last = [person], [person]
    while last:
        last = list(Person.objects.select_for_update().filter(merged_into__in=last))
        found += last
    return found


def _close(person: Person, actor: Actor, now: datetime) -> None:
    mine = Q(student=person) | Q(professional=person)
    for session in ScheduledSession.objects.filter(mine, state=SessionState.SCHEDULED, starts_at__gt=now):
        cancel_session(session, Cause.ERASED, actor, now)
    ScheduledSession.objects.filter(mine).update(meeting_link="")
    wishes = ReviewRequest.objects.filter(student=person, state__in=ACTIVE_REQUEST)
    wishes.update(state=RequestState.CANCELLED, closed_at=now)
    for table in (Pin, ForbiddenPair):
        table._default_manager.filter(mine, ended_at=None).update(ended_at=now)


def _forget_texts(person: Person) -> None:
    responses = FormResponse.objects.filter(person=person)
    Reading.objects.filter(response__in=responses).delete()
    FormPost.objects.filter(response__in=responses).update(body=b"")
    responses.update(raw={}, state=ResponseState.REJECTED, reason=GONE)


def _forget_membership(person: Person, now: datetime) -> None:
    offers = ProfessionalAvailability.objects.filter(membership__person=person)
    AvailabilityWindow.objects.filter(availability__in=offers).delete()
    offers.filter(state=AvailabilityState.ACTIVE).update(state=AvailabilityState.WITHDRAWN)
    Membership.objects.filter(person=person).update(state=MembershipState.LEFT, details={}, paused_until=None)
    Pseudonym.objects.filter(person=person).delete()
    LedgerEntry.objects.filter(person=person).update(person=None)
    ApiKey.objects.filter(person=person).delete()
    FeedToken.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(erased_at=now)


def _forget_log(person: Person) -> None:
    for table in NAMED_IN_LOGS:
        owner = {"pk": person.pk} if table is Person else {_path(table): person}
        keys = [str(key) for key in table._default_manager.filter(**owner).values_list("pk", flat=True)]
        kind = ContentType.objects.get_for_model(table)
        LogEntry.objects.filter(content_type=kind, object_id__in=keys).update(object_repr=GONE, change_message="")


def _path(table: type[Any]) -> str:
    return {ReviewRequest: "student", ProfessionalAvailability: "membership__person"}.get(table, "person")


def _forget_keys(person: Person, now: datetime) -> None:
    person.refresh_from_db()
    person.name = person.zone = person.reminders = person.phone = ""
    person.email = person.discord_id = None
    person.email_verified_at = person.discord_verified_at = None
    person.erased_at = now
    person.save()


def _forget_posts(marks: Iterable[str]) -> None:
    """Posts that could not be read, and answers kept for repeats, where they mention one of these keys."""
    marks = [mark.casefold() for mark in marks]
    for post in FormPost.objects.exclude(body=b"").iterator():
        text = bytes(post.body).decode("utf-8", "replace").casefold()
        if any(mark in text for mark in marks):
            FormPost.objects.filter(pk=post.pk).update(body=b"", reason=GONE)
    for answer in StoredAnswer.objects.iterator():
        text = json.dumps([answer.headers, answer.body], ensure_ascii=False).casefold()
        if any(mark in text for mark in marks):
            answer.delete()
