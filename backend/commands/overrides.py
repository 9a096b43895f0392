"""`pin`, `forbid`, `pause`, `erase`: what staff decide about people."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import print_json
from backend.nightly.exits import Exit, Stop
from backend.nightly.moment import instant_from
from backend.record.overrides import Told, end_pair, erase_person, forbid_pair, pause_person, pin_pair

student_argument = click.argument("student")
professional_argument = click.argument("professional")
person_argument = click.argument("person")


@click.command(short_help="These two get a session with each other")
@student_argument
@professional_argument
@click.option("--at", "start", metavar="WHEN", help="At this instant (2026-12-02T14:30, the program's clock).")
@click.option("--off", is_flag=True, help="Take the pin back.")
@json_option
@settings_option
def pin(
    student: str, professional: str, start: str | None, off: bool, as_json: bool, settings_file: Path | None
) -> None:
    """STUDENT and PROFESSIONAL (names, ids or e-mail addresses) get a session from the next night on.

    \b
    Example:
      python run_matching.py pin "Ana Lima" "John Doe" --at 2026-12-02T14:30
    """
    settings = settings_from(settings_file)
    if off:
        say(end_pair(settings, student, professional, pinned=True, now=now()), as_json)
        return
    moment = instant_from(start, settings.program.zone, "--at") if start else None
    say(pin_pair(settings, student, professional, moment, now()), as_json)


@click.command(short_help="These two never meet")
@student_argument
@professional_argument
@click.option("--off", is_flag=True, help="Take it back.")
@json_option
@settings_option
def forbid(student: str, professional: str, off: bool, as_json: bool, settings_file: Path | None) -> None:
    """STUDENT and PROFESSIONAL never meet. Only staff ever learn of it.

    \b
    Example:
      python run_matching.py forbid "Ana Lima" "John Doe"
    """
    settings = settings_from(settings_file)
    if off:
        say(end_pair(settings, student, professional, pinned=False, now=now()), as_json)
    else:
        say(forbid_pair(settings, student, professional, now()), as_json)


@click.command(short_help="Somebody is not matched for a while")
@person_argument
@click.option("--until", metavar="WHEN", help="Back at this instant or local date; without it: until --off.")
@click.option("--off", is_flag=True, help="Back from now on.")
@json_option
@settings_option
def pause(person: str, until: str | None, off: bool, as_json: bool, settings_file: Path | None) -> None:
    """PERSON is not matched until then; sessions that are booked stand.

    \b
    Example:
      python run_matching.py pause "John Doe" --until 2026-12-07
    """
    settings = settings_from(settings_file)
    moment = instant_from(until, settings.program.zone, "--until") if until else None
    say(pause_person(settings, person, moment, now(), over=off), as_json)


@click.command(short_help="Delete everything that says who somebody is")
@person_argument
@click.option("--yes", is_flag=True, help="Really: it cannot be undone.")
@json_option
@settings_option
def erase(person: str, yes: bool, as_json: bool, settings_file: Path | None) -> None:
    """Erase PERSON (an id or e-mail address): names, keys and texts, in all programs.

    Sessions to come are cancelled and the others told. Past sessions and nights stay, without their name, and can
    still be replayed.

    \b
    Example:
      python run_matching.py erase ana@example.org --yes
    """
    if not yes:
        raise Stop(Exit.USAGE, "this cannot be undone; add --yes if you mean it")
    say(erase_person(settings_from(settings_file), person, now()), as_json)


def say(told: Told, as_json: bool) -> None:
    """What was done, on stdout."""
    if as_json:
        print_json({"format": "matching-done/1", "says": told.says, **told.data})
    else:
        click.echo(told.says)
