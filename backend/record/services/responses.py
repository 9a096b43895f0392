"""Answers: stored raw before anything is read from them, then read, and given to whom they belong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from backend.record.actor import NIGHT, Actor
from backend.record.models import FormResponse, Membership, Person, Program
from backend.record.models.states import FormKind, MembershipState, ResponseState, Role, Source
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.identity import Claim, identify
from backend.record.services.offers import keep_offer, keep_wish
from backend.record.services.tokens import proven_discord_id
from backend.record.transitions import RESPONSE
from ingest.answer import CODE, RESPONSE_ID, TIMESTAMP, Answer, content_hash, read_answer
from ingest.availability import Conventions
from ingest.rules import ProgramRules
from ingest.sheet import Form, SourceError

ROLE_OF = {FormKind.STUDENTS: Role.STUDENT, FormKind.PROFESSIONALS: Role.PROFESSIONAL}
LEFT = "this person has left the program: staff decide whether they are back"
LONGEST_REASON = 300
DAMAGED = "\ufffd"


@dataclass(frozen=True)
class Frame:
    """How answers are read."""

    rules: ProgramRules
    conventions: Conventions


@dataclass(frozen=True)
class Arrival:
    """One answer as it came. `answers`: title -> text, `Timestamp` among them.

    `response_id` "" when the source knows none: then time stamp, address and content decide, a heuristic. `owner`:
    who answered through a door of their own. `email_verified`: the form proved that the address is theirs.
    """

    form: FormKind
    answers: Mapping[str, str]
    source: Source
    response_id: str = ""
    sheet_row: int | None = None
    owner: Person | None = None
    email_verified: bool = False


@dataclass(frozen=True)
class Taken:
    """What became of an arrival. `replay`: it was there already, nothing changed; `answer` is then read anew."""

    response: FormResponse
    answer: Answer | None
    replay: bool


def take(program: Program, arrival: Arrival, frame: Frame, actor: Actor, now: datetime) -> Taken:
    """Store an answer, read it, and let it count, wait for staff, or be rejected; all in one step.

    The same content under the same response id is a replay. An edited answer keeps its id and is a new revision.
    """
    form = Form(arrival.form.value)
    arrival = replace(arrival, answers={storable(title): storable(text) for title, text in arrival.answers.items()})
    try:
        digest = content_hash(form, arrival.answers, frame.rules)
        answer = read_answer(form, arrival.answers, frame.rules, now, frame.conventions)
        fault = ""
    except SourceError as error:
        digest, answer, fault = _plain_hash(arrival.answers), None, str(error)
    submitted = answer.response.person.submitted if answer and answer.response else None
    with one_step():
        known = _known(program, arrival, digest, submitted)
        row = None if known else _stored(program, arrival, digest, submitted, now)
        if row is None:
            known = known or _known(program, arrival, digest, submitted)
            assert known is not None
            return Taken(known, answer, replay=True)
        _settle(row, answer, fault, arrival, now)
        note(actor, "answer", row, now, program=program, after={"state": row.state, "verified": row.verified})
    return Taken(row, answer, replay=False)


def storable(text: str) -> str:
    """The text without what no database keeps; the mark that replaces it makes the reader distrust the cell."""
    return text.replace("\0", DAMAGED).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def heuristic_id(form: FormKind, submitted: datetime | None, digest: str) -> str:
    """The name of an answer whose source gives it none."""
    second = submitted.replace(microsecond=0).isoformat() if submitted else "unknown"
    return f"{form}/{second}/{digest[:24]}"


def let_count(row: FormResponse, frame: Frame, actor: Actor, now: datetime) -> FormResponse:
    """A held answer counts after all: staff approved it, or its owner said "that was me". Raises `Refused`."""
    with one_step():
        row = FormResponse.objects.select_for_update().get(pk=row.pk)
        RESPONSE.check(row.state, ResponseState.CURRENT, actor)
        try:
            answer = read_answer(Form(row.form), row.raw, frame.rules, now, frame.conventions)
        except SourceError as error:
            raise Refused(Reason.INVALID, str(error)) from None
        if answer.response is None:
            raise Refused(Reason.NOT_NOW, "no person or no time can be read from this answer")
        before, row.reason = row.state, ""
        _count(row, answer, now)
        note(actor, "approve", row, now, program=row.program, before={"state": before}, after={"state": row.state})
    return row


def read_again(row: FormResponse, frame: Frame, actor: Actor, now: datetime) -> FormResponse:
    """An answer in which nobody could be read, once more: settings or the reader may have changed since."""
    with one_step():
        row = FormResponse.objects.select_for_update().get(pk=row.pk)
        if row.state != ResponseState.REJECTED or row.person is not None:
            return row
        answer = read_answer(Form(row.form), row.raw, frame.rules, now, frame.conventions)
        if answer.response is None:
            return row
        before = row.state
        row.submitted_at, row.reason = answer.response.person.submitted.replace(microsecond=0), ""
        _settle(row, answer, "", Arrival(FormKind(row.form), row.raw, Source(row.source), row.response_id), now)
        note(actor, "read_again", row, now, program=row.program, before={"state": before}, after={"state": row.state})
    return row


def _known(program: Program, arrival: Arrival, digest: str, submitted: datetime | None) -> FormResponse | None:
    """The same answer, if it came before: by its id, or where one of the two ways knows no id, by its second."""
    rows = FormResponse.objects.filter(program=program, form=arrival.form, content_hash=digest)
    if arrival.response_id:
        found = rows.filter(response_id=arrival.response_id).first()
        if found is not None:
            return found
        return rows.filter(response_id=heuristic_id(arrival.form, submitted, digest)).first() if submitted else None
    if submitted is None:
        return rows.filter(response_id=heuristic_id(arrival.form, None, digest)).first()
    second = submitted.replace(microsecond=0)
    return rows.filter(submitted_at=second).first()


def _stored(
    program: Program, arrival: Arrival, digest: str, submitted: datetime | None, now: datetime
) -> FormResponse | None:
    """The raw row; None when the same answer arrived at this very moment elsewhere."""
    name = arrival.response_id or heuristic_id(arrival.form, submitted, digest)
    earlier = FormResponse.objects.filter(program=program, form=arrival.form, response_id=name)
    try:
        with transaction.atomic():
            return FormResponse.objects.create(
                program=program,
                form=arrival.form,
                response_id=name,
                content_hash=digest,
                revision=earlier.count(),
                raw=dict(arrival.answers),
                source=arrival.source,
                sheet_row=arrival.sheet_row,
                submitted_at=submitted.replace(microsecond=0) if submitted else None,
                received_at=now,
            )
    except IntegrityError:
        return None


def _settle(row: FormResponse, answer: Answer | None, fault: str, arrival: Arrival, now: datetime) -> None:
    """Decide whose it is and whether it counts."""
    if answer is None or answer.response is None:
        row.state, row.reason = ResponseState.REJECTED, (fault or _why_rejected(answer))[:LONGEST_REASON]
        row.save()
        return
    said = answer.response.person
    proven = proven_discord_id(row.program, str(arrival.answers.get(CODE, "")))
    number = proven or said.discord_id
    claim = Claim(said.email, said.name, number, bool(proven), arrival.email_verified, arrival.owner)
    identity = identify(claim, now)
    row.person = identity.person
    row.verified = bool(arrival.owner or ((proven or arrival.email_verified) and not identity.held))
    member = Membership.objects.filter(program=row.program, person=row.person, role=ROLE_OF[FormKind(row.form)]).first()
    held = identity.held or (LEFT if member and member.state == MembershipState.LEFT else "")
    if held:
        row.state, row.reason = ResponseState.HELD, held
        row.save()
        return
    _count(row, answer, now)


def _count(row: FormResponse, answer: Answer, now: datetime) -> None:
    """Make it the current answer of its person, unless a later one is there already."""
    assert row.person is not None
    assert answer.response is not None
    Person.objects.select_for_update().get(pk=row.person.pk)
    current = FormResponse.objects.filter(
        program=row.program, form=row.form, person=row.person, state=ResponseState.CURRENT
    ).first()
    if current is not None and _later(current, row):
        row.state = ResponseState.SUPERSEDED
        row.save()
        return
    if current is not None:
        same = current.content_hash == row.content_hash
        current.state = ResponseState.DUPLICATE if same else ResponseState.SUPERSEDED
        current.save()
    row.state = ResponseState.CURRENT
    row.save()
    role = ROLE_OF[FormKind(row.form)]
    member, _ = Membership.objects.get_or_create(program=row.program, person=row.person, role=role)
    if role is Role.STUDENT:
        keep_wish(row, member, answer, NIGHT, now)
    else:
        keep_offer(row, member, answer, now)


def _later(one: FormResponse, other: FormResponse) -> bool:
    never = datetime(1, 1, 1, tzinfo=UTC)
    return (one.submitted_at or never) > (other.submitted_at or never)


def _why_rejected(answer: Answer | None) -> str:
    """The errors without what was answered."""
    found = [issue for issue in answer.issues if issue.severity.name == "ERROR"] if answer else []
    return "; ".join(f"{issue.column}: {issue.reason}" for issue in found) or "no person or time could be read"


def _plain_hash(answers: Mapping[str, str]) -> str:
    """For titles that do not fit the form."""
    said = sorted(f"{title}={text}" for title, text in answers.items() if title not in (TIMESTAMP, RESPONSE_ID))
    return hashlib.sha256(re.sub(r"\s+", " ", "\x1f".join(said)).encode("utf-8", "replace")).hexdigest()
