"""What an answer that counts means: how it was read, a professional's offer, a student's wish."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from backend.record.actor import Actor
from backend.record.models import AvailabilityWindow, FormResponse, Membership, ProfessionalAvailability, Reading
from backend.record.models.states import ActorKind, AvailabilityState, ResponseState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.requests import open_request
from backend.record.transitions import RESPONSE
from ingest.answer import Answer
from ingest.forms import ProfessionalResponse, StudentResponse
from optimizer.domain import zone_info

USUAL_DAYS = 28
UNLIMITED = 1000


def keep_wish(row: FormResponse, member: Membership, answer: Answer, actor: Actor, now: datetime) -> None:
    """A student's: they wait from the first answer on that could be read."""
    said = answer.response
    assert isinstance(said, StudentResponse)
    _keep_reading(row, answer, now)
    details = {
        "target_industry": said.industry,
        "target_role": said.role,
        "level": said.level or said.level_text,
        "discord_name": said.discord_name,
        "resume_link": said.resume_link,
    }
    _keep_details(member, details, said.zone, assumed=said.zone_assumed)
    readable = answer.offer is not None and answer.offer.reading and answer.offer.reading.status in ("ok", "partial")
    if readable:
        since = min(said.person.submitted, now)
        open_request(row.program, member.person, since, actor, now, response=row, wanted=said.wanted)


def keep_offer(row: FormResponse, member: Membership, answer: Answer, now: datetime) -> None:
    """A professional's: it replaces the one before."""
    said = answer.response
    assert isinstance(said, ProfessionalResponse)
    _keep_reading(row, answer, now)
    details = {"title": said.title, "company": said.company, "specialties": said.specializations}
    _keep_details(member, details, said.zone, assumed=said.zone_assumed)
    member.availabilities.filter(state=AvailabilityState.ACTIVE).update(state=AvailabilityState.SUPERSEDED)
    submitted = said.person.submitted.astimezone(zone_info(said.zone)).date()
    first = said.first or submitted
    last = said.last or max(first, submitted) + timedelta(days=USUAL_DAYS)
    offer = ProfessionalAvailability.objects.create(
        membership=member,
        response=row,
        valid_from=first,
        valid_until=max(first, last),
        zone=said.zone,
        per_week=min(UNLIMITED if said.capacity.count is None else said.capacity.count, UNLIMITED),
        formats=list(said.formats),
        industries=list(said.industries),
        levels=list(said.levels),
    )
    windows = answer.offer.windows if answer.offer else ()
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(
            availability=offer,
            starts_at=one.interval.start,
            ends_at=one.interval.end,
            certainty=one.certainty.value,
        )
        for one in windows
    )


def withdraw(offer: ProfessionalAvailability, actor: Actor, now: datetime) -> ProfessionalAvailability:
    """The professional offers nothing any more until they answer again; booked sessions stand."""
    with one_step():
        offer = ProfessionalAvailability.objects.select_for_update().select_related("membership").get(pk=offer.pk)
        if actor.kind is ActorKind.PARTICIPANT and actor.id != offer.membership.person.public_id:
            raise Refused(Reason.UNKNOWN, "no such offer")
        if offer.state != AvailabilityState.ACTIVE:
            raise Refused(Reason.NOT_NOW, f"an offer that is {offer.state} cannot be withdrawn")
        offer.state = AvailabilityState.WITHDRAWN
        offer.save()
        row = offer.response
        if row is not None and row.state == ResponseState.CURRENT:
            RESPONSE.check(row.state, ResponseState.SUPERSEDED, actor)
            row.state, row.reason = ResponseState.SUPERSEDED, "withdrawn"
            row.save()
        program = offer.membership.program
        note(actor, "withdraw", offer, now, program=program, after={"state": offer.state})
    return offer


def _keep_reading(row: FormResponse, answer: Answer, now: datetime) -> None:
    reading = answer.offer.reading if answer.offer else None
    if reading is None:
        return
    values: dict[str, Any] = {
        "text": reading.text,
        "zone": reading.zone,
        "status": reading.status,
        "confidence": reading.confidence,
        "result": reading.as_record(),
        "read_at": now,
    }
    Reading.objects.update_or_create(response=row, column=answer.column, defaults=values)


def _keep_details(member: Membership, details: dict[str, str], zone: str, *, assumed: bool) -> None:
    """What was left unanswered keeps its earlier value."""
    member.details = {**member.details, **{name: text for name, text in details.items() if text}}
    member.save()
    if not assumed and not member.person.zone:
        member.person.zone = zone
        member.person.save()
