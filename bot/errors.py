"""From an error to the sentence that the asker reads."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.client import ApiError
from bot.quotes import FormError
from bot.turn import Refusal

SURPRISE = "Something went wrong on my side; it was logged. Please try again, or tell the program's staff."
ELSEWHERE = "I work in another server. Please use me there, or write to me directly."


class Elsewhere(commands.CheckFailure):
    """A server that is none of ours."""


class Malformed(commands.UserInputError):
    """What was typed cannot be taken apart; carries the `FormError`'s sentence."""


def cause_of(error: BaseException) -> BaseException:
    """What lies under discord.py's wrappers."""
    wrappers = (commands.CommandInvokeError, commands.HybridCommandError, app_commands.CommandInvokeError)
    while isinstance(error, wrappers):
        error = error.original
    return error


def sentence_of(error: BaseException, form: str, command: commands.Command[Any, ..., Any] | None) -> str:
    """What to do about it; "" to stay silent. `form`: what stands before commands."""
    shown = f"{form}{example_of(command)}" if command else ""
    if isinstance(error, ApiError | Refusal | FormError):
        return error.sentence
    if isinstance(error, Malformed):
        return str(error)
    if isinstance(error, commands.CommandOnCooldown | app_commands.CommandOnCooldown):
        return f"That was quick. Please wait {max(1, round(error.retry_after))} seconds and try again."
    if isinstance(error, commands.MaxConcurrencyReached):
        return "I am still at your last question. Please wait for its answer."
    if isinstance(error, Elsewhere):
        return ELSEWHERE
    if isinstance(error, commands.UserInputError) and command:
        return f"Write it like this: {shown}"
    if isinstance(error, commands.CheckFailure | app_commands.CheckFailure):
        return "You may not use this here."
    return SURPRISE


def nearest(wanted: str, known: list[str], form: str) -> str:
    """A hint for a mistyped command; "" when it resembles none, for it may be meant for another bot."""
    near = get_close_matches(wanted.casefold(), known, 1, 0.75)
    return f"Did you mean {form}{near[0]}?" if near else ""


def example_of(command: commands.Command[Any, ..., Any]) -> str:
    """How to use it, without what stands before commands."""
    return str(command.extras.get("example", command.qualified_name))
