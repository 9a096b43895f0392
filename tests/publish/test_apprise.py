"""Apprise with its own JSON channel against a receiver on loopback: at most once, and no address in an error."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from publish.apprise_notifier import Notifier, NotifierError, notices, notifier_sender
from publish.message import Message
from publish.ports import Outcome, PublishError, Receipt, State
from tests.standins.hook_receiver import Receiver, receiver

TEXT = "**3 sessions**, one is free: <t:1796050800:F> (<t:1796050800:R>).\nReport: <https://r.example/x>\n-# #K3F9QX"
MESSAGE = Message("apprise", "staff/spring/1/1", TEXT, "#K3F9QX")
(ITEM,) = notices([MESSAGE], 1)


def notifier(system: Receiver) -> Notifier:
    return Notifier([system.url.replace("http://", "json://")])


def sent(system: Receiver, tried: bool = False) -> Outcome:
    (outcome,) = notifier_sender(notifier(system), "Night", "Europe/Berlin", lambda _: MESSAGE).send(
        [replace(ITEM, tried=tried)]
    )
    return outcome


def test_the_text_arrives_without_the_marks_of_discord_and_with_times_that_can_be_read() -> None:
    with receiver() as system:
        assert isinstance(sent(system), Receipt)
    assert json.loads(system.got[0][1])["message"].split("\n") == [
        "3 sessions, one is free: Mon 30 November 2026, 16:00 (Europe/Berlin).",
        "Report: https://r.example/x",
        "#K3F9QX",
    ]


def test_what_was_tried_before_is_listed_and_not_sent_again() -> None:
    with receiver() as system:
        outcome = sent(system, tried=True)
    assert isinstance(outcome, PublishError)
    assert outcome.state is State.DEAD
    assert system.got == []


def test_no_clear_yes_is_given_up_after_one_attempt() -> None:
    with receiver() as system:
        system.status = 503
        outcome = sent(system)
    assert isinstance(outcome, PublishError)
    assert outcome.state is State.DEAD
    assert len(system.got) == 1
    assert "127.0.0.1" not in str(outcome)


def test_an_unknown_address_is_counted_and_not_quoted() -> None:
    with pytest.raises(NotifierError, match="address 2 of 2") as caught:
        Notifier(["json://127.0.0.1/", "nonsense-secret"])
    assert "secret" not in str(caught.value)
