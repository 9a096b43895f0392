"""What commands print: JSON on stdout when asked, talk on stderr, progress only where somebody watches."""

from __future__ import annotations

import sys
import time

import click

from backend.nightly.document import Document, as_json
from backend.nightly.night import Progress


def print_json(document: Document) -> None:
    """One JSON document on stdout."""
    click.echo(as_json(document), nl=False)


def talk(text: str) -> None:
    """A line for people, on stderr, so that stdout stays machine output."""
    click.echo(text, err=True)


def progress() -> Progress:
    """A status line on stderr that overwrites itself; silent without a terminal."""
    if not sys.stderr.isatty():
        return lambda _: None
    started = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"\r\x1b[K{line[:66]:<66} {time.monotonic() - started:6.1f} s", err=True, nl=False)

    return say


def end_progress() -> None:
    """Clear the status line."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
