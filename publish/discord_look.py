"""Looking at Discord without saying anything: is the token good, which channels and rights has the bot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import discord

from publish.discord_announcer import DiscordAnnouncer

WORDS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
}
POSTING = ("view_channel", "send_messages", "read_message_history", "attach_files")


@dataclass(frozen=True)
class Room:
    """A channel as the bot finds it. `there`: the bot sees it. `lacks`: rights in the words of Discord's settings."""

    channel: str
    there: bool
    lacks: tuple[str, ...] = ()


class DiscordLook(DiscordAnnouncer):
    """Reads only. Each method raises `PublishError` when Discord cannot be asked or refuses the token."""

    def reads_messages(self) -> bool:
        """Whether the application may have the message content intent."""
        return self._run(self._reads_messages(), writes=False)

    def room(self, channel: str) -> Room:
        """The channel and what the bot may not do there of what posting needs."""
        return self._run(self._room(channel), writes=False)

    def missing_roles(self, guild: str, roles: Iterable[str]) -> tuple[str, ...] | None:
        """Which of these role ids the server does not have; None when the bot is not in it."""
        return self._run(self._missing_roles(guild, tuple(roles)), writes=False)

    async def _reads_messages(self) -> bool:
        client = await self._logged_in()
        flags = client.application_flags
        return flags.gateway_message_content or flags.gateway_message_content_limited

    async def _room(self, channel: str) -> Room:
        client = await self._logged_in()
        assert client.user is not None
        try:
            found = await client.fetch_channel(int(channel))
            if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
                return Room(channel, there=False)
            guild = await client.fetch_guild(found.guild.id)
            thread = isinstance(found, discord.Thread)
            parent = await guild.fetch_channel(found.parent_id if isinstance(found, discord.Thread) else found.id)
            me = await guild.fetch_member(client.user.id)
        except (discord.NotFound, discord.Forbidden):
            return Room(channel, there=False)
        given = parent.permissions_for(me)
        needed = [f"{name}_in_threads" if thread and name == "send_messages" else name for name in POSTING]
        return Room(channel, True, tuple(WORDS[name] for name in needed if not getattr(given, name)))

    async def _missing_roles(self, guild: str, roles: tuple[str, ...]) -> tuple[str, ...] | None:
        client = await self._logged_in()
        try:
            found = await client.fetch_guild(int(guild))
        except (discord.NotFound, discord.Forbidden):
            return None
        return tuple(role for role in roles if found.get_role(int(role)) is None)
