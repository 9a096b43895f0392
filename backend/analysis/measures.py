"""How well a program does: each measure defined once, for the whole of it, a month or a field alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from backend.analysis.facts import Facts, Meeting
from optimizer.explain.frontier import gini

DAY = 24 * 3600
OPEN_WISH = ("pending", "matched")


@dataclass(frozen=True)
class Spread:
    """Days; None where there is nothing to measure."""

    count: int
    mean: float | None
    median: float | None
    longest: float | None


@dataclass(frozen=True)
class LoadSpread:
    """Sessions that were not cancelled, over the professionals who offered time or met somebody.

    `gini`: 0 when all have the same, towards 1 when one has all; None without any session.
    """

    professionals: int
    mean: float | None
    most: int
    gini: float | None


@dataclass(frozen=True)
class Measures:
    """Shares are of 1, None without anything to share.

    `matched_share`: students one of whose requests has a session to come or held, of the `asked`; the others `waiting`
    still or gave up. `to_session`: from asking to a session that was not cancelled. `completed` are sessions that
    somebody confirmed, `assumed` those that nobody did. `completion_share` counts both, `confirmed_share` only the
    first, `no_show_share` the missed ones, each of sessions that are over and settled. `ratings`: stars -> how many.
    """

    students: int
    asked: int
    matched: int
    waiting: int
    matched_share: float | None
    to_session: Spread
    sessions: dict[str, int]
    completed: int
    assumed: int
    completion_share: float | None
    confirmed_share: float | None
    no_show_share: float | None
    ratings: dict[str, int]
    rating_mean: float | None
    load: LoadSpread


def measure(facts: Facts, whole: Facts | None = None) -> Measures:
    """Of the facts, which may be a part of a `whole`: a wish of one month may have its session in the next."""
    answered = (whole or facts).answered
    states = Counter(one.state for one in facts.meetings)
    assumed = sum(one.assumed for one in facts.meetings)
    completed, absent = states["completed"] - assumed, states["no_show"]
    settled = states["completed"] + absent
    asked = {one.student for one in facts.wishes}
    matched = {one.student for one in facts.wishes if one.id in answered}
    stars = Counter(number for one in facts.meetings for number in one.stars)
    return Measures(
        students=len(asked | {one.student for one in facts.meetings}),
        asked=len(asked),
        matched=len(matched),
        waiting=len({one.student for one in facts.wishes if one.state in OPEN_WISH} - matched),
        matched_share=share(len(matched), len(asked)),
        to_session=spread(_days_to_session(facts.meetings)),
        sessions={state: states[state] for state in ("scheduled", "completed", "cancelled", "no_show")},
        completed=completed,
        assumed=assumed,
        completion_share=share(states["completed"], settled),
        confirmed_share=share(completed, settled),
        no_show_share=share(absent, settled),
        ratings={str(number): stars[number] for number in range(1, 6)},
        rating_mean=rounded(fmean(stars.elements())) if stars else None,
        load=_load(facts),
    )


def spread(days: Sequence[float]) -> Spread:
    """Mean, median and longest of some lengths of time."""
    if not days:
        return Spread(0, None, None, None)
    return Spread(len(days), rounded(fmean(days)), rounded(median(days)), rounded(max(days)))


def share(part: int, whole: int) -> float | None:
    """Of 1; None of nothing."""
    return rounded(part / whole) if whole else None


def rounded(number: float) -> float:
    """To what is worth telling."""
    return round(number, 3)


def _days_to_session(meetings: Iterable[Meeting]) -> list[float]:
    return [
        (one.starts_at - one.asked_at).total_seconds() / DAY
        for one in meetings
        if one.asked_at is not None and one.state != "cancelled"
    ]


def _load(facts: Facts) -> LoadSpread:
    loads = Counter(one.professional for one in facts.meetings if one.state != "cancelled")
    present = loads.keys() | {one.professional for one in facts.presences}
    each = [loads[name] for name in sorted(present)]
    some = any(each)
    return LoadSpread(
        professionals=len(each),
        mean=rounded(fmean(each)) if each else None,
        most=max(each, default=0),
        gini=gini(np.array(each)) if some else None,
    )
