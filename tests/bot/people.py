"""A program some weeks old, with its people on Discord: nights of the sample data through the real job, and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings as django_settings

from backend.nightly.act import book
from backend.nightly.moment import night_key
from backend.nightly.night import think
from backend.nightly.pull import pull
from backend.record.actor import CONSOLE
from backend.record.api.reading import frame
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, Person, Program, ReviewRequest, ScheduledSession
from backend.record.models.states import Channel, FormKind, Role, Scope, Verdict
from backend.record.services.closing import complete, confirm, no_show, rate
from backend.record.services.keys import create_key
from backend.record.services.posts import store_post, take_post
from backend.record.services.requests import pin
from backend.settings import Settings, from_mapping
from tests.bot.wire import Clock
from tests.standins.discord_server import Person as Member

FIRST, SECOND, THIRD = (datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(days=days) for days in (0, 9, 10))
PRESENT = THIRD + timedelta(hours=12)
MEET = datetime(2026, 12, 7, 19, tzinfo=UTC)
"""When Max meets John Doe: Monday, 2 PM in New York."""
VIEWERS, COORDINATORS, OWNERS = "510000000000000001", "510000000000000002", "510000000000000003"
LINK = "https://docs.google.com/forms/d/e/1/viewform?usp=pp_url&entry.1={token}"
MATCHING: Settings = from_mapping(
    {
        "program": {"key": "demo", "name": "Resume reviews", "zone": "America/New_York"},
        "discord": {"viewer_roles": [VIEWERS], "coordinator_roles": [COORDINATORS], "owner_roles": [OWNERS]},
        "forms": {"students": LINK, "professionals": LINK.replace("/1/", "/2/")},
    }
)
NEW = ("Ines Roth", "Kai Mori", "Lea Novak", "Max Oduya", "Nia Bauer")
ON_DISCORD = {"max": "Max Oduya", "chen": "Chen Wei", "john": "John Doe", "carlos": "Carlos Rivera", "nia": "Nia Bauer"}
"""Max and Nia have a session to come; Chen waits; Carlos met John Doe, and nobody has said so yet."""
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
    django_settings.MATCHING = MATCHING
    night_of(clock, FIRST)
    clock.at = SECOND
    program = Program.objects.get(key="demo")
    _past(program)
    night_of(clock, SECOND)
    clock.at = THIRD
    for number, name in enumerate(NEW):
        _answer(program, name, f"{('Mon', 'Tue', 'Wed')[number % 3]} and Thu 10am-8pm, weekends if needed")
    student, professional = (Person.objects.get(name=ON_DISCORD[short]) for short in ("max", "john"))
    pin(program, student, professional, CONSOLE, THIRD, starts_at=MEET)
    night_of(clock, THIRD)
    OutboxItem.objects.filter(pk=OutboxItem.objects.order_by("pk")[0].pk).update(state="dead", problem="403")
    clock.at = PRESENT
    on_discord, ids = members(), {}
    for short, name in ON_DISCORD.items():
        person = Person.objects.get(name=name)
        person.discord_id, person.discord_verified_at = on_discord[short].id, PRESENT
        person.save()
        ids[short] = person.public_id
    token = create_key(Scope.BOT, CONSOLE, PRESENT, program=program, label="the bot")[1]
    return Cast(ids, on_discord, token)


def night_of(clock: Clock, as_of: datetime) -> None:
    """A night, thought through and booked, at this moment."""
    clock.at = as_of
    record = DjangoRecord(MATCHING, clock)

    def sheets() -> Any:
        return pull(MATCHING, "sample_data/students.csv", "sample_data/professionals.csv")

    tonight = record.open_night(night_key(as_of, MATCHING.program.zone), as_of, sheets, anew=True)
    book(
        think(MATCHING, tonight.sheets, tonight.state, tonight.as_of, lambda _line: None, approved=True),
        record,
        approved=True,
    )


def _past(program: Program) -> None:
    """What became of the sessions that are over: most took place, some did not, some nobody spoke of."""
    over = list(ScheduledSession.objects.filter(program=program, ends_at__lt=SECOND).order_by("key"))
    for number, session in enumerate(over):
        if session.student.name == ON_DISCORD["carlos"]:
            continue
        if number % 7 == 3:
            no_show(session, Role.STUDENT, CONSOLE, SECOND)
        elif number % 4:
            confirm(session, session.student, Verdict.HELD, Channel.LINK, SECOND)
            rate(session, session.student, 5 - number % 3, Channel.LINK, SECOND)
        elif number % 8:
            complete(session, CONSOLE, SECOND, assumed=True)


def _answer(program: Program, name: str, times: str) -> None:
    """A student's answer through the webhook."""
    body = {
        "response_id": f"r-{NEW.index(name)}",
        "timestamp": (THIRD - timedelta(hours=6)).isoformat(),
        "responses": {
            "Full Name": name,
            "Email Address": f"{name.split(maxsplit=1)[0].lower()}.new@example.org",
            "Target Industry": "fintech",
            "Target Role": "Data analyst",
            "Experience Level": "Entry Level (0-2 years)",
            "Availability": times,
            "Time Zone": "Eastern Time (ET)",
        },
    }
    post = store_post(program, FormKind.STUDENTS, json.dumps(body).encode(), THIRD)
    take_post(post, frame(), THIRD, verified_email=False)


def session_between(student: str, professional: str) -> ScheduledSession:
    """The latest."""
    rows = ScheduledSession.objects.filter(student__name=student, professional__name=professional)
    return rows.order_by("-pk")[0]


def wish_of(name: str) -> ReviewRequest:
    return ReviewRequest.objects.filter(student__name=name).order_by("-pk")[0]
