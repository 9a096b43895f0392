"""Before the night: who takes part hears of it once, by Discord or e-mail, with a link to stay out."""

from __future__ import annotations

from datetime import timedelta

from backend.nightly.act import work_off
from backend.nightly.channels import Channels
from backend.nightly.letters import letters_of, skip_notices
from backend.nightly.moment import instant_from
from backend.nightly.night import think
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, Person
from backend.record.services.requests import pause
from publish.discord_announcer import DiscordAnnouncer
from tests.backend.nightly.nights import make_settings
from tests.backend.record.links.conftest import BASE, SHEETS, Doors, Kept
from tests.standins.discord_http import TOKEN, DiscordStandIn

MATCHING = make_settings(
    web={"public_url": BASE}, publish={"enabled": True, "direct_messages": True, "skip_notice_hours": 5}
)
BEN_ON_DISCORD = "700000000000000001"


def sent(doors: Doors, kept: Kept) -> None:
    record = DjangoRecord(MATCHING, doors.clock)
    record.outbox.add(skip_notices(MATCHING, record, doors.clock()))
    OutboxItem.objects.filter(channel="calendar").delete()
    with DiscordAnnouncer(TOKEN) as announcer:
        work_off(MATCHING, record, Channels(announcer=announcer, mailer=kept), doors.clock, lambda _: None)


def test_who_asks_or_offers_hears_once_a_night_and_can_stay_out(
    small_doors: Doors, discord_server: DiscordStandIn
) -> None:
    """Ana has a session, so she asks for nothing; Ben asks and is on Discord; John offers and lives in his mailbox."""
    Person.objects.filter(name="Ben Okafor").update(discord_id=BEN_ON_DISCORD, discord_verified_at=small_doors.clock())
    kept = Kept()
    sent(small_doors, kept)
    small_doors.clock.at += timedelta(minutes=20)
    sent(small_doors, kept)
    (to_john,) = kept.mails
    (to_ben,) = discord_server.direct(BEN_ON_DISCORD)
    assert to_john.to == "john@example.com"
    assert "Leave me out tonight" in to_ben["content"]
    link = next(line for line in to_john.text.splitlines() if line.startswith("Leave me out tonight: "))
    small_doors.press(link.split(BASE)[1])
    assert small_doors.member(small_doors.john).paused_until is not None
    record = DjangoRecord(MATCHING, small_doors.clock)
    assert [record.reach(code).name for code in record.taking_part()] == ["Ben Okafor"]  # type: ignore[union-attr]


def test_a_notice_is_not_sent_to_who_paused_meanwhile_or_after_the_run(
    small_doors: Doors, discord_server: DiscordStandIn
) -> None:
    record, kept = DjangoRecord(MATCHING, small_doors.clock), Kept()
    record.outbox.add(skip_notices(MATCHING, record, small_doors.clock()))
    pause(small_doors.member(small_doors.john), None, CONSOLE, small_doors.clock())
    sent(small_doors, kept)
    assert [mail.to for mail in kept.mails] == ["ben@example.org"]
    small_doors.clock.at += timedelta(days=1)
    record.outbox.add(skip_notices(MATCHING, record, small_doors.clock()))
    small_doors.clock.at += timedelta(hours=6)
    OutboxItem.objects.filter(channel="calendar").delete()
    work_off(MATCHING, record, Channels(mailer=kept), small_doors.clock, lambda _: None)
    assert len(kept.mails) == 1
    assert discord_server.messages == []


def test_a_notice_does_not_count_as_a_letter_about_how_somebody_stands(small_doors: Doors) -> None:
    Person.objects.filter(name="Ben Okafor").update(discord_id=BEN_ON_DISCORD, discord_verified_at=small_doors.clock())
    record = DjangoRecord(MATCHING, small_doors.clock)
    night = think(MATCHING, SHEETS, record.state(), small_doors.clock(), lambda _: None)
    first = letters_of(night, record)
    assert [item.payload["act"] for item in first] == ["waiting"]
    record.outbox.add([*first, *skip_notices(MATCHING, record, small_doors.clock())])
    assert letters_of(night, record) == []


def test_the_run_it_names_is_that_of_the_wall_clock_when_the_clocks_change(small_doors: Doors) -> None:
    """Both timers go by the clock in New York: from 21:00 five hours on is 2:00, which that night is an hour later."""
    evening = instant_from("2026-10-31T21:00", MATCHING.program.zone, "")
    notices = skip_notices(MATCHING, DjangoRecord(MATCHING, small_doors.clock), evening)
    assert {item.payload["run_at"] for item in notices} == {"2026-11-01T07:00:00+00:00"}
