"""`run`: the nightly job."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
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
from backend.commands.output import end_progress, print_json, progress, sending, talk
from backend.commands.patience import Patience
from backend.commands.terminal import night_text
from backend.nightly.act import Delivery, book, keep_for_staff, work_off
from backend.nightly.calendars import Calendars
from backend.nightly.channels import channels
from backend.nightly.document import FORMAT, document_of, instant
from backend.nightly.exits import Exit, Stop
from backend.nightly.free_busy import free_of_clashes
from backend.nightly.guards import Held, refuse_unfinished, suspicions
from backend.nightly.lock import only_run
from backend.nightly.moment import as_of_from, night_key
from backend.nightly.night import Night, think
from backend.nightly.outputs import write_outputs
from backend.nightly.pull import pull
from backend.nightly.record import Record, RunEntry, Sheets, Tonight
from backend.nightly.watching import watched
from backend.record.opening import open_record, open_to_look
from backend.record.syncing import sync_once
from backend.settings import Settings
from publish.passes import Patience as Waiting


@click.command(short_help="The nightly job: pull, read, solve, verify, book, post")
@click.option("--dry-run", is_flag=True, help="Think and print; write, book and send nothing.")
@sheet_options
@as_of_option
@time_limit_option
@json_option
@click.option("--again", is_flag=True, help="Plan a night that was already run once more.")
@click.option("--approve", is_flag=True, help="Go on although a guard would hold the run.")
@click.option("--hold", is_flag=True, help="Book, and let everything to be sent wait for `release`.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 10 when there are new sessions.")
@settings_option
def run(
    dry_run: bool,
    students: str | None,
    professionals: str | None,
    as_of: str | None,
    time_limit: float | None,
    as_json: bool,
    again: bool,
    approve: bool,
    hold: bool,
    detailed_exitcode: bool,
    settings_file: Path | None,
) -> int:
    """The nightly job: pull, read, solve, verify, book, post.

    Once per program and night. Without publish.enabled in matching.toml nothing is sent; the sessions are recorded
    and what would be sent waits in the outbox. Files for people are written to out/. With --hold this night's
    sessions are booked and nobody is told before `release`.

    Ctrl-C during the solve prints the best plan so far and books nothing (exit code 130). A plan that --time-limit cut
    short is held for staff (exit code 4) unless you add --approve.

    \b
    Examples:
      python run_matching.py run --dry-run --students s.csv --professionals p.csv
      python run_matching.py run --json > tonight.json
    """
    settings = settings_from(settings_file)
    moment = as_of_from(as_of, settings.program.zone, now())
    patience = Patience(time_limit)
    if dry_run:
        night = looked(settings, pull(settings, students, professionals), moment, patience)
        tell(night, as_json, None)
        if not approve:
            warn(night)
        return code_of(night, patience, Exit.DONE, detailed_exitcode)
    with only_run(Path(settings.state_dir)), watched(settings) as job:
        record, key = open_record(settings, now), night_key(moment, settings.program.zone)
        done = record.state().run_of(settings.program.key, key)
        if done is not None and not again:
            job.code = already(settings, record, done, as_json, approve)
            return job.code
        compare_calendar(settings)
        tonight = record.open_night(key, moment, lambda: pull(settings, students, professionals), anew=again)
        _tell_answers(tonight)
        with broken_off(record, key):
            with patience:
                night = _settled(settings, tonight, approve, patience)
            if patience.interrupted:
                end_progress()
                tell(night, as_json, None)
                return int(Exit.INTERRUPTED)
            with kept_for_staff(record, night):
                if patience.over:
                    refuse_unfinished(night.plan, approved=approve)
                delivery = act(settings, night, record, approve, hold=hold)
        record.tidy()
        job.code = code_of(night, patience, delivery.exit, detailed_exitcode)
    tell(night, as_json, delivery)
    return job.code


def _tell_answers(tonight: Tonight) -> None:
    """Where the answers come from, unless it is the sheets as they are now."""
    if tonight.resumed:
        talk(f"an earlier attempt broke off: going on with its answers, as of {instant(tonight.as_of)}")
    for told in tonight.sheets.stand_ins:
        talk(f"ATTENTION: {told}")


def looked(settings: Settings, sheets: Sheets, moment: datetime, patience: Patience) -> Night:
    """The night that would be run at that moment; leaves no trace. Raises `Stop`."""
    tonight = open_to_look(settings, now).read(sheets, moment)
    with patience:
        seen = look_into_calendars(settings, tonight.sheets, tonight.state, moment)
        night = think(
            settings, tonight.sheets, tonight.state, moment, progress(), approved=True, stop=patience, calendars=seen
        )
    end_progress()
    return night


def _settled(settings: Settings, tonight: Tonight, approve: bool, patience: Patience) -> Night:
    """The night, planned around what people's own calendars say, also if they fill meanwhile. Raises `Stop`."""
    sheets, state, moment = tonight.sheets, tonight.state, tonight.as_of

    def thought(seen: Calendars) -> Night:
        return think(settings, sheets, state, moment, progress(), approved=approve, stop=patience, calendars=seen)

    return free_of_clashes(thought, lambda: look_into_calendars(settings, sheets, state, moment), talk)


def compare_calendar(settings: Settings) -> None:
    """Before a night: every event of the program's calendar against every session, with the counts told to staff.

    A calendar that cannot be reached or used does not stop the night, and is said.
    """
    if not (settings.publish.enabled and settings.publish.calendar_id):
        return
    with channels(settings) as ports:
        assert ports.watch is not None
        try:
            report = sync_once(settings, ports.watch, now, complete=True)
        except Stop as stop:
            talk(f"ATTENTION: Google Calendar was not compared with the record: {stop.message}")
            return
    for line in report.lines:
        talk(f"Google Calendar: {line}")


@contextmanager
def broken_off(record: Record, night: str) -> Iterator[None]:
    """A night that is stopped for staff is over: the next run begins it anew, with fresh answers.

    One that merely failed for the moment is gone on with, as is one that was killed.
    """
    try:
        yield
    except Stop as stop:
        if stop.code not in (Exit.STALE_PLAN, Exit.TRY_LATER):
            record.break_off(night, stop.code.name.lower().replace("_", " "))
        raise


@contextmanager
def kept_for_staff(record: Record, night: Night) -> Iterator[None]:
    """A plan that a guard holds is kept with its proof, so that staff can look at it and approve it."""
    try:
        yield
    except Held as held:
        entry = keep_for_staff(night, record, "; ".join(held.reasons))
        talk(f"the plan is kept as {entry.id}: staff can look at it and approve it in the admin")
        raise


def code_of(night: Night, patience: Patience, code: Exit, detailed: bool) -> int:
    """The exit code of a plan that was made, after what else came of it."""
    if patience.interrupted:
        return int(Exit.INTERRUPTED)
    if code is Exit.DONE and detailed and night.plan.sessions:
        return int(Exit.CHANGES_PRESENT)
    return int(code)


def already(settings: Settings, record: Record, done: RunEntry, as_json: bool, approve: bool) -> int:
    """A finished night is not planned again; what still waits in the outbox is tried once more."""
    with channels(settings) as ports:
        delivery = work_off(settings, record, ports, now, sending(), approved=approve, patience=waiting(settings))
    record.tidy()
    end_progress()
    talk(f"night {done.night} was already run ({done.id}, {done.sessions} sessions); nothing was planned.")
    talk("Add --again to plan the students who are still waiting.")
    if as_json:
        print_json({"format": FORMAT, "already_run": {"id": done.id, "night": done.night, "sessions": done.sessions}})
    tell_delivery(settings, delivery)
    return int(delivery.exit)


def act(settings: Settings, night: Night, record: Record, approve: bool, *, hold: bool = False) -> Delivery:
    """Book, send and write the files."""
    with channels(settings) as ports:
        book(night, record, approved=approve, hold=hold)
        end_progress()
        delivery = work_off(settings, record, ports, now, sending(), approved=approve, patience=waiting(settings))
    files = write_outputs(night, Path(settings.out_dir), record.links)
    end_progress()
    talk(f"files for people: {', '.join(str(path) for path in files)}")
    return delivery


def waiting(settings: Settings) -> Waiting:
    """How long a run waits for services that ask for patience."""
    return Waiting(float(settings.publish.patience_seconds), time.sleep)


def warn(night: Night) -> None:
    """Say what would hold a run that books, when nothing is booked yet."""
    for reason in suspicions(night.settings, night.sheets.rows, night.state, night.assembly):
        talk(f"booking this would be held for staff: {reason}")


def tell(night: Night, as_json: bool, delivery: Delivery | None) -> None:
    """The night on stdout, what was sent on stderr."""
    document = document_of(night)
    if as_json:
        print_json(document)
    else:
        click.echo(night_text(document))
    if delivery is None:
        talk("dry run: nothing was written, booked or sent")
        return
    tell_delivery(night.settings, delivery)


def tell_delivery(settings: Settings, delivery: Delivery) -> None:
    """What was sent and what waits, on stderr."""
    if delivery.held:
        talk(f"held: {delivery.held} items wait for `python run_matching.py release last`")
    if not settings.publish.enabled:
        talk(f"publishing is off: nothing was sent, {delivery.waiting} items wait in the outbox")
        return
    talk(f"sent {delivery.sent}, waiting {delivery.waiting}, given up {delivery.dead}")
    for problem in delivery.problems:
        talk(f"  {problem}")
    if delivery.unsent:
        talk(f"  {delivery.unsent} are tried again later; `python run_matching.py outbox list` says when")
    if delivery.given_up > delivery.dead:
        talk(f"  given up earlier: {delivery.given_up - delivery.dead}; see `python run_matching.py outbox list`")
