"""The tables of the record. Change their states through `backend.record.services` only: those write the audit."""

from backend.record.models.access import ApiKey, FeedToken
from backend.record.models.calendar import CalendarCursor, CalendarFlag
from backend.record.models.jobs import JobPass
from backend.record.models.outbox import AuditEntry, OutboxItem
from backend.record.models.people import Membership, Person, Program, Pseudonym
from backend.record.models.requests import ForbiddenPair, Pin, ReviewRequest
from backend.record.models.responses import AvailabilityWindow, FormResponse, ProfessionalAvailability, Reading
from backend.record.models.runs import LedgerEntry, Run
from backend.record.models.sessions import (
    Attendance,
    Rating,
    ScheduledSession,
    SessionAcceptance,
    SessionConfirmation,
    SessionRevision,
)
from backend.record.models.web import FormPost, StoredAnswer

__all__ = [
    "ApiKey",
    "Attendance",
    "AuditEntry",
    "AvailabilityWindow",
    "CalendarCursor",
    "CalendarFlag",
    "FeedToken",
    "ForbiddenPair",
    "FormPost",
    "FormResponse",
    "JobPass",
    "LedgerEntry",
    "Membership",
    "OutboxItem",
    "Person",
    "Pin",
    "ProfessionalAvailability",
    "Program",
    "Pseudonym",
    "Rating",
    "Reading",
    "ReviewRequest",
    "Run",
    "ScheduledSession",
    "SessionAcceptance",
    "SessionConfirmation",
    "SessionRevision",
    "StoredAnswer",
]
