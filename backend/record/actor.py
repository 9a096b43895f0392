"""Who acts on the record, and through which door."""

from __future__ import annotations

from dataclasses import dataclass

from backend.record.models.people import Person
from backend.record.models.states import ActorKind, Channel


@dataclass(frozen=True)
class Actor:
    """`id`: a staff user's name, a person's or key's `public_id`; "" for a rule."""

    kind: ActorKind
    channel: Channel
    id: str = ""

    @classmethod
    def participant(cls, person: Person, channel: Channel) -> Actor:
        """A student or professional acting for themselves, through whatever door."""
        return cls(ActorKind.PARTICIPANT, channel, person.public_id)


NIGHT = Actor(ActorKind.SYSTEM, Channel.NIGHT)
CALENDAR = Actor(ActorKind.SYSTEM, Channel.GOOGLE, "google")
"""Somebody in the program's calendar; Google does not tell who."""
CONSOLE = Actor(ActorKind.OWNER, Channel.CLI)
"""Whoever has a shell on the machine has the database file as well."""
