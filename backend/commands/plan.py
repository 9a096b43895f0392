"""`plan`, `show`, `apply`: look before you leap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from backend.commands.calendars import look_into_calendars
from backend.commands.options import (
    as_of_option,
    json_option,
    now,
    settings_from,
    settings_option,
    sheet_options,
    time_limit_option,
)
from backend.commands.output import end_progress, print_json, progress, talk
from backend.commands.patience import Patience
from backend.commands.run import act, broken_off, code_of, tell, warn
from backend.commands.terminal import night_text
from backend.nightly.act import keep_for_staff
from backend.nightly.document import Document, document_of, instant
from backend.nightly.exits import Exit, Stop
from backend.nightly.guards import suspicions
from backend.nightly.lock import only_run
from backend.nightly.moment import as_of_from, night_key
from backend.nightly.night import Night, Question, conclude, inputs_hash, prepare, think
from backend.nightly.planfile import load_document, load_witness, plan_of, save_plan, save_question
from backend.nightly.pull import pull
from backend.nightly.record import RecordState, Sheets
from backend.record.opening import open_record
from backend.settings import Settings

Thinker = Callable[[Sheets, RecordState, datetime], Night]
plan_argument = click.argument("plan_file", type=click.Path(path_type=Path))


@click.command(short_help="Compute tonight's plan into a file and look before you leap")
@click.option("-o", "--output", "plan_file", type=click.Path(path_type=Path), help="The plan file.")
@click.option("--for-approval", is_flag=True, help="Keep it in the record, for staff to approve in the admin.")
@click.option(
    "--problem",
    "problem_file",
    type=click.Path(path_type=Path),
    help="Write the question without names here, to share it or to solve it elsewhere.",
)
@sheet_options
@as_of_option
@time_limit_option
@json_option
@click.option("--detailed-exitcode", is_flag=True, help="Exit 10 when there are new sessions.")
@settings_option
def plan(
    plan_file: Path | None,
    for_approval: bool,
    problem_file: Path | None,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    time_limit: float | None,
    as_json: bool,
    detailed_exitcode: bool,
    settings_file: Path | None,
) -> int:
    """Compute tonight's plan into a file. Nothing is booked or sent.

    The proof goes beside it (FILE with the ending .witness). Ctrl-C during the solve keeps the best plan so far
    (exit code 130). With --for-approval the answers are stored and the plan waits in the admin; who was booked,
    paused or answered meanwhile makes it stale.

    \b
    Example:
      python run_matching.py plan -o tonight.json
      python run_matching.py apply tonight.json
      python run_matching.py plan --for-approval
    """
    if plan_file is None and not for_approval:
        raise click.UsageError("Say where the plan goes: -o FILE, --for-approval, or both.")
    settings = settings_from(settings_file)
    moment = as_of_from(as_of, settings.program.zone, now())
    patience = Patience(time_limit)

    def thought(sheets: Sheets, state: RecordState, moment: datetime) -> Night:
        with patience:
            seen = look_into_calendars(settings, sheets, state, moment)
            return think(settings, sheets, state, moment, progress(), approved=True, stop=patience, calendars=seen)

    if for_approval:
        night = _kept(settings, moment, lambda: pull(settings, students, professionals), thought)
    else:
        tonight = open_record(settings, now).read(pull(settings, students, professionals), moment)
        night = thought(tonight.sheets, tonight.state, moment)
    end_progress()
    document = document_of(night)
    if plan_file is not None:
        save_plan(night, document, plan_file)
    if problem_file is not None:
        save_question(night, problem_file)
    if as_json:
        print_json(document)
    else:
        click.echo(night_text(document))
    warn(night)
    if plan_file is not None:
        talk(f"plan written to {plan_file}; book it with: python run_matching.py apply {plan_file}")
    if for_approval:
        talk(f"kept as {night.run}: staff can look at it and approve it in the admin, under Runs")
    return code_of(night, patience, Exit.DONE, detailed_exitcode)


def _kept(settings: Settings, moment: datetime, pulled: Callable[[], Sheets], thought: Thinker) -> Night:
    """Tonight's plan on stored answers, left for staff; what looks like an accident is said beside it."""
    with only_run(Path(settings.state_dir)):
        record, key = open_record(settings, now), night_key(moment, settings.program.zone)
        tonight = record.open_night(key, moment, pulled, anew=True)
        with broken_off(record, key):
            night = thought(tonight.sheets, tonight.state, tonight.as_of)
            doubts = suspicions(settings, night.sheets.rows, night.state, night.assembly)
            keep_for_staff(night, record, "; ".join(doubts))
        return night


@click.command(short_help="Show a plan file")
@plan_argument
@json_option
def show(plan_file: Path, as_json: bool) -> None:
    """Show a plan file as `plan` printed it.

    \b
    Example:
      python run_matching.py show tonight.json
    """
    document = load_document(plan_file)
    if as_json:
        print_json(document)
    else:
        click.echo(night_text(document))


@click.command(short_help="Book a plan file that is still true")
@plan_argument
@sheet_options
@json_option
@click.option("--approve", is_flag=True, help="Go on although a guard would hold the run.")
@settings_option
def apply(
    plan_file: Path,
    students: str | None,
    professionals: str | None,
    as_json: bool,
    approve: bool,
    settings_file: Path | None,
) -> int:
    """Book a plan file that is still true: the plan in the file, checked anew against the sheets as they are now.

    Refused with exit code 5 when it was applied before, when sheets, settings or sessions changed since, or when one
    of its sessions has begun; with 6 when the checker rejects it.

    \b
    Example:
      python run_matching.py apply tonight.json
    """
    settings = settings_from(settings_file)
    document = load_document(plan_file)
    witness = load_witness(plan_file)
    with only_run(Path(settings.state_dir)):
        record = open_record(settings, now)
        _refuse_applied(document, record.state())
        moment = as_of_from(document["run"]["as_of"], settings.program.zone, now())
        tonight = record.keep(pull(settings, students, professionals), moment)
        seen = look_into_calendars(settings, tonight.sheets, tonight.state, moment)
        question = prepare(settings, tonight.sheets, tonight.state, moment, approved=approve, calendars=seen)
        _refuse_stale(document, question, now())
        outside = frozenset(left.student for left in question.assembly.unmatched)
        night = conclude(question, plan_of(document, outside), witness)
        delivery = act(settings, night, record, approve)
    tell(night, as_json, delivery)
    return int(delivery.exit)


def _refuse_applied(document: Document, state: RecordState) -> None:
    run = document["run"]["id"]
    if any(entry.id == run for entry in state.runs):
        raise Stop(Exit.STALE_PLAN, f"plan {run} was applied before; nothing was done")


def _refuse_stale(document: Document, question: Question, present: datetime) -> None:
    digest = inputs_hash(question.settings, question.sheets, question.state, question.as_of, question.calendars)
    if digest != document["run"]["inputs_hash"]:
        raise Stop(
            Exit.STALE_PLAN,
            "the sheets, the settings, the booked sessions or people's own calendars changed since this plan was made; "
            "nothing was done. "
            "Make a new one with: python run_matching.py plan -o FILE",
        )
    begun = [entry["reference"] for entry in document["sessions"] if entry["start"] <= instant(present)]
    if begun:
        raise Stop(Exit.STALE_PLAN, f"session {begun[0]} of this plan has already begun; make a new plan")
