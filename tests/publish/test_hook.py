"""The signed hook, against a real server on loopback."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from publish.hook import DELIVERY, SIGNATURE, TIMESTAMP, Event, Hook, HookError, hook_sender, signature
from publish.ports import Item, PublishError, Receipt, State
from tests.standins.hook_receiver import Receiver, receiver

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SECRET = "both-sides-know-this"
EVENT = Event("hook/session.completed/k", "session.completed", {"session": "k", "assumed": False})


@pytest.fixture(name="receiver")
def _receiver() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def hook(url: str) -> Hook:
    return Hook(url, SECRET)


def test_an_event_arrives_signed_with_the_items_own_id(receiver: Receiver) -> None:
    assert hook(receiver.url).post(EVENT, NOW) == Receipt(EVENT.id)
    ((headers, body),) = receiver.got
    assert json.loads(body) == {"event": "session.completed", "id": EVENT.id, "session": "k", "assumed": False}
    assert headers[DELIVERY] == EVENT.id
    assert headers[TIMESTAMP] == str(int(NOW.timestamp()))
    assert hmac.compare_digest(headers[SIGNATURE], signature(SECRET, headers[TIMESTAMP], body))
    assert headers[SIGNATURE] != signature("another", headers[TIMESTAMP], body)


@pytest.mark.parametrize(
    ("status", "state", "blocks"),
    [
        (500, State.PENDING, False),
        (429, State.PENDING, True),
        (302, State.DEAD, False),
        (404, State.DEAD, False),
        (401, State.PENDING, True),
    ],
)
def test_an_answer_says_whether_to_try_again(receiver: Receiver, status: int, state: State, blocks: bool) -> None:
    receiver.status = status
    with pytest.raises(PublishError) as failed:
        hook(receiver.url).post(EVENT, NOW)
    assert (failed.value.state, failed.value.blocks_channel) == (state, blocks)
    if status == 429:
        assert failed.value.retry_after == timedelta(seconds=90)
    assert len(receiver.got) == 1


def test_who_is_not_there_may_still_have_heard(receiver: Receiver) -> None:
    url = receiver.url.replace(str(receiver.server.server_port), "1")
    (outcome,) = hook_sender(hook(url), lambda _: EVENT, lambda: NOW).send([Item("k", "hook", {})])
    assert isinstance(outcome, PublishError)
    assert outcome.state is State.UNKNOWN
    assert "127.0.0.1" not in str(outcome)


@pytest.mark.parametrize("url", ["http://example.org/x", "ftp://example.org", "example.org", "https://"])
def test_only_https_is_used(url: str) -> None:
    with pytest.raises(HookError):
        hook(url)


def test_nothing_is_sent_unsigned() -> None:
    with pytest.raises(HookError):
        Hook("https://example.org", "")
