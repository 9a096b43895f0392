"""Who did what to a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from backend.record.admin.clock import moment
from backend.record.admin.pages import Cell, Table, link_of
from backend.record.models import (
    ApiKey,
    AuditEntry,
    CalendarFlag,
    ForbiddenPair,
    FormResponse,
    Membership,
    OutboxItem,
    Person,
    Pin,
    ReviewRequest,
    Run,
    ScheduledSession,
)

SHOWN = 30
_BY_NAME: tuple[type[Model], ...] = (
    ApiKey, CalendarFlag, ForbiddenPair, FormResponse, Membership, OutboxItem, Person, Pin, ReviewRequest, Run,
    ScheduledSession,
)  # fmt: skip
_MODELS = {str(model._meta.model_name): model for model in _BY_NAME}


def trail(*rows: Model, title: str = "Audit") -> Table:
    """The latest entries about these rows."""
    wanted = Q(pk__in=())
    for row in rows:
        name = str(getattr(row, "public_id", row.pk))
        wanted |= Q(subject_kind=row._meta.model_name, subject_id=name)
    return entries_table(AuditEntry.objects.filter(wanted), title)


def entries_table(entries: QuerySet[AuditEntry], title: str) -> Table:
    """Entries, the latest first."""
    rows = [
        (
            Cell(moment(one.at)),
            Cell(f"{one.actor_kind} {one.actor_id}".strip(), note=one.channel),
            Cell(one.action.replace("_", " "), note=kind_of(one)),
            Cell(facts_line(one.before)),
            Cell(facts_line(one.after)),
        )
        for one in entries.order_by("-pk")[:SHOWN]
    ]
    return Table(title, ("When", "Who", "Did", "Before", "After"), rows, "Nothing has been done to it.")


def facts_line(facts: Mapping[str, Any]) -> str:
    """state: scheduled, revision: 1."""
    return ", ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in facts.items() if value is not None)


def kind_of(entry: AuditEntry) -> str:
    """What an entry is about, in words."""
    model = _MODELS.get(entry.subject_kind)
    return str(model._meta.verbose_name) if model else entry.subject_kind


def subject_link(entry: AuditEntry) -> str:
    """The page of what an entry is about; "" when there is none."""
    model = _MODELS.get(entry.subject_kind)
    if model is None:
        return ""
    named = any(field.name == "public_id" for field in model._meta.get_fields())
    known = {"public_id": entry.subject_id} if named else {"pk": entry.subject_id}
    if not named and not entry.subject_id.isdecimal():
        return ""
    row = model._default_manager.filter(**known).first()
    return link_of(row) if row else ""


def _plain(value: Any) -> str:
    if isinstance(value, str) and "T" in value and value[:4].isdecimal():
        try:
            return moment(datetime.fromisoformat(value))
        except ValueError:
            return value
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
