"""Discord: the bot's token, intent, servers, channels and rights. Nothing is said there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from backend.nightly.channels import needed
from backend.nightly.checks.result import Check, Health, grave
from backend.nightly.exits import Stop
from backend.secrets import DISCORD_TOKEN
from backend.settings import Settings
from publish.ports import PublishError

if TYPE_CHECKING:
    from publish.discord_look import DiscordLook

_NAME = "discord: token"


def bot_used(settings: Settings) -> bool:
    """Whether the settings say anything that only the bot needs."""
    given = settings.discord
    return bool(given.viewer_roles or given.coordinator_roles or given.owner_roles or settings.bot.guilds)


def check_discord(settings: Settings) -> Iterator[Check]:
    """Everything about Discord that the settings use."""
    rooms = _rooms(settings)
    if not (rooms or settings.publish.direct_messages or bot_used(settings)):
        yield Check("discord", Health.OFF, "no channel is set")
        return
    fix = "take the token from the developer portal, page Bot (Reset Token), into DISCORD_TOKEN_FILE with mode 0600"
    try:
        token = needed(DISCORD_TOKEN)
    except Stop as stop:
        yield Check(_NAME, grave(settings), stop.message, fix)
        return
    from publish.discord_look import DiscordLook

    with DiscordLook(token, timeout=30.0) as discord:
        try:
            reads = discord.reads_messages()
        except PublishError as error:
            bad = error.permanent
            yield Check(
                _NAME, grave(settings) if bad else Health.WARNING, str(error), fix if bad else "try again later"
            )
            return
        yield Check(_NAME, Health.GOOD, "Discord takes it")
        if bot_used(settings) and settings.bot.prefix:
            yield _intent(reads)
        for key, channel in rooms:
            yield _room(settings, discord, key, channel)
        yield from _servers(settings, discord)


def _rooms(settings: Settings) -> list[tuple[str, str]]:
    publish = settings.publish
    named = {
        "publish.discord_channel_id": publish.discord_channel_id,
        "publish.staff_channel_id": publish.staff_channel_id,
        "publish.summary_channel_id": publish.summary_channel_id,
    }
    rooms = [(key, channel) for key, channel in named.items() if channel]
    return rooms + [("bot.staff_channels", channel) for channel in settings.bot.staff_channels]


def _intent(reads: bool) -> Check:
    if reads:
        return Check("discord: intent", Health.GOOD, "the bot may read messages that begin with its prefix")
    fix = 'switch on Message Content Intent in the developer portal, page Bot, or set bot.prefix = ""'
    return Check("discord: intent", Health.BROKEN, "Message Content Intent is off, so the bot cannot start", fix)


def _room(settings: Settings, discord: DiscordLook, key: str, channel: str) -> Check:
    name = f"discord: {key}"
    try:
        found = discord.room(channel)
    except PublishError as error:
        return Check(name, Health.WARNING, str(error), "try again later")
    if not found.there:
        fix = "invite the bot to that server, let it see the channel, or correct the id (right click > Copy Channel ID)"
        return Check(name, grave(settings), "the bot does not see this channel", fix)
    if found.lacks:
        said = f"the bot lacks {', '.join(found.lacks)}"
        return Check(
            name, grave(settings), said, "in Discord: Edit Channel > Permissions > the bot's role, allow these"
        )
    return Check(name, Health.GOOD, "the bot may post there")


def _servers(settings: Settings, discord: DiscordLook) -> Iterator[Check]:
    """The bot's servers, and the roles that are staff: each must be a role of one of them."""
    given = settings.discord
    roles = (*given.viewer_roles, *given.coordinator_roles, *given.owner_roles)
    unknown = set(roles)
    for guild in settings.bot.guilds:
        try:
            missing = discord.missing_roles(guild, roles)
        except PublishError as error:
            yield Check("discord: bot.guilds", Health.WARNING, str(error), "try again later")
            return
        if missing is None:
            fix = "invite it (docs/bot.md, step 2), or correct bot.guilds"
            yield Check("discord: bot.guilds", Health.BROKEN, "the bot is not in that server", fix)
            return
        unknown &= set(missing)
    if settings.bot.guilds and unknown:
        said = f"{len(unknown)} of the roles under [discord] are no roles of the bot's servers"
        fix = "copy the ids again: Server Settings > Roles > right click > Copy Role ID"
        yield Check("discord: roles", Health.BROKEN, said, fix)
