"""`runs`: what earlier nights did, from the record."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from backend.commands.columns import fitted, wrapped
from backend.commands.options import json_option, known_zone, settings_from, settings_option, zone_option
from backend.commands.output import print_json
from backend.commands.undo import undo
from backend.nightly.document import Document, instant
from backend.nightly.exits import Exit
from backend.nightly.keeping import StoredNight
from backend.nightly.sentences import what_a_tier_settled, why_unmatched
from backend.record.history import Difference, RunRow, compared, list_runs, replayed, stored
from backend.report.words import counted, local
from optimizer.domain import Session

run_argument = click.argument("run")
NAME = 23


@click.group(short_help="Earlier runs: list, show, diff, replay, undo")
def runs() -> None:
    """Earlier runs. RUN is a run's id, a night (2026-11-22: its last run) or "last".

    \b
    Example:
      python run_matching.py runs list
      python run_matching.py runs diff 2026-11-21 last
    """


runs.add_command(undo)


@runs.command("list")
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="Show so many, the latest first.")
@json_option
@settings_option
def list_(most: int, as_json: bool, settings_file: Path | None) -> None:
    """The latest runs: night, state, sessions, unmatched students."""
    rows = list_runs(settings_from(settings_file), most)
    if as_json:
        print_json({"format": "matching-runs/1", "runs": [_facts(row) for row in rows]})
        return
    for row in rows:
        told = (
            f"{row.sessions:>4} sessions {row.unmatched:>4} unmatched"
            if row.state in ("booked", "planned")
            else row.reason
        )
        click.echo(f"{row.night}  {fitted(row.id, 16)}  {row.state:<8} {told}")
    if not rows:
        click.echo("no run yet")


@runs.command()
@run_argument
@zone_option
@json_option
@settings_option
def show(run: str, zone: str | None, as_json: bool, settings_file: Path | None) -> None:
    """A run's sessions, who got none and why, and what was proven; people under the names they have now."""
    settings = settings_from(settings_file)
    row, night = stored(settings, run)
    if as_json:
        print_json(_run_document(row, night))
        return
    clock = known_zone(zone or settings.program.zone)
    click.echo(click.style(wrapped(f"run {row.id} of the night {row.night}, all times {clock}"), bold=True))
    for session in sorted(night.plan.sessions, key=lambda one: (one.start, one.student)):
        click.echo(_line(night, session, clock))
    waited = dict(zip(night.problem.students, night.problem.waiting_days.tolist(), strict=True))
    left = (*night.plan.unmatched, *night.assembly.unmatched)
    click.echo(f"\n{counted(len(left), 'student')} without a session")
    for one in sorted(left, key=lambda one: (-one.waiting_days, one.student)):
        name = night.names.get(one.student, one.student)
        click.echo(wrapped(f"{name}: {why_unmatched(one, night.names, waited)}", "  ", " " * 6))
    click.echo("")
    for tier in night.plan.tiers:
        click.echo(wrapped(f"{tier.status.value}: {what_a_tier_settled(tier)}", "  ", " " * 6))


@runs.command()
@click.argument("before")
@click.argument("after")
@zone_option
@json_option
@settings_option
def diff(before: str, after: str, zone: str | None, as_json: bool, settings_file: Path | None) -> None:
    """What AFTER plans and BEFORE does not, and the other way round, pair by pair."""
    settings = settings_from(settings_file)
    (_, old), (_, new) = stored(settings, before), stored(settings, after)
    found = compared(old, new)
    if as_json:
        print_json(_difference_document(found))
        return
    clock = known_zone(zone or settings.program.zone)
    for mark, night, sessions in (("+", new, found.new), ("-", old, found.gone)):
        for session in sessions:
            click.echo(f"{mark} {_line(night, session, clock).strip()}")
    for then, now in found.moved:
        click.echo(f"~ {_line(new, now, clock).strip()}, was {_time(then, clock)}")
    numbers = f"+ {len(found.new)} new  ~ {len(found.moved)} moved  - {len(found.gone)} gone  = {len(found.kept)} kept"
    click.echo(numbers)


@runs.command()
@run_argument
@json_option
@settings_option
def replay(run: str, as_json: bool, settings_file: Path | None) -> int:
    """Solve a run's stored question anew and check its stored proof. Changes nothing; works after erasures too.

    Exit code 6 when the plan or the proof is not the same.
    """
    row, night = stored(settings_from(settings_file), run)
    told = replayed(night)
    if as_json:
        faults = list(told.faults)
        print_json({"format": "matching-replay/1", "run": row.id, "sessions": told.sessions, "faults": faults})
    elif told.faults:
        click.echo("\n".join(told.faults))
    else:
        proven = f"{counted(told.sessions, 'session')}, {counted(told.tiers, 'tier')}"
        click.echo(f"run {row.id}: the same plan again ({proven}), and the checker accepts its stored proof")
    return int(Exit.CHECKER_REJECTED if told.faults else Exit.DONE)


def _line(night: StoredNight, session: Session, zone: str) -> str:
    student, professional = (night.names.get(one, one) for one in (session.student, session.professional))
    return f"  {_time(session, zone)}  {fitted(student, NAME)}  {fitted(professional, NAME)}"


def _time(session: Session, zone: str) -> str:
    return f"{local(instant(session.start), zone):%a %d %b %H:%M}"


def _facts(row: RunRow) -> Document:
    return {**vars(row), "as_of": instant(row.as_of)}


def _session_facts(sessions: Iterable[Session]) -> list[Document]:
    return [
        {
            "student": one.student,
            "professional": one.professional,
            "start": instant(one.start),
            "end": instant(one.interval.end),
        }
        for one in sessions
    ]


def _run_document(row: RunRow, night: StoredNight) -> Document:
    left = (*night.plan.unmatched, *night.assembly.unmatched)
    return {
        "format": "matching-run/1",
        "run": _facts(row),
        "sessions": _session_facts(night.plan.sessions),
        "unmatched": [
            {"student": one.student, "stage": one.stage.value, "waiting_days": one.waiting_days} for one in left
        ],
        "tiers": [
            {"name": one.name, "value": one.value, "bound": one.bound, "status": one.status.value}
            for one in night.plan.tiers
        ],
        "names": dict(sorted(night.names.items())),
    }


def _difference_document(found: Difference) -> Document:
    return {
        "format": "matching-diff/1",
        "new": _session_facts(found.new),
        "gone": _session_facts(found.gone),
        "kept": _session_facts(found.kept),
        "moved": [
            {"before": before, "after": after}
            for old, new in found.moved
            for before, after in [_session_facts((old, new))]
        ],
    }
