"""The real bot over the wire against `discord-digital-twin`, a stand-in of Discord that is not ours.

It knows no direct messages and no roles, so commands are typed in the staff's channel, and staff are so by the record.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import discord
import pytest
import yarl

from backend.record.models import Membership, Person, Program
from bot.app import MatchingBot
from bot.config import BotConfig
from tests.bot.people import Cast, session_between
from tests.bot.wire import Clock
from tests.standins.discord_limits import items, text_of
from tests.standins.serving import ROOT

TOKEN, GUILD, CHANNEL = "bot.token.of-the-tests", "200000000000000001", "300000000000000001"
PATIENCE = 20.0
READY = shutil.which("node") and (ROOT / "node_modules" / "discord-digital-twin").is_dir()
pytestmark = pytest.mark.skipif(not READY, reason="the twin is not installed: npm ci")


class Twin:
    """The process, told what people do."""

    def __init__(self, users: list[str]) -> None:
        given = json.dumps({"token": TOKEN, "guild": GUILD, "channel": CHANNEL, "users": users})
        command = ["node", str(ROOT / "tests" / "standins" / "discord_twin.mjs"), given]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.address = self._told()

    def do(self, deed: str, **given: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": deed, **given}) + "\n")
        self._process.stdin.flush()
        told = self._told()
        assert "error" not in told, told
        return told["ok"]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()

    def _told(self) -> Any:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise AssertionError("the twin ended")


@pytest.fixture
def twin(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twin]:
    made = Twin([member.id for member in cast.members.values()])
    monkeypatch.setattr(discord.http.Route, "BASE", made.address["rest"])
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(made.address["gateway"]))
    monkeypatch.setattr(discord.http.HTTPClient, "application_info", _application)
    answer = discord.webhook.async_.AsyncWebhookAdapter.create_interaction_response

    async def answered(self: Any, interaction_id: int, *given: Any, **named: Any) -> Any:
        """The twin answers 204, also when it was asked for what became of it."""
        return await answer(self, interaction_id, *given, **named) or {"interaction": {"id": interaction_id, "type": 2}}

    monkeypatch.setattr(discord.webhook.async_.AsyncWebhookAdapter, "create_interaction_response", answered)
    yield made
    made.close()


async def _application(self: discord.http.HTTPClient) -> Any:
    """The twin knows the newer address of the two alone, and names no owner."""
    found = await self.request(discord.http.Route("GET", "/applications/@me"))
    nobody = {"id": "1", "username": "nobody", "discriminator": "0", "avatar": None}
    return {"owner": nobody, "verify_key": "", "bot_require_code_grant": False, **found}


Heard = Callable[[str], Awaitable[dict[str, Any]]]


def connected(api: str, cast: Cast, clock: Clock, twin: Twin, act: Callable[[Heard], Awaitable[None]]) -> None:
    """Run `act` while the bot is connected; it is given a way to wait for a message of the bot that holds a text."""
    config = BotConfig(TOKEN, api, cast.key, "!", frozenset({int(GUILD)}), frozenset({int(CHANNEL)}))

    async def heard(text: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for message in reversed(await asyncio.to_thread(twin.do, "messages")):
                if message["author"].get("bot") and text in text_of(message):
                    found: dict[str, Any] = message
                    return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"nobody said {text!r}")

    async def run() -> None:
        bot = MatchingBot(config, clock)
        running = asyncio.create_task(bot.start(TOKEN))
        try:
            await asyncio.wait_for(_ready(bot, running), PATIENCE)
            await act(heard)
        finally:
            await bot.close()
            await asyncio.wait([running])

    asyncio.run(run())


async def _ready(bot: MatchingBot, running: asyncio.Task[None]) -> None:
    while not bot.is_ready():
        await asyncio.sleep(0.02)
        if running.done():
            running.result()


def test_prefix_commands_buttons_and_slash_commands(api: str, cast: Cast, clock: Clock, twin: Twin) -> None:
    staff = Person.objects.create(name="Stacy", discord_id=cast.members["owner"].id, discord_verified_at=clock.at)
    Membership.objects.create(
        program=Program.objects.get(key="demo"), person=staff, role="staff", details={"level": "coordinator"}
    )
    who = {name: member.id for name, member in cast.members.items()}

    async def act(heard: Heard) -> None:
        async def say(name: str, text: str) -> None:
            await asyncio.to_thread(twin.do, "say", user=who[name], text=text)

        await say("owner", "!pending_reviews")
        listed = await heard("Pending reviews: 18 students")
        further = next(one for one in items(listed["components"]) if one["label"].startswith("Next"))
        await asyncio.to_thread(twin.do, "click", user=who["owner"], message=listed["id"], custom=further["custom_id"])
        assert "Page 2 of 3" in text_of(await heard("Page 2 of 3"))
        await say("max", "!cancel")
        asked = await heard("Cancel this session?")
        drop = next(one for one in items(asked["components"]) if one["label"] == "Cancel it")
        await asyncio.to_thread(twin.do, "click", user=who["max"], message=asked["id"], custom=drop["custom_id"])
        await heard("The session is cancelled")
        await asyncio.to_thread(twin.do, "slash", user=who["chen"], name="review_status")
        await heard("Where you stand, Chen Wei")
        await say("max", "!no_such_thing")

    connected(api, cast, clock, twin, act)
    assert session_between("Max Oduya", "John Doe").state == "cancelled"
