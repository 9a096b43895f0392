"""`schedule`, `reschedule`, `cancel`: sessions changed by staff."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.columns import wrapped
from backend.commands.options import json_option, known_zone, now, settings_from, settings_option, zone_option
from backend.commands.output import print_json
from backend.commands.overrides import professional_argument, say, student_argument
from backend.nightly.document import Document, instant
from backend.nightly.moment import instant_from
from backend.nightly.replanning import Step, steps
from backend.record.rebooking import CAUSES, Choice, book_pair, cancel_session, menu_of, move_session
from backend.report.words import counted, local
from optimizer.domain import Session
from optimizer.explain.replan import Option

session_argument = click.argument("session")
at_option = click.option("--at", "start", metavar="WHEN", required=True, help="2026-12-02T14:30, the program's clock.")
minutes_option = click.option("--minutes", type=click.IntRange(10, 240), help="How long; default as before, or usual.")
override_option = click.option("--override", is_flag=True, help="Beyond the professional's limits too.")


@click.command(short_help="Book a session by hand")
@student_argument
@professional_argument
@at_option
@minutes_option
@override_option
@json_option
@settings_option
def schedule(
    student: str,
    professional: str,
    start: str,
    minutes: int | None,
    override: bool,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Book STUDENT with PROFESSIONAL (names, ids or e-mail addresses). Both are told.

    \b
    Example:
      python run_matching.py schedule "Ana Lima" "John Doe" --at 2026-12-02T14:30
    """
    settings = settings_from(settings_file)
    moment = instant_from(start, settings.program.zone, "--at")
    say(book_pair(settings, student, professional, moment, minutes or 0, now(), over=override), as_json)


@click.command(short_help="Move a session to another time")
@session_argument
@at_option
@minutes_option
@override_option
@json_option
@settings_option
def reschedule(
    session: str, start: str, minutes: int | None, override: bool, as_json: bool, settings_file: Path | None
) -> None:
    """Move SESSION (its reference, id, or a person who has one to come). Both are told; the old time is kept.

    \b
    Example:
      python run_matching.py reschedule "#K3F9QX" --at 2026-12-03T10:00
    """
    settings = settings_from(settings_file)
    moment = instant_from(start, settings.program.zone, "--at")
    say(move_session(settings, session, moment, minutes or 0, now(), over=override), as_json)


@click.command(short_help="Cancel a session, with as few others moved as you choose")
@session_argument
@click.option("--by", type=click.Choice(CAUSES), default="staff", show_default=True, help="Who cannot come.")
@click.option("--menu", is_flag=True, help="Show what else would be possible; change nothing.")
@click.option("--choose", type=click.IntRange(1), help="Cancel, and do what this option of the menu says.")
@zone_option
@json_option
@settings_option
def cancel(
    session: str,
    by: str,
    menu: bool,
    choose: int | None,
    zone: str | None,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Cancel SESSION (its reference, id, or a person who has one to come). Both are told.

    The student waits again with their old place in the queue. --menu says how many more could be matched at once for
    how many people moved; --choose does it.

    \b
    Example:
      python run_matching.py cancel "#K3F9QX" --by professional --menu
      python run_matching.py cancel "#K3F9QX" --by professional --choose 1
    """
    settings = settings_from(settings_file)
    if not menu:
        say(cancel_session(settings, session, by, choose, now()), as_json)
        return
    found = menu_of(settings, session, by, now())
    if as_json:
        print_json(menu_document(found))
    else:
        click.echo(menu_text(found, known_zone(zone or settings.program.zone)))


def menu_text(found: Choice, zone: str) -> str:
    """The options, fewest people moved first; at most 80 columns."""
    title = click.style(wrapped(f"If {found.reference} is cancelled, all times {zone}"), bold=True)
    if found.menu is None:
        return f"{title}\n{wrapped(found.why, '  ')}"
    lines = [title]
    for number, option in enumerate(found.menu.options, start=1):
        head = f"{counted(option.moved, 'person', 'people')} moved, {counted(option.matched, 'session')} in all"
        lines.append(wrapped(head, f"{number:>4}. ", " " * 6))
        lines += [wrapped(_step(step, found.names, zone), " " * 6, " " * 8) for step in steps(option)]
    if found.menu.more:
        lines.append(wrapped(f"and {counted(found.menu.more, 'option')} in between the last two", "  "))
    return "\n".join(lines)


def menu_document(found: Choice) -> Document:
    """Format "matching-menu/1"."""
    options = found.menu.options if found.menu else ()
    return {
        "format": "matching-menu/1",
        "session": found.reference,
        "why": found.why,
        "options": [
            {"moved": one.moved, "sessions": one.matched, "steps": [_step_facts(step) for step in steps(one)]}
            for one in options
        ],
        "names": {one: found.names.get(one, one) for one in sorted(_people(options))},
    }


def _people(options: tuple[Option, ...]) -> set[str]:
    told = [step.after for option in options for step in steps(option)]
    told += [step.before for option in options for step in steps(option) if step.before]
    return {person for one in told for person in (one.student, one.professional)}


def _step_facts(step: Step) -> Document:
    before = _facts(step.before) if step.before else None
    return {"before": before, "after": _facts(step.after)}


def _facts(session: Session) -> Document:
    return {"student": session.student, "professional": session.professional, "start": instant(session.start)}


def _step(step: Step, names: dict[str, str], zone: str) -> str:
    student, host = names.get(step.after.student, step.after.student), names.get(step.after.professional, "")
    when = f"{local(instant(step.after.start), zone):%a %d %b %H:%M}"
    if step.before is None:
        return f"new: {student} with {host}, {when}"
    was = f"{local(instant(step.before.start), zone):%a %d %b %H:%M}"
    other = names.get(step.before.professional, step.before.professional)
    return f"moved: {student} with {host}, {when} (was {other}, {was})"
