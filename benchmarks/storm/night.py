"""One night in peace, the same night in a storm, and what each leaves.

Both begin with the same database, in which everybody is known already and reached by Discord; the database it is
configured with first is never opened.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
from django.db import connections
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from backend.nightly.act import Tally, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.night import think
from backend.nightly.record import Sheets
from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure
from backend.settings import Settings, from_mapping
from benchmarks.storm.faults import DISCORD, GOOGLE, SHEETS, Quota, Storm
from ingest.sheet import Form
from ingest.sources.google_source import GoogleSource
from publish.discord_announcer import DiscordAnnouncer
from publish.google_transport import credentials_from
from publish.passes import Patience
from publish.schedule_sheet import SCOPES, GoogleScheduleSheet
from tests.publish.publish_builders import connected
from tests.sheets import (
    AS_OF,
    PROFESSIONAL_TITLES,
    STUDENT_TITLES,
    professional_rows,
    student_rows,
)
from tests.standins.databases import SECRET, point_at, sqlite_copy, sqlite_template
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet
from tests.standins.google_token import service_account_json

configure(configuration(database_of(Path("never-used"), None), SECRET))

from backend.record.django_record import DjangoRecord  # noqa: E402 - models may be imported only once Django is set up
from backend.record.models import Person  # noqa: E402

NEXT_DAY = timedelta(hours=25)
MOST_NIGHTS = 6
FORMS, BOARD = "forms", "board"
"""The spreadsheets: people's answers, and staff's with the schedule."""


class _ToLoopback(HTTPAdapter):
    """Sends what is meant for Google Sheets to the stand-in."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:  # type: ignore[override]
        assert request.url is not None
        request.url = request.url.replace("https://sheets.googleapis.com", self._url)
        return super().send(request, **kwargs)


@dataclass
class Left:
    """What a night left: in the calendar, mailboxes, Discord, staff's spreadsheet and the outbox; and what it cost."""

    sessions: int = 0
    nights: int = 0
    waited: float = 0.0
    outbox: dict[str, str] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)
    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    messages: list[tuple[str, str]] = field(default_factory=list)
    schedule: list[list[Any]] = field(default_factory=list)
    trouble: Counter[str] = field(default_factory=Counter)

    def world(self) -> tuple[Any, ...]:
        """What has to be the same."""
        return self.events, self.mails, self.messages, self.schedule, self.outbox


class World:
    """Google's and Discord's stand-ins for so many rows of students and professionals."""

    def __init__(self, size: tuple[int, int]) -> None:
        worksheets: dict[str, Any] = {
            "Students": [list(STUDENT_TITLES), *student_rows(size[0])],
            "Professionals": [list(PROFESSIONAL_TITLES), *professional_rows(size[1])],
        }
        self.forms = GoogleSheetsStandIn({FORMS: Spreadsheet(worksheets), BOARD: Spreadsheet({"Notes": []})})
        self.google, self.chat = GoogleCalendarStandIn(), DiscordStandIn()
        self.quota = Quota(0)
        self.quota.tomorrow()

    def storm(self, chance: random.Random, each: int) -> list[Storm]:
        """From now on things go wrong: each trouble `each` times in the calendar and once elsewhere."""
        self.quota.place = each * 4
        storms = [
            Storm(self.forms, SHEETS, chance, 1),
            Storm(self.google, GOOGLE, chance, each),
            Storm(self.chat, DISCORD, chance, 1),
        ]
        for storm in storms:
            storm.server.faults.append(storm)
        self.google.faults.insert(0, self.quota)  # type: ignore[arg-type]
        return storms

    def sheets(self) -> Sheets:
        """Both forms' answers, read with gspread; waiting takes no time."""
        source = GoogleSource.from_json(service_account_json(f"{self.forms.url}/token"))
        source.client.http_client.session.mount("https://", _ToLoopback(self.forms.url))
        source.client.http_client.sleep = lambda _: None  # type: ignore[attr-defined]
        return Sheets(
            source.read(FORMS, "Students", Form.STUDENTS),
            source.read(FORMS, "Professionals", Form.PROFESSIONALS),
        )

    def channels(self, stack: ExitStack) -> Channels:
        """The adapters of a run, closed with the stack."""
        key = credentials_from(service_account_json(), SCOPES)
        return Channels(
            calendar=stack.enter_context(connected(self.google)),
            announcer=stack.enter_context(DiscordAnnouncer(TOKEN)),
            schedule=stack.enter_context(GoogleScheduleSheet(BOARD, "", key, stand_in=self.forms.url)),
        )


class _Watch:
    """A clock that only sleeping moves; `waited` in seconds."""

    def __init__(self) -> None:
        self.now, self.waited = AS_OF, 0.0

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now, self.waited = self.now + timedelta(seconds=seconds), self.waited + seconds


def everybody_known(size: tuple[int, int], folder: Path) -> Path:
    """A database that read these sheets once, in which everybody showed who they are in Discord."""
    template = sqlite_template(folder / "empty")
    known = sqlite_copy(template, folder / "known")
    point_at(known)
    world = World(size)
    with world.forms:
        DjangoRecord(_settings(), lambda: AS_OF).keep(world.sheets(), AS_OF)
    for number, person in enumerate(Person.objects.order_by("pk")):
        person.discord_id, person.discord_verified_at = str(700000000000000001 + number), AS_OF
        person.save()
    connections.close_all()
    return Path(known["NAME"])


def night(size: tuple[int, int], database: Path, folder: Path, chance: random.Random | None, each: int) -> Left:
    """One night on a copy of the database; with `chance` through a storm."""
    point_at(sqlite_copy(database, folder))
    world = World(size)
    with world.forms, world.google, world.chat:
        discord.http.Route.BASE = world.chat.base
        storms = [] if chance is None else world.storm(chance, each)
        left = _through(_settings(), world)
        left.events = {key: _told(event) for key, event in world.google.live().items()}
        left.mails = Counter((kind, event) for kind, _, event in world.google.mails)
        left.messages = sorted((one["channel_id"], one["content"]) for one in world.chat.messages)
        left.schedule = world.forms.spreadsheets[BOARD].worksheets["Schedule"]
        left.trouble = sum((storm.seen for storm in storms), world.quota.seen)
        broken = [*world.forms.violations, *world.google.violations, *world.chat.violations]
        assert not broken, broken
    connections.close_all()
    return left


def _through(settings: Settings, world: World) -> Left:
    """The job itself, and the job of the following nights as far as something is left to send."""
    watch, left = _Watch(), Left()
    record = DjangoRecord(settings, watch)
    tonight = record.keep(world.sheets(), AS_OF)
    planned = think(settings, tonight.sheets, tonight.state, AS_OF, lambda _: None)
    book(planned, record, approved=False)
    left.sessions = len(planned.plan.sessions)
    while record.waiting() or not left.nights:
        left.nights += 1
        assert left.nights <= MOST_NIGHTS, "something is never sent"
        with ExitStack() as stack:
            ports = world.channels(stack)
            work_off(settings, record, ports, watch, _silent, patience=Patience(120.0, watch.sleep))
        watch.now += NEXT_DAY
        world.quota.tomorrow()
    left.outbox = dict(record.program.outbox.values_list("key", "state"))
    left.waited = watch.waited
    return left


def _settings() -> Settings:
    return from_mapping({
        "program": {"key": "storm", "name": "Storm"},
        "matching": {"notice_hours": 168},
        "guards": {"unreadable_share": 1.0, "messages_per_night": 100_000},
        "publish": {
            "enabled": True, "calendar_id": CALENDAR_ID, "discord_channel_id": CHANNEL_ID,
            "staff_channel_id": STAFF_CHANNEL_ID, "direct_messages": True, "schedule_sheet": BOARD,
        },
    })  # fmt: skip


def _told(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in ("summary", "description", "start", "end", "attendees", "status")}


def _silent(_: Tally) -> None:
    """Nobody watches."""


def compare(size: tuple[int, int], seed: int, each: int, say: Callable[[str], None]) -> bool:
    """Both nights, and what they cost; whether they leave the same."""
    lefts = []
    with tempfile.TemporaryDirectory() as folder:
        database = everybody_known(size, Path(folder))
        for name, chance in (("clean", None), ("storm", random.Random(seed))):
            began = time.monotonic()
            left = night(size, database, Path(folder) / name, chance, each)
            say(
                f"{name}: {left.sessions} sessions, {len(left.events)} events, {len(left.messages)} messages, "
                f"{len(left.schedule)} lines of the schedule, {left.nights} nights, {left.waited:.0f} s waited for, "
                f"{time.monotonic() - began:.1f} s"
            )
            lefts.append(left)
    say(", ".join(f"{number} x {name}" for name, number in sorted(lefts[1].trouble.items())))
    same = lefts[0].world() == lefts[1].world()
    say("the same events, mails, messages, schedule and outbox" if same else "THE WORLD DIFFERS")
    return same
