"""A person's own calendar feed: whoever has its address may read it, until it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from backend.record.api.site import matching, now
from backend.record.models import Membership, Person, ScheduledSession
from backend.record.models.states import SessionState
from backend.record.services.keys import feed_owner
from backend.record.services.notices import matched
from optimizer.domain import Professional, Student
from publish.booking import Booking, Program, Recipient
from publish.invitation import feed_ics

PAST = timedelta(days=30)
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The owner's sessions, from 30 days ago on; no address of anybody."""
    person = feed_owner(token)
    if person is None or request.method not in ("GET", "HEAD"):
        raise Http404
    mine = Q(student=person) | Q(professional=person)
    kept = Q(state__in=(SessionState.SCHEDULED, SessionState.COMPLETED), ends_at__gt=now() - PAST)
    sessions = list(
        ScheduledSession.objects.filter(mine & kept)
        .select_related("student", "professional", "program")
        .prefetch_related("revisions")
        .order_by("starts_at", "pk")
    )
    details = _details(sessions)
    bookings = [(one, _booking(one, details)) for one in sessions]
    invitations = [
        next(i for i in booking.invitations if i.recipient is _recipient(one, person)) for one, booking in bookings
    ]
    content = feed_ics(invitations, max(map(_changed, sessions), default=NEVER))
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300", "Referrer-Policy": "no-referrer"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def feed_address(request: HttpRequest, token: str) -> str:
    """What to paste into a calendar."""
    place = reverse("feed", args=(token,))
    return settings.PUBLIC_URL.rstrip("/") + place if settings.PUBLIC_URL else request.build_absolute_uri(place)


def _recipient(session: ScheduledSession, person: Person) -> Recipient:
    return Recipient.STUDENT if session.student_id == person.pk else Recipient.PROFESSIONAL


def _changed(session: ScheduledSession) -> datetime:
    return max((one.changed_at for one in session.revisions.all()), default=session.created_at)


def _details(sessions: list[ScheduledSession]) -> dict[tuple[int, int], dict[str, Any]]:
    people = {pk for one in sessions for pk in (one.student_id, one.professional_id)}
    rows = Membership.objects.filter(person__in=people)
    return {(one.program_id, one.person_id): one.details for one in rows}


def _booking(session: ScheduledSession, details: dict[tuple[int, int], dict[str, Any]]) -> Booking:
    program, student, host = session.program, session.student, session.professional
    about = details.get((program.pk, student.pk), {})
    host_about = details.get((program.pk, host.pk), {})
    return Booking(
        program=Program(
            program.key, program.name, program.zone, program.organizer_name, program.organizer_email,
            matching().program.meeting_link, share_addresses=False,
        ),
        session_key=session.key,
        session=matched(session),
        student=Student(
            session.student_code, student.name, "", student.zone or program.zone,
            **{name: str(about.get(name, "")) for name in ("resume_link", "target_industry", "target_role", "level")},
        ),
        professional=Professional(
            session.professional_code, host.name, "", host.zone or program.zone,
            title=str(host_about.get("title", "")), company=str(host_about.get("company", "")),
            meeting_link=str(host_about.get("meeting_link", "")),
        ),
        why=session.why,
        meeting_link=session.meeting_link,
        revision=session.revision,
        incarnation=session.incarnation,
        student_incarnation=session.student_incarnation,
        cancelled=session.state == SessionState.CANCELLED,
    )  # fmt: skip
