"""The stand-ins of one round, what they saw, and the trap that kills whoever asks them something."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.crash.child import BOARD, Addresses, google_key
from publish.hook import DELIVERY
from tests.standins.discord_http import DiscordStandIn
from tests.standins.google_calendar import GoogleCalendarStandIn
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet
from tests.standins.loopback import Answer, Asked, Loopback
from tests.standins.smtp_server import SmtpServer


@dataclass
class Trap:
    """Kills `pid` at its `place`-th request, counted over all services from 1: before it is taken, or `after`.

    Takes the part of a `Fault` in every stand-in.
    """

    place: int = 0
    after_commit: bool = False
    pid: int = 0
    seen: int = 0
    answer: Answer | None = None

    def strikes(self, asked: Asked | None = None) -> bool:  # noqa: ARG002
        """Whether this request is the one; its reply is lost in any case."""
        self.seen += 1
        if self.seen != self.place or not self.pid:
            return False
        os.kill(self.pid, signal.SIGKILL)
        return True


class TrappedMail(SmtpServer):
    """A mail server with the same trap: before a mail is taken, or after."""

    def __init__(self, trap: Trap) -> None:
        super().__init__()
        self.trap = trap

    def ordered(self, verb: str) -> str:
        if verb == ("." if self.trap.after_commit else "DATA") and self.trap.strikes():
            return "drop"
        return super().ordered(verb)


@dataclass
class Seen:
    """What the world has after a round. Counts are by what is meant: an event, a message, a mail, a delivery."""

    events: dict[str, Any] = field(default_factory=dict)
    invited: Counter[str] = field(default_factory=Counter)
    messages: dict[str, list[str]] = field(default_factory=dict)
    mails: dict[str, set[str]] = field(default_factory=dict)
    mailed: Counter[str] = field(default_factory=Counter)
    hooks: Counter[str] = field(default_factory=Counter)
    apprise: int = 0
    schedule: list[list[Any]] = field(default_factory=list)
    outbox: dict[str, str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


class World:
    """All services of one round."""

    def __init__(self) -> None:
        self.trap = Trap()
        self.google, self.discord = GoogleCalendarStandIn(), DiscordStandIn()
        self.sheets = GoogleSheetsStandIn({BOARD: Spreadsheet({"Notes": []})})
        self.hook, self.apprise = Loopback(lambda _: Answer(200)), Loopback(lambda _: Answer(200))
        self.mail = TrappedMail(self.trap)

    @contextmanager
    def running(self) -> Iterator[Addresses]:
        """Where they are while the block lasts."""
        with self.google, self.sheets, self.discord, self.hook, self.apprise, self.mail:
            for service in (self.google, self.sheets, self.discord, self.hook, self.apprise):
                service.faults.append(self.trap)  # type: ignore[arg-type]
            apprise = self.apprise.url.replace("http:", "json:")
            hook = f"{self.hook.url}/points"
            yield Addresses(
                self.google.url, self.sheets.url, google_key(), self.discord.base, hook, apprise, self.mail.port
            )

    def seen(self, folder: Path) -> Seen:
        """What everybody got, and what the record says."""
        violations = [*self.google.violations, *self.sheets.violations, *self.discord.violations]
        seen = Seen(violations=violations, outbox=_outbox(folder))
        for key, event in self.google.live().items():
            seen.events[key] = {name: event[name] for name in ("summary", "description", "start", "end", "attendees")}
        seen.invited.update(f"{kind} {event}" for kind, _, event in self.google.mails)
        for message in self.discord.messages:
            mark = message["content"].rsplit("-# ", 1)[-1]
            seen.messages.setdefault(f"{message['channel_id']} {mark}", []).append(message["content"])
        for taken in self.mail.taken:
            meant = f"{taken.recipients[0]} {taken.message['Subject']}"
            seen.mailed[meant] += 1
            seen.mails.setdefault(meant, set()).add(str(taken.message["Message-ID"]))
        seen.hooks.update(one.headers[DELIVERY.lower()] for one in self.hook.asked if _took(one))
        seen.apprise = sum(map(_took, self.apprise.asked))
        seen.schedule = self.sheets.spreadsheets[BOARD].worksheets.get("Schedule", [])
        return seen


def _took(asked: Asked) -> bool:
    return asked.method == "POST" and bool(json.loads(asked.body))


def _outbox(folder: Path) -> dict[str, str]:
    with sqlite3.connect(next(folder.glob("*.sqlite3"))) as connection:
        return dict(connection.execute("SELECT key, state FROM record_outboxitem").fetchall())
