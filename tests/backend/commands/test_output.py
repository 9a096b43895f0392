"""The status line on a terminal: it never stays beside what is said meanwhile."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import pytest
import structlog

from backend.commands import main
from backend.commands.output import end_progress, progress, sending, talk
from backend.nightly.act import Tally
from backend.nightly.exits import Exit
from backend.nightly.logs import configure


@contextmanager
def terminal() -> Iterator[list[str]]:
    """Stderr is a terminal inside; what stands on it is in the list afterwards."""
    master, slave = os.openpty()
    os.set_blocking(master, False)
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch, open(slave, "w") as screen:
        patch.setattr(sys, "stderr", screen)
        yield found
        screen.flush()
        found += shown(os.read(master, 65536).decode())
    os.close(master)


def shown(written: str) -> list[str]:
    """The lines as a terminal shows them that knows how to return and to clear the rest of a line."""
    lines = [""]
    column = 0
    for piece in re.findall(r"\x1b\[K|\r|\n|[^\r\n\x1b]", written):
        if piece == "\n":
            lines.append("")
        elif piece == "\x1b[K":
            lines[-1] = lines[-1][:column]
        elif piece != "\r":
            lines[-1] = lines[-1][:column].ljust(column) + piece + lines[-1][column + 1 :]
        column = 0 if piece in "\r\n" else column + (piece != "\x1b[K")
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize("colour", [None, False], ids=["colour", "NO_COLOR"])
def test_what_is_said_meanwhile_stands_on_a_line_of_its_own(colour: bool | None) -> None:
    with terminal() as found, click.Context(click.Command("run"), color=colour).scope():
        progress()("checking the proof ...")
        talk("0 of 8 calendars")
        sending()(Tally(total=9, sent=3))
        talk("done")
        progress()("over")
        end_progress()
    assert found == ["0 of 8 calendars", "done", ""]


def test_an_error_and_a_log_line_stand_on_lines_of_their_own() -> None:
    with terminal() as found:
        configure()
        progress()("solving")
        structlog.get_logger().warning("not sent", channel="calendar")
        progress()("solving")
        assert main(("release", "last", "--settings", "missing.toml")) == Exit.USAGE
    log, error, *_ = found
    assert log == '{"channel": "calendar", "event": "not sent", "level": "warning"}'
    assert error.startswith("run_matching: ")
