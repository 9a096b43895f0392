"""Everything around the program on loopback: Google's calendar, Discord, a mail server, another system; and its record.

Time is what `now` says. Services are the tests' stand-ins, spoken to by the real client libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import discord
from django.utils import timezone

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit, Stop
from backend.nightly.moment import night_key
from backend.nightly.night import Night, think
from backend.nightly.record import Sheets
from backend.nightly.reminding import Reminded, remind
from backend.record.mail import SmtpMailer
from backend.record.setup import ready
from backend.record.syncing import SyncReport, sync_once
from backend.settings import Settings, from_mapping
from benchmarks.soak.crowd import HOME
from publish.discord_announcer import DiscordAnnouncer
from publish.hook import Hook
from tests.publish.publish_builders import connected
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn
from tests.standins.hook_receiver import receiver
from tests.standins.smtp_server import SmtpServer

Done = TypeVar("Done")


class World:
    """Use it in a `with` block."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.now = now
        self.held = 0
        self._folder = folder
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        stack = self._stack
        self.google = stack.enter_context(GoogleCalendarStandIn())
        self.discord = stack.enter_context(DiscordStandIn())
        self.mail = stack.enter_context(SmtpServer())
        self.other = stack.enter_context(receiver())
        before = discord.http.Route.BASE
        stack.callback(lambda: setattr(discord.http.Route, "BASE", before))
        discord.http.Route.BASE = self.discord.base
        self.settings = _settings(self._folder, self.mail.port)
        ready(Path(self.settings.state_dir), matching=self.settings)
        present = timezone.now
        stack.callback(lambda: setattr(timezone, "now", present))
        timezone.now = self.clock  # the site's clock, for clicks
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def clock(self) -> datetime:
        """The simulated present."""
        return self.now

    def night(self, sheets: Sheets) -> Night | None:
        """The nightly job for `now`; None when this night was already booked."""
        from backend.record.django_record import DjangoRecord

        record = DjangoRecord(self.settings, self.clock)
        key = night_key(self.now, HOME)
        if record.state().run_of(self.settings.program.key, key) is not None:
            return None
        tonight = record.open_night(key, self.now, lambda: sheets)
        night = think(self.settings, tonight.sheets, tonight.state, tonight.as_of, lambda _: None)
        self._unless_held(lambda approved: book(night, record, approved=approved))
        record.tidy()
        return night

    def deliver(self) -> Delivery:
        """One pass over the outbox."""
        from backend.record.django_record import DjangoRecord

        with self._channels() as channels:
            record = DjangoRecord(self.settings, self.clock)
            return self._unless_held(
                lambda approved: work_off(
                    self.settings, record, channels, self.clock, lambda _: None, approved=approved
                )
            )

    def _unless_held(self, act: Callable[[bool], Done]) -> Done:
        """What a guard holds is looked at by staff, who approve it here; `held` counts that."""
        try:
            return act(False)
        except Stop as stop:
            if stop.code is not Exit.GATE_REFUSED:
                raise
            self.held += 1
            return act(True)

    def sync(self) -> SyncReport:
        """Take back what people did in the calendar."""
        with connected(self.google) as calendar:
            return sync_once(self.settings, calendar, self.clock)

    def remind(self) -> Reminded:
        """One pass of reminders."""
        from backend.record.django_record import DjangoRecord

        with self._channels() as channels:
            return remind(self.settings, DjangoRecord(self.settings, self.clock), channels, self.clock)

    @contextmanager
    def _channels(self) -> Iterator[Channels]:
        with (
            connected(self.google) as calendar,
            DiscordAnnouncer(TOKEN) as announcer,
            SmtpMailer(self.settings, None) as mailer,
        ):
            yield Channels(calendar, announcer, Hook(self.other.url, "both-sides-know"), mailer)


def _settings(folder: Path, mail_port: int) -> Settings:
    return from_mapping({
        "program": {"key": "soak", "name": "Soak", "zone": HOME},
        "state_dir": str(folder / "var"),
        "out_dir": str(folder / "out"),
        "publish": {
            "enabled": True, "calendar_id": CALENDAR_ID, "discord_channel_id": CHANNEL_ID,
            "staff_channel_id": STAFF_CHANNEL_ID, "direct_messages": True,
        },
        "web": {"public_url": "https://program.example"},
        "mail": {"host": "127.0.0.1", "port": mail_port, "tls": "none"},
    })  # fmt: skip
