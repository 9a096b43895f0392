"""Who did what. Only named facts go in, so that nothing a person wrote can slip through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Model

from backend.record.actor import Actor
from backend.record.models import AuditEntry, Program

FACTS = frozenset(
    {"state", "starts_at", "ends_at", "revision", "incarnation", "assumed", "cause", "stars", "verdict", "paused_until"}
    | {"capacity_per_week", "person", "student", "professional", "role", "scope", "priority", "wanted", "verified"}
    | {"zone", "reminders", "held", "released", "attempts", "because", "approved"}
    | {"sessions", "unmatched", "responses", "rows", "merged_into", "erased", "night"}
)
Fact = str | int | bool | datetime | None


def note(
    actor: Actor,
    action: str,
    subject: Model,
    now: datetime,
    *,
    program: Program | None = None,
    before: Mapping[str, Fact] | None = None,
    after: Mapping[str, Fact] | None = None,
) -> None:
    """Write one entry. Raises `ValueError` for a fact that is not known to be free of personal text."""
    entry(actor, action, subject, now, program=program, before=before, after=after).save()


def entry(
    actor: Actor,
    action: str,
    subject: Model,
    now: datetime,
    *,
    program: Program | None = None,
    before: Mapping[str, Fact] | None = None,
    after: Mapping[str, Fact] | None = None,
) -> AuditEntry:
    """The entry, not yet written: for many at once."""
    return AuditEntry(
        at=now,
        program=program,
        actor_kind=actor.kind,
        actor_id=actor.id,
        channel=actor.channel,
        action=action,
        subject_kind=str(subject._meta.model_name),
        subject_id=str(getattr(subject, "public_id", subject.pk)),
        before=_plain(before or {}),
        after=_plain(after or {}),
    )


def _plain(facts: Mapping[str, Fact]) -> dict[str, str | int | bool | None]:
    strange = set(facts) - FACTS
    if strange:
        raise ValueError(f"not facts for the audit: {sorted(strange)}")
    return {name: fact.isoformat() if isinstance(fact, datetime) else fact for name, fact in facts.items()}
