"""`bot`: the Discord bot. Which code that is, `run_matching.py` says: nothing here imports it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from backend.commands.options import settings_from, settings_option
from backend.commands.output import talk
from backend.nightly.exits import Exit, Stop
from backend.secrets import BOT_SHARED_SECRET, DISCORD_TOKEN, SecretError, secret
from backend.settings import Settings

Starter = Callable[[str, str, Settings], str]
"""(Discord's token, the API's key, settings) -> why it ended, "" when it was asked to."""


@click.command(short_help="The Discord bot, for students, professionals and staff")
@settings_option
@click.pass_obj
def bot(start: Starter | None, settings_file: Path | None) -> None:
    """Start the Discord bot; it runs until it is interrupted and reconnects by itself.

    It talks to the REST API of `serve` and holds no other credential than its own two: DISCORD_TOKEN, and
    BOT_SHARED_SECRET as `serve` has it (or any key of scope bot).

    \b
    Example:
      python run_matching.py bot
    """
    settings = settings_from(settings_file)
    token = _needed(DISCORD_TOKEN, "the bot's token from the Discord developer portal, page Bot")
    key = _needed(BOT_SHARED_SECRET, "the same as for `serve`, or a token of `keys create --scope bot`")
    if start is None:
        raise Stop(Exit.USAGE, "start the bot with: python run_matching.py bot")
    talk(f"the bot talks to {settings.bot.api_url}; stop with Ctrl-C")
    reason = start(token, key, settings)
    if reason:
        raise Stop(Exit.ERROR, reason)


def _needed(name: str, what: str) -> str:
    try:
        found = secret(name)
    except SecretError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    if not found:
        raise Stop(Exit.USAGE, f"{name} is not set: {what} (or {name}_FILE with a file that only you can read)")
    return found
