"""`advise`, `whatif`, `fairness`: what staff could do beyond tonight's plan. They change nothing."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.options import as_of_option, json_option, settings_option, sheet_options, zone_option
from backend.commands.questions import desk_from, print_answer
from optimizer import Audience

STAFF = Audience.STAFF.value


@click.command(short_help="Whom to ask for what, where supply is missing, what hangs on one person")
@click.option("--asks", type=click.IntRange(1, 20), default=3, show_default=True, help="Size of the best set of asks.")
@click.option("--most", type=click.IntRange(1), default=8, show_default=True, help="Show so many single offers.")
@sheet_options
@as_of_option
@zone_option
@json_option
@settings_option
def advise(
    asks: int,
    most: int,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    zone: str | None,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Which single offers add sessions and for whom, and the best set of asks; hours and options without supply or
    demand; whose loss nobody could repair; the one question worth asking. For staff.

    \b
    Example:
      python run_matching.py advise --asks 5
    """
    desk = desk_from(settings_file, students, professionals, as_of, zone, STAFF)
    print_answer(desk.advise(asks, most), desk.voice, as_json)


@click.command(short_help="What tonight's plan would be with some changes")
@click.argument("changes")
@sheet_options
@as_of_option
@zone_option
@json_option
@settings_option
def whatif(
    changes: str,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    zone: str | None,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """What tonight's plan would be with CHANGES, solved in full; nothing is stored. For staff.

    \b
    Changes, separated by ";":
      NAME +TIMES, NAME -TIMES     free then as well, not free then
      NAME out                     not there at all
      NAME cap N [a day|a week]    at most N sessions
      NAME with NAME               the two meet
      NAME not with NAME           the two do not meet

    \b
    Example:
      python run_matching.py whatif "Maria +Tue 18-19; Ana out; John cap 3"
    """
    desk = desk_from(settings_file, students, professionals, as_of, zone, STAFF)
    print_answer(desk.whatif(changes), desk.voice, as_json)


@click.command(short_help="What other policies would give tonight")
@sheet_options
@as_of_option
@json_option
@settings_option
def fairness(
    students: str | None, professionals: str | None, as_of: str | None, as_json: bool, settings_file: Path | None
) -> None:
    """What other policies would give tonight: matched, common time, fit, load, waiting. For staff.

    \b
    Example:
      python run_matching.py fairness
    """
    desk = desk_from(settings_file, students, professionals, as_of, None, STAFF)
    print_answer(desk.fairness(), desk.voice, as_json)
