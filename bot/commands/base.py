"""What the groups of commands share."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ApiError, Json

if TYPE_CHECKING:
    from bot.app import MatchingBot

MOST = 25
LABEL = 100
EVERYBODY, THE_TWO, STAFF_ONLY = "For everybody", "For students and professionals", "For staff"
Choices = list[app_commands.Choice[str]]
Body = Callable[..., Coroutine[Any, Any, None]]
Command = commands.HybridCommand[Any, ..., None]


class Group(commands.Cog):
    """Commands for `audience`, as `help` groups them."""

    audience = EVERYBODY

    def __init__(self, bot: MatchingBot) -> None:
        self.bot = bot


def command(example: str, calls: int = 5, seconds: float = 30, *, exact: bool = False) -> Callable[[Body], Command]:
    """A command with `!` and with `/`, so many calls in so many seconds for each member.

    `example` is shown in help and errors. `exact`: more arguments than it has are refused.
    """

    def made(body: Body) -> Command:
        hybrid: Any = commands.hybrid_command
        found: Command = hybrid(ignore_extra=not exact, extras={"example": example})(body)
        return commands.cooldown(calls, seconds, commands.BucketType.user)(found)

    return made


async def complete_people(bot: MatchingBot, interaction: discord.Interaction[Any], text: str, role: str) -> Choices:
    """People whose names hold these words; nothing while the API is silent, or for who may not ask."""
    try:
        api = await bot.member(interaction.user)
        found = (await api.get("people/", pace="quick", text=text[:100], role=role))["results"]
    except ApiError:
        return []
    return [choice(one["name"] or one["id"], one["id"]) for one in found[:MOST]]


async def complete_sessions(bot: MatchingBot, interaction: discord.Interaction[Any], text: str) -> Choices:
    """Sessions that stand: one's own, and for staff those of everybody; by a part of a name or the mark."""
    named = "" if any(letter in text for letter in "#:") or not any(map(str.isalpha, text)) else text[:120]
    place = "scheduled-sessions/"
    try:
        api = await bot.member(interaction.user)
        rows = await api.get(place, pace="quick", state="scheduled", q=named, order="starts_at", page_size=100)
    except ApiError:
        return []
    wanted = text.casefold()
    labels = [(_session_label(row), str(row["id"])) for row in rows["results"]]
    return [choice(label, value) for label, value in labels if wanted in label.casefold()][:MOST]


def choice(label: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=label[:LABEL], value=value[:LABEL])


def _session_label(row: Json) -> str:
    start = str(row["starts_at"])[:16].replace("T", " ")
    return f"{row['reference']} {row['student']['name']} with {row['professional']['name']}, {start} UTC"
