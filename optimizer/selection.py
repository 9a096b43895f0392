"""Some of the people of a night: a problem of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.pairs import PairPoints, QualityPart
from optimizer.domain.problem import Problem
from optimizer.domain.promises import KeptSession
from optimizer.domain.time import Interval

Windows = tuple[tuple[Interval, ...], ...]


def only(problem: Problem, students: NDArray[np.bool_], professionals: NDArray[np.bool_]) -> Problem:
    """The problem with these people alone (masks); pins and published sessions of the others are gone.

    Students stay busy in published sessions with professionals who are gone.
    """
    names = tuple(name for name, stays in zip(problem.students, students.tolist(), strict=True) if stays)
    hosts = tuple(name for name, stays in zip(problem.professionals, professionals.tolist(), strict=True) if stays)
    number_i, number_j = np.cumsum(students) - 1, np.cumsum(professionals) - 1

    def pair(i: int, j: int) -> tuple[int, int] | None:
        return (int(number_i[i]), int(number_j[j])) if students[i] and professionals[j] else None

    def points(part: QualityPart) -> QualityPart:
        if isinstance(part, PairPoints):
            moved = {pair(i, j): value for (i, j), value in part.pairs.items()}
            return replace(part, pairs={place: value for place, value in moved.items() if place})
        return replace(
            part, student_tags=part.student_tags[students], professional_tags=part.professional_tags[professionals]
        )

    def stays(one: KeptSession) -> bool:
        return one.professional in set(hosts)

    assert problem.busy is not None
    return replace(
        problem,
        students=names,
        professionals=hosts,
        **{name: getattr(problem, name)[students] for name in ("waiting_days", "seniority_class", "demand")},
        student_free=problem.student_open[students],
        **{name: getattr(problem, name)[professionals] for name in _HOST_ARRAYS},
        requirements=tuple(
            replace(
                one, student_tags=one.student_tags[students], professional_tags=one.professional_tags[professionals]
            )
            for one in problem.requirements
        ),
        parts=tuple(points(part) for part in problem.parts),
        forbidden=frozenset(place for i, j in problem.forbidden if (place := pair(i, j))),
        kept=tuple(one for one in problem.kept if stays(one)),
        pins=tuple(one for one in problem.pins if one.student in names and one.professional in hosts),
        standing=tuple(one for one in problem.standing if one.student in names and one.professional in hosts),
        student_windows=_rows(problem.student_windows, students),
        professional_windows=_rows(problem.professional_windows, professionals),
    )


_HOST_ARRAYS = (
    "professional_free",
    "capacity_horizon",
    "capacity_week",
    "capacity_day",
    "minimum_load",
    "minimum_is_hard",
    "debt",
    "busy",
    "session_cells",
    "buffer_cells",
)


def _rows(windows: Windows | None, stay: NDArray[np.bool_]) -> Windows | None:
    return None if windows is None else tuple(windows[k] for k in np.flatnonzero(stay).tolist())
