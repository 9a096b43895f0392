"""Labelled charts for programs, on axes that the caller brings: notebooks, `stats --chart` and the documents alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from backend.analysis.groups import By

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, RULE = "#22272e", "#5c6570", "#e3e2dc"
COLOURS = ("#17606f", "#c0632b", "#8a93a0", "#6a4c93", "#3f7d3a")
"""Told apart without seeing red and green; the first is for what matters most."""
Unit = Literal["", "%", "days"]


def lines(axes: Axes, table: pd.DataFrame, columns: Mapping[str, str], title: str, unit: Unit = "") -> None:
    """Measures over months: `columns` maps a column of the table to its name in the chart. Gaps stay gaps."""
    months = _first_days(table)
    for (column, name), colour in zip(columns.items(), COLOURS, strict=False):
        axes.plot(months, table[column], color=colour, label=name, linewidth=1.8, marker="o", markersize=2.5)
    _finish(axes, title, unit, len(columns) > 1)
    axes.set_xlabel("month")
    _months(axes)


def stacked(axes: Axes, table: pd.DataFrame, columns: Mapping[str, str], title: str) -> None:
    """Counts over months, one upon the other."""
    months = _first_days(table)
    below = pd.Series(0.0, index=table.index)
    for (column, name), colour in zip(columns.items(), COLOURS, strict=False):
        heights = table[column].fillna(0)
        axes.bar(months, heights, bottom=below, width=24, color=colour, label=name)
        below = below + heights
    _finish(axes, title, "", len(columns) > 1)
    axes.set_xlabel("month")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _months(axes)


def bars(
    axes: Axes, values: pd.Series[float], title: str, unit: Unit = "", colours: Sequence[str] = COLOURS[:1]
) -> None:
    """One bar a row, the first on top, each with its value; where there is none, a dash."""
    places = range(len(values))
    shades = [colours[place % len(colours)] for place in places]
    axes.barh(places, values.fillna(0), color=shades, height=0.7)
    axes.set_yticks(places, [str(name) for name in values.index])
    axes.invert_yaxis()
    for place, value in zip(places, values, strict=True):
        axes.annotate(_said(value, unit), (0 if pd.isna(value) else value, place), (4, 0), va="center", color=MUTED,
                      textcoords="offset points", fontsize=9)  # fmt: skip
    axes.margins(x=0.12)
    _finish(axes, title, "", legend=False)
    axes.grid(visible=False)
    axes.set_ylabel("")
    axes.set_xlabel({"%": "share", "days": "days"}.get(unit, "how many"))
    if unit == "%":
        axes.xaxis.set_major_formatter(_percent)
    elif not unit:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def heat(axes: Axes, table: pd.DataFrame, title: str, label: str) -> None:
    """People by hour (rows) and weekday (columns), each cell with its number; nought stays empty."""
    cells = table.to_numpy(dtype=np.float64)
    top = max(cells.max(initial=0), 1e-9)
    axes.imshow(cells, aspect="auto", cmap="YlGnBu", vmin=0, vmax=top * 1.25)
    axes.set_xticks(range(table.shape[1]), [str(name) for name in table.columns])
    axes.set_yticks(range(table.shape[0]), [f"{hour:02}" for hour in table.index])
    for row in range(table.shape[0]):
        for column in range(table.shape[1]):
            value = cells[row, column]
            if value:
                ink = "white" if value > 0.75 * top else INK
                axes.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=ink)
    axes.set_title(title, loc="left", color=INK, fontsize=11)
    axes.set_ylabel("hour begins at")
    axes.set_xlabel(label)
    axes.tick_params(length=0, colors=MUTED)
    axes.spines[:].set_visible(False)


def overview(table: pd.DataFrame, by: By, figure: Figure) -> Figure:
    """The table of `History.by` drawn into an empty figure: six charts by month, four by field."""
    if by == "month":
        _by_month(table, figure)
    else:
        _by_field(table, figure)
    return figure


def _by_month(table: pd.DataFrame, figure: Figure) -> None:
    (people, share), (days, outcome), (stars, load) = figure.subplots(3, 2)
    stacked(
        people,
        table,
        {"matched": "have a session", "waiting": "none, request open"},
        "Students, by the month they asked in",
    )
    lines(share, table, {"matched_share": "matched"}, "Share of students who got a session", "%")
    waits = {"days_to_session": "median", "days_to_session_longest": "longest"}
    lines(days, table, waits, "Days from asking to the session", "days")
    held = {"completed": "held", "no_shows": "no-show", "completed_assumed": "held (assumed)", "to_come": "to come"}
    stacked(outcome, table, held, "Sessions, by what became of them")
    lines(stars, table, {"rating_mean": "mean rating"}, "Mean rating, of 5")
    stars.set_ylim(1, 5)
    stars.set_ylabel("stars")
    lines(load, table, {"load_most": "busiest", "load_mean": "mean"}, "Sessions of a professional in the month")


def _by_field(table: pd.DataFrame, figure: Figure) -> None:
    (asked, share), (days, absent) = figure.subplots(2, 2)
    bars(asked, table["asked"], "Students who asked")
    bars(share, table["matched_share"], "Share of them who got a session", "%")
    bars(days, table["days_to_session"], "Median days to the session", "days")
    bars(absent, table["no_show_share"], "No-shows, of settled sessions", "%")


def _finish(axes: Axes, title: str, unit: Unit, legend: bool) -> None:
    axes.set_title(title, loc="left", color=INK, fontsize=11)
    axes.set_ylabel({"%": "share", "days": "days"}.get(unit, "how many"))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0, colors=MUTED)
    axes.grid(axis="y", color=RULE)
    axes.set_axisbelow(True)
    if unit == "%":
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(_percent)
    elif axes.lines:
        axes.set_ylim(bottom=0)
    if legend:
        axes.legend(frameon=False, fontsize=9, labelcolor=MUTED)


def _first_days(table: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([f"{name}-01" for name in table.index])


def _months(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    if not axes.has_data():
        return
    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _percent(value: float, _place: float = 0) -> str:
    return f"{100 * value:.0f} %"


def _said(value: float, unit: Unit) -> str:
    if pd.isna(value):
        return "–"
    return _percent(value) if unit == "%" else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
