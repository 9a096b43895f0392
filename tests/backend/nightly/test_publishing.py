"""The whole way out through the real client libraries, against stand-ins on loopback."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.plain_record import PlainRecord
from publish.discord_announcer import DiscordAnnouncer
from publish.ports import State
from tests.backend.nightly.nights import AS_OF, crowd, make_night, make_settings, make_sheets
from tests.publish.publish_builders import connected
from tests.standins.discord_http import CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn

SETTINGS = make_settings(publish={"enabled": True, "calendar_id": CALENDAR_ID, "discord_channel_id": CHANNEL_ID})


def sent(record: PlainRecord, google: GoogleCalendarStandIn, late: timedelta = timedelta(0)) -> Delivery:
    with connected(google) as calendar, DiscordAnnouncer(TOKEN) as announcer:
        return work_off(SETTINGS, record, Channels(calendar, announcer), lambda: AS_OF + late, lambda _: None)


def booked(folder: Path) -> PlainRecord:
    record = PlainRecord(folder, lambda: AS_OF)
    book(make_night(SETTINGS, make_sheets(crowd(3))), record, approved=False)
    return record


def test_every_session_reaches_both_people_and_the_channel_once(
    tmp_path: Path, google: GoogleCalendarStandIn, discord_server: DiscordStandIn
) -> None:
    record = booked(tmp_path)
    delivery = sent(record, google)
    assert delivery.exit is Exit.DONE
    assert delivery.sent == 2 * 3 + 1
    assert len(google.live()) == 6
    assert len(discord_server.messages) == 1
    assert discord_server.pings == []
    assert {entry.state for entry in record.entries} == {State.SENT}


def test_a_second_pass_sends_nothing(
    tmp_path: Path, google: GoogleCalendarStandIn, discord_server: DiscordStandIn
) -> None:
    record = booked(tmp_path)
    sent(record, google)
    mails = list(google.mails)
    assert sent(record, google) == Delivery()
    assert google.mails == mails
    assert len(discord_server.messages) == 1


def test_a_crash_after_sending_doubles_nothing(
    tmp_path: Path, google: GoogleCalendarStandIn, discord_server: DiscordStandIn
) -> None:
    record = booked(tmp_path)
    before = record.path.read_bytes()
    sent(record, google)
    mails = list(google.mails)
    record.path.write_bytes(before)
    delivery = sent(PlainRecord(tmp_path, lambda: AS_OF), google)
    assert delivery.sent == 7
    assert google.mails == mails
    assert len(google.live()) == 6
    assert len(discord_server.messages) == 1


def test_a_session_that_has_begun_is_not_announced_by_invitation(
    tmp_path: Path, google: GoogleCalendarStandIn, discord_server: DiscordStandIn
) -> None:
    record = booked(tmp_path)
    delivery = sent(record, google, late=timedelta(days=40))
    assert delivery.exit is Exit.PARTIAL
    assert delivery.dead == 6
    assert google.live() == {}
    assert len(discord_server.messages) == 1


def test_an_invitation_holds_private_facts_for_the_professional_alone(
    tmp_path: Path, google: GoogleCalendarStandIn, discord_server: DiscordStandIn
) -> None:
    sent(booked(tmp_path), google)
    told = {event["attendees"][0]["email"]: event["description"] for event in google.live().values()}
    assert all(("Night Nurse" in text) == (address == "john@example.com") for address, text in told.items())
    assert "Night Nurse" not in discord_server.messages[0]["content"]
