"""Commands for the people of a session, and for staff in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.commands.base import THE_TWO, Choices, Group, command, complete_sessions

if TYPE_CHECKING:
    from bot.app import Context

SESSION = "Its mark (#K3F9QX) or a person in it; nothing if you have just one"


class Participants(Group):
    """For students and professionals; staff may use them for others."""

    audience = THE_TWO

    @command("cancel #K3F9QX", 5, 30)
    @app_commands.describe(session=SESSION)
    async def cancel(self, ctx: Context, *, session: str = "") -> None:
        """Cancel a session. I ask first; the student keeps their place in the queue.

        Staff also see how many others could be helped at once, for how many people moved.
        """
        await self.bot.respond(ctx, "cancel", session)

    @command('reschedule #K3F9QX "Tuesday 3:00 PM"', 5, 30, exact=True)
    @app_commands.describe(
        session=SESSION, time="Staff: the new time, as in Tuesday 3:00 PM", zone="Staff: its time zone"
    )
    async def reschedule(self, ctx: Context, session: str = "", time: str = "", zone: str = "") -> None:
        """Find another time: yours is freed and you are matched again. Staff name the new time."""
        await self.bot.respond(ctx, "reschedule", session, time, zone)

    @command("complete #K3F9QX", 5, 30)
    @app_commands.describe(session=SESSION)
    async def complete(self, ctx: Context, *, session: str = "") -> None:
        """Say that a session took place."""
        await self.bot.respond(ctx, "complete", session)

    @command("no_show #K3F9QX student", 5, 30, exact=True)
    @app_commands.describe(session=SESSION, absent="Staff: who did not come")
    async def no_show(self, ctx: Context, session: str = "", absent: str = "") -> None:
        """Say that the other one did not come. Staff look at it before it counts."""
        await self.bot.respond(ctx, "no_show", session, absent)

    @command("rate #K3F9QX 5", 5, 30, exact=True)
    @app_commands.describe(session=SESSION, stars="1 to 5, 5 is best")
    async def rate(self, ctx: Context, session: str = "", stars: str = "") -> None:
        """Rate a session from 1 to 5."""
        await self.bot.respond(ctx, "rate", session, stars)

    @cancel.autocomplete("session")
    @reschedule.autocomplete("session")
    @complete.autocomplete("session")
    @no_show.autocomplete("session")
    @rate.autocomplete("session")
    async def _sessions(self, interaction: discord.Interaction[Any], current: str) -> Choices:
        return await complete_sessions(self.bot, interaction, current)
