"""Load and demand of a night as a PNG for a chat: the same figures give the same bytes."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from backend.report.figures import Figures

_BOOKED, _LEFT, _INK = "#2f6f8f", "#c8793a", "#222222"


def picture_of(told: Figures) -> bytes:
    """Left: how many professionals have how many sessions tonight; right: what became of the students."""
    figure = Figure(figsize=(9, 3.4), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)  # draws without a window, whatever the machine's settings say
    load, demand = figure.subplots(1, 2)
    spread = told.spread or (0,)
    ticks = range(len(spread))
    bars = load.bar(list(ticks), spread, color=_BOOKED)
    load.bar_label(bars, color=_INK)
    load.yaxis.get_major_locator().set_params(integer=True)
    load.set_xticks(list(ticks), told.labels or ("0",))
    load.set(title="Load", xlabel="sessions tonight", ylabel="professionals")
    rows = [("has a session", told.served, _BOOKED), *((stage, number, _LEFT) for stage, number in told.left)]
    lines = demand.barh([row[0] for row in rows], [row[1] for row in rows], color=[row[2] for row in rows])
    demand.bar_label(lines, color=_INK)
    demand.invert_yaxis()
    demand.xaxis.get_major_locator().set_params(integer=True)
    demand.set(title="Demand", xlabel="students")
    for axes in (load, demand):
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(0.12)
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
