"""The chart of `review_stats`, as a PNG."""

from __future__ import annotations

import io
from typing import Any

from bot.client import Json
from bot.words import one_line

MOST_BARS = 12
_BLUE, _GREEN, _GREY = "#5865F2", "#2E7D32", "#9E9E9E"


def stats_chart(stats: Json) -> bytes:
    """Sessions by state, load by professional, ratings. The same numbers give the same bytes. Safe in a thread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    sessions, load, ratings = figure.subplots(1, 3)
    _sessions(sessions, stats)
    _load(load, stats)
    _ratings(ratings, stats)
    for axes in (sessions, load, ratings):
        axes.spines[["top", "right"]].set_visible(False)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def _sessions(axes: Any, stats: Json) -> None:
    states = stats["sessions"]
    names = ("booked", "confirmed", "assumed", "cancelled", "no-show")
    numbers = (states["scheduled"], stats["completed"], stats["assumed"], states["cancelled"], states["no_show"])
    axes.bar(names, numbers, color=(_BLUE, _GREEN, "#81C784", _GREY, "#C62828"))
    axes.tick_params(axis="x", rotation=30)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_title("Sessions")


def _load(axes: Any, stats: Json) -> None:
    rows = stats["loads"][:MOST_BARS][::-1]
    names = [one_line(one["name"])[:18].replace("$", "") or one["id"] for one in rows]
    places = range(len(rows))
    held = [one["held"] for one in rows]
    axes.barh(places, held, color=_GREEN, label="held")
    axes.barh(places, [one["upcoming"] for one in rows], left=held, color=_BLUE, label="to come")
    axes.set_yticks(list(places), names, fontsize=8)
    axes.xaxis.get_major_locator().set_params(integer=True)
    if rows:
        axes.legend(fontsize=8)
    left = len(stats["loads"]) - len(rows)
    axes.set_title(f"Load ({left} more not shown)" if left else "Load")


def _ratings(axes: Any, stats: Json) -> None:
    stars = sorted(stats["ratings"])
    axes.bar(stars, [stats["ratings"][one] for one in stars], color="#F9A825")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("stars")
    axes.set_title("Ratings")
