"""The real bot on the wire: connected to a stand-in of Discord and to the real REST API, driven from a plain test."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import discord
import pytest
import yarl

from bot.app import MatchingBot
from bot.config import BotConfig
from tests.standins.discord_limits import items
from tests.standins.discord_server import GENERAL, GUILD, STAFF_ROOM, TOKEN, DiscordServer, Person, Seen

PATIENCE = 30.0
BETWEEN = timedelta(seconds=20)
"""Passes between two things that people do, so that cooldowns matter only where a test wants them to."""
_BUSY = ("discord.py: ", "CommandTree", "discord-ui")
Answer = TypeVar("Answer")


@dataclass
class Clock:
    """The present, for Discord, the bot and the API alike."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


class Wire:
    """`said` what people type, press and pick; everything the bot says comes back as `Seen`."""

    def __init__(self, api_url: str, api_key: str, clock: Clock, people: dict[str, Person]) -> None:
        self.clock = clock
        self.between = BETWEEN
        self.config = BotConfig(TOKEN, api_url, api_key, "!", frozenset({int(GUILD)}), frozenset({int(STAFF_ROOM)}))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.discord = DiscordServer(clock)
        self.discord.people = people
        self._do(self.discord.start())
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(discord.http.Route, "BASE", self.discord.base)
        self._patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(self.discord.gateway))
        self.connect()

    def connect(self) -> None:
        self._do(self._connect())

    def restart(self, **config: Any) -> None:
        """Another process, as far as Discord can tell: nothing is remembered."""
        self._do(self._leave())
        self.config = BotConfig(**{**vars(self.config), **config})
        self._do(self._connect())

    def close(self) -> None:
        self._do(self._leave())
        self._do(self.discord.stop())
        self._do(self._cancel_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._patch.undo()

    def say(self, who: str, text: str, channel: str = GENERAL) -> list[Seen]:
        """Somebody types in a channel ("dm": to the bot)."""
        place = self.discord.direct(who) if channel == "dm" else channel
        return self._heard(self.discord.say(who, text, place))

    def slash(self, who: str, command: str, /, channel: str = GENERAL, **options: str) -> list[Seen]:
        place = self.discord.direct(who) if channel == "dm" else channel
        return self._heard(self.discord.interact(2, who, self._command(command, options), place))

    def press(self, who: str, one: Seen, label: str) -> list[Seen]:
        """Press the button that begins so; what the bot says anew, or the message as it is now."""
        found = next(item for item in self._items(one) if str(item.get("label", "")).startswith(label))
        return self._use(who, one, {"component_type": 2, "custom_id": found["custom_id"]})

    def pick(self, who: str, one: Seen, label: str) -> list[Seen]:
        """Pick from the message's menu."""
        found = next(item for item in self._items(one) if item["type"] == 3)
        value = next(option["value"] for option in found["options"] if option["label"].startswith(label))
        return self._use(who, one, {"component_type": 3, "custom_id": found["custom_id"], "values": [value]})

    def complete(self, who: str, command: str, option: str, text: str) -> list[dict[str, str]]:
        """What Discord would offer while somebody types."""
        data = self._command(command, {option: text})
        data["options"][0]["focused"] = True
        before = len(self.discord.completions)
        self._heard(self.discord.interact(4, who, data, GENERAL))
        found: list[dict[str, str]] = [c for one in self.discord.completions[before:] for c in one["choices"]]
        return found

    def drop(self, *, resumable: bool = True) -> None:
        self._do(self.discord.drop(resumable=resumable))
        self.wait_for(lambda: bool(self.discord._sockets))

    def wait_for(self, true: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    def _use(self, who: str, one: Seen, data: dict[str, Any]) -> list[Seen]:
        edits = len(self.discord.edits)
        message = self.discord.message_of(one)
        new = self._heard(self.discord.interact(3, who, data, one.where, message))
        return [*new, *self.discord.edits[edits:]]

    def _items(self, one: Seen) -> list[dict[str, Any]]:
        return items(one.body.get("components") or [])

    def _command(self, name: str, options: dict[str, str]) -> dict[str, Any]:
        known = next(one for one in self.discord.commands if one["name"] == name)
        names = {option["name"] for option in known.get("options", [])}
        assert set(options) <= names, f"{name} has {names}"
        given = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        return {"id": known["id"], "name": name, "type": 1, "options": given}

    def _heard(self, act: Coroutine[Any, Any, Any]) -> list[Seen]:
        self.clock.at += self.between
        before = len(self.discord.seen)
        self._do(act)
        self._do(self._idle())
        return self.discord.seen[before:]

    def _do(self, act: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(PATIENCE)

    async def _connect(self) -> None:
        self.bot = MatchingBot(self.config, self.clock)
        self.bot._connection.guild_ready_timeout = 0.05  # seconds it waits for further servers
        self._running = asyncio.create_task(self.bot.start(TOKEN))
        while not self.bot.is_ready() and not self._running.done():
            await asyncio.sleep(0.005)
        if self._running.done():
            await self.bot.close()
            self._running.result()
        await self._idle()

    async def _leave(self) -> None:
        await self.bot.close()
        await asyncio.wait([self._running])

    async def _idle(self) -> None:
        """Until everything that was sent to the bot was taken in and dealt with."""
        quiet, deadline = 0, time.monotonic() + PATIENCE
        while quiet < 3:
            assert time.monotonic() < deadline, "the bot is still busy"
            await asyncio.sleep(0.004)
            taken = self.bot.ws is not None and self.bot.ws.sequence == self.discord.sequence
            busy = [task for task in asyncio.all_tasks() if task.get_name().startswith(_BUSY)]
            quiet = quiet + 1 if taken and not busy else 0

    async def _cancel_rest(self) -> None:
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
