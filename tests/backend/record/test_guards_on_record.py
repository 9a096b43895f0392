"""The guards count what people would notice: no room that an event comes to name, nothing that nobody carries."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backend.nightly.act import book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit, Stop
from backend.nightly.guards import too_many
from backend.nightly.night import think
from backend.nightly.record import Sheets
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, ScheduledSession
from backend.record.services.closing import Ways, close_sessions
from backend.settings import Settings
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.publish.publish_builders import connected
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn
from tests.standins.google_changes import google_error
from tests.standins.loopback import Fault

ROOMY = [{"Maximum Reviews Per Week": "no limit"}]


def booked(settings: Settings, sheets: Sheets, at: datetime = AS_OF) -> DjangoRecord:
    record = DjangoRecord(settings, lambda: at)
    tonight = record.keep(sheets, at)
    book(think(settings, tonight.sheets, tonight.state, at, lambda _: None), record, approved=False)
    return record


@pytest.mark.parametrize("carried", [{}, {"mail": {"host": "mail.example"}}], ids=["by nobody", "too late to be sent"])
def test_invitations_that_will_never_go_out_do_not_stop_the_nights(
    embedded_db: Path, carried: dict[str, dict[str, object]]
) -> None:
    settings = make_settings(publish={"enabled": True}, guards={"messages_per_night": 4}, **carried)
    booked(settings, make_sheets(crowd(2)))
    assert ScheduledSession.objects.count() == 2
    later = AS_OF + timedelta(days=7)
    record = booked(settings, make_sheets(), later)
    work_off(settings, record, Channels(), lambda: later, lambda _: None)


def test_invitations_that_would_go_out_are_counted(embedded_db: Path) -> None:
    settings = make_settings(publish={"enabled": True}, guards={"messages_per_night": 4}, mail={"host": "mail.example"})
    with pytest.raises(Stop) as caught:
        booked(settings, make_sheets(crowd(3), ROOMY))
    assert caught.value.code is Exit.GATE_REFUSED
    assert "6 messages to single people would go out" in caught.value.message


def test_questions_about_sessions_that_are_over_are_counted(embedded_db: Path) -> None:
    settings = make_settings(publish={"enabled": True}, guards={"messages_per_night": 6}, mail={"host": "mail.example"})
    record = booked(settings, make_sheets(crowd(3), ROOMY))
    OutboxItem.objects.update(state="sent")
    now = max(row.ends_at for row in ScheduledSession.objects.all()) + timedelta(hours=25)
    close_sessions(now, record.program, Ways(mail=True))
    later = DjangoRecord(settings, lambda: now)
    assert too_many(settings, later, list(later.outbox.due()), now) == []
    tight = make_settings(publish={"enabled": True}, guards={"messages_per_night": 5}, mail={"host": "mail.example"})
    (reason,) = too_many(tight, later, list(later.outbox.due()), now)
    assert "6 messages" in reason


def test_the_news_of_rooms_that_waited_are_no_moves(embedded_db: Path, google: GoogleCalendarStandIn) -> None:
    meet = make_settings(program={"key": "demo", "meet": True}, publish={"enabled": True, "calendar_id": CALENDAR_ID})
    google.rooms.looks = 3  # Google takes its time, so the students are invited without the room
    booked(meet, make_sheets(crowd(6), ROOMY))

    def sent(minutes: int) -> None:
        now = AS_OF + timedelta(minutes=minutes)
        with connected(google) as calendar:
            work_off(meet, DjangoRecord(meet, lambda: now), Channels(calendar), lambda: now, lambda _: None)

    for minutes in (0, 5, 20):
        sent(minutes)
    # The rooms are there by now, and Google asks for patience as the students' events shall name them.
    google.faults.append(Fault("PATCH", "/events/", google_error(403, "rateLimitExceeded"), times=1000))
    sent(60)
    google.faults.clear()
    assert OutboxItem.objects.filter(payload__act="revise").exclude(state="sent").count() >= 6
    sent(90)
    assert not OutboxItem.objects.exclude(state="sent").exists()
