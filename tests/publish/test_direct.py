"""Letters to single people: what they say, how rarely, and where they go when Discord is closed."""

from __future__ import annotations

from collections.abc import Iterator
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
from publish.ports import ClosedDoorError, Receipt
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
    assert "Decline this invitation" in text
    assert "Ana \\*López\\*" in text
    mail = letter().as_mail()
    assert mail is not None
    assert "10:00 (America/New_York), 30 minutes" in mail.text
    assert "cv-7731" not in text + mail.text


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
    heard = worth_telling({"s-1": stage}, [ITEM], TODAY + timedelta(days=days))
    assert heard == (("s-1",) if tells else ())


def test_the_same_state_is_news_again_after_a_session() -> None:
    booking = make_booking()
    person = booking.student.id
    earlier = [
        waiting_item(person, Stage.LOST, TODAY),
        matched_item(booking, Recipient.STUDENT, TODAY + timedelta(days=1)),
    ]
    assert worth_telling({person: Stage.LOST}, earlier[:1], TODAY + timedelta(days=9)) == ()
    assert worth_telling({person: Stage.LOST}, earlier, TODAY + timedelta(days=9)) == (person,)


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
