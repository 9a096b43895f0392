"""Charts of the report as inline SVG that takes its colours from the page, so it suits light, dark and paper.

matplotlib draws with stand-in colours, which become the page's CSS variables. The same input gives the same bytes: no
date, no random ids, no fonts or settings of the machine.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from backend.report.words import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED, RULE, ACCENT, ON_ACCENT, HEAT, WARN = (f"#0a0b{k:02x}" for k in range(7))
_VARIABLES = {INK: "ink", MUTED: "muted", RULE: "rule", ACCENT: "accent", ON_ACCENT: "on-accent"}
_VARIABLES |= {HEAT: "heat", WARN: "warn"}

GUTTER, COLUMN, HEADER = 40, 56, 34
WIDTH = GUTTER + 7 * COLUMN
WEEK_HOUR, HEAT_HOUR = 28, 24
STRONGEST = 0.8
"""Opacity of the fullest cell: ink stays readable on it in both themes."""

_NOISE = re.compile(r' (?:clip-path|id|transform)="[^"]*"| font-family: [^;"]*;|(?<=\n)\s+')


@dataclass(frozen=True)
class Tile:
    """Sessions that start together: `weekday` 0 = Monday, `start` in minutes after local midnight."""

    weekday: int
    start: int
    minutes: int
    new: int
    kept: int


def week_chart(monday: date, tiles: Sequence[Tile], hours: tuple[int, int], title: str, description: str) -> Markup:
    """One week as a calendar from hour to hour: full tiles for new sessions, with their number; outlines for kept."""
    first, last = hours
    name = f"week-{monday.isoformat()}"
    with _canvas(HEADER + (last - first) * WEEK_HOUR + 6) as (axes, done):
        for weekday in range(7):
            day = monday + timedelta(days=weekday)
            middle = GUTTER + (weekday + 0.5) * COLUMN
            _write(axes, middle, 8, WEEKDAYS[weekday][:3], MUTED)
            label = f"{day.day} {MONTHS[day.month - 1][:3]}" if weekday == 0 or day.day == 1 else str(day.day)
            _write(axes, middle, 22, label, INK)
        for hour in range(first, last + 1):
            height = HEADER + (hour - first) * WEEK_HOUR
            axes.plot([GUTTER, WIDTH], [height, height], color=RULE, linewidth=0.7, zorder=0)
            _write(axes, GUTTER - 8, height, f"{hour:02}", MUTED, "right")
        for tile in tiles:
            _tile(axes, tile, first)
        return _inline(done(), name, title, description)


def _tile(axes: Axes, tile: Tile, first: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    top = HEADER + (tile.start / 60 - first) * WEEK_HOUR + 1
    height = max(8.0, tile.minutes / 60 * WEEK_HOUR - 2)
    left = GUTTER + tile.weekday * COLUMN + 3
    axes.add_patch(
        FancyBboxPatch(
            (left, top),
            COLUMN - 6,
            height,
            boxstyle="round,pad=0,rounding_size=2.5",
            facecolor=ACCENT if tile.new else "none",
            edgecolor=ACCENT,
            linewidth=1,
        )
    )
    if tile.new + tile.kept > 1:
        colour = ON_ACCENT if tile.new else ACCENT
        _write(axes, left + (COLUMN - 6) / 2, top + height / 2, str(tile.new + tile.kept), colour, size=10, bold=True)


def heat_map(
    name: str,
    values: Sequence[Sequence[float]],
    marked: Sequence[Sequence[bool]],
    days: Sequence[str],
    hours: Sequence[int],
    title: str,
    description: str,
) -> Markup:
    """People free by weekday (rows of `values`) and hour; marked cells get an outline."""
    from matplotlib.patches import Rectangle

    top = max((value for row in values for value in row), default=0.0)
    with _canvas(HEADER - 12 + len(hours) * HEAT_HOUR + 4) as (axes, done):
        for column, day in enumerate(days):
            _write(axes, GUTTER + (column + 0.5) * COLUMN, 8, day, MUTED)
        for row, hour in enumerate(hours):
            height = HEADER - 12 + row * HEAT_HOUR
            _write(axes, GUTTER - 8, height + HEAT_HOUR / 2, f"{hour:02}", MUTED, "right")
            for column in range(len(days)):
                value, outlined = values[column][row], marked[column][row]
                corner = (GUTTER + column * COLUMN + 1, height + 1)
                size = (COLUMN - 2, HEAT_HOUR - 2)
                shade = 0.04 + (STRONGEST - 0.04) * (value / top if top else 0.0)
                axes.add_patch(Rectangle(corner, *size, facecolor=HEAT, alpha=round(shade, 3), linewidth=0))
                if outlined:
                    axes.add_patch(Rectangle(corner, *size, facecolor="none", edgecolor=WARN, linewidth=1.6))
                if value:
                    _write(axes, corner[0] + size[0] / 2, height + HEAT_HOUR / 2, f"{value:.1f}", INK, size=10.5)
        return _inline(done(), name, title, description)


@contextmanager
def _canvas(height: float) -> Iterator[tuple[Axes, Any]]:
    """Axes in CSS pixels with the origin at the upper left, and the function that gives the finished SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "report", "svg.fonttype": "none"})
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(height, 0)
        axes.axis("off")

        def done() -> str:
            out = io.StringIO()
            figure.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
            return out.getvalue()

        yield axes, done


def _write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    colour: str,
    align: str = "center",
    size: float = 11.5,
    bold: bool = False,
) -> None:
    """Text centred on height y. The base line is set by hand: the machine's fonts must not move it."""
    axes.text(
        x,
        y + 0.36 * size,
        text,
        ha=align,
        va="baseline",
        color=colour,
        fontsize=size,
        weight="bold" if bold else "normal",
        parse_math=False,
    )


def _inline(svg: str, name: str, title: str, description: str) -> Markup:
    """The drawing without what only a file needs, with its title and description, in the page's colours."""
    drawing = svg[svg.index(' <g id="figure_1">') : svg.rindex("</svg>")]
    drawing = re.sub(r"<defs>.*?</defs>", "", drawing, flags=re.DOTALL)
    drawing = _NOISE.sub("", drawing)
    drawing = re.sub(r"\s*\n\s*", " ", drawing).replace("> <", "><")
    for colour, variable in _VARIABLES.items():
        drawing = drawing.replace(colour, f"var(--{variable})")
    box = re.search(r'viewBox="([^"]+)"', svg)
    view = box[1] if box else f"0 0 {WIDTH} {WIDTH}"
    return Markup(  # noqa: S704 - the drawing holds numbers and our own words; title and description are escaped
        f'<svg class="chart" viewBox="{view}" role="img" aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'
        f"{drawing}</svg>"
    )
