"""`demo`: the whole job on the sample data."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from backend.commands.options import json_option, now
from backend.commands.output import end_progress, print_json, progress, talk
from backend.commands.terminal import night_text
from backend.nightly.act import book
from backend.nightly.document import document_of
from backend.nightly.moment import as_of_from
from backend.nightly.night import think
from backend.nightly.outputs import write_outputs
from backend.nightly.plain_record import PlainRecord
from backend.nightly.pull import pull
from backend.settings import Program, Settings

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
AS_OF = "2026-11-22T22:00"
DEMO = Settings(
    program=Program(
        key="demo",
        name="Resume Review Program",
        organizer_name="Resume Review Program",
        organizer_email="staff@example.org",
        meeting_link="https://meet.example.org/resume-review",
    )
)


@click.command(short_help="The whole job on sample_data/, no credentials; results under out/")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True, help="Where to.")
@json_option
def demo(out: Path, as_json: bool) -> None:
    """The whole job on sample_data/, as of Sunday 22 November 2026, 22:00 in New York. No credentials, nothing sent.

    Writes plan.json, report.html, the invitations, the combined calendar and the Discord message; a repeat writes the
    same bytes.

    \b
    Example:
      python run_matching.py demo
    """
    moment = as_of_from(AS_OF, DEMO.program.zone, now())
    sheets = pull(DEMO, str(SAMPLES / "students.csv"), str(SAMPLES / "professionals.csv"))
    with tempfile.TemporaryDirectory() as folder:
        record = PlainRecord(Path(folder), now)
        night = think(DEMO, sheets, record.state(), moment, progress())
        book(night, record, approved=False)
    files = write_outputs(night, out)
    end_progress()
    document = document_of(night)
    if as_json:
        print_json(document)
    else:
        click.echo(night_text(document))
    talk("demo: nothing was sent. Written:")
    for path in files:
        talk(f"  {path}")
