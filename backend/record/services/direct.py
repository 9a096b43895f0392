"""What people say through a door of their own, the bot or a phone app: their times, zone, pauses, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from backend.record.actor import Actor
from backend.record.models import FormResponse, Membership, Person, Program
from backend.record.models.ids import public_id
from backend.record.models.states import (
    ActorKind,
    FormKind,
    MembershipState,
    ReminderWay,
    ResponseState,
    Role,
    Source,
)
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.responses import ROLE_OF, Arrival, Frame, Taken, take
from backend.record.transitions import STAFF
from ingest.answer import RESPONSE_ID, TIMESTAMP
from ingest.columns import COLUMNS, Renamed, plain
from ingest.forms.choices import ANY_FORMAT, ANY_LEVEL
from ingest.forms.fields import ANY_INDUSTRY
from ingest.sheet import Form
from optimizer.domain import zone_info
from publish.text import phone_number

FORM_OF = {role: form for form, role in ROLE_OF.items()}
_OPEN_OFFER = {"levels": ANY_LEVEL, "industries": ANY_INDUSTRY, "formats": ANY_FORMAT}


@dataclass(frozen=True)
class Times:
    """When somebody is free, in their own words; `until` (theirs alone or a professional's): the last local date."""

    text: str
    zone: str
    first: date | None = None
    until: date | None = None


def say_times(member: Membership, times: Times, frame: Frame, actor: Actor, now: datetime) -> Taken:
    """A new answer with these times, everything else as in the answer before. It is the person's own word.

    A professional's specific times replace the ticked ones, so the ticks go. Raises `Refused` for who has no address
    yet: invitations could not reach them.
    """
    own = actor.kind is ActorKind.PARTICIPANT and actor.id == member.person.public_id
    if not own and actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only they and staff say when somebody is free")
    if member.state == MembershipState.LEFT:
        raise Refused(Reason.NOT_NOW, "this person has left the program")
    person = member.person
    if not person.email:
        raise Refused(Reason.NOT_NOW, "there is no e-mail address to invite: answer the form once first")
    kind = FORM_OF[Role(member.role)]
    form, rules = Form(kind.value), frame.rules
    current = FormResponse.objects.filter(
        program=member.program, form=kind, person=person, state=ResponseState.CURRENT
    ).first()
    base: Mapping[str, str] = current.raw if current else {}
    local = now.astimezone(zone_info(times.zone)).replace(microsecond=0)
    said = {"timestamp": local.isoformat(), "email": person.email, "name": person.name, "zone": times.zone}
    if kind is FormKind.STUDENTS:
        said |= {"availability": times.text, "again_from": ""}
    else:
        first, until = times.first or local.date(), times.until
        said |= {"specific": times.text, "days": "", "slots": "", "again_from": ""}
        said |= {"start": first.isoformat(), "end": until.isoformat() if until else ""}
        said |= {} if current else _OPEN_OFFER
    name = f"direct-{public_id()}"
    answers = _over(form, base, {**said, "response_id": name}, rules.renamed(form))
    return take(member.program, Arrival(kind, answers, Source.DIRECT, name, owner=person), frame, actor, now)


def set_zone(person: Person, zone: str, actor: Actor, now: datetime, program: Program) -> Person:
    """The zone in which they are shown times and are taken to mean them."""
    if actor.kind not in STAFF and actor.id != person.public_id:
        raise Refused(Reason.NOT_ALLOWED, "only they and staff set somebody's zone")
    with one_step():
        person = Person.objects.select_for_update().get(pk=person.pk)
        before, person.zone = person.zone, zone
        person.save()
        note(actor, "zone", person, now, program=program, before={"zone": before}, after={"zone": zone})
    return person


def set_reminders(person: Person, way: str, phone: str, actor: Actor, now: datetime, program: Program) -> Person:
    """By which way they are reminded of sessions ("": the usual one). `phone` is kept for the way "phone" alone."""
    if actor.kind not in STAFF and actor.id != person.public_id:
        raise Refused(Reason.NOT_ALLOWED, "only they and staff say how somebody is reminded")
    if way and way not in ReminderWay.values:
        raise Refused(Reason.INVALID, f"reminders go by {', '.join(ReminderWay.values)}")
    number = phone_number(phone) if way == ReminderWay.PHONE else ""
    if number is None:
        raise Refused(Reason.INVALID, "write the phone number in full, with its country: +4915112345678")
    with one_step():
        person = Person.objects.select_for_update().get(pk=person.pk)
        before, person.reminders, person.phone = person.reminders, way, number
        person.save()
        note(actor, "reminders", person, now, program=program, before={"reminders": before}, after={"reminders": way})
    return person


def claimed_by(discord_id: str) -> Person | None:
    """Who typed this Discord id into a form without having proven it."""
    rows = Person.objects.filter(discord_id=discord_id, discord_verified_at=None, merged_into=None, erased_at=None)
    return rows.first()


def answer_claim(discord_id: str, mine: bool, actor: Actor, program: Program, now: datetime) -> None:
    """The member says whether the profile that names their Discord id is theirs; if not, the id is taken off it.

    Raises `Refused` when no profile claims the id.
    """
    with one_step():
        person = claimed_by(discord_id)
        if person is None:
            raise Refused(Reason.UNKNOWN, "no profile that waits for your word names this Discord id")
        person = Person.objects.select_for_update().get(pk=person.pk)
        if mine:
            person.discord_verified_at = now
        else:
            person.discord_id = None
        person.save()
        note(actor, "claim", person, now, program=program, after={"verified": mine})


def _over(form: Form, base: Mapping[str, str], said: Mapping[str, str], renamed: Renamed) -> dict[str, str]:
    """The earlier answers with these fields in place of theirs, under the program's own titles."""
    titles: dict[str, str] = {}
    gone: set[str] = set()
    for column in COLUMNS[form]:
        if column.field not in said:
            continue
        own = renamed.titles.get(column.field)
        gone |= {plain(one) for one in (column.title, *column.aliases, own or column.title)}
        if own != "":
            titles[own or column.title] = said[column.field]
    kept = {title: text for title, text in base.items() if plain(title) not in gone}
    first = {title: text for title, text in titles.items() if plain(title) == plain(TIMESTAMP)}
    last = {title: text for title, text in titles.items() if title not in first}
    assert any(plain(title) == plain(RESPONSE_ID) for title in last)
    return {**first, **kept, **last}
