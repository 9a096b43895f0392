"""A problem from two DataFrames, for people who have a table of students and a table of professionals and no forms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.grid import SlotGrid
from optimizer.domain.pairs import Requirement, TagFit
from optimizer.domain.problem import NO_LIMIT, Problem
from optimizer.domain.promises import Pin, ProblemError
from optimizer.domain.time import Certainty, Interval, Window, merge

if TYPE_CHECKING:
    import pandas as pd

MOST_TAGS = 64
_OF_STUDENTS = {"waiting_days": 0, "seniority_class": 0, "demand": 1}
_OF_PROFESSIONALS = {"capacity_week": NO_LIMIT, "capacity_day": NO_LIMIT, "minimum_load": 0, "debt": 0}
"""Columns named as the problem's fields, with what holds where they say nothing."""


def problem_from_frames(
    students: pd.DataFrame,
    professionals: pd.DataFrame,
    *,
    must_share: Sequence[str] = (),
    should_share: Sequence[str] = (),
    cell_minutes: int = 30,
    session_minutes: int | None = None,
    repeats_allowed: bool = False,
    forbidden: Iterable[tuple[str, str]] = (),
    pins: Sequence[Pin] = (),
    zone: str = "UTC",
) -> Problem:
    """Tonight's question from one row per person.

    Both frames need `id` and `free`: a list of `(start, end)` of aware datetimes, or of `Window` for times that are
    not certain. Students may have `waiting_days`, `seniority_class` and `demand` (sessions asked for; absent = 1);
    professionals `capacity`, `capacity_week`, `capacity_day` (sessions; absent = no limit), `minimum_load`,
    `minimum_is_hard` (0 or 1), `debt`, `session_minutes` and `buffer_minutes`. Sessions start every `cell_minutes` and
    last `session_minutes` (None: one cell), lengths and buffers up to whole cells. `forbidden`: (student, professional)
    ids. Columns named in `must_share` and `should_share` hold, in both frames, a text or a collection of texts: in the
    first the two of a pair have to share one (no text = anything goes for a student, nothing for a professional), in
    the second sharing one is better. The grid runs over the local days of `zone` that anybody's times touch. Raises
    `ProblemError`.

        students = pd.DataFrame({
            "id": ["ana", "ben"],
            "free": [[(nine, eleven)], [(ten, eleven)]],
            "waiting_days": [3, 9],
            "field": ["law", "art"],
        })
        professionals = pd.DataFrame({"id": ["kim"], "free": [[(nine, eleven)]], "capacity": [2], "field": [["law"]]})
        problem = problem_from_frames(students, professionals, should_share=["field"])
    """
    windows = [_windows(frame) for frame in (students, professionals)]
    grid = _grid([window for side in windows for row in side for window in row], cell_minutes, zone)
    tags = {name: _tags(students, professionals, name) for name in dict.fromkeys((*must_share, *should_share))}
    names = [tuple(str(one) for one in frame["id"]) for frame in (students, professionals)]
    length = cell_minutes if session_minutes is None else session_minutes
    numbers: dict[str, Any] = {name: _numbers(students, name, default) for name, default in _OF_STUDENTS.items()}
    numbers |= {name: _numbers(professionals, name, default) for name, default in _OF_PROFESSIONALS.items()}
    return Problem(
        students=names[0],
        professionals=names[1],
        grid=grid,
        student_free=_cover(grid, windows[0]),
        professional_free=_cover(grid, windows[1]),
        capacity_horizon=_numbers(professionals, "capacity", NO_LIMIT),
        **numbers,
        minimum_is_hard=_numbers(professionals, "minimum_is_hard", 0) > 0,
        session_cells=_cells(_numbers(professionals, "session_minutes", length), cell_minutes),
        buffer_cells=_cells(_numbers(professionals, "buffer_minutes", 0), cell_minutes),
        repeats_allowed=repeats_allowed,
        forbidden=_pairs(forbidden, *names),
        pins=tuple(pins),
        requirements=tuple(Requirement(name, *tags[name]) for name in must_share),
        parts=tuple(TagFit(name, *tags[name]) for name in should_share),
        student_windows=tuple(tuple(window.interval for window in row) for row in windows[0]),
        professional_windows=tuple(tuple(window.interval for window in row) for row in windows[1]),
    )


def _windows(frame: pd.DataFrame) -> list[list[Window]]:
    for name in ("id", "free"):
        if name not in frame:
            raise ProblemError(f"a frame has no column {name!r}")
    return [[_window(one) for one in row] for row in frame["free"]]


def _window(given: Window | tuple[datetime, datetime]) -> Window:
    if isinstance(given, Window):
        return given
    start, end = given
    try:
        return Window(Interval(start, end))
    except ValueError as error:
        raise ProblemError(f"free from {start} to {end}: {error}") from None


def _grid(windows: Sequence[Window], cell_minutes: int, zone: str) -> SlotGrid:
    if not windows:
        raise ProblemError("nobody is ever free, so there is no horizon")
    first = min(window.interval.start for window in windows)
    last = max(window.interval.end for window in windows)
    probe = SlotGrid(first, cell_minutes, 0, zone)
    days = probe.day_of(last) - probe.day_of(first) + 1
    return SlotGrid.of_days(datetime.fromordinal(probe.day_of(first)).date(), days, cell_minutes, zone)


def _cover(grid: SlotGrid, people: Sequence[Sequence[Window]]) -> NDArray[np.uint8]:
    rows = np.zeros((len(people), grid.cells), dtype=np.uint8)
    for row, windows in zip(rows, people, strict=True):
        for certainty in Certainty:
            joined = merge(window.interval for window in windows if window.certainty == certainty)
            np.maximum(row, grid.covered(Window(one, certainty) for one in joined), out=row)
    return rows


def _numbers(frame: pd.DataFrame, name: str, default: int) -> NDArray[np.int64]:
    if name not in frame:
        return np.full(len(frame), default, dtype=np.int64)
    values = frame[name]
    filled = values.where(values.notna(), default)
    try:
        return np.array(filled.astype("int64"), dtype=np.int64)
    except (TypeError, ValueError) as error:
        raise ProblemError(f"column {name!r} holds something that is no whole number: {error}") from None


def _cells(minutes: NDArray[np.int64], cell_minutes: int) -> NDArray[np.int64]:
    """The whole cells that hold so many minutes."""
    return -(-minutes // cell_minutes)


def _pairs(
    forbidden: Iterable[tuple[str, str]], students: Sequence[str], professionals: Sequence[str]
) -> frozenset[tuple[int, int]]:
    rows = {name: i for i, name in enumerate(students)}
    columns = {name: j for j, name in enumerate(professionals)}
    pairs = set()
    for student, professional in forbidden:
        if student not in rows or professional not in columns:
            raise ProblemError(f"a forbidden pair names {student} and {professional}, who are not both in the frames")
        pairs.add((rows[student], columns[professional]))
    return frozenset(pairs)


def _tags(
    students: pd.DataFrame, professionals: pd.DataFrame, name: str
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    for frame in (students, professionals):
        if name not in frame:
            raise ProblemError(f"a frame has no column {name!r}")
    rows = [[_texts(value) for value in frame[name]] for frame in (students, professionals)]
    known = sorted({text for side in rows for row in side for text in row})
    if len(known) > MOST_TAGS:
        raise ProblemError(f"column {name!r} holds {len(known)} different texts, more than {MOST_TAGS}")
    bit = {text: 1 << place for place, text in enumerate(known)}
    bits = [np.array([sum(bit[text] for text in row) for row in side], dtype=np.uint64) for side in rows]
    return bits[0], bits[1]


def _texts(value: Any) -> tuple[str, ...]:
    """The texts of a cell: one, several or none (None and NaN)."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Iterable):
        return tuple(sorted({str(one) for one in value}))
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ()
    raise ProblemError(f"{value!r} is neither a text nor a collection of texts")
