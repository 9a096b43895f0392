"""Commands for staff. Who is staff, and what they may, the API decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.acts.booking import FORM
from bot.commands.base import STAFF_ONLY, Choices, Group, choice, command, complete_people
from bot.delivering import LOG

if TYPE_CHECKING:
    from bot.app import Context


class Staff(Group):
    """For staff."""

    audience = STAFF_ONLY

    @command("pending_reviews", 5, 20)
    @app_commands.describe(filter="A part of a name", order="How they are sorted")
    async def pending_reviews(self, ctx: Context, *, filter: str = "", order: str = "") -> None:
        """Waiting students with times that can be read, the longest waiting first.

        Add a part of a name to find somebody, or "name" or "priority" to sort otherwise.
        """
        await self.bot.respond(ctx, "pending_reviews", filter, order)

    @command("suggest_matches @student", 5, 30)
    @app_commands.describe(student="Whom to find a professional for")
    async def suggest_matches(self, ctx: Context, *, student: str) -> None:
        """Ranked professionals for a student: common times, fit, load, what booking would displace. Changes nothing."""
        await self.bot.respond(ctx, "suggest_matches", student)

    @command(FORM, 5, 30, exact=True)
    @app_commands.describe(
        student="Who", professional="With whom", time="When: Monday 2:00 PM, or 2026-12-07 14:00",
        zone="Zone of that time; yours if you name none",
    )  # fmt: skip
    async def schedule_session(self, ctx: Context, student: str, professional: str, time: str, zone: str = "") -> None:
        """Book a session by hand. I repeat it with weekday, date and zone before anything is booked.

        Names, ids and mentions work; without quotation marks names are looked up in the list of people.
        """
        await self.bot.respond(ctx, "schedule_session", student, professional, time, zone)

    @command("review_stats", 3, 30)
    async def review_stats(self, ctx: Context) -> None:
        """Totals, matched share, waiting times, completion, no-shows, ratings and load, with a chart."""
        await self.bot.respond(ctx, "review_stats")

    @command('add_professional "John Doe" "Finance, Consulting" [email]', 5, 30, exact=True)
    @app_commands.describe(name="Full name", specialties="What they know about", email="Where invitations go")
    async def add_professional(self, ctx: Context, name: str, specialties: str, email: str = "") -> None:
        """Add a professional. In a message with an address, I delete the message if I may."""
        shown = "shown" if email and not await self._hidden(ctx) else ""
        await self.bot.respond(ctx, "add_professional", name, specialties, email, shown)

    @command("list_professionals", 5, 20)
    @app_commands.describe(filter="A part of a name")
    async def list_professionals(self, ctx: Context, *, filter: str = "") -> None:
        """All professionals with their load and next free time."""
        await self.bot.respond(ctx, "list_professionals", filter)

    @command("why @student", 5, 30)
    @app_commands.describe(person="Whose result")
    async def why(self, ctx: Context, *, person: str) -> None:
        """Why somebody has this session, or none, and what would help. Changes nothing."""
        await self.bot.respond(ctx, "why", person)

    @command("whatif Maria Silva +Tue 18-19; John Doe out", 3, 60)
    @app_commands.describe(changes="NAME +TIMES, NAME -TIMES, NAME out, NAME cap N, NAME with NAME; with ; in between")
    @commands.max_concurrency(1, commands.BucketType.user)
    async def whatif(self, ctx: Context, *, changes: str) -> None:
        """The last night with some changes: who would gain, lose or move. Changes nothing."""
        await self.bot.respond(ctx, "whatif", changes)

    @command("run_status", 5, 20)
    async def run_status(self, ctx: Context) -> None:
        """The last nightly runs, what was proven, and messages that could not be sent."""
        await self.bot.respond(ctx, "run_status")

    @suggest_matches.autocomplete("student")
    @schedule_session.autocomplete("student")
    async def _students(self, interaction: discord.Interaction[Any], current: str) -> Choices:
        return await complete_people(self.bot, interaction, current, "student")

    @schedule_session.autocomplete("professional")
    async def _professionals(self, interaction: discord.Interaction[Any], current: str) -> Choices:
        return await complete_people(self.bot, interaction, current, "professional")

    @why.autocomplete("person")
    async def _people(self, interaction: discord.Interaction[Any], current: str) -> Choices:
        return await complete_people(self.bot, interaction, current, "")

    @pending_reviews.autocomplete("order")
    async def _orders(self, interaction: discord.Interaction[Any], current: str) -> Choices:  # noqa: ARG002
        found = [choice("Longest waiting first", "waiting"), choice("By name", "name"), choice("Priority", "priority")]
        return [one for one in found if current.casefold() in one.name.casefold()]

    async def _hidden(self, ctx: Context) -> bool:
        """Whether nobody else reads the address: take the message away where many could."""
        if ctx.interaction is not None or ctx.guild is None:
            return True
        try:
            await ctx.message.delete()
        except discord.HTTPException:
            LOG.info("no right to delete a message that shows an address")
            return False
        return True
