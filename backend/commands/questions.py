"""What the commands that ask about tonight's plan share: the night thought through, the answer printed."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.columns import wrapped
from backend.commands.options import known_zone, now, settings_from
from backend.commands.output import end_progress, print_json, progress
from backend.explanations.answer import Answer, Entry
from backend.explanations.voice import Voice
from backend.nightly.asking import Desk, answer_document
from backend.nightly.moment import as_of_from
from backend.nightly.night import think
from backend.nightly.pull import pull
from backend.record.opening import open_to_look
from optimizer import Audience


def desk_from(
    settings_file: Path | None,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    zone: str | None,
    audience: str,
) -> Desk:
    """The night as `run --dry-run` thinks it, ready for questions; nothing is written, booked or sent."""
    settings = settings_from(settings_file)
    clock = known_zone(zone or settings.program.zone)
    moment = as_of_from(as_of, settings.program.zone, now())
    tonight = open_to_look(settings, now).read(pull(settings, students, professionals), moment)
    night = think(settings, tonight.sheets, tonight.state, moment, progress(), approved=True)
    end_progress()
    return Desk(night, clock, Audience(audience))


def print_answer(answer: Answer, voice: Voice, as_json: bool) -> None:
    """On stdout: one JSON document, or text of at most 80 columns."""
    if as_json:
        print_json(answer_document(answer, voice))
    else:
        click.echo(answer_text(answer))


def answer_text(answer: Answer) -> str:
    """The title, the sentences, then the entries numbered."""
    lines = [click.style(wrapped(answer.title), bold=True), *(wrapped(line, "  ") for line in answer.sentences)]
    if answer.table:
        lines += ["", *answer.table]
    if answer.heading:
        lines += ["", wrapped(f"{answer.heading}:", "  ")]
    for number, entry in enumerate(answer.entries, start=1):
        lines += _entry(number, entry)
    return "\n".join(lines)


def _entry(number: int, entry: Entry) -> list[str]:
    """A number, a title if there is one, and the sentences hanging below it."""
    if not entry.title:
        return [wrapped(" ".join(entry.sentences), f"{number:>4}. ", " " * 6)]
    head = click.style(wrapped(entry.title, f"{number:>4}. ", " " * 6), bold=True)
    return ["", head, *(wrapped(line, " " * 6) for line in entry.sentences)]
