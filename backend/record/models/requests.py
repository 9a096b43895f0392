"""What students wish for, and what staff decided about pairs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from backend.record.models.ids import public_id
from backend.record.models.people import Person, Program
from backend.record.models.responses import FormResponse
from backend.record.models.states import ACTIVE_REQUEST, RequestState, only


class ReviewRequest(models.Model):
    """A student's wish for `wanted` sessions. `waiting_since` belongs to the request: no later answer resets it.

    A larger `priority` goes first. `response`: the answer that counts now.
    """

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="requests")
    student = models.ForeignKey(Person, models.PROTECT, related_name="requests")
    response = models.ForeignKey(FormResponse, models.SET_NULL, null=True, blank=True, related_name="requests")
    state = models.CharField(max_length=9, choices=RequestState.choices, default=RequestState.PENDING)
    priority = models.PositiveSmallIntegerField(default=0)
    wanted = models.PositiveSmallIntegerField(default=1)
    waiting_since = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("waiting_since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("program", "student"), condition=Q(state__in=ACTIVE_REQUEST), name="request_one_active"
            ),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="request_wants_something"),
            only("state", RequestState, "request"),
        )

    def __str__(self) -> str:
        return f"request {self.public_id}"


class Pin(models.Model):
    """Staff want these two together, at `starts_at` or at any time. Ends when it was used or taken back."""

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="pins")
    student = models.ForeignKey(Person, models.PROTECT, related_name="pins_as_student")
    professional = models.ForeignKey(Person, models.PROTECT, related_name="pins_as_professional")
    starts_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("program", "student", "professional"), condition=Q(ended_at__isnull=True), name="pin_once"
            ),
            models.CheckConstraint(condition=~Q(student=F("professional")), name="pin_two_people"),
        )

    def __str__(self) -> str:
        return f"pin {self.public_id}"


class ForbiddenPair(models.Model):
    """These two never meet. Private: only staff ever learn that it exists; to all others it is "nobody eligible"."""

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="forbidden_pairs")
    student = models.ForeignKey(Person, models.PROTECT, related_name="forbidden_as_student")
    professional = models.ForeignKey(Person, models.PROTECT, related_name="forbidden_as_professional")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("program", "student", "professional"), condition=Q(ended_at__isnull=True), name="forbidden_once"
            ),
            models.CheckConstraint(condition=~Q(student=F("professional")), name="forbidden_two_people"),
        )

    def __str__(self) -> str:
        return f"forbidden pair {self.public_id}"
