"""Builders with plain defaults: Ana meets Bob on a Monday at 15:00 UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from optimizer.domain import Certainty, Professional, Session, Student
from publish.booking import Booking, Invitation, Program, Recipient
from publish.google_calendar import SCOPES, GoogleCalendar
from publish.google_transport import credentials_from
from publish.ports import Outcome, PublishError, Receipt
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn
from tests.standins.google_token import service_account_json

START = datetime(2026, 3, 2, 15, tzinfo=UTC)
AS_OF = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
STUDENT = Student(
    "st-1",
    "Ana López Ruiz",
    "ana@students.example",
    "America/New_York",
    resume_link="https://files.example/cv-7731",
    target_industry="Fintech",
    target_role="Backend engineer",
    level="Entry Level (0-2 years)",
)
PROFESSIONAL = Professional(
    "pr-1", "Dr. Bob O'Neil", "bob@work.example", "Europe/Berlin", title="CTO", company="Acme, Inc."
)
PROGRAM = Program("spring", "Spring Cohort", "America/New_York", "Program staff", "staff@program.example")


def make_booking(start: datetime = START, minutes: int = 30, **changes: Any) -> Booking:
    """A booking of Ana with Bob; name what the test is about."""
    student, professional = changes.pop("student", STUDENT), changes.pop("professional", PROFESSIONAL)
    session = Session(student.id, professional.id, start, minutes, Certainty.CERTAIN, 12, (), 120)
    given = {"program": PROGRAM, "session_key": "2026-03-01/st-1/pr-1", **changes}
    return Booking(session=session, student=student, professional=professional, **given)


def connected(google: GoogleCalendarStandIn, calendar_id: str = CALENDAR_ID, **given: Any) -> GoogleCalendar:
    credentials = credentials_from(service_account_json(), SCOPES)
    return GoogleCalendar(calendar_id, credentials, stand_in=google.url, per_minute=0, **given)


def for_professional(**changes: Any) -> Invitation:
    return Invitation(make_booking(**changes), Recipient.PROFESSIONAL)


def done(outcomes: list[Outcome]) -> Receipt:
    (outcome,) = outcomes
    assert isinstance(outcome, Receipt), outcome
    return outcome


def refused(outcomes: list[Outcome]) -> PublishError:
    (outcome,) = outcomes
    assert isinstance(outcome, PublishError), outcome
    return outcome
