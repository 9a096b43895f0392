"""Nights: what was asked, what was answered, and what it means for later nights."""

from __future__ import annotations

from django.db import models

from backend.record.models.people import Person, Program
from backend.record.models.states import Role, RunState, only


class Run(models.Model):
    """One execution for a program and a night key.

    `snapshot`, `problem`, `plan` and `witness` hold pseudonyms only, so an erased person's nights can be replayed.
    `answers`: which stored answers the sheets were made of (JSON, without what they say).
    `rows`: data rows per sheet; `offered`: usable capacity by the professionals' pseudonyms.
    """

    key = models.CharField(max_length=64)
    program = models.ForeignKey(Program, models.PROTECT, related_name="runs")
    night = models.CharField(max_length=10)
    as_of = models.DateTimeField()
    state = models.CharField(max_length=7, choices=RunState.choices, default=RunState.STARTED)
    attempts = models.PositiveIntegerField(default=1)
    inputs_hash = models.CharField(max_length=64)
    seed = models.BigIntegerField(default=0)
    versions = models.JSONField(default=dict, blank=True)
    sessions_booked = models.PositiveIntegerField(default=0)
    unmatched = models.PositiveIntegerField(default=0)
    booked_earlier = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=dict, blank=True)
    offered = models.JSONField(default=dict, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    answers = models.BinaryField(null=True, blank=True)
    snapshot = models.BinaryField(null=True, blank=True)
    problem = models.BinaryField(null=True, blank=True)
    plan = models.BinaryField(null=True, blank=True)
    witness = models.BinaryField(null=True, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("program", "key"), name="run_once"),
            only("state", RunState, "run"),
        )

    def __str__(self) -> str:
        return f"{self.key} ({self.night})"


class LedgerEntry(models.Model):
    """One person in one run: what they offered, how many sessions they got, how long they had waited (days)."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="ledger")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="ledger")
    code = models.CharField(max_length=40)
    role = models.CharField(max_length=12, choices=Role.choices)
    offered = models.PositiveIntegerField(default=0)
    sessions = models.PositiveIntegerField(default=0)
    waited_days = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ("run", "code")
        constraints = (
            models.UniqueConstraint(fields=("run", "code"), name="ledger_once"),
            only("role", Role, "ledger"),
        )

    def __str__(self) -> str:
        return f"{self.code} in {self.run}"
