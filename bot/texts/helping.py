"""The help, from the commands themselves."""

from __future__ import annotations

from bot.cards import Card
from bot.words import plain


def overview_card(groups: list[tuple[str, list[tuple[str, str]]]], form: str, asked: str) -> Card:
    """All commands of the reader's roles: example and first line."""
    fields = tuple(
        (audience, "\n".join(f"`{form}{example.split()[0]}` {text}" for example, text in commands))
        for audience, commands in groups
        if commands
    )
    unknown = f"There is no command “{plain(asked, 40)}”. " if asked else ""
    text = f"{unknown}Answers come to you alone. `{form}help review_status` says more about a command."
    return Card("What I can do for you", text, fields, "Every command works with / as well")


def command_card(name: str, text: str, example: str, audience: str) -> Card:
    """One command."""
    return Card(name, text, (("Example", f"`{example}`"), ("Who", audience)))
