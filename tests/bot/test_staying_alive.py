"""A dead API, a dropped gateway, a restart, a bad event: the bot says so in a sentence and goes on."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import aiohttp
import discord
import pytest

from bot.app import MatchingBot
from bot.client import Api, ApiError
from bot.config import BotConfig
from bot.running import BAD_TOKEN, NO_INTENT, _KindsOnly, serve
from tests.bot.people import Cast
from tests.bot.test_own_commands import only
from tests.bot.wire import Clock, Wire
from tests.standins.loopback import Answer, Fault, Loopback


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_buttons_work_after_a_restart(wire: Wire) -> None:
    cancel = only(wire.say("max", "!cancel"))
    page = only(wire.slash("viewer", "pending_reviews"))
    wire.restart()
    assert "Page 2 of" in only(wire.press("viewer", page, "Next")).text
    assert "The session is cancelled" in only(wire.press("max", cancel, "Cancel it")).text


def test_choices_work_after_a_restart(wire: Wire) -> None:
    told = only(wire.say("coordinator", '!schedule_session "Chen Wei" "John" "Tuesday 2:00 PM"'))
    wire.restart()
    assert "Book this session?" in only(wire.pick("coordinator", told, "John Doerr")).text


@pytest.mark.parametrize("resumable", [True, False])
def test_a_dropped_gateway_is_taken_up_again(wire: Wire, resumable: bool) -> None:
    assert wire.say("max", "!review_status")
    wire.drop(resumable=resumable)
    assert "Where you stand" in only(wire.say("max", "!review_status")).text
    assert wire.discord.resumed == int(resumable)


def test_a_dead_api_gives_a_sentence_and_comes_back(wire: Wire) -> None:
    alive = wire.config.api_url
    wire.restart(api_url=f"http://127.0.0.1:{free_port()}")
    for told in (only(wire.say("max", "!review_status")), only(wire.slash("max", "review_status"))):
        assert "cannot be reached right now" in told.text
    assert wire.complete("viewer", "suggest_matches", "student", "a") == []
    assert "For staff" in only(wire.say("max", "!help")).text
    wire.restart(api_url=alive)
    assert "Where you stand" in only(wire.say("max", "!review_status")).text


def test_a_wrong_key_is_named_without_being_shown(wire: Wire) -> None:
    wire.restart(api_key="wrong-key")
    told = only(wire.say("max", "!review_status"))
    assert "BOT_SHARED_SECRET" in told.text
    assert "wrong-key" not in told.text


def test_other_servers_are_not_ours(wire: Wire) -> None:
    wire.restart(guilds=frozenset({1}))
    assert wire.say("max", "!review_status") == []
    assert "another server" in only(wire.slash("max", "review_status")).text
    assert "Where you stand" in only(wire.say("max", "!review_status", "dm")).text


def test_what_is_meant_for_other_bots_is_left_alone(wire: Wire) -> None:
    for text in ("!play something", "!", "hello", "!!", "! review", "?review_status", "!ban @max"):
        assert wire.say("max", text) == []


def test_odd_messages_and_events_do_no_harm(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ('!schedule_session "', "!availability ```", "!cancel \u202e@everyone", "!rate 1 2 3 4", "!why \u200b",
                 "!pending_reviews %00", "!timezone ../../etc", "!whatif " + "x " * 900):  # fmt: skip
        assert wire.say("owner", text, "dm"), text

    async def broken(*_given: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(MatchingBot, "turn", broken)
    told = only(wire.say("max", "!review_status"))
    assert "Something went wrong on my side" in told.text
    assert "secret" not in told.text
    monkeypatch.undo()


def test_a_server_that_refuses_everything_does_not_stop_it(wire: Wire) -> None:
    wire.discord.failing = {"messages": 403, "typing": 403, "reactions": 403}
    assert wire.say("max", "!review_status") == []
    assert wire.say("max", "!nonsense_status") == []
    wire.discord.failing = {}
    assert wire.say("max", "!review_status")


def test_commands_that_cannot_be_renewed_do_not_stop_it(wire: Wire) -> None:
    wire.discord.failing = {"PUT /applications": 403}
    wire.restart()
    assert wire.say("max", "!review_status")


def test_a_slow_answer_is_announced_to_discord_first(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read = Api.call

    async def watched(self: Api, method: str, path: str, *given: Any, **named: Any) -> Any:
        asked.append(([one for one in wire.discord.asked if "callback" in one][-1:] and "announced") or "not")
        return await read(self, method, path, *given, **named)

    monkeypatch.setattr(Api, "call", watched)
    wire.slash("max", "review_status")
    assert set(asked) == {"announced"}


def ask(answers: Loopback, act: Any) -> Any:
    async def run() -> Any:
        async with Api(answers.url, "k", timeout=10.0, pause=0.0) as api:
            return await act(api.acting_for(4 * 10**17, [7, 5]))

    return asyncio.run(run())


def served(status: int = 200, body: object = None, **headers: str) -> Loopback:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Loopback(lambda _asked: Answer(status, {} if body is None else body, given))


def test_the_member_and_their_roles_go_with_every_call() -> None:
    with served(body={"ok": True}) as answers:
        ask(answers, lambda api: api.get("me/", text="a b", state=("x", "y"), none=""))
        headers = answers.asked[0].headers
        assert (headers["x-discord-member"], headers["x-discord-roles"]) == ("400000000000000000", "5,7")
        assert headers["authorization"] == "Bearer k"
        assert dict(answers.asked[0].query) == {"text": ["a b"], "state": ["x", "y"]}


@pytest.mark.parametrize(("method", "fault"), [
    ("GET", None), ("GET", Answer(503)), ("POST", None), ("POST", Answer(502)),
    ("POST", Answer(503, None, {"Retry-After": "0"})),
])  # fmt: skip
def test_reads_and_named_deeds_are_tried_again(method: str, fault: Answer | None) -> None:
    with served(body={"ok": True}) as answers:
        answers.faults.append(Fault(method, answer=fault, times=2))
        act = (lambda api: api.get("me/")) if method == "GET" else (lambda api: api.post("me/pause/", {}, once="n"))
        assert ask(answers, act) == {"ok": True}
        names = {one.headers.get("idempotency-key") for one in answers.asked}
        assert (len(answers.asked), len(names)) == (3, 1)


def test_what_has_no_name_is_tried_once() -> None:
    with served() as answers:
        answers.faults.append(Fault("PATCH", times=9))
        with pytest.raises(ApiError, match="do not know whether this was done"):
            ask(answers, lambda api: api.patch("me/", {"zone": "UTC"}))
        assert len(answers.asked) == 1


@pytest.mark.parametrize(("status", "body", "sentence"), [
    (400, {"detail": "x", "errors": [{"field": "zone", "detail": "is no time zone"}]}, "Zone is no time zone."),
    (409, {"type": "urn:matching:problem:clash", "detail": "Somebody is busy"}, "Somebody is busy."),
    (401, {"detail": "no"}, "does not accept my key"), (500, {"detail": "secret"}, "had a fault"),
    (404, [1], "had a fault"), (200, [1], "had a fault"), (302, {}, "had a fault"),
    (429, {}, "try again in 60 seconds"),
])  # fmt: skip
def test_every_refusal_is_a_sentence(status: int, body: object, sentence: str) -> None:
    with served(status, body) as answers:
        with pytest.raises(ApiError) as refused:
            ask(answers, lambda api: api.get("me/"))
        assert sentence in refused.value.sentence
        assert "secret" not in refused.value.sentence
        assert "{" not in refused.value.sentence


def test_a_bad_token_and_a_missing_intent_are_named(wire: Wire) -> None:
    async def started(error: Exception) -> str:
        class Refused(MatchingBot):
            async def start(self, token: str, *, reconnect: bool = True) -> None:
                raise error

        return await serve(wire.config, Refused)

    assert asyncio.run(started(discord.LoginFailure())) == BAD_TOKEN
    assert asyncio.run(started(discord.PrivilegedIntentsRequired(None))) == NO_INTENT


def test_a_login_that_does_not_get_through_is_tried_again(wire: Wire) -> None:
    tries = []

    class Away(MatchingBot):
        async def start(self, token: str, *, reconnect: bool = True) -> None:
            tries.append(token)
            if len(tries) < 3:
                raise aiohttp.ClientConnectionError
            raise discord.LoginFailure

    assert asyncio.run(serve(wire.config, Away, first_wait=0.01)) == BAD_TOKEN
    assert len(tries) == 3


def test_logs_hold_no_words_of_anybody() -> None:
    try:
        raise ValueError("ana@example.org said something")
    except ValueError as error:
        caught = (ValueError, error, error.__traceback__)
        record = logging.LogRecord("bot", 40, __file__, 1, "%s failed", ("command x",), caught)
    told = _KindsOnly("%(message)s").format(record)
    assert told.startswith("command x failed\nValueError at ")
    assert "ana@" not in told


def test_secrets_are_not_shown_by_the_configuration() -> None:
    shown = repr(BotConfig("the-token", "https://x", "the-key"))
    assert "the-token" not in shown
    assert "the-key" not in shown


def test_without_a_prefix_no_privileged_intent_is_asked_for(cast: Cast, clock: Clock) -> None:
    async def intents(prefix: str) -> bool:
        return bool(MatchingBot(BotConfig("t", "http://x", "k", prefix), clock).intents.message_content)

    assert asyncio.run(intents("!")) is True
    assert asyncio.run(intents("")) is False


def test_questions_that_are_solved_in_full_are_asked_once() -> None:
    with served() as answers:
        answers.faults.append(Fault("POST", times=9))
        with pytest.raises(ApiError):
            ask(answers, lambda api: api.post("whatif/", {}, once="n", pace="patient"))
        assert len(answers.asked) == 1
