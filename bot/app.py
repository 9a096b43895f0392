"""The bot itself: connects, reads what people ask, and never stops for one bad event."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from discord.ext.commands.view import StringView

from bot.acts.table import SHORT_LIVED, run
from bot.buttons import ANYBODY, Act
from bot.cards import words_of
from bot.client import Api, ApiError, Member
from bot.commands.everyone import Everyone
from bot.commands.participants import Participants
from bot.commands.staff import Staff
from bot.config import BotConfig
from bot.delivering import LOG, NOBODY, deliver, refuse, replace, whisper
from bot.errors import ELSEWHERE, SURPRISE, Elsewhere, Malformed, cause_of, example_of, nearest, sentence_of
from bot.forms import FORMS
from bot.members import Roles
from bot.quotes import FormError, canonical
from bot.turn import Refusal, Turn

Context = commands.Context["MatchingBot"]
OLD = timedelta(days=1)
NOT_YOURS = "These buttons belong to somebody else. Use the command yourself, then you get your own."
TOO_OLD = "This is more than a day old, and words like “tomorrow” mean something else now. Please send it again."


def present() -> datetime:
    """The wall clock: read here and handed down."""
    return datetime.now(UTC)


class MatchingBot(commands.Bot):
    """`clock` gives the present, aware UTC."""

    def __init__(self, config: BotConfig, clock: Callable[[], datetime] = present) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = bool(config.prefix)
        prefix: Any = config.prefix or commands.when_mentioned
        super().__init__(prefix, intents=intents, help_command=None, allowed_mentions=NOBODY, case_insensitive=True,
                         strip_after_prefix=True, chunk_guilds_at_startup=False,
                         member_cache_flags=discord.MemberCacheFlags.none())  # fmt: skip
        self.config = config
        self.clock = clock
        self.form = config.prefix or "/"
        self.api = Api(config.api_url, config.api_key)
        self._roles = Roles(self, config.guilds)
        self.tree.on_error = self._tree_error  # type: ignore[method-assign]  # the library's documented way
        self.add_check(self._here)

    async def setup_hook(self) -> None:
        await self.prepare()
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            LOG.warning("slash commands were not renewed: Discord answered %s", error.status)

    async def prepare(self) -> None:
        """Everything but what needs Discord."""
        await self.api.__aenter__()
        self.add_dynamic_items(Act)
        for cog in (Everyone(self), Participants(self), Staff(self)):
            await self.add_cog(cog)

    async def close(self) -> None:
        await super().close()
        await self.api.__aexit__(None, None, None)

    async def member(self, user: discord.abc.User) -> Member:
        """The API for this user, with the roles they have in our servers."""
        return self.api.acting_for(user.id, await self._roles.of(user))

    async def turn(self, ctx: Context) -> Turn:
        slash = ctx.interaction is not None
        name = f"cmd-{ctx.interaction.id if ctx.interaction else ctx.message.id}"
        return Turn(await self.member(ctx.author), ctx.author.id, name, self.clock(), "/" if slash else self.form)

    async def respond(self, ctx: Context, act: str, *arguments: str) -> None:
        """Do the act and deliver its reply. Discord hears within 3 seconds that it takes longer."""
        await self.busy(ctx)
        reply = await run(await self.turn(ctx), act, arguments)
        await deliver(ctx, reply, self.config.staff_channels)

    async def busy(self, ctx: Context) -> None:
        """Say that we are at it."""
        if ctx.interaction is not None:
            await ctx.defer(ephemeral=True)
            return
        try:
            await ctx.typing()
        except discord.HTTPException:
            LOG.info("no right to show that we are typing")

    async def invoke(self, ctx: Any, /) -> None:
        """Commands in messages: names in quotes of any kind, or in none, are taken apart here."""
        if ctx.command is not None and ctx.interaction is None and ctx.command.name in FORMS:
            try:
                await self._take_apart(ctx, ctx.command)
            except (FormError, ApiError) as error:
                await self.on_command_error(ctx, Malformed(error.sentence))
                return
        await super().invoke(ctx)

    async def _take_apart(self, ctx: Context, command: commands.Command[Any, ..., Any]) -> None:
        text = ctx.view.buffer[ctx.view.index :]
        if text.strip() and await self.can_run(ctx):
            form = f"{self.form}{example_of(command)}"
            ctx.view = StringView(canonical(await FORMS[command.name](await self.turn(ctx), text, form)))

    async def pressed(self, interaction: discord.Interaction[Any], act: Act) -> None:
        """A button or menu of ours, perhaps from before a restart."""
        try:
            await self._press(interaction, act)
        except discord.HTTPException as error:
            LOG.warning("a button's answer was not taken: Discord answered %s", error.status)

    async def _press(self, interaction: discord.Interaction[Any], act: Act) -> None:
        if not self._ours(interaction.guild_id):
            await interaction.response.send_message(ELSEWHERE, ephemeral=True)
            return
        if act.asker not in (ANYBODY, interaction.user.id):
            await interaction.response.send_message(NOT_YOURS, ephemeral=True)
            return
        await interaction.response.defer()
        try:
            await replace(interaction, await run(await self._turn_of(interaction, act), act.act, act.parts))
        except (ApiError, Refusal, FormError) as error:
            await whisper(interaction, error.sentence)
        except discord.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the asker hears of it and the bot goes on
            _log(f"button {act.act}", error)
            await whisper(interaction, SURPRISE)

    async def _turn_of(self, interaction: discord.Interaction[Any], act: Act) -> Turn:
        message, now = interaction.message, self.clock()
        assert message is not None
        if act.act in SHORT_LIVED and now - message.created_at > OLD:
            raise Refusal(TOO_OLD)
        name = f"press-{message.id}-{zlib.crc32(f'{act.custom_id}={act.chosen}'.encode()):08x}"
        api = await self.member(interaction.user)
        words = words_of(message.embeds)
        return Turn(api, interaction.user.id, name, now, self.form, words, act.chosen)

    async def on_command_error(self, ctx: Any, error: commands.CommandError, /) -> None:
        """Every error becomes a sentence for the asker; surprises are logged without what anybody typed."""
        cause = cause_of(error)
        if isinstance(cause, commands.CommandNotFound):
            sentence = nearest(ctx.invoked_with or "", [one.name for one in self.commands], self.form)
        elif isinstance(cause, Elsewhere) and ctx.interaction is None:
            return
        else:
            sentence = sentence_of(cause, "/" if ctx.interaction else self.form, ctx.command)
        if sentence == SURPRISE:
            _log(f"command {ctx.command}", cause)
        try:
            if sentence:
                private = isinstance(cause, ApiError | Refusal)
                await refuse(ctx, sentence, self.config.staff_channels, private=private)
        except discord.HTTPException as refused:
            LOG.warning("a sentence was not taken: Discord answered %s", refused.status)

    async def on_error(self, event_method: str, /, *_given: Any, **_named: Any) -> None:
        """Of an event's handler: logged by kind, and the bot goes on."""
        LOG.exception("event %s", event_method)

    async def on_ready(self) -> None:
        LOG.info("ready in %d servers", len(self.guilds))

    async def _tree_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /) -> None:
        """Of slash commands and completions that never became a command."""
        _log("slash command", error)
        if interaction.type is discord.InteractionType.application_command and not interaction.response.is_done():
            await interaction.response.send_message(SURPRISE, ephemeral=True)

    async def _here(self, ctx: Context) -> bool:
        if self._ours(ctx.guild.id if ctx.guild else None):
            return True
        raise Elsewhere

    def _ours(self, guild: int | None) -> bool:
        return guild is None or not self.config.guilds or guild in self.config.guilds


def _log(what: str, error: BaseException) -> None:
    LOG.error("%s failed", what, exc_info=error)
