"""What commands print: JSON on stdout when asked, talk on stderr, progress only where somebody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from backend.commands.status_line import overwrite
from backend.commands.status_line import say as say_line
from backend.nightly.act import Tally
from backend.nightly.document import Document, as_json
from backend.nightly.night import Progress

BAR = 20


def print_json(document: Document) -> None:
    """One JSON document on stdout."""
    click.echo(as_json(document), nl=False)


def talk(text: str) -> None:
    """A line for people, on stderr, so that stdout stays machine output."""
    say_line(text)


def progress() -> Progress:
    """A status line on stderr that overwrites itself; silent without a terminal."""
    if not sys.stderr.isatty():
        return lambda _: None
    started = time.monotonic()

    def say(line: str) -> None:
        overwrite(f"{line[:66]:<66} {time.monotonic() - started:6.1f} s")

    return say


def sending() -> Callable[[Tally], None]:
    """A bar with counts on stderr that overwrites itself; without a terminal a plain line for each tenth."""
    if sys.stderr.isatty():
        return lambda tally: overwrite(bar(tally))
    told = 0

    def say(tally: Tally) -> None:
        nonlocal told
        tenth = 10 * _settled(tally) // max(1, tally.total)
        if tenth > told:
            told = tenth
            talk(_counts(tally))

    return say


def bar(tally: Tally) -> str:
    """[##########----------] 120 of 601 settled: 118 sent, 2 given up, 3 to try again; at most 80 columns."""
    filled = BAR * _settled(tally) // max(1, tally.total)
    return f"[{'#' * filled}{'-' * (BAR - filled)}] {_counts(tally)}"[:79]


def _settled(tally: Tally) -> int:
    return tally.sent + tally.dead


def _counts(tally: Tally) -> str:
    parts = [f"{tally.sent} of {tally.total} sent"]
    parts += [f"{tally.dead} given up"] if tally.dead else []
    parts += [f"{tally.again} to try again"] if tally.again else []
    return ", ".join(parts)


def end_progress() -> None:
    """Clear the status line."""
    if sys.stderr.isatty():
        overwrite("")
