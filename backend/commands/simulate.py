"""`simulate`: nights ahead, matched nightly, rarely or at once."""

from __future__ import annotations

from pathlib import Path

import click

from backend.backtest.ahead.drawing import arrivals
from backend.backtest.ahead.figures import spreads
from backend.backtest.ahead.telling import NOTES, chart, document, table
from backend.backtest.ahead.ways import RejectedError, Run, Way, walk
from backend.backtest.ahead.world import World, WorldError, world_of
from backend.commands.columns import wrapped
from backend.commands.demo import AS_OF, DEMO, SAMPLES
from backend.commands.options import json_option, now, settings_from, settings_option
from backend.commands.output import end_progress, print_json, progress, talk
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import policy_from
from backend.nightly.moment import as_of_from
from backend.nightly.night import prepare
from backend.nightly.plain_record import write_whole
from backend.nightly.pull import pull
from backend.nightly.record import RecordState
from backend.record.history import booked_nights
from backend.settings import Settings
from optimizer.domain import Problem

WEEK = tuple(range(7))
MONDAY, THURSDAY = 0, 3


@click.command(short_help="Nights ahead: nightly against twice weekly against at once")
@click.option("--evenings", type=click.IntRange(2, 120), default=28, show_default=True, help="How far ahead.")
@click.option("--repeats", type=click.IntRange(1, 100), default=5, show_default=True, help="Draws of who arrives.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of these draws.")
@click.option("--per-day", type=click.FloatRange(0, 1000), help="Students who arrive a day (default: as in the past).")
@click.option("--asks", type=click.IntRange(0, 20), default=3, show_default=True, help="Asks a week, by `advise`.")
@click.option("--nights", type=click.IntRange(1), default=30, show_default=True, help="Runs of the past to draw from.")
@click.option("--sample", is_flag=True, help="From sample_data/ instead of the record.")
@click.option("--chart", "chart_file", metavar="FILE", type=click.Path(path_type=Path), help="As a picture: .png.")
@json_option
@settings_option
def simulate(
    evenings: int,
    repeats: int,
    seed: int,
    per_day: float | None,
    asks: int,
    nights: int,
    sample: bool,
    chart_file: Path | None,
    as_json: bool,
    settings_file: Path | None,
) -> int:
    """What would become of students like those of the past, were they matched every night, on two evenings a week, or
    each at once; and every night with the recruiting advice followed. All by the real solver and checker. Nothing is
    stored.

    \b
    Example:
      python run_matching.py simulate --sample --chart ahead.png
      python run_matching.py simulate --evenings 56 --per-day 4
    """
    settings = DEMO if sample else settings_from(settings_file)
    world = _world(settings, _sample() if sample else [one.problem for one in booked_nights(settings, nights)], per_day)
    ways = [Way("nightly", WEEK), Way("Mon+Thu", (MONDAY, THURSDAY)), Way("at once", ())]
    ways += [Way("with asks", WEEK, asks)] if asks else []
    runs = _walked(settings, world, ways, evenings, repeats, seed)
    told = {way.name: spreads(runs[way.name], evenings) for way in ways}
    if chart_file:
        write_whole(chart_file, chart(told))
    if as_json:
        print_json(document(told, world, evenings, repeats, seed))
        return int(Exit.DONE)
    title = (
        f"{evenings} evenings ahead, {repeats} draws with seed {seed}: {world.per_day:.1f} students arrive a day, "
        f"{world.queue} wait already, {len(world.base.professionals)} professionals"
    )
    click.echo(click.style(wrapped(title), bold=True) + "\n")
    click.echo("\n".join(table(told)) + "\n")
    for note in NOTES:
        click.echo(wrapped(note))
    if chart_file:
        talk(f"written: {chart_file}")
    return int(Exit.DONE)


def _sample() -> list[Problem]:
    sheets = pull(DEMO, str(SAMPLES / "students.csv"), str(SAMPLES / "professionals.csv"))
    moment = as_of_from(AS_OF, DEMO.program.zone, now())
    return [prepare(DEMO, sheets, RecordState(), moment).problem]


def _world(settings: Settings, questions: list[Problem], per_day: float | None) -> World:
    if not questions:
        raise Stop(
            Exit.USAGE, f"{settings.program.key} has no stored night to draw from yet; --sample uses the sample data"
        )
    try:
        return world_of(questions, per_day)
    except WorldError as error:
        raise Stop(Exit.USAGE, f"the past cannot be used: {error}") from None


def _walked(
    settings: Settings, world: World, ways: list[Way], evenings: int, repeats: int, seed: int
) -> dict[str, list[Run]]:
    """Every way through the same draws."""
    say, policy, runs = progress(), policy_from(settings), {way.name: list[Run]() for way in ways}
    for repetition in range(repeats):
        drawn = arrivals(world, evenings, seed, repetition)
        for way in ways:
            line = f"draw {repetition + 1} of {repeats}, {way.name}"
            try:
                runs[way.name].append(walk(world, way, drawn, policy, lambda line=line: say(line)))  # type: ignore[misc]
            except RejectedError as error:
                raise Stop(Exit.CHECKER_REJECTED, f"the checker rejects a plan ({line}): {error}") from None
    end_progress()
    return runs
