"""A program as it looks after a few weeks: two nights of the sample data through the real job, and what followed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.models import Group, User

from backend.nightly.act import book, keep_for_staff
from backend.nightly.moment import night_key
from backend.nightly.night import Night, think
from backend.nightly.pull import pull
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import Membership, OutboxItem, Person, Program, Run, ScheduledSession
from backend.record.models.states import Channel, FormKind, Role, Scope, Verdict
from backend.record.services.closing import complete, confirm, no_show, rate
from backend.record.services.keys import create_key
from backend.record.services.posts import store_post, take_post
from backend.record.services.requests import forbid, pause, pin
from backend.record.services.responses import Frame
from backend.settings import Settings, from_mapping

FIRST, SECOND, THIRD = (datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(days=days) for days in (0, 9, 10))
PRESENT = THIRD + timedelta(hours=12)
PASSWORD = "a long password for tests"
MATCHING: Settings = from_mapping(
    {
        "program": {"key": "demo", "name": "Resume reviews", "zone": "America/New_York"},
        "guards": {},
    }
)
_numbers = count(1)


@dataclass
class Seeded:
    """`users` by role. `plan`: a run that waits for staff."""

    program: Program
    plan: Run
    users: dict[str, User] = field(default_factory=dict)

    def some(self, model: Any, **which: Any) -> Any:
        """The first such row."""
        return model.objects.filter(**which).order_by("pk").first()


def staff() -> dict[str, User]:
    """One account for each role, and one without any."""
    users = {}
    for role in ("viewer", "coordinator", "owner", "nobody"):
        users[role] = User.objects.create_user(role, password=PASSWORD, is_staff=True)
        if role != "nobody":
            users[role].groups.add(Group.objects.get(name=role))
    return users


@dataclass
class Clock:
    """The present, for code that reads it; stands in for `django.utils.timezone.now`."""

    at: datetime = FIRST

    def __call__(self) -> datetime:
        return self.at


def seed(clock: Clock) -> Seeded:
    """Fill the empty record. Ends at `PRESENT`."""
    django_settings.MATCHING = MATCHING
    record = DjangoRecord(MATCHING, clock)
    _night(record, FIRST)
    clock.at = SECOND
    _past(record.program, SECOND)
    _night(record, SECOND)
    clock.at = THIRD
    program = record.program
    _decisions(program, THIRD)
    _mail(program, THIRD)
    plan = kept(record, _thought(record, THIRD))
    clock.at = PRESENT
    _held_mail(program, PRESENT)
    return Seeded(program, plan, staff())


def _night(record: DjangoRecord, as_of: datetime) -> None:
    book(_thought(record, as_of), record, approved=True)


def thought(as_of: datetime) -> tuple[DjangoRecord, Night]:
    """Another night on the seeded record, not acted on."""
    record = DjangoRecord(MATCHING, lambda: as_of)
    return record, _thought(record, as_of)


def kept(record: DjangoRecord, night: Night, reason: str = "") -> Run:
    """The plan of a night, left for staff."""
    return Run.objects.get(key=keep_for_staff(night, record, reason).id)


def _thought(record: DjangoRecord, as_of: datetime) -> Night:
    def sheets() -> Any:
        return pull(MATCHING, "sample_data/students.csv", "sample_data/professionals.csv")

    tonight = record.open_night(night_key(as_of, MATCHING.program.zone), as_of, sheets, anew=True)
    return think(MATCHING, tonight.sheets, tonight.state, tonight.as_of, lambda _line: None, approved=True)


def _past(program: Program, now: datetime) -> None:
    """What became of the sessions that are over: most took place, one did not, some nobody spoke of."""
    over = list(ScheduledSession.objects.filter(program=program, ends_at__lt=now).order_by("key"))
    for number, session in enumerate(over):
        if number % 7 == 3:
            no_show(session, Role.STUDENT, CONSOLE, now)
        elif number % 4:
            confirm(session, session.student, Verdict.HELD, Channel.LINK, now)
            rate(session, session.student, 5 - number % 3, Channel.LINK, now)
        elif number % 8:
            complete(session, CONSOLE, now, assumed=True)


def _decisions(program: Program, now: datetime) -> None:
    students = Membership.objects.filter(program=program, role=Role.STUDENT).order_by("pk")
    professionals = Membership.objects.filter(program=program, role=Role.PROFESSIONAL).order_by("pk")
    pin(program, students[3].person, professionals[2].person, CONSOLE, now)
    forbid(program, students[5].person, professionals[4].person, CONSOLE, now)
    pause(professionals[6], now + timedelta(days=20), CONSOLE, now)
    create_key(Scope.READ, CONSOLE, now, program=program, label="Dashboard of the university")
    create_key(Scope.BOT, CONSOLE, now, program=program, label="Discord bot")
    for number, state in enumerate(("sent", "dead", "unknown", "pending")):
        item = OutboxItem.objects.filter(program=program).order_by("pk")[number]
        OutboxItem.objects.filter(pk=item.pk).update(
            state=state, attempts=number + 1, attempted_at=now, problem="403 quotaExceeded" if state == "dead" else ""
        )


def _mail(program: Program, now: datetime) -> None:
    """New students, so that the third night has somebody to match."""
    from backend.record.api.reading import frame

    for number, name in enumerate(("Ines Roth", "Kai Mori", "Lea Novak", "Max Oduya", "Nia Bauer")):
        times = f"{('Mon', 'Tue', 'Wed')[number % 3]} and Thu 10am-8pm, weekends if needed"
        post_answer(program, frame(), now - timedelta(hours=6), f"new{number}@example.org", times, name)


def _held_mail(program: Program, now: datetime) -> None:
    """An answer in the name of somebody verified, which waits for staff; and a post that nobody can read."""
    from backend.record.api.reading import frame

    known = Person.objects.filter(memberships__program=program, memberships__role=Role.STUDENT).order_by("pk")[1]
    Person.objects.filter(pk=known.pk).update(email_verified_at=now)
    post_answer(program, frame(), now, str(known.email), "Mondays 9-11")
    broken = store_post(program, FormKind.STUDENTS, b'{"responses": "' + str(known.email).encode() + b'"}', now)
    take_post(broken, frame(), now, verified_email=False)


def post_answer(program: Program, read: Frame, now: datetime, email: str, times: str, name: str = "Somebody") -> Any:
    """A student's answer through the webhook; what became of it."""
    body = {
        "response_id": f"r-{next(_numbers)}",
        "timestamp": now.isoformat(),
        "responses": {
            "Full Name": name,
            "Email Address": email,
            "Target Industry": "fintech",
            "Target Role": "Data analyst",
            "Experience Level": "Entry Level (0-2 years)",
            "Availability": times,
            "Time Zone": "Eastern Time (ET)",
        },
    }
    post = store_post(program, FormKind.STUDENTS, json.dumps(body).encode(), now)
    return take_post(post, read, now, verified_email=False)
