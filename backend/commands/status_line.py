"""The one line on a terminal that overwrites itself, and what must stand on a line of its own."""

from __future__ import annotations

import sys

import click

from backend.nightly.logs import CLEAR_LINE


def overwrite(text: str) -> None:
    """Show the text in place of the status line, on stderr. NO_COLOR takes colours away, not this."""
    click.echo(CLEAR_LINE + text, err=True, nl=False, color=True)


def say(text: str) -> None:
    """A line for people on stderr, in place of a status line that stands there."""
    if sys.stderr.isatty():
        overwrite("")
    click.echo(text, err=True)
