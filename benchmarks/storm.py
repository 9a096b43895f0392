"""`python -m benchmarks.storm`: one night through everything that can go wrong on the wire, against a clean one.

The nightly job reads its sheets with gspread, books, and sends with googleapiclient and discord.py, all on loopback;
only waiting is not real, so that a night takes seconds. Exit code 1 when the world differs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import discord
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from backend.nightly.act import Channels, Tally, book, work_off
from backend.nightly.night import think
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import RecordState, Sheets
from backend.settings import Settings, from_mapping
from ingest.sheet import Form
from ingest.sources.google_source import GoogleSource
from publish.discord_announcer import DiscordAnnouncer
from publish.passes import Patience
from tests.publish.publish_builders import connected
from tests.sheets import (
    AS_OF,
    PROFESSIONAL_TITLES,
    STUDENT_TITLES,
    professional_rows,
    student_rows,
)
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.discord_rates import rate_limit
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn, google_error
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet, sheets_error
from tests.standins.google_token import service_account_json
from tests.standins.loopback import Answer, Asked

NEXT_DAY = timedelta(hours=25)
MOST_NIGHTS = 6
LOST = "reply lost after the commit"
Trouble = tuple[str, Answer | None]
GOOGLE: tuple[Trouble, ...] = (
    ("403 rateLimitExceeded", google_error(403, "rateLimitExceeded")),
    ("429", google_error(429, "rateLimitExceeded", headers={"Retry-After": "7"})),
    ("500", google_error(500, "backendError")),
    ("503", google_error(503, "backendError")),
    ("reset", None),
    (LOST, None),
    ("slow", None),
    ("token expired", None),
    ("duplicate", None),
)
SHEETS: tuple[Trouble, ...] = (
    ("403 rateLimitExceeded", sheets_error(403, "PERMISSION_DENIED", reason="RATE_LIMIT_EXCEEDED")),
    ("429", sheets_error(429, "RESOURCE_EXHAUSTED")),
    ("500", sheets_error(500, "INTERNAL")),
    ("503", sheets_error(503, "UNAVAILABLE")),
    ("reset", None),
    ("slow", None),
)
DISCORD: tuple[Trouble, ...] = (
    ("429", rate_limit(0.05)),
    ("500", Answer(500, {"message": "500"})),
    ("503", Answer(503, {"message": "503"})),
    ("reset", None),
    (LOST, None),
    ("slow", None),
    ("duplicate", None),
)


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
class Storm:
    """Takes the part of a `Fault`: each kind of trouble `each` times, in an order and at requests that chance picks.

    `seen` counts what struck.
    """

    server: Any
    kinds: tuple[Trouble, ...]
    chance: random.Random
    each: int
    seen: Counter[str] = field(default_factory=Counter)
    answer: Answer | None = None
    after_commit: bool = False

    def __post_init__(self) -> None:
        self._left = [kind for kind in self.kinds for _ in range(self.each)]
        self.chance.shuffle(self._left)

    def strikes(self, asked: Asked) -> bool:
        """Whether this request's answer is not the real one."""
        if asked.path == "/token" or not self._left or self.chance.random() < 0.4:
            return False
        name, self.answer = self._left.pop()
        self.seen[name] += 1
        self.after_commit = name == LOST
        if name == "slow":
            time.sleep(0.2)
        elif name == "token expired":
            self.server.tokens.granted.clear()
        elif name == "duplicate":
            self.server._answer(asked)
        else:
            return True
        return False


@dataclass
class Quota:
    """Takes the part of a `Fault`: the calendar's quota is used up at the `place`-th request, until tomorrow."""

    place: int
    seen: Counter[str] = field(default_factory=Counter)
    answer: Answer = field(default_factory=lambda: google_error(403, "quotaExceeded"))
    after_commit: bool = False

    def strikes(self, asked: Asked) -> bool:
        if asked.path == "/token":
            return False
        self.place -= 1
        self.seen["quotaExceeded"] += self.place == 0
        return self.place == 0


@dataclass
class Left:
    """What a night left: in the calendar, in people's mailboxes, in Discord and in the outbox."""

    events: dict[str, Any]
    mails: Counter[tuple[str, str]]
    messages: list[tuple[str, str]]
    outbox: dict[str, str]
    sessions: int = 0
    nights: int = 0
    waited: float = 0.0
    trouble: Counter[str] = field(default_factory=Counter)

    def world(self) -> tuple[Any, ...]:
        """What has to be the same."""
        return self.events, self.mails, self.messages, self.outbox


def night(size: tuple[int, int], folder: Path, chance: random.Random | None = None, each: int = 4) -> Left:
    """One night of so many rows of students and professionals; with `chance` through a storm."""
    worksheets: dict[str, Any] = {
        "Students": [list(STUDENT_TITLES), *student_rows(size[0])],
        "Professionals": [list(PROFESSIONAL_TITLES), *professional_rows(size[1])],
    }
    forms = GoogleSheetsStandIn({"one": Spreadsheet(worksheets)})
    google, chat = GoogleCalendarStandIn(), DiscordStandIn()
    with forms, google, chat:
        discord.http.Route.BASE = chat.base
        storms: list[Any] = []
        if chance is not None:
            storms = [
                Storm(forms, SHEETS, chance, 1),
                Storm(google, GOOGLE, chance, each),
                Storm(chat, DISCORD, chance, 1),
                Quota(each * 4),
            ]
            for server, storm in zip((forms, google, chat, google), storms, strict=True):
                server.faults.insert(0, storm)
        left = _through(_settings(), folder, forms, google)
        left.events = {key: _told(event) for key, event in google.live().items()}
        left.mails = Counter((kind, event) for kind, _, event in google.mails)
        left.messages = sorted((one["channel_id"], one["content"]) for one in chat.messages)
        left.trouble = sum((storm.seen for storm in storms), Counter())
        broken = [*forms.violations, *google.violations, *chat.violations]
        assert not broken, broken
    return left


class _Watch:
    """A clock that only sleeping moves; `waited` in seconds."""

    def __init__(self) -> None:
        self.now, self.waited = AS_OF, 0.0

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now, self.waited = self.now + timedelta(seconds=seconds), self.waited + seconds


def _through(settings: Settings, folder: Path, forms: GoogleSheetsStandIn, google: GoogleCalendarStandIn) -> Left:
    """The job itself, and the job of the following nights as far as something is left to send."""
    watch = _Watch()
    record = PlainRecord(folder, watch)
    planned = think(settings, _sheets(forms), RecordState(), AS_OF, lambda _: None)
    book(planned, record, approved=False)
    nights = 0
    while record.waiting() or not nights:
        nights += 1
        assert nights <= MOST_NIGHTS, "something is never sent"
        with connected(google) as calendar, DiscordAnnouncer(TOKEN) as announcer:
            ports = Channels(calendar, announcer)
            work_off(settings, record, ports, watch, _silent, patience=Patience(120.0, watch.sleep))
        watch.now += NEXT_DAY
    outbox = {entry.key: str(entry.state) for entry in record.entries}
    return Left({}, Counter(), [], outbox, len(planned.plan.sessions), nights, watch.waited)


def _sheets(forms: GoogleSheetsStandIn) -> Sheets:
    source = GoogleSource.from_json(service_account_json(f"{forms.url}/token"))
    source.client.http_client.session.mount("https://", _ToLoopback(forms.url))
    source.client.http_client.sleep = lambda _: None  # type: ignore[attr-defined]
    students = source.read("one", "Students", Form.STUDENTS)
    return Sheets(students, source.read("one", "Professionals", Form.PROFESSIONALS))


def _settings() -> Settings:
    return from_mapping({
        "program": {"key": "storm", "name": "Storm"},
        "matching": {"notice_hours": 168},
        "guards": {"unreadable_share": 1.0, "messages_per_night": 100_000},
        "publish": {
            "enabled": True, "calendar_id": CALENDAR_ID, "discord_channel_id": CHANNEL_ID,
            "staff_channel_id": STAFF_CHANNEL_ID,
        },
    })  # fmt: skip


def _told(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in ("summary", "description", "start", "end", "attendees", "status")}


def _silent(_: Tally) -> None:
    """Nobody watches."""


def compare(size: tuple[int, int], seed: int, each: int, say: Callable[[str], None]) -> bool:
    """Both nights, and what they cost; whether they leave the same."""
    lefts = []
    for chance in (None, random.Random(seed)):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            left = night(size, Path(folder), chance, each)
        say(
            f"{'clean' if chance is None else 'storm'}: {left.sessions} sessions, {len(left.events)} events, "
            f"{len(left.messages)} messages, {left.nights} nights, {left.waited:.0f} s waited for, "
            f"{time.monotonic() - began:.1f} s"
        )
        lefts.append(left)
    say(", ".join(f"{number} x {name}" for name, number in sorted(lefts[1].trouble.items())))
    same = lefts[0].world() == lefts[1].world()
    say("the same events, mails, messages and outbox" if same else "THE WORLD DIFFERS")
    return same


def main() -> int:
    """300 students and 100 professionals unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--professionals", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=4, help="how often each kind of trouble strikes")
    asked = parser.parse_args()
    size = (asked.students, asked.professionals)
    return 0 if compare(size, asked.seed, asked.each, lambda line: print(line, flush=True)) else 1


if __name__ == "__main__":
    sys.exit(main())
