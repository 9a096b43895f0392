"""`suggest`: whom a student could meet."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.options import (
    as_of_option,
    audience_option,
    json_option,
    settings_option,
    sheet_options,
    zone_option,
)
from backend.commands.questions import desk_from, print_answer
from backend.nightly.finding import find


@click.command(short_help="Whom a student could meet, and what booking it would displace")
@click.argument("student")
@click.option("--most", type=click.IntRange(1), default=5, show_default=True, help="Show so many suggestions.")
@sheet_options
@as_of_option
@zone_option
@audience_option
@json_option
@settings_option
def suggest(
    student: str,
    most: int,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    zone: str | None,
    audience: str,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Whom STUDENT (a name, id or e-mail address) could meet, the best first. Changes nothing.

    Each suggestion says when, what booking it would do to tonight's plan, the common time, the fit and the load. Near
    misses (starts within an hour of each other) come after everybody with a possible common time.

    \b
    Example:
      python run_matching.py suggest "Ana Lima" --zone Europe/Berlin
    """
    desk = desk_from(settings_file, students, professionals, as_of, zone, audience)
    person = find(desk.night, student, students_only=True)
    print_answer(desk.suggest(person.id, most), desk.voice, as_json)
