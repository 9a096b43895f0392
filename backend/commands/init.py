"""`init`: the first settings file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from backend.commands.options import DEFAULT_FILE
from backend.commands.output import talk
from backend.nightly.exits import Exit, Stop
from backend.nightly.first_settings import Answers, key_of, settings_text
from backend.nightly.plain_record import write_whole
from backend.settings import Program, SettingsError

_QUESTIONS = (
    ("key", "Short name that never changes (small letters, digits, hyphens)"),
    ("zone", "Time zone of the program (such as America/New_York)"),
    ("email", "Address that people's replies go to"),
    ("students", "Sheet of the students: its address in the browser, or a file"),
    ("professionals", "Sheet of the professionals"),
    ("calendar", "Google calendar id (empty: none)"),
    ("channel", "Discord channel id for the night's message (empty: none)"),
    ("staff_channel", "Discord channel id of the staff's channel (empty: none)"),
)


@click.command(short_help="Write the first matching.toml")
@click.option("--name", help="Name of the program, as people read it.")
@click.option("--key", help="Short name that never changes (default: made of the name).")
@click.option("--zone", help="Time zone of the program (default: America/New_York).")
@click.option("--email", help="Address that people's replies go to.")
@click.option("--students", help="Sheet: its address in the browser, google:ID#Worksheet, or a file.")
@click.option("--professionals", help="Sheet of the professionals.")
@click.option("--calendar", help="Google calendar id.")
@click.option("--channel", help="Discord channel id for the night's message.")
@click.option("--staff-channel", help="Discord channel id of the staff's channel.")
@click.option("--yes", is_flag=True, help="Ask nothing: what no option says stays at its default.")
@click.option("--force", is_flag=True, help="Replace a settings file that is there.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=DEFAULT_FILE, help="The file to write.")
def init(yes: bool, force: bool, output: Path, **given: str | None) -> None:
    """Ask the few things that differ from program to program, and write matching.toml.

    Only what no option says is asked, and only at a terminal. Publishing stays off until you switch it on there.

    \b
    Example:
      python run_matching.py init
      python run_matching.py init --yes --name "Spring" --zone Europe/Berlin
    """
    if output.exists() and not force:
        raise Stop(Exit.USAGE, f"{output} is there already; edit it, or replace it with --force")
    asking = not yes
    if asking and not sys.stdin.isatty():
        raise Stop(Exit.USAGE, "no terminal to ask at: say it with options, and add --yes")
    name = given["name"] or (click.prompt("Name of the program", err=True) if asking else Program().name)
    answers = Answers(name, key_of(name), Program().zone, Program().organizer_email)
    for field, question in _QUESTIONS:
        value = given[field]
        if value is None and asking:
            value = click.prompt(question, default=getattr(answers, field), err=True)
        if value is not None:
            answers = replace(answers, **{field: value})
    try:
        text = settings_text(answers)
    except SettingsError as error:
        raise Stop(Exit.USAGE, f"{error}\nNothing was written.") from None
    write_whole(output, text)
    talk(f"wrote {output}. Next: `python run_matching.py doctor` says what is missing.")
