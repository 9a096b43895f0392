"""One self-contained page from a night document: no network, no scripts, the same bytes for the same night."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from backend.report import view
from backend.report.charts import Tile, heat_map, week_chart
from backend.report.figures import figures_of, spread_line
from backend.report.words import Document, counted, long_day, presentable, presented, short_day

HERE = Path(__file__).parent
BLIND_SHARE = 10
"""An hour is a blind spot when nobody offers it and at least a tenth of the busiest hour's students want it."""
SHOWN_SPOTS = 3


def render(document: Document, advice: Document | None = None) -> str:
    """The report of a night (format matching-night/1) as one HTML page, with `advice` (see `nightly.advising`).

    Everything a person typed is escaped, control characters and e-mail addresses are blotted out. Pure: reads no clock,
    no settings; times stand in the program's zone.
    """
    night = presentable(document)
    told = presented(advice or {"asks": [], "students": {}})
    run = night["run"]
    day = date.fromisoformat(run["night"])
    schedule = view.days(night)
    page = _environment().get_template("report.html.j2")
    return page.render(
        run=run,
        night=f"{long_day(day)} {day.year}",
        verdict=view.headline(night),
        tiles=view.tiles(night),
        diff=night["diff"],
        changes=view.changes(night),
        days=schedule,
        weeks=weeks(schedule),
        levels=night["quality_levels"],
        unmatched=view.unmatched(night, told["students"]),
        asks=told["asks"],
        readings=view.readings(night),
        loads=view.loads(night),
        spread=spread_line(figures_of(night)),
        heat=heat(night),
        certificate=night["certificate"],
        policy=night["policy"],
        equations=view.equations(night),
        others=view.others(night),
        issues=view.issues(night),
        facts=view.facts(night),
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["counted"] = counted
    environment.globals["style"] = Markup((HERE / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment


def weeks(schedule: tuple[view.Day, ...]) -> list[Markup]:
    """A calendar for each week that has sessions, all with the same hours."""
    meetings = [meeting for day in schedule for meeting in day.meetings]
    if not meetings:
        return []
    hours = (
        min(meeting.start for meeting in meetings) // 60,
        min(24, -(-max(meeting.start + meeting.minutes for meeting in meetings) // 60)),
    )
    by_monday: dict[date, dict[tuple[int, int, int], list[bool]]] = {}
    for day in schedule:
        monday = day.date - timedelta(days=day.date.weekday())
        for meeting in day.meetings:
            place = (meeting.weekday, meeting.start, meeting.minutes)
            by_monday.setdefault(monday, {}).setdefault(place, []).append(meeting.kept)
    return [_week(monday, starts, hours) for monday, starts in by_monday.items()]


def _week(monday: date, starts: dict[tuple[int, int, int], list[bool]], hours: tuple[int, int]) -> Markup:
    tiles = [Tile(*place, new=kept.count(False), kept=kept.count(True)) for place, kept in sorted(starts.items())]
    total = sum(tile.new + tile.kept for tile in tiles)
    title = f"Week of {long_day(monday)}: {counted(total, 'session')}"
    per_day = [
        (monday + timedelta(days=weekday), sum(tile.new + tile.kept for tile in tiles if tile.weekday == weekday))
        for weekday in range(7)
    ]
    description = ", ".join(f"{short_day(day)}: {number}" for day, number in per_day if number)
    return week_chart(monday, tiles, hours, title, description)


def heat(document: Document) -> dict[str, Any]:
    """The two heat maps, and in words where they do not fit together."""
    given = document["heat"]
    demand, supply = given["demand"], given["supply"]
    top = max((value for row in demand for value in row), default=0.0)
    spots = [
        (demand[row][column], supply[row][column], f"{day} {hour:02}:00", row, column)
        for row, day in enumerate(given["days"])
        for column, hour in enumerate(given["hours"])
        if demand[row][column] * BLIND_SHARE >= top > 0
    ]
    blind = sorted((spot for spot in spots if not spot[1]), key=lambda spot: (-spot[0], spot[3:]))
    tight = sorted((spot for spot in spots if spot[1]), key=lambda spot: (-spot[0] / spot[1], spot[3:]))[:SHOWN_SPOTS]
    outlined = {spot[3:] for spot in blind}
    marks = [[(row, column) in outlined for column in range(len(given["hours"]))] for row in range(len(given["days"]))]
    plain = [[False] * len(given["hours"])] * len(given["days"])
    peaks = {name: _peak(given, values) for name, values in (("demand", demand), ("supply", supply))}
    grid = (given["days"], given["hours"])
    return {
        "zone": given["zone"],
        "demand": heat_map("demand", demand, marks, *grid, "Students free, by weekday and hour", peaks["demand"]),
        "supply": heat_map("supply", supply, plain, *grid, "Professionals free, by weekday and hour", peaks["supply"]),
        "blind": [f"{place} ({wanted:.1f})" for wanted, _, place, *_ in blind[:SHOWN_SPOTS]],
        "blind_count": len(blind),
        "tight": [f"{place} ({wanted:.1f} and {offered:.1f})" for wanted, offered, place, *_ in tight],
    }


def _peak(given: dict[str, Any], values: list[list[float]]) -> str:
    most, row, column = max(
        ((value, -row, -column) for row, line in enumerate(values) for column, value in enumerate(line)),
        default=(0.0, 0, 0),
    )
    if not most:
        return "Nobody is free in any hour."
    return f"Most in one hour: {most:.1f} on {given['days'][-row]} at {given['hours'][-column]:02}:00."
