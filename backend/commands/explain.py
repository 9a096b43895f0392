"""`explain`: why somebody has this session, or none."""

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


@click.command(short_help="Why somebody has this session, or none")
@click.argument("person")
@sheet_options
@as_of_option
@zone_option
@audience_option
@json_option
@settings_option
def explain(
    person: str,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    zone: str | None,
    audience: str,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Why PERSON (a name, id or e-mail address) has this session, or none, by tonight's plan. Changes nothing.

    For a student with a session: what decided it, and what each alternative would cost. Without one: the one reason,
    the students and places that prove it, and every single change that would help. For a professional: sessions and
    load.

    \b
    Example:
      python run_matching.py explain "Ana Lima"
    """
    desk = desk_from(settings_file, students, professionals, as_of, zone, audience)
    print_answer(desk.explain(find(desk.night, person).id), desk.voice, as_json)
