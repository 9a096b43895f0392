"""`stats`: how the program does over the months and by field."""

from __future__ import annotations

import math
from pathlib import Path

import click
import pandas as pd

from backend.analysis.charts import overview
from backend.analysis.groups import BYS, SMALLEST, By, grouped, whole
from backend.analysis.history import History, frame, record_history
from backend.analysis.table import hidden, row
from backend.commands.columns import fitted, wrapped
from backend.commands.options import json_option, settings_from, settings_option
from backend.commands.output import print_json, talk
from backend.nightly.exits import Exit, Stop
from backend.report.cells import csv_bytes
from backend.report.words import counted

MONTH, NAME = 8, 22
HEADS = {"asked": 7, "matched": 8, "days": 7, "held": 7, "assumed": 8, "absent": 7, "stars": 7, "load": 7}
NOTES = (
    "matched: share of those who asked with a session to come or held. days: median from asking to the session. held: "
    "sessions that somebody confirmed; assumed: held, but nobody said so; absent: share of no-shows among settled "
    "sessions. load: sessions of the busiest professional. –: nothing to measure, or too few people to tell. All "
    "columns: --csv, --json."
)


@click.command(short_help="How the program does, by month or field")
@click.option("--by", type=click.Choice(BYS), default="month", show_default=True, help="One row for each.")
@click.option("--csv", "csv_file", metavar="FILE", type=click.Path(path_type=Path), help="Every measure, as CSV.")
@click.option("--chart", metavar="FILE", type=click.Path(path_type=Path), help="As a picture: .png, .svg or .pdf.")
@click.option(
    "--smallest-group",
    type=click.IntRange(min=1),
    default=SMALLEST,
    show_default=True,
    help="Of fewer people nothing is told but how many asked.",
)
@json_option
@settings_option
def stats(
    by: By, csv_file: Path | None, chart: Path | None, smallest_group: int, as_json: bool, settings_file: Path | None
) -> None:
    """Matched share, time to session, what became of sessions, ratings and load, from the record. Names nobody.

    \b
    Example:
      python run_matching.py stats --by month --csv months.csv --chart months.png
    """
    history = record_history(settings_from(settings_file))
    table = history.by(by, smallest_group)
    if csv_file:
        lines = ([str(name), *_cells(told)] for name, told in table.iterrows())
        _write(csv_file, csv_bytes([by, *table.columns], lines))
    if chart:
        _draw(chart, table, by)
    if as_json:
        print_json(_document(history, by, smallest_group))
    else:
        click.echo(_text(history, by, smallest_group))


def _text(history: History, by: By, smallest: int) -> str:
    """At most 80 columns."""
    groups = grouped(history.facts, by, smallest)
    if not groups:
        return "Nothing is in the record yet: `run` fills it, night by night."
    table = frame((*groups, whole(history.facts, smallest)), by, smallest)
    width = NAME if by == "field" else MONTH
    head = fitted(by, width) + "".join(
        f"{name:>8}" if name in ("matched", "assumed") else f"{name:>7}" for name in HEADS
    )
    lines = [click.style(head, bold=True), *(_line(str(name), told, width) for name, told in table.iterrows())]
    few = hidden(groups)
    if few:
        lines.append(
            wrapped(f"Of {counted(few, by)} with fewer than {smallest} people no more is told than how many asked.")
        )
    return "\n".join([*lines, "", wrapped(NOTES)])


def _line(name: str, told: pd.Series[float], width: int) -> str:
    cells = (
        f"{_number(told['asked']):>7}",
        f"{_share(told['matched_share']):>8}",
        f"{_number(told['days_to_session'], 1):>7}",
        f"{_number(told['completed']):>7}",
        f"{_number(told['completed_assumed']):>8}",
        f"{_share(told['no_show_share']):>7}",
        f"{_number(told['rating_mean'], 1):>7}",
        f"{_number(told['load_most']):>7}",
    )
    return fitted(name, width) + "".join(cells)


def _number(value: float, digits: int = 0) -> str:
    return "–" if math.isnan(value) else f"{value:,.{digits}f}"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def _cells(told: pd.Series[float]) -> list[str]:
    return ["" if math.isnan(value) else f"{value:.10g}" for value in told]


def _document(history: History, by: By, smallest: int) -> dict[str, object]:
    """Format "matching-stats/1": null where there is nothing to measure, or too few people to tell."""
    return {
        "format": "matching-stats/1",
        "by": by,
        "zone": history.facts.zone,
        "smallest_group": smallest,
        "groups": [{"name": one.name, **row(one, smallest)} for one in grouped(history.facts, by, smallest)],
        "all": row(whole(history.facts, smallest), smallest),
    }


def _draw(path: Path, table: pd.DataFrame, by: By) -> None:
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg", "pdf"):
        raise Stop(Exit.USAGE, f"--chart {path}: the name has to end in .png, .svg or .pdf")
    from matplotlib.figure import Figure

    height = 9.0 if by == "month" else 2 + 0.6 * max(6, len(table))
    figure = overview(table, by, Figure(figsize=(12, height), layout="constrained"))
    try:
        figure.savefig(path, format=kind, dpi=110)
    except OSError as error:
        raise Stop(Exit.ERROR, f"--chart {path}: cannot be written ({error.strerror})") from None
    talk(f"stats: written {path}")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Stop(Exit.ERROR, f"--csv {path}: cannot be written ({error.strerror})") from None
    talk(f"stats: written {path}")
