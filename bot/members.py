"""Which roles of the server a member has, also when they write directly."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import discord

KEPT_SECONDS = 60.0
_FEW = 5


class Roles:
    """Role ids by member. In a direct message the servers are asked, and the answer is kept for a minute."""

    def __init__(
        self, client: discord.Client, guilds: frozenset[int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._guilds = guilds
        self._clock = clock
        self._kept: dict[int, tuple[float, frozenset[int]]] = {}

    async def of(self, user: discord.abc.User) -> frozenset[int]:
        if isinstance(user, discord.Member):
            return _ids(user) if self._ours(user.guild.id) else frozenset()
        known = self._kept.get(user.id)
        if known is not None and self._clock() - known[0] < KEPT_SECONDS:
            return known[1]
        found: set[int] = set()
        for guild in self._asked():
            found |= await _in(guild, user.id)
        self._kept = {one: told for one, told in self._kept.items() if self._clock() - told[0] < KEPT_SECONDS}
        self._kept[user.id] = (self._clock(), frozenset(found))
        return frozenset(found)

    def _ours(self, guild: int) -> bool:
        return not self._guilds or guild in self._guilds

    def _asked(self) -> Iterable[discord.Guild]:
        return [guild for guild in self._client.guilds if self._ours(guild.id)][:_FEW]


async def _in(guild: discord.Guild, user: int) -> frozenset[int]:
    try:
        return _ids(guild.get_member(user) or await guild.fetch_member(user))
    except discord.HTTPException:  # not a member there, or not to be seen
        return frozenset()


def _ids(member: discord.Member) -> frozenset[int]:
    """Without the role that everybody has, which bears the server's id."""
    roles: list[Any] = member.roles
    return frozenset(role.id for role in roles if role.id != member.guild.id)
