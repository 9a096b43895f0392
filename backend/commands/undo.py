"""`undo`: a run taken back before its sessions begin."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import talk
from backend.commands.overrides import say
from backend.nightly.exits import Exit, Stop
from backend.record.undoing import undo_run


@click.command(short_help="Take a run back before its sessions begin")
@click.argument("run")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@json_option
@settings_option
def undo(run: str, dry_run: bool, yes: bool, as_json: bool, settings_file: Path | None) -> None:
    """Cancel everything RUN booked (its id, its night, or "last"), as if it had not been. Everybody is told.

    Its students wait again with their old place in the queue, its loads count no more, and its night may be run anew.
    Refused with exit code 4 once one of its sessions has begun, and for a run that was undone before.

    \b
    Example:
      python run_matching.py undo last --dry-run
      python run_matching.py undo 2026-11-22 --yes
    """
    settings = settings_from(settings_file)
    if dry_run:
        say(undo_run(settings, run, now(), look=True), as_json)
        return
    if not yes:
        talk(undo_run(settings, run, now(), look=True).says)
        if not sys.stdin.isatty():
            raise Stop(Exit.USAGE, "nothing was done: add --yes to undo it")
        click.confirm("Undo it?", abort=True, err=True)
    say(undo_run(settings, run, now()), as_json)
