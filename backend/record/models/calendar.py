"""What comes back from a calendar: how far it was followed, and what staff have to decide about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from backend.record.models.people import Program
from backend.record.models.sessions import ScheduledSession
from backend.record.models.states import FlagKind, FlagOutcome, Role, only


class CalendarCursor(models.Model):
    """How far a program's calendar was followed. `token` is the calendar's own mark; "" asks for everything."""

    program = models.OneToOneField(Program, models.CASCADE, related_name="calendar_cursor")
    calendar_id = models.CharField(max_length=200)
    token = models.TextField(blank=True)
    followed_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True, blank=True)
    """When all events were last compared with all sessions."""

    def __str__(self) -> str:
        return f"calendar of {self.program}"


class CalendarFlag(models.Model):
    """Something in the calendar that is not as the record says and was not taken over by itself.

    `recipient`: whose event. `starts_at`, `ends_at`: when the event lies now, if it has a time. `frozen`: the session
    begins so soon that only an owner changes it. `reason`: why it was not taken over, in words without names.
    `session` is empty for events of ours that no session of the record can explain.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="calendar_flags")
    session = models.ForeignKey(ScheduledSession, models.PROTECT, null=True, blank=True, related_name="calendar_flags")
    recipient = models.CharField(max_length=12, choices=Role.choices, blank=True)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=FlagKind.choices)
    reason = models.CharField(max_length=200)
    frozen = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=FlagOutcome.choices, default=FlagOutcome.OPEN)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("program", "event_id", "kind"), condition=Q(closed_at__isnull=True), name="flag_once"
            ),
            only("kind", FlagKind, "flag"),
            only("outcome", FlagOutcome, "flag"),
        )

    def __str__(self) -> str:
        return f"calendar flag {self.pk}"
