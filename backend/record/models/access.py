"""Keys that open the API and calendar feeds. Only hashes are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from backend.record.models.ids import public_id
from backend.record.models.people import Person, Program
from backend.record.models.states import Scope, only


class ApiKey(models.Model):
    """`digest`: SHA-256 of a random 256-bit token, shown once. A `self` key belongs to one person, no other does."""

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    label = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=Scope.choices)
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="api_keys")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="api_keys")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            only("scope", Scope, "apikey"),
            models.CheckConstraint(
                condition=Q(scope=Scope.SELF, person__isnull=False) | (~Q(scope=Scope.SELF) & Q(person__isnull=True)),
                name="apikey_self_has_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} key {self.public_id}"


class FeedToken(models.Model):
    """Opens one person's own `.ics` feed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="feed_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("person",), condition=Q(revoked_at__isnull=True), name="feed_one_open"),
        )

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
