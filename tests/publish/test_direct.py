"""Letters to single people: what they say, how rarely, and where they go when Discord is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from optimizer.domain import Stage
from publish.booking import Recipient
from publish.direct import (
    HELP,
    Letter,
    Reached,
    direct_sender,
    matched_item,
    matched_letter,
    waiting_item,
    waiting_letter,
    worth_telling,
)
from publish.discord_announcer import DiscordAnnouncer
from publish.mail import Mail
from publish.message import units
from publish.ports import ClosedDoorError, OutdatedError, Receipt
from tests.publish.publish_builders import PROGRAM, START, make_booking
from tests.standins.discord_http import TOKEN, DiscordStandIn

TODAY = date(2026, 3, 1)
ANA = Reached("Ana *López*", "ana@students.example", "700000000000000001", "America/New_York")
LINKS = {"Cancel this session": "https://program.example/l/abc"}
ITEM = waiting_item("s-1", Stage.NO_COMMON_TIME, TODAY)


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> Receipt:
        self.mails.append(mail)
        return Receipt(mail.message_id)


@pytest.fixture
def announcer(discord_server: DiscordStandIn) -> Iterator[DiscordAnnouncer]:
    with DiscordAnnouncer(TOKEN, timeout=10.0) as adapter:
        yield adapter


def letter() -> Letter:
    return matched_letter(make_booking(), Recipient.STUDENT, ANA, LINKS)


def test_a_letter_says_when_with_whom_and_how_to_cancel() -> None:
    text = letter().message("4").text
    assert f"<t:{int(START.timestamp())}:F>" in text
    assert "Dr. Bob O'Neil" in text
    assert "Cancel this session: <https://program.example/l/abc>" in text
    assert "Decline your invitation, if you got one, or write to Program staff" in text
    assert "staff@program.example" in text
    assert "Ana \\*López\\*" in text
    mail = letter().as_mail()
    assert mail is not None
    assert "10:00 (America/New_York), 30 minutes" in mail.text
    assert "cv-7731" not in text + mail.text


def test_the_only_reference_in_a_letter_is_the_sessions() -> None:
    message = letter().message("4")
    assert re.findall(r"#\w+", message.text) == [make_booking().reference]
    assert message.text.endswith(f"\n-# message {message.reference}")
    assert make_booking().reference.removeprefix("#") != message.reference


def test_where_to_meet_is_said_as_truly_as_in_the_invitation() -> None:
    hidden = make_booking(program=replace(PROGRAM, share_addresses=False, organizer_email="the_staff@program.example"))
    told = matched_letter(hidden, Recipient.STUDENT, ANA)
    assert r"Where: please ask Program staff \(the\_staff@program.example\)." in told.message("4").text.split("\n")
    mail = told.as_mail()
    assert mail is not None
    assert "Where: please ask Program staff (the_staff@program.example)." in mail.text.split("\n")


@pytest.mark.parametrize("stage", sorted(HELP))
def test_who_waits_reads_why_and_what_would_help_and_no_name_of_others(stage: str) -> None:
    text = waiting_letter(PROGRAM, waiting_item("s-1", stage, TODAY), ANA).message("4").text
    assert HELP[stage] in text
    assert "Spring Cohort" in text
    assert "at most once a week" in text
    assert units(text) < 1000


@pytest.mark.parametrize(
    ("stage", "days", "tells"),
    [
        (Stage.NO_COMMON_TIME, 30, False),
        (Stage.LOST, 6, False),
        (Stage.LOST, 7, True),
        (Stage.PAUSED, 30, False),
    ],
)
def test_only_another_state_is_told_and_at_most_weekly(stage: str, days: int, tells: bool) -> None:
    heard = worth_telling({"s-1": stage}, [ITEM], TODAY + timedelta(days=days), {})
    assert heard == (("s-1",) if tells else ())


def test_the_same_state_is_news_again_after_a_session() -> None:
    booking = make_booking()
    person = booking.student.id
    earlier = [
        waiting_item(person, Stage.LOST, TODAY),
        matched_item(booking, Recipient.STUDENT, TODAY + timedelta(days=1)),
    ]
    assert worth_telling({person: Stage.LOST}, earlier[:1], TODAY + timedelta(days=9), {}) == ()
    assert worth_telling({person: Stage.LOST}, earlier, TODAY + timedelta(days=9), {}) == (person,)


def test_a_session_that_no_letter_told_of_makes_the_same_state_news_too_once_and_after_a_week() -> None:
    stages, later = {"s-1": Stage.LOST}, TODAY + timedelta(days=9)
    first = waiting_item("s-1", Stage.LOST, TODAY, had=1)
    assert worth_telling(stages, [first], later, {"s-1": 1}) == ()
    assert worth_telling(stages, [first], later, {"s-1": 2}) == ("s-1",)
    assert worth_telling(stages, [first], TODAY + timedelta(days=6), {"s-1": 2}) == ()
    again = waiting_item("s-1", Stage.LOST, later, had=2)
    assert worth_telling(stages, [first, again], later + timedelta(days=9), {"s-1": 2}) == ()


def test_letters_that_were_written_before_sessions_were_counted_are_not_repeated() -> None:
    old = replace(ITEM, payload={name: value for name, value in ITEM.payload.items() if name != "had"})
    assert worth_telling({"s-1": Stage.NO_COMMON_TIME}, [old], TODAY + timedelta(days=9), {"s-1": 3}) == ()


def test_it_goes_by_discord_once(discord_server: DiscordStandIn, announcer: DiscordAnnouncer) -> None:
    box = Mailbox()
    sender = direct_sender(announcer, box, lambda _: letter())
    outcomes = sender.send([ITEM])
    discord_server.forget_nonces()
    outcomes += sender.send([ITEM])
    assert [isinstance(one, Receipt) and one.repeated for one in outcomes] == [False, True]
    assert len(discord_server.direct(ANA.discord_id)) == 1
    assert discord_server.pings == []
    assert box.mails == []


def test_closed_doors_fall_back_to_mail_and_without_mail_are_listed(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    discord_server.closed.add(ANA.discord_id)
    box = Mailbox()
    assert isinstance(direct_sender(announcer, box, lambda _: letter()).send([ITEM])[0], Receipt)
    assert [mail.to for mail in box.mails] == ["ana@students.example"]
    assert isinstance(direct_sender(announcer, None, lambda _: letter()).send([ITEM])[0], ClosedDoorError)


def test_what_another_mail_tells_anyway_is_not_mailed_twice(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    discord_server.closed.add(ANA.discord_id)
    box, matched = Mailbox(), matched_item(make_booking(), Recipient.STUDENT, TODAY)
    sender = direct_sender(announcer, box, lambda _: letter(), told_by_mail=("matched",))
    told, waiting = sender.send([matched, ITEM])
    assert isinstance(told, OutdatedError)
    assert isinstance(waiting, Receipt)
    assert len(box.mails) == 1
