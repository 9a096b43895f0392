"""Commands for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import discord
from discord import app_commands

from bot.cards import Reply
from bot.client import ApiError
from bot.commands.base import EVERYBODY, STAFF_ONLY, THE_TWO, Choices, Group, choice, command
from bot.delivering import deliver
from bot.errors import example_of
from bot.texts.helping import command_card, overview_card
from bot.turn import STAFF

if TYPE_CHECKING:
    from bot.app import Context

ORDER = (EVERYBODY, THE_TWO, STAFF_ONLY)


class Everyone(Group):
    """For everybody."""

    audience = EVERYBODY

    @command("resume", 3, 30)
    async def resume(self, ctx: Context) -> None:
        """How a resume review comes about, and your own form link.

        The link holds a code of yours, so your answer counts as yours without asking back.
        """
        await self.bot.respond(ctx, "resume")

    @command("review_status", 5, 20)
    async def review_status(self, ctx: Context) -> None:
        """Where you stand: your times as understood, your sessions, and what would help.

        Without a session it names the reason and the smallest change of yours that would have given you one.
        """
        await self.bot.respond(ctx, "review_status")

    @command("availability Mon and Wed 2-4pm, not on Dec 24", 5, 30)
    @app_commands.describe(times="When you are free, in your own words")
    async def availability(self, ctx: Context, *, times: str) -> None:
        """Say when you are free. I show how I read it, and store it when you press the button."""
        await self.bot.respond(ctx, "availability", times)

    @command("pause Dec 7", 5, 30)
    @app_commands.describe(until="Until when: Dec 7, next Monday, 2 weeks; or off")
    async def pause(self, ctx: Context, *, until: str = "") -> None:
        """Leave matching until a day; you come back by yourself. `pause off` ends it at once."""
        await self.bot.respond(ctx, "pause", until)

    @command("timezone Europe/Berlin", 5, 30)
    @app_commands.describe(zone="Your time zone or its city")
    async def timezone(self, ctx: Context, *, zone: str) -> None:
        """Store your time zone, for times that you write without one."""
        await self.bot.respond(ctx, "timezone", zone)

    @command("reminders email", 5, 30)
    @app_commands.describe(way="discord, email, a phone number with its country, or off")
    async def reminders(self, ctx: Context, *, way: str) -> None:
        """Say how I remind you of your sessions: Discord, e-mail, a phone number, or off."""
        await self.bot.respond(ctx, "reminders", way)

    @timezone.autocomplete("zone")
    async def _zones(self, interaction: discord.Interaction[Any], current: str) -> Choices:  # noqa: ARG002
        wanted = current.strip().replace(" ", "_").casefold()
        return [choice(name, name) for name in sorted(available_timezones()) if wanted in name.casefold()][:25]

    @command("help review_status", 5, 20)
    @app_commands.describe(command="One command, to read more about it")
    async def help(self, ctx: Context, *, command: str = "") -> None:
        """What I can do for you; with a command, more about that."""
        await self.bot.busy(ctx)
        form = "/" if ctx.interaction else self.bot.form
        known = self.bot.get_command(command.strip().lstrip("/!").casefold()) if command else None
        if known is not None:
            about = (known.help or "", f"{form}{example_of(known)}", known.cog.audience)  # type: ignore[attr-defined]
            reply = Reply(command_card(known.name, *about), public=True)
        else:
            reply = Reply(overview_card(self._groups(await self._is_staff(ctx)), form, command), public=True)
        await deliver(ctx, reply, self.bot.config.staff_channels)

    def _groups(self, staff: bool) -> list[tuple[str, list[tuple[str, str]]]]:
        """Generated from the commands: (audience, (name, first line) of each)."""
        found: dict[str, list[tuple[str, str]]] = {
            audience: [] for audience in ORDER if staff or audience != STAFF_ONLY
        }
        for one in sorted(self.bot.commands, key=lambda each: each.name):
            audience = one.cog.audience  # type: ignore[attr-defined]  # every cog is a `Group`
            if audience in found:
                found[audience].append((example_of(one), one.short_doc))
        return list(found.items())

    async def _is_staff(self, ctx: Context) -> bool:
        """While the API is silent, everything is listed."""
        try:
            return (await (await self.bot.member(ctx.author)).get("me/", pace="quick"))["acts_as"] in STAFF
        except ApiError:
            return True
