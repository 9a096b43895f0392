"""Lists of what is still to be sent, of who did what, and of keys."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from backend.record.admin.acts_operations import KEY_ACTS, NEW_KEY, OUTBOX_ACTS
from backend.record.admin.base import RecordAdmin, column
from backend.record.admin.clock import moment
from backend.record.admin.pages import Cell, Page, state, to
from backend.record.admin.trail import facts_line, kind_of, subject_link, trail
from backend.record.given_up import STANDING, STANDS, standing
from backend.record.models import ApiKey, AuditEntry, OutboxItem, Program
from backend.record.services.keys import prefix_of


class Standing(SimpleListFilter):
    """As `outbox list --state`."""

    title, parameter_name = "state", "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - Django's
        return [(stands, stands.capitalize()) for stands in STANDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutboxItem]) -> QuerySet[OutboxItem]:  # noqa: ARG002
        return queryset.alias(stands=STANDING).filter(stands=self.value()) if self.value() in STANDS else queryset


class OutboxItemAdmin(RecordAdmin):
    list_display = ("channel_name", "state_name", "tries", "tried", "problem_text", "added")
    list_filter = (Standing, "channel")
    search_fields = ("key", "problem", "=remote_id")
    acts = OUTBOX_ACTS

    def page(self, row: OutboxItem, request: HttpRequest) -> Page:  # noqa: ARG002
        facts = [
            ("Channel", Cell(row.channel)),
            ("State", state(standing(row.state, row.problem))),
            ("Approved", Cell("by staff: it counts for no guard" if row.approved else "")),
            ("Attempts", Cell(str(row.attempts))),
            ("Last attempt", Cell(moment(row.attempted_at))),
            ("Not before", Cell(moment(row.not_before))),
            ("Problem", Cell(row.problem)),
            ("Its name there", Cell(row.remote_id)),
            ("Key", Cell(row.key)),
            ("Payload", Cell(json.dumps(row.payload, sort_keys=True), note="keys and pseudonyms, nobody's name")),
        ]
        return Page(f"{row.channel} item {row.pk}", facts, [trail(row)])

    @column("Channel", "channel")
    def channel_name(self, row: OutboxItem) -> str:
        return row.channel

    @column("State", "state", states=True)
    def state_name(self, row: OutboxItem) -> str:
        return standing(row.state, row.problem)

    @column("Attempts", "attempts")
    def tries(self, row: OutboxItem) -> str:
        return str(row.attempts)

    @column("Last attempt", "attempted_at")
    def tried(self, row: OutboxItem) -> str:
        return moment(row.attempted_at)

    @column("Problem", "problem")
    def problem_text(self, row: OutboxItem) -> str:
        return row.problem

    @column("Added", "created_at")
    def added(self, row: OutboxItem) -> str:
        return moment(row.created_at)


class AuditEntryAdmin(RecordAdmin):
    list_display = ("when", "who", "door", "what", "subject", "facts")
    list_filter = ("actor_kind", "channel", "subject_kind")
    search_fields = ("=subject_id", "actor_id", "action")

    def rows(self, program: Program) -> QuerySet[AuditEntry]:
        """The program's, and those about accounts."""
        return AuditEntry.objects.filter(Q(program=program) | Q(program=None))

    def page(self, row: AuditEntry, request: HttpRequest) -> Page:  # noqa: ARG002
        facts = [
            ("When", Cell(moment(row.at))),
            ("Who", Cell(self.who(row))),
            ("Through", Cell(row.channel)),
            ("Did", Cell(row.action.replace("_", " "))),
            ("To", Cell(self.subject(row), subject_link(row))),
            ("Before", Cell(facts_line(row.before))),
            ("After", Cell(facts_line(row.after))),
        ]
        return Page(f"Audit entry {row.pk}", facts)

    @column("When", "at")
    def when(self, row: AuditEntry) -> str:
        return moment(row.at)

    @column("Who", "actor_id")
    def who(self, row: AuditEntry) -> str:
        return f"{row.actor_kind} {row.actor_id}".strip()

    @column("Through", "channel")
    def door(self, row: AuditEntry) -> str:
        return row.channel

    @column("Did", "action")
    def what(self, row: AuditEntry) -> str:
        return row.action.replace("_", " ")

    @column("To", "subject_kind")
    def subject(self, row: AuditEntry) -> str:
        return f"{kind_of(row)} {row.subject_id}"

    @column("Now")
    def facts(self, row: AuditEntry) -> str:
        return facts_line(row.after)


class ApiKeyAdmin(RecordAdmin):
    list_display = ("name_of", "begins", "scope_name", "person_name", "created", "used", "revoked")
    list_filter = ("scope",)
    search_fields = ("label", "=public_id", "person__name")
    list_select_related = ("person",)
    acts = KEY_ACTS
    list_acts = (NEW_KEY,)

    def page(self, row: ApiKey, request: HttpRequest) -> Page:  # noqa: ARG002
        facts: list[tuple[str, Any]] = [
            ("Name", Cell(row.label)),
            ("Begins with", Cell(prefix_of(row) or "comes from the environment")),
            ("Scope", Cell(row.scope)),
            ("Person", to(row.person)),
            ("Made", Cell(moment(row.created_at))),
            ("Last used", Cell(moment(row.last_used_at) or "never", note="noted once a day")),
            ("Revoked", Cell(moment(row.revoked_at))),
        ]
        return Page(f"Key {row.label or row.public_id}", facts, [trail(row)])

    @column("Name", "label")
    def name_of(self, row: ApiKey) -> str:
        return row.label or row.public_id

    @column("Begins with")
    def begins(self, row: ApiKey) -> str:
        return prefix_of(row)

    @column("Scope", "scope")
    def scope_name(self, row: ApiKey) -> str:
        return row.scope

    @column("Person", "person__name")
    def person_name(self, row: ApiKey) -> str:
        return str(row.person) if row.person else ""

    @column("Made", "created_at")
    def created(self, row: ApiKey) -> str:
        return moment(row.created_at)

    @column("Last used", "last_used_at")
    def used(self, row: ApiKey) -> str:
        return moment(row.last_used_at)

    @column("Revoked", "revoked_at")
    def revoked(self, row: ApiKey) -> str:
        return moment(row.revoked_at)


TABLES = {OutboxItem: OutboxItemAdmin, AuditEntry: AuditEntryAdmin, ApiKey: ApiKeyAdmin}
