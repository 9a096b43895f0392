"""What the web side must remember: answers that may be asked for again, and posts before they are understood."""

from __future__ import annotations

from django.db import models

from backend.record.models.access import ApiKey
from backend.record.models.people import Program
from backend.record.models.responses import FormResponse
from backend.record.models.states import FormKind, PostState, only


class StoredAnswer(models.Model):
    """What a create answered, so that the same Idempotency-Key gives the same again.

    `holder`: the key and, for the bot, the member. `fingerprint`: SHA-256 of method, path and body.
    """

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="answers")
    holder = models.CharField(max_length=40)
    idempotency_key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict, blank=True)
    body = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("created_at",), name="answer_age"),)
        constraints = (models.UniqueConstraint(fields=("holder", "idempotency_key"), name="answer_once"),)

    def __str__(self) -> str:
        return f"answer {self.pk}"


class FormPost(models.Model):
    """A signed post of a form, stored before anything is read from it.

    `digest`: SHA-256 of the body. Once its answer stands in `response` the body is emptied: that row has it all. A
    post that could not be understood keeps its body, with the `reason`, for staff.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="form_posts")
    form = models.CharField(max_length=13, choices=FormKind.choices)
    digest = models.CharField(max_length=64)
    body = models.BinaryField(blank=True)
    state = models.CharField(max_length=7, choices=PostState.choices, default=PostState.STORED)
    reason = models.CharField(max_length=300, blank=True)
    response = models.ForeignKey(FormResponse, models.SET_NULL, null=True, blank=True, related_name="posts")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("program", "form", "digest"), name="post_once"),
            only("form", FormKind, "post"),
            only("state", PostState, "post"),
        )

    def __str__(self) -> str:
        return f"{self.form} post {self.pk}: {self.state}"
