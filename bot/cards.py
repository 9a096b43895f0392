"""What the bot says: a card, which always fits Discord's limits, with its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import discord

from bot.buttons import Act
from bot.words import cut, units

TITLE, TEXT, FIELDS, FIELD_NAME, FIELD_VALUE, FOOTER, WHOLE = 256, 4096, 25, 256, 1024, 2048, 6000
WORDS = "Your words"
"""The field that keeps what was typed, for the button that is pressed later."""


class Tone(Enum):
    """The colour at the side."""

    PLAIN = 0x5865F2
    GOOD = 0x2E7D32
    WAIT = 0xB26A00
    BAD = 0xC62828


@dataclass(frozen=True)
class Card:
    """`text` and field values are markdown that is safe already (`words.plain`)."""

    title: str
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Reply:
    """`public`: nothing in it is anybody's, so it may stand where it was asked. `image`: a PNG, b"" for none."""

    card: Card
    buttons: tuple[Act, ...] = ()
    image: bytes = b""
    public: bool = False


def embed_of(card: Card) -> discord.Embed:
    """The card within every limit, also the one on the whole; what does not fit is cut with an ellipsis."""
    left = WHOLE - 2 * FIELDS  # an empty name or value takes one place that does not show

    def room(text: str, limit: int) -> str:
        nonlocal left
        kept = cut(text, min(limit, left)) if left > 0 else ""
        left -= units(kept)
        return kept

    embed = discord.Embed(title=room(card.title, TITLE), colour=card.tone.value)
    footer = room(card.footer, min(FOOTER, 500))
    embed.description = room(card.text, TEXT) or None
    for name, value in card.fields[:FIELDS]:
        if left < 64:
            break
        embed.add_field(
            name=room(name, FIELD_NAME) or "\u200b", value=room(value, FIELD_VALUE) or "\u200b", inline=False
        )
    if footer:
        embed.set_footer(text=footer)
    if len(card.title) == 0:
        embed.title = None
    return embed


def kept_words(text: str) -> tuple[str, str]:
    """A field that keeps typed text exactly; see `words_of`. The text must not hold backticks."""
    return WORDS, f"```\n{text}\n```"


def words_of(embeds: list[discord.Embed]) -> str:
    """What `kept_words` kept, "" if nothing."""
    fields = [field for embed in embeds for field in embed.fields if field.name == WORDS]
    return str(fields[0].value).removeprefix("```\n").removesuffix("\n```") if fields else ""
