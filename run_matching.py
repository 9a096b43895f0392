#!/usr/bin/env python3
"""The command line: `python run_matching.py --help`."""

from backend.commands import main
from backend.settings import Settings


def start_bot(token: str, key: str, settings: Settings) -> str:
    """Run the bot until it is stopped; why it ended, "" when it was asked to. Imported only when it is wanted."""
    from bot.config import BotConfig
    from bot.running import run

    given = settings.bot
    guilds, rooms = frozenset(map(int, given.guilds)), frozenset(map(int, given.staff_channels))
    return run(BotConfig(token, given.api_url, key, given.prefix, guilds, rooms))


if __name__ == "__main__":
    raise SystemExit(main(start_bot=start_bot))
