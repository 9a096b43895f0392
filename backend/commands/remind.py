"""`remind`: people hear of their session shortly before it."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import print_json, talk
from backend.nightly.document import instant
from backend.nightly.exits import Exit
from backend.nightly.reminding import Reminded
from backend.record.reminding import due_now, remind_once
from backend.report.words import counted
from backend.settings import Settings

FORMAT = "matching-reminders/1"


@click.command(short_help="Remind people of sessions that are near")
@click.option("--dry-run", is_flag=True, help="Say what would come due now; send and write nothing.")
@json_option
@settings_option
def remind(dry_run: bool, as_json: bool, settings_file: Path | None) -> int:
    """Remind people of their sessions, by Discord, e-mail or phone as each of them wishes.

    Run it every 5 minutes by a timer, or let `serve` do it. Everybody is reminded once for each of reminders.minutes;
    a session that was moved or cancelled is looked at when a reminder is sent. What is more than 15 minutes late is
    dropped and counted. Exit code 3 when something could not be sent.

    \b
    Example:
      */5 * * * *  cd /srv/matching && python run_matching.py remind
    """
    settings = settings_from(settings_file)
    if dry_run:
        return _look(settings, as_json)
    told = remind_once(settings, now)
    if as_json:
        print_json({"format": FORMAT, **told.counts, "by": dict(sorted(told.sent.items()))})
    else:
        click.echo(sentence(told))
    for problem in told.problems:
        talk(f"  {problem}")
    if not settings.publish.enabled:
        talk("publishing is off: nobody is reminded")
    return int(told.exit)


def sentence(told: Reminded) -> str:
    """One line for people."""
    by = ", ".join(f"{number} by {way}" for way, number in sorted(told.sent.items()))
    parts = [f"{counted(told.counts['sent'], 'reminder')} sent" + (f" ({by})" if by else "")]
    parts += [f"{number} {what}" for number, what in _rest(told) if number]
    return ", ".join(parts)


def _rest(told: Reminded) -> tuple[tuple[int, str], ...]:
    return (
        (told.late, "dropped as late"),
        (told.outdated, "no longer true"),
        (told.waiting, "to be tried again"),
        (told.failed, "given up"),
        (told.unreachable, "without a way to the person"),
    )


def _look(settings: Settings, as_json: bool) -> int:
    found = due_now(settings, now())
    if as_json:
        due = [
            {"session": one.session.key, "to": str(one.recipient), "minutes": one.minutes, "at": instant(one.at)}
            for one in found
        ]
        print_json({"format": FORMAT, "due": due})
    else:
        click.echo(f"{counted(len(found), 'reminder')} due; nothing was sent")
    return int(Exit.DONE)
