"""A program some weeks old, with its people on Discord."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings as django_settings

from backend.record.actor import CONSOLE
from backend.record.models import Person, ReviewRequest, ScheduledSession
from backend.record.models.states import Scope
from backend.record.services.approval import approve
from backend.record.services.keys import create_key
from backend.settings import Settings, from_mapping
from tests.backend.record.admin.seeded import PRESENT, Clock, seed
from tests.standins.discord_server import Person as Member

VIEWERS, COORDINATORS, OWNERS = "510000000000000001", "510000000000000002", "510000000000000003"
LINK = "https://docs.google.com/forms/d/e/1/viewform?usp=pp_url&entry.1={token}"
MATCHING: Settings = from_mapping(
    {
        "program": {"key": "demo", "name": "Resume reviews", "zone": "America/New_York"},
        "discord": {"viewer_roles": [VIEWERS], "coordinator_roles": [COORDINATORS], "owner_roles": [OWNERS]},
        "forms": {"students": LINK, "professionals": LINK.replace("/1/", "/2/")},
    }
)
ON_DISCORD = {"max": "Max Oduya", "chen": "Chen Wei", "john": "John Doe", "carlos": "Carlos Rivera", "nia": "Nia Bauer"}
"""Max meets John Doe; Nia meets John Doerr; Chen waits; Carlos met John Doe, and nobody has said so yet."""
STAFF = {"viewer": [VIEWERS], "coordinator": [COORDINATORS], "owner": [OWNERS, VIEWERS]}


@dataclass
class Cast:
    """`ids` in the API, `members` on Discord, by short name; `key` of the bot."""

    ids: dict[str, str]
    members: dict[str, Member]
    key: str

    def at(self, who: str) -> str:
        """A mention."""
        return f"<@{self.members[who].id}>"


def members() -> dict[str, Member]:
    names = [*ON_DISCORD, *STAFF, "stranger", "shy"]
    return {
        name: Member(f"4000000000000000{number:02}", list(STAFF.get(name, ())))
        for number, name in enumerate(names, start=10)
    }


def fill(clock: Clock) -> Cast:
    """Fill the empty record; the present is `PRESENT` at its end."""
    seeded = seed(clock)
    django_settings.MATCHING = MATCHING
    approve(seeded.plan, MATCHING, CONSOLE, PRESENT)
    on_discord, ids = members(), {}
    for short, name in ON_DISCORD.items():
        person = Person.objects.get(name=name)
        person.discord_id, person.discord_verified_at = on_discord[short].id, PRESENT
        person.save()
        ids[short] = person.public_id
    token = create_key(Scope.BOT, CONSOLE, PRESENT, program=seeded.program, label="the bot")[1]
    return Cast(ids, on_discord, token)


def session_between(student: str, professional: str) -> ScheduledSession:
    """The latest."""
    rows = ScheduledSession.objects.filter(student__name=student, professional__name=professional)
    return rows.order_by("-pk")[0]


def wish_of(name: str) -> ReviewRequest:
    return ReviewRequest.objects.filter(student__name=name).order_by("-pk")[0]
