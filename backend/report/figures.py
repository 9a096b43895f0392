"""A night in figures: one definition for the report, the admin's overview and the image in a chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.report.words import Document, counted
from optimizer.domain import Stage

MOST = 8
"""Professionals with so many sessions or more are counted together."""
STAGES = tuple(str(stage) for stage in reversed(Stage))
"""The order of the unmatched: those nearest to a session first."""


@dataclass(frozen=True)
class Figures:
    """`spread`: how many professionals have 0, 1, 2 ... new sessions (the last: `MOST` or more).

    `served`: students with a session, new or still to come. `left`: students without one by the stage that removed
    their last chance, those nearest to a session first.
    """

    sessions: int
    spread: tuple[int, ...]
    served: int
    left: tuple[tuple[str, int], ...]

    @property
    def professionals(self) -> int:
        """Everybody who offered time."""
        return sum(self.spread)

    @property
    def unmatched(self) -> int:
        """Students without a session."""
        return sum(number for _, number in self.left)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the columns of `spread`."""
        return tuple(f"{number}+" if number == MOST else str(number) for number in range(len(self.spread)))


def figures(hosted: Mapping[str, int], offered: Iterable[str], served: int, stages: Mapping[str, int]) -> Figures:
    """`hosted`: new sessions by professional; `offered`: everybody who offered time, with or without a session."""
    numbers = Counter(min(hosted.get(one, 0), MOST) for one in {*offered, *hosted})
    order = {stage: place for place, stage in enumerate(STAGES)}
    left = sorted(
        ((stage, number) for stage, number in stages.items() if number),
        key=lambda one: (order.get(one[0], len(order)), one[0]),
    )
    spread = tuple(numbers[number] for number in range(max(numbers, default=-1) + 1))
    return Figures(sum(hosted.values()), spread, served, tuple(left))


def figures_of(document: Document) -> Figures:
    """Of a night document."""
    students = document["counts"]["students"]["parts"]
    return figures(
        {load["professional"]: load["sessions"] for load in document["loads"]},
        (),
        students["matched"] + students["partly matched"] + students["already booked"],
        Counter(entry["stage"] for entry in document["unmatched"]),
    )


def spread_line(told: Figures) -> str:
    """2 professionals with 0 new sessions, 3 with 1, 4 with 2."""
    parts = [(label, number) for label, number in zip(told.labels, told.spread, strict=True) if number]
    if not parts:
        return ""
    first, *others = parts
    noun = "new session" if first[0] == "1" else "new sessions"
    start = f"{counted(first[1], 'professional')} with {first[0]} {noun}"
    return ", ".join([start, *(f"{number} with {label}" for label, number in others)])
