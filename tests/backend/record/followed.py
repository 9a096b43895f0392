"""A booked and sent session whose calendar is followed: the real client against the stand-in, the record underneath."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.night import think
from backend.record.django_record import DjangoRecord
from backend.record.models import ScheduledSession
from backend.record.services.calendar_flags import expected
from backend.record.syncing import SyncReport, sync_once
from backend.settings import Settings
from publish.booking import Recipient
from publish.google_calendar import GoogleCalendar
from publish.google_event import instant
from tests.backend.nightly.nights import AS_OF, make_settings, make_sheets
from tests.publish.publish_builders import connected
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn


@dataclass
class World:
    """One session of Ana with John, booked, sent, and followed once. `now` is the present."""

    settings: Settings
    google: GoogleCalendarStandIn
    calendar: GoogleCalendar
    now: datetime = AS_OF

    @property
    def record(self) -> DjangoRecord:
        return DjangoRecord(self.settings, lambda: self.now)

    @property
    def session(self) -> ScheduledSession:
        return ScheduledSession.objects.get()

    def event(self, who: Recipient) -> str:
        return next(name for name, recipient in expected(self.session).items() if recipient is who)

    def send(self) -> Delivery:
        return work_off(self.settings, self.record, Channels(self.calendar), lambda: self.now, lambda _: None)

    def sync(self, *, complete: bool = False) -> SyncReport:
        self.now += timedelta(minutes=10)
        return sync_once(self.settings, self.calendar, lambda: self.now, complete=complete)

    def move(self, who: Recipient, by: timedelta) -> None:
        row = self.session
        self.google.move(self.event(who), instant(row.starts_at + by), instant(row.ends_at + by))

    def times(self) -> set[tuple[str, str]]:
        return {(one["start"]["dateTime"], one["end"]["dateTime"]) for one in self.google.live().values()}


@pytest.fixture
def world(embedded_db: Path, google: GoogleCalendarStandIn) -> Iterator[World]:
    settings = make_settings(publish={"enabled": True, "calendar_id": CALENDAR_ID}).model_copy(
        update={"state_dir": str(embedded_db)}
    )
    with connected(google) as calendar:
        made = World(settings, google, calendar)
        tonight = made.record.keep(make_sheets(), AS_OF)
        book(think(settings, tonight.sheets, tonight.state, AS_OF, lambda _: None), made.record, approved=False)
        made.send()
        assert made.sync().complete
        yield made
