"""`read`: how an availability text is understood."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

import click

from backend.commands.options import known_zone, now, settings_from, settings_option
from backend.nightly.exits import Exit, Stop
from backend.nightly.moment import reference_date
from backend.nightly.reading import conventions_from
from ingest.availability import Conventions, Horizon, Reading
from ingest.availability import read as read_text

WIDTH = 78


@dataclass(frozen=True)
class Question:
    """One text to read. `zone` is assumed where the text names none."""

    id: str
    text: str
    zone: str


@click.command(short_help="Show how availability texts are understood")
@click.argument("text", required=False)
@click.option("--jsonl", "jsonl_file", metavar="FILE", help="JSON lines with id, text, tz; - for stdin.")
@click.option("--zone", help="Zone of texts that name none (default: the program's).")
@click.option("--as-of", metavar="DATE", help="The date on which it was written (default: today).")
@click.option("--horizon-days", type=click.IntRange(1, 366), default=28, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each text.")
@settings_option
def read(
    text: str | None,
    jsonl_file: str | None,
    zone: str | None,
    as_of: str | None,
    horizon_days: int,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Show how availability texts are understood: one text, stdin, or JSON lines.

    Nothing is stored. What was not understood is underlined and named.

    \b
    Examples:
      python run_matching.py read "Mon, Wed 2-4 except Dec 2"
      python run_matching.py read --jsonl answers.jsonl --as-of 2026-11-22 --json
    """
    settings = settings_from(settings_file)
    zone = known_zone(zone or settings.program.zone)
    conventions = conventions_from(settings)
    reference = reference_date(as_of, settings.program.zone, now())
    horizon = Horizon(reference + timedelta(days=1), horizon_days)
    if text is not None and jsonl_file is not None:
        raise Stop(Exit.USAGE, "give a text or --jsonl FILE, not both")
    for question in _questions(text, jsonl_file, zone):
        reading = read_question(question, reference, horizon, conventions)
        click.echo(as_line(question, reading) if as_json else as_table(question, reading))


def read_question(question: Question, reference: date, horizon: Horizon, conventions: Conventions) -> Reading:
    """The reading of one question."""
    return read_text(question.text, reference=reference, zone=question.zone, horizon=horizon, conventions=conventions)


def as_line(question: Question, reading: Reading) -> str:
    """One JSON line in the form of the labelled corpus."""
    return json.dumps({"id": question.id, **reading.as_record()}, ensure_ascii=False)


def as_table(question: Question, reading: Reading) -> str:
    """What a person checks: the text with doubts underlined, the echo, the assumptions."""
    lines = [f"{question.id}  {reading.status}  confidence {reading.confidence:.2f}  {reading.zone}"]
    doubts = [(span.start, span.end) for span in reading.unparsed]
    lines += [f"  {part}" for part in underlined(question.text, doubts)]
    lines.append(f"  = {reading.echo or 'no time'}")
    lines += [f"  ? {assumption.sentence} [{assumption.code}]" for assumption in reading.assumptions]
    lines += [f"  ! not understood: {span.text.strip()!r}" for span in reading.unparsed]
    return "\n".join(line for line in lines if line.strip()) + "\n"


def underlined(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    """The text's lines, wrapped, each followed by a line of ^ under the spans (if any)."""
    start = 0
    for line in text.split("\n"):
        for low in range(0, max(1, len(line)), WIDTH):
            piece = line[low : low + WIDTH]
            yield "".join(char if char.isprintable() else " " for char in piece)
            offset = start + low
            marks = "".join(
                "^" if any(a <= offset + k < b for a, b in spans) and not char.isspace() else " "
                for k, char in enumerate(piece)
            ).rstrip()
            if marks:
                yield marks
        start += len(line) + 1


def _questions(text: str | None, jsonl_file: str | None, zone: str) -> Iterator[Question]:
    if text is not None:
        yield Question("text", text, zone)
    elif jsonl_file is None:
        if sys.stdin.isatty():
            raise Stop(Exit.USAGE, 'say what to read: read "Mon 2-4", --jsonl FILE, or text on stdin')
        yield Question("stdin", sys.stdin.read().rstrip("\n"), zone)
    elif jsonl_file == "-":
        yield from _lines(sys.stdin, "stdin", zone)
    else:
        try:
            with Path(jsonl_file).open(encoding="utf-8") as lines:
                yield from _lines(lines, jsonl_file, zone)
        except OSError as error:
            raise Stop(Exit.ERROR, f"{jsonl_file} cannot be read: {error.strerror}") from None


def _lines(lines: TextIO, place: str, zone: str) -> Iterator[Question]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            text = entry["text"]
        except (ValueError, KeyError, TypeError):
            raise Stop(Exit.ERROR, f"{place}, line {number}: expected JSON with a key 'text'") from None
        yield Question(
            str(entry.get("id", number)), "" if text is None else str(text), known_zone(entry.get("tz") or zone)
        )
