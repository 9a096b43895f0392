"""Runs the bot: tries again while Discord cannot be reached, and ends with a sentence when trying cannot help."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

import aiohttp
import discord

from bot.app import MatchingBot
from bot.config import BotConfig
from bot.delivering import LOG

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
BAD_TOKEN = "Discord refused DISCORD_TOKEN: take the current token from the developer portal, page Bot"  # noqa: S105
NO_INTENT = (
    "Discord refused the bot's intents: switch on Message Content Intent in the developer portal, page Bot, "
    'or set bot.prefix = "" to use slash commands alone'
)


def run(config: BotConfig) -> str:
    """Until it is interrupted. Returns why it ended, "" when somebody asked it to."""
    _log_to_stderr()
    return asyncio.run(serve(config))


async def serve(
    config: BotConfig,
    make: Callable[[BotConfig], MatchingBot] = MatchingBot,
    *,
    first_wait: float = FIRST_WAIT,
) -> str:
    """As `run`, within a loop. A login that does not get through is tried again, more and more rarely."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    wait = first_wait
    try:
        while not stopping.is_set():
            bot = make(config)
            try:
                if await _until(stopping, bot):
                    return ""
            except discord.LoginFailure:
                return BAD_TOKEN
            except discord.PrivilegedIntentsRequired:
                return NO_INTENT
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                LOG.warning("Discord cannot be reached (%s); next try in %.0f s", type(error).__name__, wait)
            finally:
                await bot.close()
            await _pause(stopping, wait)
            wait = min(wait * 2, LONGEST_WAIT)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return ""


async def _until(stopping: asyncio.Event, bot: MatchingBot) -> bool:
    """Run the bot until it ends or is to stop; whether it was to stop. Raises what ended it."""
    running = asyncio.create_task(bot.start(bot.config.token))
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait((running, stop), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        return stopping.is_set()
    finally:
        stop.cancel()
        if not running.done():
            await bot.close()
            await asyncio.wait((running,))


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


class _KindsOnly(logging.Formatter):
    """Of an error only its kind and where it arose: its words may quote what somebody typed."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        kind, _, trace = ei
        last = _last(trace)
        place = f" at {last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else ""
        return f"{kind.__name__}{place}"


def _last(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_KindsOnly("%(levelname)s %(name)s: %(message)s"))
    levels = {"bot": logging.INFO, "discord": logging.WARNING, "discord.client": logging.ERROR}
    for name, level in levels.items():  # the client warns of voice, which nobody uses
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False
