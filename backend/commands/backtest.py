"""`backtest`: stored nights under other settings or code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from backend.backtest.outcome import NightResult
from backend.backtest.replaying import LeftOut, replayed_nights
from backend.backtest.settings_compared import Changes, changes_between
from backend.backtest.sides import Side, side_from
from backend.backtest.telling import NOTES, document, gate, nights_table, people, sure, table
from backend.backtest.verdict import ROWS, Line, lines_of
from backend.commands.columns import wrapped
from backend.commands.options import DEFAULT_FILE, json_option, settings_from, settings_option
from backend.commands.output import end_progress, print_json, progress, talk
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import policy_from
from backend.nightly.keeping import StoredNight
from backend.record.history import booked_nights
from backend.report.words import counted
from backend.settings import Settings

AS_MADE = "the plans as they were made"
TOLERANCES = ", ".join(f"{row.name} {row.tolerance:g}" for row in ROWS)


def _tolerance(_: click.Context, __: click.Parameter, given: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in given:
        name, sign, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            sign = ""
        if not sign or name not in {row.name for row in ROWS} or found[name] < 0:
            raise click.BadParameter(f"{text!r}: write NAME=NUMBER with one of {', '.join(row.name for row in ROWS)}")
    return found


@click.command(short_help="Stored nights under other settings or code, before a change goes live")
@click.option("--nights", type=click.IntRange(1), default=30, show_default=True, help="So many runs, the latest.")
@click.option(
    "--against",
    metavar="REV|FILE",
    help="A gate: compare with the settings of a git revision or a .toml file (default: the plans as made).",
)
@click.option("--policy-only", is_flag=True, help="Go on although other settings differ, and compare policies alone.")
@click.option("--tolerate", metavar="NAME=NUMBER", multiple=True, callback=_tolerance, help=f"Let pass: {TOLERANCES}.")
@click.option("--each", is_flag=True, help="Night by night as well.")
@json_option
@settings_option
def backtest(
    nights: int,
    against: str | None,
    policy_only: bool,
    tolerate: dict[str, float],
    each: bool,
    as_json: bool,
    settings_file: Path | None,
) -> int:
    """Solve stored nights anew under the policy of the settings file, and compare with the plans as they were made, or
    with other settings. Every new plan is checked. Stores nothing; works after erasures too.

    With --against it is a gate: exit code 4 when a measure is worse by more than is let pass (--tolerate).

    \b
    Examples:
      python run_matching.py backtest --nights 30
      python run_matching.py backtest --settings new.toml --against matching.toml
      python run_matching.py backtest --against main
    """
    settings = settings_from(settings_file)
    after = Side(str(settings_file or DEFAULT_FILE), settings)
    before = side_from(against, settings_file or DEFAULT_FILE) if against else None
    changes = _comparable(before, after, policy_only) if before else None
    results, left_out = _replayed(settings, nights, before, after)
    lines = lines_of(results, tolerate)
    labels = (before.label if before else AS_MADE, after.label)
    refused = before is not None and any(line.refused for line in lines)
    if as_json:
        print_json({**document(labels, results, left_out, lines), "gate": _gate_word(before, refused)})
    else:
        _tell(labels, changes, results, left_out, lines, each)
        if before is not None:
            click.echo(wrapped(gate(lines)))
    return int(Exit.GATE_REFUSED if refused else Exit.DONE)


def _gate_word(before: Side | None, refused: bool) -> str:
    return "none" if before is None else "refused" if refused else "passed"


def _comparable(before: Side, after: Side, policy_only: bool) -> Changes:
    """What differs. Raises `Stop`: another program, or settings that a stored question cannot answer for."""
    if before.settings.program.key != after.settings.program.key:
        raise Stop(Exit.USAGE, f"{before.label} and {after.label} are of two programs (program.key)")
    changes = changes_between(before.settings, after.settings)
    if changes.unanswerable and not policy_only:
        told = "\n".join(f"  {one}" for one in changes.unanswerable)
        raise Stop(
            Exit.USAGE,
            "these settings change the question of a night, and stored nights hold it as it was read then, so no "
            f"backtest can tell:\n{told}\nTry them with `run --dry-run`, or add --policy-only to compare the policies "
            "alone.",
        )
    return changes


def _replayed(
    settings: Settings, most: int, before: Side | None, after: Side
) -> tuple[list[NightResult], list[LeftOut]]:
    say = progress()

    def heard(nights: Iterator[StoredNight]) -> Iterator[StoredNight]:
        for number, night in enumerate(nights, start=1):
            say(f"night {number}: {night.key}")
            yield night

    stored = heard(booked_nights(settings, most))
    policy = policy_from(before.settings) if before else None
    found = list(replayed_nights(stored, policy, policy_from(after.settings)))
    end_progress()
    results = [one for one in found if isinstance(one, NightResult)]
    if not results:
        raise Stop(
            Exit.USAGE, "no stored night can be replayed; `python run_matching.py runs list` shows what there is"
        )
    return results, [one for one in found if isinstance(one, LeftOut)]


def _tell(
    labels: tuple[str, str],
    changes: Changes | None,
    results: Sequence[NightResult],
    left_out: Sequence[LeftOut],
    lines: Sequence[Line],
    each: bool,
) -> None:
    asked = sum(one.students for one in results)
    first, last = results[0].night, results[-1].night
    title = f"{counted(len(results), 'night')}, {first} to {last}: students asked {counted(asked, 'time')} in all"
    click.echo(click.style(wrapped(title), bold=True))
    click.echo(wrapped(f"before: {labels[0]}", "  ", " " * 10))
    click.echo(wrapped(f"after:  {labels[1]}, by the code installed here", "  ", " " * 10))
    for one in changes.judged if changes else ():
        click.echo(wrapped(str(one), "  ", " " * 6))
    if changes and changes.unanswerable:
        talk(f"not compared: {', '.join(one.key for one in changes.unanswerable)}")
    click.echo("\n" + "\n".join(table(lines)) + "\n")
    click.echo(wrapped(people(results)))
    if each:
        click.echo("\n" + "\n".join(nights_table(results)))
    click.echo("")
    for note in (*NOTES, sure(results, left_out)):
        click.echo(wrapped(note))
