"""Load and demand of a night as a PNG for a chat: the same figures give the same bytes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_BOOKED, _LEFT, _INK = "#2f6f8f", "#c8793a", "#222222"
_MOST_BARS = 8


def picture_of(hosted: Mapping[str, int], offered: Mapping[str, int], served: int, stages: Mapping[str, int]) -> bytes:
    """Left: how many professionals have how many sessions tonight; right: what became of the students.

    `hosted`: sessions by professional; `offered`: places by professional, those without a session included.
    """
    figure = Figure(figsize=(9, 3.4), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)  # draws without a window, whatever the machine's settings say
    load, demand = figure.subplots(1, 2)
    numbers = Counter(min(hosted.get(one, 0), _MOST_BARS) for one in {**offered, **hosted})
    ticks = range(max(numbers, default=0) + 1)
    bars = load.bar(list(ticks), [numbers[tick] for tick in ticks], color=_BOOKED)
    load.bar_label(bars, color=_INK)
    load.yaxis.get_major_locator().set_params(integer=True)
    load.set_xticks(list(ticks), [f"{tick}+" if tick == _MOST_BARS else str(tick) for tick in ticks])
    load.set(title="Load", xlabel="sessions tonight", ylabel="professionals")
    rows = [("has a session", served, _BOOKED), *((stage, stages[stage], _LEFT) for stage in sorted(stages))]
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
