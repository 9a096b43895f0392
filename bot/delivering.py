"""Where an answer goes: to the asker alone, wherever Discord allows it."""

from __future__ import annotations

import io
import logging
from typing import Any

import discord
from discord.ext import commands

from bot.buttons import view_of
from bot.cards import Card, Reply, Tone, embed_of

LOG = logging.getLogger("bot")
NOBODY = discord.AllowedMentions.none()
DMS_CLOSED = (
    "I could not send you a direct message. Allow messages from members of this server (its menu, Privacy Settings), "
    "or use the command with a slash: only you see that answer."
)
SHORT = 45.0
"""Seconds that a remark stays in a channel where many read."""
SENT = "📬"


def parts_of(reply: Reply) -> dict[str, Any]:
    """What `send` takes. Nobody is ever pinged."""
    embed = embed_of(reply.card)
    parts: dict[str, Any] = {"embed": embed, "allowed_mentions": NOBODY}
    if reply.image:
        parts["file"] = discord.File(io.BytesIO(reply.image), "chart.png", description="The numbers above as a chart")
        embed.set_image(url="attachment://chart.png")
    if reply.buttons:
        parts["view"] = view_of(reply.buttons)
    return parts


async def deliver(ctx: commands.Context[Any], reply: Reply, staff_channels: frozenset[int]) -> None:
    """Slash commands answer so that only the asker sees it; commands in messages by direct message."""
    if ctx.interaction is not None:
        await ctx.send(**parts_of(reply), ephemeral=True)
    elif reply.public or ctx.guild is None or {ctx.channel.id, getattr(ctx.channel, "parent_id", 0)} & staff_channels:
        await ctx.send(**parts_of(reply))
    else:
        await _directly(ctx, reply)


async def _directly(ctx: commands.Context[Any], reply: Reply) -> None:
    try:
        await ctx.author.send(**parts_of(reply))
    except discord.Forbidden:
        await remark(ctx, DMS_CLOSED)
        return
    try:
        await ctx.message.add_reaction(SENT)
    except discord.HTTPException:
        LOG.info("no right to add a reaction")


async def remark(ctx: commands.Context[Any], sentence: str) -> None:
    """A sentence that says nothing of anybody: only to the asker, or in the channel for a short while."""
    if ctx.interaction is not None:
        await ctx.send(sentence, ephemeral=True, allowed_mentions=NOBODY)
        return
    if ctx.guild is None:
        await ctx.send(sentence, allowed_mentions=NOBODY)
    else:
        await ctx.send(sentence, allowed_mentions=NOBODY, delete_after=SHORT)


async def refuse(ctx: commands.Context[Any], sentence: str, staff_channels: frozenset[int], *, private: bool) -> None:
    """An error. `private`: it may name somebody, so in a channel it goes by direct message."""
    if private and ctx.interaction is None:
        await deliver(ctx, Reply(Card("", sentence, tone=Tone.BAD)), staff_channels)
    else:
        await remark(ctx, sentence)


async def replace(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """The message whose button was pressed says this now; its buttons are the new ones, or gone."""
    parts = parts_of(reply)
    file = parts.pop("file", None)
    await interaction.edit_original_response(
        **{"view": None, **parts}, attachments=[file] if file is not None else [], content=None
    )


async def whisper(interaction: discord.Interaction[Any], sentence: str) -> None:
    """A sentence for whoever pressed."""
    await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NOBODY)
