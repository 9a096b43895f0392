"""Students' wishes, and what staff decide about pairs and pauses."""

from __future__ import annotations

from datetime import datetime

from backend.record.actor import Actor
from backend.record.models import ForbiddenPair, FormResponse, Membership, Person, Pin, Program, ReviewRequest
from backend.record.models.states import (
    ACTIVE_REQUEST,
    ActorKind,
    MembershipState,
    RequestState,
    SessionState,
)
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.transitions import REQUEST, STAFF


def active_request(program: Program, student: Person) -> ReviewRequest | None:
    """The student's one active request, held for this transaction."""
    found = ReviewRequest.objects.select_for_update().filter(program=program, student=student, state__in=ACTIVE_REQUEST)
    return found.first()


def open_request(
    program: Program,
    student: Person,
    since: datetime,
    actor: Actor,
    now: datetime,
    *,
    response: FormResponse | None = None,
    wanted: int = 1,
    priority: int = 0,
) -> ReviewRequest:
    """The student's active request, made if there is none.

    A later answer brings its own wishes, but `waiting_since` and `priority` stay: nobody loses their place by
    correcting an answer. An earlier `since` (an answer that arrived late) counts.
    """
    with one_step():
        request = active_request(program, student)
        if request is None:
            request = ReviewRequest.objects.create(
                program=program,
                student=student,
                response=response,
                waiting_since=since,
                wanted=wanted,
                priority=priority,
            )
            note(actor, "ask", request, now, program=program, after={"state": request.state, "wanted": wanted})
            return request
        request.response = response or request.response
        request.wanted = wanted
        request.waiting_since = min(request.waiting_since, since)
        request.save()
    return request


def cancel_request(request: ReviewRequest, actor: Actor, now: datetime) -> ReviewRequest:
    """The student no longer wishes for a session; one that is booked must be cancelled first."""
    with one_step():
        request = _locked(request)
        if actor.kind is ActorKind.PARTICIPANT and actor.id != request.student.public_id:
            raise Refused(Reason.UNKNOWN, "no such request")
        if request.sessions.filter(state=SessionState.SCHEDULED).exists():
            raise Refused(Reason.NOT_NOW, "a session of this request is booked; cancel that first")
        return _move(request, RequestState.CANCELLED, actor, now)


def change_request(
    request: ReviewRequest, actor: Actor, now: datetime, *, wanted: int | None = None, priority: int | None = None
) -> ReviewRequest:
    """Another number of sessions; staff also set the priority. None leaves it as it is."""
    with one_step():
        request = _locked(request)
        if actor.kind is ActorKind.PARTICIPANT and actor.id != request.student.public_id:
            raise Refused(Reason.UNKNOWN, "no such request")
        if actor.kind not in STAFF | {ActorKind.PARTICIPANT} or (priority is not None and actor.kind not in STAFF):
            raise Refused(Reason.NOT_ALLOWED, "only staff set the priority of a request")
        if request.state not in ACTIVE_REQUEST:
            raise Refused(Reason.NOT_NOW, f"a request that is {request.state} cannot be changed")
        before = {"wanted": request.wanted, "priority": request.priority}
        request.wanted = request.wanted if wanted is None else wanted
        request.priority = request.priority if priority is None else priority
        request.save()
        after = {"wanted": request.wanted, "priority": request.priority}
        note(actor, "change", request, now, program=request.program, before=before, after=after)
        return settle_request(request, actor, now)


def settle_request(request: ReviewRequest, actor: Actor, now: datetime) -> ReviewRequest:
    """Bring an active request in line with its sessions: all held = completed, all booked = scheduled, else pending.

    A request whose session fell through waits again with its old place in the queue.
    """
    request = _locked(request)
    if request.state not in ACTIVE_REQUEST:
        return request
    held = request.sessions.filter(state=SessionState.COMPLETED).count()
    booked = request.sessions.filter(state=SessionState.SCHEDULED).count()
    if held >= request.wanted:
        wanted = RequestState.COMPLETED
    else:
        wanted = RequestState.SCHEDULED if held + booked >= request.wanted else RequestState.PENDING
    return request if wanted == request.state else _move(request, wanted, actor, now)


def close_request(request: ReviewRequest, actor: Actor, now: datetime) -> ReviewRequest:
    """The student did not come: they ask again if they still wish to."""
    request = _locked(request)
    return _move(request, RequestState.CANCELLED, actor, now) if request.state in ACTIVE_REQUEST else request


def pin(
    program: Program,
    student: Person,
    professional: Person,
    actor: Actor,
    now: datetime,
    *,
    starts_at: datetime | None = None,
) -> Pin:
    """Staff want these two together, from the next night on."""
    _staff(actor)
    with one_step():
        row = Pin.objects.create(program=program, student=student, professional=professional, starts_at=starts_at)
        note(actor, "pin", row, now, program=program, after={**_pair(student, professional), "starts_at": starts_at})
    return row


def forbid(program: Program, student: Person, professional: Person, actor: Actor, now: datetime) -> ForbiddenPair:
    """These two never meet; only staff learn why nothing was found."""
    _staff(actor)
    with one_step():
        row = ForbiddenPair.objects.create(program=program, student=student, professional=professional)
        note(actor, "forbid", row, now, program=program, after=_pair(student, professional))
    return row


def end_wish(row: Pin | ForbiddenPair, actor: Actor, now: datetime) -> None:
    """Take a pin or a forbidden pair back."""
    _staff(actor)
    with one_step():
        if row.ended_at is not None:
            raise Refused(Reason.NOT_NOW, "it has ended already")
        row.ended_at = now
        row.save()
        note(actor, "unpin" if isinstance(row, Pin) else "allow", row, now, program=row.program)


def pause(member: Membership, until: datetime | None, actor: Actor, now: datetime) -> Membership:
    """Not matched before `until` (None: until `resume`). Sessions that are booked stand."""
    if until is not None and until <= now:
        raise Refused(Reason.INVALID, "that time has passed")
    with one_step():
        member = _own(member, actor)
        before = {"state": member.state, "paused_until": member.paused_until}
        member.state, member.paused_until = MembershipState.PAUSED, until
        member.save()
        after = {"state": member.state, "paused_until": until}
        note(actor, "pause", member, now, program=member.program, before=before, after=after)
    return member


def resume(member: Membership, actor: Actor, now: datetime) -> Membership:
    """Matched again from the next night on."""
    with one_step():
        member = _own(member, actor)
        before = {"state": member.state, "paused_until": member.paused_until}
        member.state, member.paused_until = MembershipState.ACTIVE, None
        member.save()
        note(actor, "resume", member, now, program=member.program, before=before, after={"state": member.state})
    return member


def is_paused(member: Membership, now: datetime) -> bool:
    """A pause ends by itself."""
    if member.state != MembershipState.PAUSED:
        return False
    return member.paused_until is None or member.paused_until > now


def _own(member: Membership, actor: Actor) -> Membership:
    row = Membership.objects.select_for_update().get(pk=member.pk)
    if actor.kind is ActorKind.PARTICIPANT and actor.id != row.person.public_id:
        raise Refused(Reason.UNKNOWN, "no such membership")
    if actor.kind in (ActorKind.VIEWER, ActorKind.BOT):
        raise Refused(Reason.NOT_ALLOWED, f"a {actor.kind} may not change a pause")
    if row.state == MembershipState.LEFT:
        raise Refused(Reason.NOT_NOW, "this person has left the program")
    return row


def _staff(actor: Actor) -> None:
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff decide about pairs")


def _pair(student: Person, professional: Person) -> dict[str, str]:
    return {"student": student.public_id, "professional": professional.public_id}


def _locked(request: ReviewRequest) -> ReviewRequest:
    return ReviewRequest.objects.select_for_update().get(pk=request.pk)


def _move(request: ReviewRequest, to: RequestState, actor: Actor, now: datetime) -> ReviewRequest:
    REQUEST.check(request.state, to, actor)
    before, request.state = request.state, to
    request.closed_at = None if to in ACTIVE_REQUEST else now
    request.save()
    note(
        actor,
        "request",
        request,
        now,
        program=request.program,
        before={"state": before},
        after={"state": request.state},
    )
    return request
