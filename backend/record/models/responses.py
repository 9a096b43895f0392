"""What people answered, kept raw, and how it was read."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from backend.record.models.ids import public_id
from backend.record.models.people import Membership, Person, Program
from backend.record.models.states import AvailabilityState, FormKind, ResponseState, Source, only


class FormResponse(models.Model):
    """One row of a sheet or one webhook post, stored before anything is read from it.

    The same (form, response id, content hash) is a replay, a new hash under a known response id a new revision.
    `raw`: title -> answer, as it came; emptied on erasure. `verified`: the way it came proved whose it is. `reason`:
    why it is held or rejected, in words for staff, never quoting the answer.
    """

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="responses")
    form = models.CharField(max_length=13, choices=FormKind.choices)
    response_id = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=0)
    raw = models.JSONField(default=dict)
    source = models.CharField(max_length=7, choices=Source.choices)
    sheet_row = models.PositiveIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="responses")
    verified = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ResponseState.choices, default=ResponseState.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("program", "form", "response_id", "content_hash"), name="response_once"),
            models.UniqueConstraint(
                fields=("program", "form", "person"),
                condition=Q(state=ResponseState.CURRENT),
                name="response_one_current",
            ),
            models.CheckConstraint(
                condition=~Q(state=ResponseState.CURRENT) | Q(person__isnull=False), name="response_current_has_person"
            ),
            only("form", FormKind, "response"),
            only("source", Source, "response"),
            only("state", ResponseState, "response"),
        )

    def __str__(self) -> str:
        return f"{self.form} response {self.public_id}"


class Reading(models.Model):
    """What the availability reader made of one text of a response: `result` is `Reading.as_record()`.

    `corrected_text`: what staff had read instead of the person's own words; "" when they are read as they stand.
    """

    response = models.ForeignKey(FormResponse, models.CASCADE, related_name="readings")
    column = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    corrected_text = models.TextField(blank=True)
    zone = models.CharField(max_length=64)
    status = models.CharField(max_length=12)
    confidence = models.FloatField()
    result = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("response", "id")
        constraints = (
            models.UniqueConstraint(fields=("response", "column"), name="reading_once"),
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="reading_confidence_0_1"),
        )

    def __str__(self) -> str:
        return f"{self.column}: {self.status}"


class ProfessionalAvailability(models.Model):
    """What a professional offers in a program; at most one is active. Dates are local to `zone`, both inclusive."""

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="availabilities")
    response = models.ForeignKey(FormResponse, models.SET_NULL, null=True, blank=True, related_name="availabilities")
    state = models.CharField(max_length=10, choices=AvailabilityState.choices, default=AvailabilityState.ACTIVE)
    valid_from = models.DateField()
    valid_until = models.DateField()
    zone = models.CharField(max_length=64)
    per_week = models.PositiveSmallIntegerField(default=2)
    formats = models.JSONField(default=list, blank=True)
    industries = models.JSONField(default=list, blank=True)
    levels = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "professional availabilities"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("membership",), condition=Q(state=AvailabilityState.ACTIVE), name="availability_one_active"
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="availability_ends_after_start"),
            only("state", AvailabilityState, "availability"),
        )

    def __str__(self) -> str:
        return f"{self.membership}: {self.valid_from} to {self.valid_until}"


class AvailabilityWindow(models.Model):
    """[starts_at, ends_at) in UTC of an availability. `certainty` as `optimizer.domain.Certainty`: 1, 2 or 3."""

    availability = models.ForeignKey(ProfessionalAvailability, models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    certainty = models.PositiveSmallIntegerField(default=3)

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="window_ends_after_start"),
            models.CheckConstraint(condition=Q(certainty__in=(1, 2, 3)), name="window_certainty_known"),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%a %d %b %H:%M} to {self.ends_at:%H:%M} UTC"
