"""`doctor`: what is wrong, and how to put it right."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click

from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import print_json
from backend.nightly.checks import Check, Health, Looks, examine
from backend.nightly.exits import Exit
from backend.nightly.frame import policy_from
from backend.record.looking import look_at_tables
from backend.record.mail import greet
from backend.record.opening import open_to_look

_COLOURS = {Health.GOOD: "green", Health.WARNING: "yellow", Health.BROKEN: "red", Health.OFF: "cyan"}
_INDENT = " " * 6


@click.command(short_help="Check settings, sheets, credentials and the record")
@json_option
@settings_option
def doctor(as_json: bool, settings_file: Path | None) -> int:
    """Check settings, sheets and their columns, the record, credentials, rights, intents, clock and the last run.

    Says the fix for each fault, and what the policy will do. Changes nothing and sends nothing. Exit code 1 when
    something is broken.

    \b
    Example:
      python run_matching.py doctor
    """
    settings = settings_from(settings_file)
    checks = list(examine(settings, now(), Looks(look_at_tables, open_to_look, greet)))
    broken = any(check.health is Health.BROKEN for check in checks)
    if as_json:
        entries = [
            {"name": one.name, "health": one.health.value, "detail": one.detail, "fix": one.fix} for one in checks
        ]
        print_json({"format": "matching-doctor/1", "checks": entries})
    else:
        for check in checks:
            click.echo(_line(check))
        if not broken:
            click.echo("\nWhat the policy does:")
            for sentence in policy_from(settings).describe().split("\n"):
                click.echo(textwrap.fill(sentence, 78, initial_indent="  ", subsequent_indent="  "))
    return int(Exit.ERROR if broken else Exit.DONE)


def _line(check: Check) -> str:
    mark = click.style(f"{check.health.value:<5}", fg=_COLOURS[check.health])
    lines = textwrap.wrap(f"{check.name}: {check.detail}", 72, break_long_words=False)
    if check.fix:
        lines += textwrap.wrap(f"fix: {check.fix}", 72, break_long_words=False)
    return f"{mark} " + f"\n{_INDENT}".join(lines)
