"""What staff and everybody read of a night stays what the record says, whatever happens after it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.night import think
from backend.nightly.record import Sheets
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, Run, ScheduledSession
from backend.record.models.states import Cause
from backend.record.services.outbox import drop_item
from backend.record.services.sessions import cancel_session
from backend.record.services.undoing import undo
from backend.settings import Settings
from publish.discord_announcer import DiscordAnnouncer
from publish.outbox import ANNOUNCER
from publish.ports import Item
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn


class Told:
    """A record whose messages are sent to Discord; the clock moves on five minutes with each pass."""

    def __init__(self, discord: DiscordStandIn, **publish: object) -> None:
        self.discord, self.now = discord, AS_OF
        self.settings: Settings = make_settings(publish={"enabled": True, **publish})
        self.record = DjangoRecord(self.settings, lambda: self.now)

    def booked(self, sheets: Sheets, *, hold: bool = False) -> None:
        tonight = self.record.keep(sheets, AS_OF)
        night = think(self.settings, tonight.sheets, tonight.state, AS_OF, lambda _: None)
        book(night, self.record, approved=True, hold=hold)

    def sent(self) -> Delivery:
        self.now += timedelta(minutes=5)
        with DiscordAnnouncer(TOKEN, timeout=10.0) as announcer:
            ports = Channels(announcer=announcer)
            return work_off(self.settings, self.record, ports, lambda: self.now, lambda _: None, approved=True)

    def read(self, channel: str) -> list[str]:
        self.sent()
        return [str(one["content"]) for one in self.discord.messages if one["channel_id"] == channel]


def test_the_staffs_message_reads_as_it_once_did_when_the_record_does(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    told = Told(discord_server, staff_channel_id=STAFF_CHANNEL_ID)
    told.booked(make_sheets())
    assert "could not be delivered" not in told.read(STAFF_CHANNEL_ID)[0]
    told.record.outbox.add([Item("hook/x", "hook", {})])
    OutboxItem.objects.filter(key="hook/x").update(state="dead", problem="the hook answered HTTP 400")
    assert "1 message could not be delivered" in told.read(STAFF_CHANNEL_ID)[0]
    drop_item(OutboxItem.objects.get(key="hook/x"), "told", CONSOLE, told.now)
    (message,) = told.read(STAFF_CHANNEL_ID)
    assert "could not be delivered" not in message


def test_after_undo_no_part_of_the_nights_message_names_a_session(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    told = Told(discord_server, discord_channel_id=CHANNEL_ID)
    told.booked(make_sheets(crowd(45), HOSTS))
    assert len(told.read(CHANNEL_ID)) > 1
    undo(Run.objects.get(), told.settings, CONSOLE, told.now)
    after = told.read(CHANNEL_ID)
    assert "0 sessions booked" in after[0]
    assert all("no longer needed" in one for one in after[1:])
    assert not [one for one in after if " with " in one]


def test_a_part_that_nobody_saw_is_not_posted_to_say_that_it_is_gone(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    told = Told(discord_server, discord_channel_id=CHANNEL_ID)
    told.booked(make_sheets(crowd(45), HOSTS))
    undo(Run.objects.get(), told.settings, CONSOLE, told.now)
    (message,) = told.read(CHANNEL_ID)
    assert "0 sessions booked" in message
    assert OutboxItem.objects.filter(channel="announcer").exclude(state="sent").count() == 0


def test_a_night_that_was_undone_and_run_anew_counts_who_waits_now(
    embedded_db: Path, discord_server: DiscordStandIn
) -> None:
    told = Told(discord_server, discord_channel_id=CHANNEL_ID, staff_channel_id=STAFF_CHANNEL_ID)
    told.booked(make_sheets(crowd(4), HOSTS))
    undo(Run.objects.get(), told.settings, CONSOLE, told.now)
    assert "0 sessions booked, 4 students still waiting" in told.read(CHANNEL_ID)[0]
    told.booked(make_sheets(crowd(4), HOSTS))
    assert "4 sessions booked, 0 students still waiting" in told.read(CHANNEL_ID)[0]
    assert "0 students without a session" in told.read(STAFF_CHANNEL_ID)[0]


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        (
            {"discord_channel_id": CHANNEL_ID, "staff_channel_id": STAFF_CHANNEL_ID},
            ("2 sessions booked, 1 more cancelled since", "; 1 more cancelled since"),
        ),
        ({"summary_channel_id": CHANNEL_ID}, ("2 sessions booked; 1 more cancelled since",)),
    ],
    ids=["the night's and the staff's", "the summary"],
)
def test_a_session_that_is_cancelled_by_day_is_no_longer_named_and_is_counted(
    embedded_db: Path, discord_server: DiscordStandIn, channels: dict[str, str], said: tuple[str, ...]
) -> None:
    told = Told(discord_server, **channels)
    told.booked(make_sheets(crowd(3), HOSTS))
    before = told.read(CHANNEL_ID)[0]
    assert "since" not in before
    row = ScheduledSession.objects.order_by("pk").first()
    assert row is not None
    cancel_session(row, Cause.STAFF, CONSOLE, told.now)
    (after,) = told.read(CHANNEL_ID)
    assert after.count(" with ") == max(0, before.count(" with ") - 1)
    for text, channel in zip(said, (CHANNEL_ID, STAFF_CHANNEL_ID), strict=False):
        assert text in told.read(channel)[0]


@pytest.mark.parametrize("gone", ["deleted in Discord", "dropped by staff", "another channel"])
def test_a_change_never_posts_a_message_that_does_not_stand(
    embedded_db: Path, discord_server: DiscordStandIn, gone: str
) -> None:
    told = Told(discord_server, discord_channel_id=CHANNEL_ID)
    told.booked(make_sheets(crowd(3), HOSTS))
    if gone == "dropped by staff":
        drop_item(OutboxItem.objects.get(channel=ANNOUNCER), "mistake", CONSOLE, told.now)
    assert len(told.read(CHANNEL_ID)) == (gone != "dropped by staff")
    discord_server.messages.clear()
    discord_server.forget_nonces()
    if gone == "another channel":
        told.settings = make_settings(publish={"enabled": True, "discord_channel_id": STAFF_CHANNEL_ID})
    row = ScheduledSession.objects.order_by("pk").first()
    assert row is not None
    cancel_session(row, Cause.STAFF, CONSOLE, told.now)
    told.sent()
    assert discord_server.messages == []
    assert not OutboxItem.objects.filter(channel=ANNOUNCER).exclude(state__in=("sent", "dead")).exists()


def test_a_held_nights_message_is_not_told_by_a_change(embedded_db: Path, discord_server: DiscordStandIn) -> None:
    told = Told(discord_server, discord_channel_id=CHANNEL_ID)
    told.booked(make_sheets(crowd(3), HOSTS), hold=True)
    row = ScheduledSession.objects.order_by("pk").first()
    assert row is not None
    cancel_session(row, Cause.STAFF, CONSOLE, told.now)
    assert told.read(CHANNEL_ID) == []


HOSTS = [
    {"Email Address": f"p{n}@example.com", "Full Name": f"Host {n}", "Maximum Reviews Per Week": "no limit"}
    for n in range(8)
]
