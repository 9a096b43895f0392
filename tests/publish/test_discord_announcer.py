"""The real discord.py client against the stand-in: one message however often it is posted, and nobody is pinged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from publish.discord_announcer import DiscordAnnouncer
from publish.message import Message
from publish.ports import ClosedDoorError, PublishError, State
from tests.standins.discord_http import CHANNEL_ID, TOKEN, DiscordStandIn, direct_channel, discord_error
from tests.standins.discord_rates import RateLimits, rate_limit
from tests.standins.loopback import Answer, Fault

MESSAGES = f"/channels/{CHANNEL_ID}/messages"


@pytest.fixture
def announcer(discord_server: DiscordStandIn) -> Iterator[DiscordAnnouncer]:
    with DiscordAnnouncer(TOKEN, timeout=10.0) as adapter:
        yield adapter


def message(text: str = "12 sessions booked", reference: str = "#K3F9QX", channel: str = CHANNEL_ID) -> Message:
    return Message(channel, "night/spring/2026-03-01/1", f"{text}\n-# {reference}", reference)


def refusal(act: Callable[[], object]) -> PublishError:
    with pytest.raises(PublishError) as caught:
        act()
    assert TOKEN not in str(caught.value)
    assert "sessions" not in str(caught.value)
    return caught.value


def test_a_message_is_posted_as_the_bot_and_may_ping_nobody(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    receipt = announcer.post(message("@everyone look, <@123>"))
    (posted,) = discord_server.messages
    sent = next(one.json for one in discord_server.asked if one.method == "POST")
    assert (receipt.remote_id, receipt.repeated) == (posted["id"], False)
    assert (sent["allowed_mentions"]["parse"], sent["enforce_nonce"], sent["nonce"]) == ([], True, message().nonce)
    assert discord_server.pings == []


def test_posting_again_finds_the_message_among_other_peoples(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    first = announcer.post(message())
    discord_server.forget_nonces()
    discord_server.chatter(230)
    again = announcer.post(message())
    assert (again.remote_id, again.repeated) == (first.remote_id, True)
    assert discord_server.count("POST", MESSAGES) == 1


def test_somebody_elses_copy_of_the_reference_is_not_ours(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    discord_server.reads_all = True
    discord_server.chatter(1, "look at\n-# #K3F9QX")
    assert announcer.find(CHANNEL_ID, "#K3F9QX") is None
    assert not announcer.post(message()).repeated


def test_a_new_wording_edits_and_never_reposts(discord_server: DiscordStandIn, announcer: DiscordAnnouncer) -> None:
    first = announcer.post(message())
    changed = announcer.post(message("13 sessions booked"))
    assert (changed.remote_id, changed.repeated, bool(changed.version)) == (first.remote_id, False, True)
    assert [one["content"] for one in discord_server.messages] == [message("13 sessions booked").text]
    edits = [one.json for one in discord_server.asked if one.method == "PATCH"]
    assert [edit["allowed_mentions"]["parse"] for edit in edits] == [[]]


@pytest.mark.parametrize("answer", [None, discord_error(503)])
def test_a_reply_lost_after_the_commit_is_found_not_doubled(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer, answer: Answer | None
) -> None:
    discord_server.faults.append(Fault("POST", MESSAGES, after_commit=True, answer=answer))
    error = refusal(lambda: announcer.post(message()))
    assert (error.permanent, error.uncertain, error.state) == (False, True, State.UNKNOWN)
    discord_server.forget_nonces()
    assert announcer.post(message()).repeated
    assert len(discord_server.messages) == 1


def test_the_librarys_own_repeat_after_a_500_is_dropped_by_the_nonce(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    discord_server.faults.append(Fault("POST", MESSAGES, after_commit=True, answer=discord_error(500)))
    announcer.post(message())
    assert (discord_server.count("POST", MESSAGES), len(discord_server.messages)) == (2, 1)


def test_a_short_rate_limit_is_waited_out(discord_server: DiscordStandIn, announcer: DiscordAnnouncer) -> None:
    discord_server.faults.append(Fault("POST", MESSAGES, answer=rate_limit(0.05)))
    assert not announcer.post(message()).repeated


def test_a_long_rate_limit_is_handed_back_with_its_wait(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    discord_server.faults.append(Fault("POST", MESSAGES, answer=rate_limit(600)))
    error = refusal(lambda: announcer.post(message()))
    assert (error.state, error.blocks_channel, error.retry_after) == (State.PENDING, True, timedelta(minutes=10))


@pytest.mark.parametrize(
    ("method", "answer", "state", "says"),
    [
        ("GET", discord_error(403, 50001, "Missing Access"), State.DEAD, "Read Message History"),
        ("POST", discord_error(403, 50013, "Missing Permissions"), State.DEAD, "Send Messages"),
        ("POST", discord_error(400, 50035, "12 sessions booked is invalid"), State.DEAD, "50035"),
        ("GET", discord_error(503), State.PENDING, "503"),
        ("GET", Answer(429, {"message": "banned", "retry_after": 1}), State.PENDING, "429"),
    ],
)
def test_each_refusal_says_whether_to_try_again(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer, method: str, answer: Answer, state: State, says: str
) -> None:
    discord_server.faults.append(Fault(method, MESSAGES, answer=answer))
    error = refusal(lambda: announcer.post(message()))
    assert error.state is state
    assert says in str(error)


def test_an_unknown_channel_is_permanent(announcer: DiscordAnnouncer) -> None:
    assert refusal(lambda: announcer.post(message(channel="200000000000000009"))).state is State.DEAD


@pytest.mark.parametrize("channel", ["general", "", "١٢٣", "1" * 21])
def test_a_channel_is_a_number(announcer: DiscordAnnouncer, channel: str) -> None:
    assert "numeric id" in str(refusal(lambda: announcer.post(message(channel=channel))))


def test_a_wrong_token_blocks_the_channel_and_the_next_try_logs_in_again(discord_server: DiscordStandIn) -> None:
    with DiscordAnnouncer("wrong") as announcer:
        errors = [refusal(lambda: announcer.post(message())) for _ in range(2)]
    assert [(error.permanent, error.blocks_channel, error.state) for error in errors] == [
        (True, True, State.PENDING)
    ] * 2
    assert discord_server.count("GET", "/users/@me") == 2


def test_silence_ends_at_the_timeout(discord_server: DiscordStandIn) -> None:
    discord_server.faults.append(Fault("POST", MESSAGES, answer=discord_error(500), times=9))
    with DiscordAnnouncer(TOKEN, timeout=3.0) as announcer:
        error = refusal(lambda: announcer.post(message()))
    assert (error.state, error.blocks_channel) == (State.UNKNOWN, True)


def test_nobody_there_is_a_temporary_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with DiscordStandIn() as gone:
        monkeypatch.setattr(discord.http.Route, "BASE", gone.base)
    with DiscordAnnouncer(TOKEN) as announcer:
        assert refusal(lambda: announcer.post(message())).state is State.PENDING


PERSON = "700000000000000001"


def test_a_person_is_written_to_once(discord_server: DiscordStandIn, announcer: DiscordAnnouncer) -> None:
    channel = announcer.direct_channel(PERSON)
    first = announcer.post(message(channel=channel))
    discord_server.forget_nonces()
    assert channel == direct_channel(PERSON)
    assert announcer.post(message(channel=announcer.direct_channel(PERSON))).remote_id == first.remote_id
    assert len(discord_server.direct(PERSON)) == 1


def test_who_takes_no_direct_messages_is_told_apart(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    discord_server.closed.add(PERSON)
    channel = announcer.direct_channel(PERSON)
    error = refusal(lambda: announcer.post(message(channel=channel)))
    assert isinstance(error, ClosedDoorError)
    assert error.state is State.DEAD


def test_an_image_goes_with_the_message_and_is_replaced_by_an_edit(
    discord_server: DiscordStandIn, announcer: DiscordAnnouncer
) -> None:
    first = announcer.post(replace(message(), image=lambda: b"\x89PNG one"))
    assert discord_server.files[first.remote_id] == {"night.png": b"\x89PNG one"}
    announcer.post(replace(message("13 sessions booked"), image=lambda: b"\x89PNG two"))
    assert discord_server.files == {first.remote_id: {"night.png": b"\x89PNG two"}}
    assert len(discord_server.messages) == 1


def test_the_buckets_of_a_channel_are_respected(discord_server: DiscordStandIn, announcer: DiscordAnnouncer) -> None:
    discord_server.rooms = RateLimits(limit=2)
    for number in range(7):
        announcer.post(replace(message(reference=f"#K3F9Q{number}"), key=f"night/spring/{number}"))
    assert len(discord_server.messages) == 7


def test_a_limit_on_everything_is_waited_out(discord_server: DiscordStandIn, announcer: DiscordAnnouncer) -> None:
    discord_server.faults.append(Fault("POST", MESSAGES, answer=rate_limit(0.05, everywhere=True)))
    announcer.post(message())
    assert len(discord_server.messages) == 1
