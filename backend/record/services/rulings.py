"""What staff decide about answers: read with a corrected text, or rejected."""

from __future__ import annotations

from datetime import datetime

from backend.record.actor import Actor
from backend.record.models import FormResponse, Membership, Reading
from backend.record.models.states import FormKind, ResponseState, Role
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.services.offers import keep_offer, keep_wish
from backend.record.services.responses import ROLE_OF, Frame
from backend.record.transitions import RESPONSE, STAFF
from ingest.answer import Answer, read_answer
from ingest.sheet import Form, SourceError

REJECTED = "rejected by staff"


def correct(row: FormResponse, text: str, frame: Frame, actor: Actor, now: datetime) -> FormResponse:
    """Read `text` in place of the times that the person wrote; their words stay. "" reads those again.

    Raises `Refused`: not staff, the answer does not count, or no time can be read from the text.
    """
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff correct how an answer is read")
    with one_step():
        row = FormResponse.objects.select_for_update().get(pk=row.pk)
        if row.state != ResponseState.CURRENT or row.person is None:
            raise Refused(Reason.NOT_NOW, f"an answer that is {row.state} is not read")
        own = _read(row, None, frame, now)
        answer = _read(row, (own.column, text), frame, now) if text else own
        reading = answer.offer.reading if answer.offer else None
        if answer.response is None or (text and (reading is None or reading.status in ("none", "unparseable"))):
            raise Refused(Reason.INVALID, "no time can be read from this text")
        role = ROLE_OF[FormKind(row.form)]
        member = Membership.objects.get(program=row.program, person=row.person, role=role)
        if role is Role.STUDENT:
            keep_wish(row, member, answer, actor, now)
        else:
            keep_offer(row, member, answer, now)
        said = str(row.raw.get(own.column, ""))
        Reading.objects.filter(response=row, column=own.column).update(text=said, corrected_text=text)
        note(actor, "read_again", row, now, program=row.program, after={"state": row.state})
    return row


def reject(row: FormResponse, actor: Actor, now: datetime) -> FormResponse:
    """A held answer does not count."""
    with one_step():
        row = FormResponse.objects.select_for_update().get(pk=row.pk)
        RESPONSE.check(row.state, ResponseState.REJECTED, actor)
        before, row.state, row.reason = row.state, ResponseState.REJECTED, REJECTED
        row.save()
        note(actor, "reject", row, now, program=row.program, before={"state": before}, after={"state": row.state})
    return row


def _read(row: FormResponse, instead: tuple[str, str] | None, frame: Frame, now: datetime) -> Answer:
    raw = row.raw if instead is None else {**row.raw, instead[0]: instead[1]}
    try:
        return read_answer(Form(row.form), raw, frame.rules, now, frame.conventions)
    except SourceError as error:
        raise Refused(Reason.INVALID, str(error)) from None
