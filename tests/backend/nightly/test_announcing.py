"""The staff's message over the wire: posted once, edited when the night changes, with its image."""

from __future__ import annotations

from pathlib import Path

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.picture import picture_of
from backend.nightly.plain_record import PlainRecord
from backend.report.figures import figures
from publish.discord_announcer import DiscordAnnouncer
from publish.ports import PublishError
from tests.backend.nightly.nights import AS_OF, crowd, make_night, make_settings, make_sheets
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.loopback import Fault

SETTINGS = make_settings(
    publish={
        "enabled": True,
        "staff_channel_id": STAFF_CHANNEL_ID,
        "summary_channel_id": CHANNEL_ID,
        "report_url": "https://reports.example/last",
    }
)


def booked(folder: Path) -> PlainRecord:
    record = PlainRecord(folder, lambda: AS_OF)
    book(make_night(SETTINGS, make_sheets(crowd(3))), record, approved=False)
    return record


def sent(record: PlainRecord) -> Delivery:
    with DiscordAnnouncer(TOKEN) as announcer:
        return work_off(SETTINGS, record, Channels(announcer=announcer), lambda: AS_OF, lambda _: None)


def in_channel(server: DiscordStandIn, channel: str) -> list[str]:
    return [one["content"] for one in server.messages if one["channel_id"] == channel]


def test_staff_and_everybody_are_told_once_each(tmp_path: Path, discord_server: DiscordStandIn) -> None:
    record = booked(tmp_path)
    assert sent(record).sent == 2
    assert sent(record).sent == 0
    (staff,), (summary,) = in_channel(discord_server, STAFF_CHANNEL_ID), in_channel(discord_server, CHANNEL_ID)
    assert "3 sessions booked for 3 students with 1 professional." in staff
    assert "https://reports.example/last" in staff
    assert "Student" not in staff + summary
    (files,) = discord_server.files.values()
    assert files["night.png"].startswith(b"\x89PNG")


def test_what_was_given_up_edits_the_message_instead_of_another(tmp_path: Path, discord_server: DiscordStandIn) -> None:
    record = booked(tmp_path)
    sent(record)
    key = next(entry.key for entry in record.entries if entry.channel == "calendar")
    record.begin(key)
    record.finish(key, PublishError("no such guest", permanent=True))
    assert sent(record).sent == 1
    (staff,) = in_channel(discord_server, STAFF_CHANNEL_ID)
    assert "1 message could not be delivered" in staff
    assert discord_server.count("PATCH") == 1


def test_a_crash_and_a_lost_reply_double_nothing(tmp_path: Path, discord_server: DiscordStandIn) -> None:
    record = booked(tmp_path)
    before = record.path.read_bytes()
    sent(record)
    record.path.write_bytes(before)
    discord_server.forget_nonces()
    discord_server.faults.append(Fault("GET", "/messages"))
    again = PlainRecord(tmp_path, lambda: AS_OF)
    sent(again)
    assert len(discord_server.messages) == 2


def test_the_same_figures_draw_the_same_bytes() -> None:
    told = figures({"p-1": 2}, {"p-1": 2, "p-2": 1}, 2, {"no common time": 3})
    assert picture_of(told) == picture_of(told)
    assert picture_of(figures({}, {}, 0, {})).startswith(b"\x89PNG")
