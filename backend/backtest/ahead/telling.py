"""Ways compared, as a table of at most 80 columns, as JSON and as a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.backtest.ahead.figures import MEASURES, WITHIN, Measure, Spread
from backend.backtest.ahead.world import World

LABEL, NUMBER = 33, 15
NOTES = (
    "Means over the draws, with the least and the most of them below. All ways meet the same arrivals. Measured are "
    "those who arrive ahead; who waits already competes with them. Shares within so many days count those who arrived "
    "early enough.",
    "Assumed: students like those of the past arrive independently of each other and of how they are matched, want one "
    "session, and leave when their times are over; professionals offer the weeks of the last question again and again; "
    "nobody cancels, misses a session or answers late; whoever is asked says yes, so asks show the most they could "
    "bring. No forecast: it compares ways of matching.",
    "At once: each student alone by the same rules, in the order they came, on arrival and every evening after it.",
)


def table(told: Mapping[str, Mapping[str, Spread]]) -> list[str]:
    """Two lines a measure: means, and their spread where there is one; a heading first."""
    width = min(NUMBER, (80 - LABEL) // max(1, len(told)))
    lines = [" " * LABEL + "".join(f"{name:>{width}}" for name in _short(told, width))]
    for measure in MEASURES:
        spread = [one[measure.name] for one in told.values()]
        if all(one.mean is None for one in spread):
            continue
        lines.append(f"{measure.label:<{LABEL}}" + "".join(f"{_said(one.mean, measure):>{width}}" for one in spread))
        if measure.name != "arrived" and any(one.least != one.most for one in spread):
            ranges = (f"{_said(one.least, measure)}-{_said(one.most, measure)}" for one in spread)
            lines.append(" " * LABEL + "".join(f"{text:>{width}}" for text in ranges))
    if any(one["asked"].mean for one in told.values()):
        asked = ("" if not one["asked"].mean else f"{one['asked'].mean:.1f}" for one in told.values())
        lines.append(f"{'asks that were granted':<{LABEL}}" + "".join(f"{text:>{width}}" for text in asked))
    return lines


def _short(told: Mapping[str, Any], width: int) -> list[str]:
    return [name[: width - 1] for name in told]


def _said(value: float | None, measure: Measure) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.0f}%" if measure.percent else f"{value:.{measure.digits}f}"


def document(
    told: Mapping[str, Mapping[str, Spread]], world: World, evenings: int, repeats: int, seed: int
) -> dict[str, Any]:
    """Format "matching-ahead/1"; names nobody."""
    return {
        "format": "matching-ahead/1",
        "evenings": evenings,
        "repeats": repeats,
        "seed": seed,
        "per_day": round(world.per_day, 3),
        "waiting_already": world.queue,
        "kinds": len(world.kinds),
        "professionals": len(world.base.professionals),
        "ways": {
            way: {name: {key: _rounded(value) for key, value in asdict(one).items()} for name, one in measures.items()}
            for way, measures in told.items()
        },
        "assumptions": list(NOTES),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def chart(told: Mapping[str, Mapping[str, Spread]]) -> bytes:
    """The share told within so many days, by way, as a PNG; whiskers from the least to the most of the draws."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.2), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    thick = 0.8 / len(told)
    for number, (way, measures) in enumerate(told.items()):
        shares = [measures[f"within_{days}"] for days in WITHIN]
        at = [place + (number - (len(told) - 1) / 2) * thick for place in range(len(WITHIN))]
        heights = [100 * (one.mean or 0) for one in shares]
        low = [height - 100 * (one.least or 0) for height, one in zip(heights, shares, strict=True)]
        high = [100 * (one.most or 0) - height for height, one in zip(heights, shares, strict=True)]
        bars = axes.bar(at, heights, thick * 0.9, yerr=(low, high), capsize=2, label=way, ecolor="#555555")
        axes.bar_label(bars, fmt="%.0f", padding=3, fontsize=8)
    axes.set_xticks(range(len(WITHIN)), ["the same evening", *(f"{days} days" for days in WITHIN[1:])])
    axes.set(ylabel="per cent of students told a session within", ylim=(0, 105))
    axes.legend(loc="upper left", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
