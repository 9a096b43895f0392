"""What is still to be told, and who did what."""

from __future__ import annotations

from django.db import models

from backend.record.models.people import Program
from backend.record.models.runs import Run
from backend.record.models.states import ActorKind, Channel, DeliveryState, only


class OutboxItem(models.Model):
    """One act towards the world. `payload` holds keys and pseudonyms, never names, addresses or texts.

    While `claimed_until` lies ahead, the worker that knows `claim` is at it. `run`: the night whose release it waits
    for, or waited for. `approved`: staff let it go out, so it counts for no guard.
    """

    key = models.CharField(max_length=200)
    program = models.ForeignKey(Program, models.PROTECT, related_name="outbox")
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="outbox")
    channel = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    approved = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("program", "state", "not_before"), name="outbox_due"),)
        constraints = (
            models.UniqueConstraint(fields=("program", "key"), name="outbox_once"),
            only("state", DeliveryState, "outbox"),
        )

    def __str__(self) -> str:
        return f"{self.channel} item {self.pk}: {self.state}"


class AuditEntry(models.Model):
    """Who did what to what. `before` and `after` hold states, times and ids, never what people wrote or their keys."""

    at = models.DateTimeField()
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="audit")
    actor_kind = models.CharField(max_length=11, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=7, choices=Channel.choices)
    action = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=120)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ("-id",)
        indexes = (models.Index(fields=("subject_kind", "subject_id"), name="audit_subject"),)
        constraints = (only("actor_kind", ActorKind, "audit"), only("channel", Channel, "audit"))

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"
