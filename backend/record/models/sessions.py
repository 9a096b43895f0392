"""Sessions, their history, who sits in them, and what was said afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from backend.record.models.ids import public_id
from backend.record.models.people import Person, Program
from backend.record.models.requests import ReviewRequest
from backend.record.models.runs import Run
from backend.record.models.states import ActorKind, Cause, Role, SessionState, Verdict, only


class ScheduledSession(models.Model):
    """A student meets a professional in [starts_at, ends_at), 10 to 240 minutes.

    `key` names it for life, towards calendars too. `revision` counts its changes; `incarnation` (the professional's)
    and `student_incarnation` calendar events that were deleted for good and replaced. `meeting_link`: a room of its
    own. `student_code`, `professional_code`: the pseudonyms under which its night knew the two.
    `assumed`: nobody confirmed that it took place. `absent`: who made it a no-show. The database keeps `Attendance` in
    step by itself.
    """

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    program = models.ForeignKey(Program, models.PROTECT, related_name="sessions")
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="sessions")
    request = models.ForeignKey(ReviewRequest, models.PROTECT, null=True, blank=True, related_name="sessions")
    student = models.ForeignKey(Person, models.PROTECT, related_name="sessions_as_student")
    professional = models.ForeignKey(Person, models.PROTECT, related_name="sessions_as_professional")
    student_code = models.CharField(max_length=40)
    professional_code = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=SessionState.choices, default=SessionState.SCHEDULED)
    assumed = models.BooleanField(default=False)
    absent = models.CharField(max_length=12, choices=Role.choices, blank=True)
    revision = models.PositiveIntegerField(default=0)
    incarnation = models.PositiveIntegerField(default=0)
    student_incarnation = models.PositiveIntegerField(default=0)
    calendar_id = models.CharField(max_length=200, blank=True)
    meeting_link = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=500, blank=True)
    certainty = models.PositiveSmallIntegerField(default=3)
    quality = models.PositiveSmallIntegerField(default=1)
    parts = models.JSONField(default=list, blank=True)
    shared_minutes = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("state", "ends_at"), name="session_state_end"),)
        constraints = (
            models.CheckConstraint(condition=~Q(student=F("professional")), name="session_two_people"),
            models.CheckConstraint(condition=Q(certainty__in=(1, 2, 3)), name="session_certainty_known"),
            models.CheckConstraint(
                condition=Q(assumed=False) | Q(state=SessionState.COMPLETED), name="session_assumed_is_completed"
            ),
            only("state", SessionState, "session"),
        )

    def __str__(self) -> str:
        return f"session {self.public_id}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class SessionRevision(models.Model):
    """How a session stood before a change, and who changed it."""

    session = models.ForeignKey(ScheduledSession, models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=SessionState.choices)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    actor_kind = models.CharField(max_length=11, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("session", "revision")
        constraints = (
            models.UniqueConstraint(fields=("session", "revision"), name="revision_once"),
            only("state", SessionState, "revision"),
            only("cause", Cause, "revision"),
        )

    def __str__(self) -> str:
        return f"{self.session}, revision {self.revision}"


class Attendance(models.Model):
    """A person's interval in a session. Written by the database alone, from `ScheduledSession`, never by this code.

    Two active rows of one person never overlap, in whatever programs: the database refuses them.
    """

    session = models.ForeignKey(ScheduledSession, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendance")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "attendance"
        ordering = ("starts_at", "id")
        indexes = (models.Index(fields=("person", "starts_at"), name="attendance_person_start"),)
        constraints = (models.UniqueConstraint(fields=("session", "person"), name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.session_id}"


class SessionAcceptance(models.Model):
    """One of the two said that they will come, to the session as it stood at `revision`: a new time is asked anew."""

    session = models.ForeignKey(ScheduledSession, models.CASCADE, related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="acceptances")
    revision = models.PositiveIntegerField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("session", "person", "revision"), name="acceptance_once"),)

    def __str__(self) -> str:
        return f"{self.session}, revision {self.revision}: accepted"


class SessionConfirmation(models.Model):
    """What one of the two said about whether the session took place."""

    session = models.ForeignKey(ScheduledSession, models.CASCADE, related_name="confirmations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="confirmations")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("session", "person"), name="confirmation_once"),
            only("verdict", Verdict, "confirmation"),
        )

    def __str__(self) -> str:
        return f"{self.session}: {self.verdict}"


class Rating(models.Model):
    """1 to 5, by one of the two people of the session; the database refuses others."""

    session = models.ForeignKey(ScheduledSession, models.CASCADE, related_name="ratings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="ratings")
    stars = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("session", "person"), name="rating_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_1_to_5"),
        )

    def __str__(self) -> str:
        return f"{self.stars} for {self.session}"
