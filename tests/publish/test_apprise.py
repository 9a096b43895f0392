"""Apprise with its own JSON channel against a receiver on loopback: at most once, and no address in an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publish.apprise_notifier import Notifier, NotifierError, notices, notifier_sender
from publish.message import Message
from publish.ports import Outcome, PublishError, Receipt, State
from tests.standins.hook_receiver import Receiver, receiver

MESSAGE = Message("apprise", "staff/spring/1/1", "**3 sessions**\nReport: <https://r.example/x>\n-# #K3F9QX", "#K3F9QX")
(ITEM,) = notices([MESSAGE], 1)


def notifier(system: Receiver) -> Notifier:
    return Notifier([system.url.replace("http://", "json://")])


def sent(system: Receiver, tried: bool = False) -> Outcome:
    (outcome,) = notifier_sender(notifier(system), "Night", lambda _: MESSAGE).send([replace(ITEM, tried=tried)])
    return outcome


def test_the_text_arrives_without_the_marks_of_discord() -> None:
    with receiver() as system:
        assert isinstance(sent(system), Receipt)
    assert b"3 sessions\\nReport: https://r.example/x\\n#K3F9QX" in system.got[0][1]


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
