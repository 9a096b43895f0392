"""What runs in the process that is killed: the real outbox, record, adapters and client libraries on one booked night.

Imported once in the server that forks the children; the database it is configured with first is never opened.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord

from backend.nightly.act import book, work_off
from backend.nightly.channels import Channels
from backend.nightly.night import think
from backend.nightly.picture import picture_of
from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure
from backend.report.figures import figures
from backend.settings import Settings
from publish.apprise_notifier import Notifier
from publish.discord_announcer import DiscordAnnouncer
from publish.google_calendar import SCOPES, GoogleCalendar
from publish.google_transport import credentials_from
from publish.hook import Hook
from publish.ports import Outcome
from publish.schedule_sheet import SCOPES as SHEETS_SCOPES
from publish.schedule_sheet import GoogleScheduleSheet
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.standins.databases import SECRET, point_at, sqlite_copy, sqlite_template
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN
from tests.standins.google_calendar import CALENDAR_ID
from tests.standins.google_token import service_account_json

configure(configuration(database_of(Path("never-used"), None), SECRET))

from backend.record.actor import CONSOLE  # noqa: E402 - models may be imported only once Django is set up
from backend.record.django_outbox import DjangoOutbox  # noqa: E402
from backend.record.django_record import DjangoRecord  # noqa: E402
from backend.record.mail import SmtpMailer  # noqa: E402
from backend.record.models import Person, ScheduledSession  # noqa: E402
from backend.record.services.closing import complete  # noqa: E402

STUDENTS = 2
BOARD = "board"
"""The spreadsheet with the schedule."""
HOOK_SECRET = "both-sides-know"  # noqa: S105


@dataclass(frozen=True)
class Addresses:
    """Where the stand-ins are. `google_key`: the service account's JSON, whose key this run made."""

    google: str
    sheets: str
    google_key: str
    discord: str
    hook: str
    apprise: str
    mail_port: int


def settings_of(mail: bool, port: int = 25) -> Settings:
    """The program: invitations in Google Calendar, or by mail."""
    publish: dict[str, object] = {
        "enabled": True,
        "calendar_id": "" if mail else CALENDAR_ID,
        "discord_channel_id": CHANNEL_ID,
        "staff_channel_id": STAFF_CHANNEL_ID,
        "direct_messages": True,
        "apprise": True,
        "schedule_sheet": BOARD,
    }
    return make_settings(publish=publish, mail={"host": "127.0.0.1", "port": port, "tls": "none"} if mail else {})


def prepare(folder: Path, mail: bool) -> None:
    """A night that is booked, and of which nobody was told yet; and a session that took place."""
    empty = folder.parent / "empty"
    template = next(empty.glob("*.sqlite3"), None) or sqlite_template(empty)
    point_at(sqlite_copy(template, folder))
    settings = settings_of(mail)
    record = DjangoRecord(settings, lambda: AS_OF)
    sheets = make_sheets(crowd(STUDENTS))
    night_before = record.keep(sheets, AS_OF)
    for number, person in enumerate(Person.objects.order_by("pk")):
        person.discord_id, person.discord_verified_at = str(700000000000000001 + number), AS_OF
        person.save()
    night = think(settings, night_before.sheets, night_before.state, AS_OF, lambda _: None)
    book(night, record, approved=False)
    _took_place()


def _took_place() -> None:
    model = ScheduledSession.objects.earliest("pk")
    past = ScheduledSession.objects.create(
        key="took-place",
        program=model.program,
        student=model.student,
        professional=model.professional,
        student_code=model.student_code,
        professional_code=model.professional_code,
        starts_at=AS_OF - timedelta(days=9),
        ends_at=AS_OF - timedelta(days=9) + timedelta(minutes=30),
    )
    complete(past, CONSOLE, AS_OF)


class Dying(DjangoOutbox):
    """Kills its own process at the n-th moment before or after an attempt or an outcome is recorded."""

    def __init__(self, program: Any, clock: Callable[[], datetime], die_at: int) -> None:
        super().__init__(program, clock)
        self._left = die_at

    def begin(self, key: str) -> bool:
        self._step()
        begun = super().begin(key)
        self._step()
        return begun

    def finish(self, key: str, outcome: Outcome) -> None:
        self._step()
        super().finish(key, outcome)
        self._step()

    def _step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def deliver(folder: Path, mail: bool, at: Addresses, later: timedelta, die_at: int = 0) -> None:
    """Work off the outbox, `later` than the night; `die_at` counts steps of the record from 1, 0 is never."""
    point_at(database_of(folder, None))
    discord.http.Route.BASE = at.discord
    settings = settings_of(mail, at.mail_port)

    def clock() -> datetime:
        return AS_OF + later

    record = DjangoRecord(settings, clock)
    if die_at:
        record._outbox = Dying(record.program, clock, die_at)
    with ExitStack() as stack:
        channels = Channels(
            None if mail else stack.enter_context(_calendar(at)),
            stack.enter_context(DiscordAnnouncer(TOKEN)),
            Hook(at.hook, HOOK_SECRET),
            stack.enter_context(SmtpMailer(settings, None)) if mail else None,
            Notifier([at.apprise]),
            schedule=stack.enter_context(_board(at)),
        )
        work_off(settings, record, channels, clock, lambda _: None)


def _calendar(at: Addresses) -> GoogleCalendar:
    return GoogleCalendar(CALENDAR_ID, credentials_from(at.google_key, SCOPES), stand_in=at.google)


def _board(at: Addresses) -> GoogleScheduleSheet:
    key = credentials_from(at.google_key, SHEETS_SCOPES)
    return GoogleScheduleSheet(BOARD, "", key, stand_in=at.sheets)


def warm_up() -> None:
    """Load what libraries load when they are first used, once for all children."""
    Notifier(["json://127.0.0.1"])
    picture_of(figures({}, {}, 0, {}))


def google_key() -> str:
    """A service account's key, for the process that holds the stand-ins."""
    return service_account_json()
