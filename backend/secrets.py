"""Secrets come from the environment, or from a file that only its owner can read; never from matching.toml."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

GOOGLE_CREDENTIALS = "GOOGLE_CALENDAR_CREDENTIALS"
CALDAV_PASSWORD = "CALDAV_PASSWORD"  # noqa: S105 - the name of a variable, not a secret
APPRISE_URLS = "APPRISE_URLS"
REMINDER_PHONE_URL = "REMINDER_PHONE_URL"
SMTP_PASSWORD = "SMTP_PASSWORD"  # noqa: S105 - the name of a variable, not a secret
HOOK_SECRET = "HOOK_SECRET"  # noqa: S105 - the name of a variable, not a secret
BOT_SHARED_SECRET = "BOT_SHARED_SECRET"  # noqa: S105 - the name of a variable, not a secret
FORM_WEBHOOK_SECRET = "FORM_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable, not a secret
SHORTEST_SECRET = 32
"""Characters of a secret that both sides choose; a shorter one could be guessed."""
DISCORD_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a variable, not a secret


class SecretError(Exception):
    """A secret is named in a way that is not safe or cannot be read. The message never holds the secret."""


def secret(name: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The value of `name`, or the content of the file `name_FILE` points to; None when neither is set.

    Raises `SecretError` when both are set, or when the file is missing, empty or readable by others.
    """
    environment = os.environ if environment is None else environment
    value, place = environment.get(name), environment.get(f"{name}_FILE")
    if value and place:
        raise SecretError(f"both {name} and {name}_FILE are set; keep one")
    if value:
        return value
    return _from_file(name, Path(place)) if place else None


def _from_file(name: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretError(f"{name}_FILE={path} cannot be read: {error.strerror}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(f"{name}_FILE={path} can be read by others; run: chmod 600 {path}")
    if not text:
        raise SecretError(f"{name}_FILE={path} is empty")
    return text
