"""Who calls, what they may, and on whose behalf."""

from __future__ import annotations

from dataclasses import dataclass

from backend.record.actor import Actor
from backend.record.models import ApiKey, Person, Program
from backend.record.models.states import ActorKind, Role

VIEWERS = frozenset({ActorKind.VIEWER, ActorKind.COORDINATOR, ActorKind.OWNER})
WRITERS = frozenset({ActorKind.COORDINATOR, ActorKind.OWNER})
OWN = frozenset({ActorKind.PARTICIPANT})
ANYBODY = VIEWERS | OWN
MEMBERS = ANYBODY | {ActorKind.BOT}
"""Also a Discord member whom the record does not know."""


@dataclass(frozen=True)
class Caller:
    """The holder of a key, or the Discord member for whom the bot calls; what `request.user` is.

    `actor` is who the audit names. `person`: whose own things these are; None for keys that are nobody's and for
    members whom the record does not know (`actor.kind` is then BOT). `roles`: theirs in `program`. `discord_id`: of
    the member for whom the bot calls.
    """

    key: ApiKey
    program: Program
    actor: Actor
    person: Person | None = None
    roles: frozenset[Role] = frozenset()
    discord_id: str = ""

    is_authenticated = True

    @property
    def kind(self) -> ActorKind:
        return self.actor.kind

    @property
    def staff(self) -> bool:
        return self.kind in VIEWERS

    @property
    def writes(self) -> bool:
        return self.kind in WRITERS

    @property
    def name(self) -> str:
        """Who is throttled, and whose idempotency keys these are."""
        return f"{self.key.public_id}/{self.discord_id}"
