"""Programs, the people in them, and the one table that says who is behind a pseudonym."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.record.models.ids import public_id
from backend.record.models.states import MembershipState, ReminderWay, Role, only


class Program(models.Model):
    """One cohort. `key` never changes: ids of people and sessions are made from it. The rest follows matching.toml."""

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=64, default="UTC")
    organizer_name = models.CharField(max_length=120, default="Program staff")
    organizer_email = models.CharField(max_length=254, default="staff@example.org")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key",)
        permissions = (
            ("coordinate", "Can change the record: sessions, requests, pairs, answers, plans, the outbox"),
            ("own", "Can erase people, make keys and see addresses"),
        )

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody, once for all programs.

    Keys are the case-folded e-mail address and the numeric Discord id, each claimed until its `..._verified_at` is
    set; a name is never a key. A merged person points to the one who stays and keeps its keys, so that answers under
    the old address find the right one. An erased person keeps only `public_id`. `reminders`: by which way they wish
    to be reminded of sessions ("": by Discord if their id is proven, else by e-mail).
    """

    public_id = models.CharField(max_length=14, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, unique=True, null=True, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    discord_id = models.CharField(max_length=20, unique=True, null=True, blank=True)
    discord_verified_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    reminders = models.CharField(max_length=7, choices=ReminderWay.choices, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "people"
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(email=Lower("email")), name="person_email_folded"
            ),
            models.CheckConstraint(condition=~Q(email="") & ~Q(discord_id=""), name="person_keys_null_not_empty"),
            models.CheckConstraint(condition=Q(reminders__in=("", *ReminderWay.values)), name="person_reminders_known"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="person_not_merged_into_itself"),
        )

    def __str__(self) -> str:
        return self.name or self.public_id

    @property
    def verified(self) -> bool:
        """Whether at least one key was proven to be this person's own."""
        return self.email_verified_at is not None or self.discord_verified_at is not None


class Membership(models.Model):
    """A person in a program under one role.

    `capacity_per_week`: reviews a week that staff allow; None leaves it to the form. `paused_until`: paused while that
    instant lies ahead; a pause without end is state `paused`. `details`: what messages may show beyond the name, by
    field name of `Student` or `Professional`; deleted on erasure.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    state = models.CharField(max_length=8, choices=MembershipState.choices, default=MembershipState.ACTIVE)
    capacity_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("program", "role", "id")
        constraints = (
            models.UniqueConstraint(fields=("program", "person", "role"), name="membership_once"),
            only("role", Role, "membership"),
            only("state", MembershipState, "membership"),
        )

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"


class Pseudonym(models.Model):
    """Who is behind `code` in snapshots, problems, plans and outbox payloads. Erasing a person deletes their rows."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="pseudonyms")
    code = models.CharField(max_length=40)
    role = models.CharField(max_length=12, choices=Role.choices)
    person = models.ForeignKey(Person, models.CASCADE, related_name="pseudonyms")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("program", "code"), name="pseudonym_once"),
            only("role", Role, "pseudonym"),
        )

    def __str__(self) -> str:
        return self.code
