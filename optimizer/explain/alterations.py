"""Changes of a night that somebody thinks of, and the changed problem. The night itself stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.pairs import PairPoints, QualityPart, Requirement, TagFit
from optimizer.domain.problem import Problem
from optimizer.domain.promises import Pin
from optimizer.domain.time import Certainty, Interval, Window, merge, subtract
from optimizer.explain.offers import LIMITS, Limit
from optimizer.selection import only

Ints = NDArray[np.int64]
Windows = tuple[tuple[Interval, ...], ...]


class AlterationError(ValueError):
    """A change that cannot be made; `place` is its number in the list."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class AddTime:
    """The person is free in `windows` as well, for certain."""

    person: str
    windows: tuple[Interval, ...]


@dataclass(frozen=True)
class TakeTime:
    """The person is not free in `windows`."""

    person: str
    windows: tuple[Interval, ...]


@dataclass(frozen=True)
class Out:
    """The person is not there at all. Published sessions of a professional who is out are gone too."""

    person: str


@dataclass(frozen=True)
class Cap:
    """The professional takes at most `most` sessions per day, week or horizon, published ones counted."""

    professional: str
    most: int
    limit: Limit = "horizon"


@dataclass(frozen=True)
class PinTogether:
    """Staff decide that the two meet, at `pin.start` if given; it takes the place of an earlier pin."""

    pin: Pin


@dataclass(frozen=True)
class Forbid:
    """Staff decide that the two do not meet."""

    student: str
    professional: str


@dataclass(frozen=True)
class AddTag:
    """The person has the option `tag` (a bit number) under every rule and quality part named."""

    person: str
    names: tuple[str, ...]
    tag: int


Alteration = AddTime | TakeTime | Out | Cap | PinTogether | Forbid | AddTag


def altered(problem: Problem, changes: Sequence[Alteration]) -> Problem:
    """The problem with all changes made, one after the other. Raises `AlterationError`."""
    for place, change in enumerate(changes):
        try:
            problem = _made(problem, change)
        except KeyError as error:
            raise AlterationError(place, f"{error.args[0]} is not part of tonight's question") from None
        except ValueError as error:
            raise AlterationError(place, str(error)) from None
    return problem


def _made(problem: Problem, change: Alteration) -> Problem:
    if isinstance(change, AddTime):
        return _with_time(problem, change.person, change.windows, ())
    if isinstance(change, TakeTime):
        return _with_time(problem, change.person, (), change.windows)
    if isinstance(change, Out):
        students = np.array([name != change.person for name in problem.students], dtype=bool)
        professionals = np.array([name != change.person for name in problem.professionals], dtype=bool)
        _place(problem, change.person)
        return only(problem, students, professionals)
    if isinstance(change, Cap):
        return _with_cap(problem, change)
    if isinstance(change, PinTogether):
        return _with_pin(problem, change.pin)
    if isinstance(change, Forbid):
        pair = _index(problem.students, change.student), _index(problem.professionals, change.professional)
        return replace(problem, forbidden=problem.forbidden | {pair})
    return _with_tag(problem, change)


def _index(names: tuple[str, ...], name: str) -> int:
    """The place of a name. Raises `KeyError`."""
    try:
        return names.index(name)
    except ValueError:
        raise KeyError(name) from None


def _place(problem: Problem, person: str) -> tuple[bool, int]:
    """Whether the person is a student, and their index. Raises `KeyError`."""
    if person in problem.students:
        return True, problem.students.index(person)
    return False, _index(problem.professionals, person)


def _with_time(problem: Problem, person: str, more: tuple[Interval, ...], less: tuple[Interval, ...]) -> Problem:
    """Whole cells of the widened windows become certain, cells that are touched by what is taken away are lost."""
    is_student, row = _place(problem, person)
    grid = problem.grid
    windows = problem.student_windows if is_student else problem.professional_windows
    before = () if windows is None else windows[row]
    free = np.array(problem.student_free if is_student else problem.professional_free)
    for window in merge((*before, *more)):
        if any(one.overlaps(window) for one in more):
            whole = grid.covered([Window(window, Certainty.CERTAIN)]) > 0
            new = np.zeros(grid.cells, dtype=bool)
            for one in more:
                new[grid.touched(one.start, one.end)] = True
            free[row, whole & new] = Certainty.CERTAIN
    for one in less:
        free[row, grid.touched(one.start, one.end)] = 0
    if windows is not None:
        after = subtract((*before, *more), less)
        windows = (*windows[:row], after, *windows[row + 1 :])
    if is_student:
        return replace(problem, student_free=free, student_windows=windows)
    return replace(problem, professional_free=free, professional_windows=windows)


def _with_cap(problem: Problem, change: Cap) -> Problem:
    j = _index(problem.professionals, change.professional)
    if change.limit not in LIMITS or change.most < 0:
        raise ValueError(f"{change.most} per {change.limit} is no limit")
    capacity = np.array(getattr(problem, f"capacity_{change.limit}"))
    capacity[j] = change.most
    changed: dict[str, Any] = {f"capacity_{change.limit}": capacity}
    return replace(problem, **changed)


def _with_pin(problem: Problem, pin: Pin) -> Problem:
    _index(problem.students, pin.student), _index(problem.professionals, pin.professional)
    others = tuple(one for one in problem.pins if one.student != pin.student)
    return replace(problem, pins=(*others, pin))


def _with_tag(problem: Problem, change: AddTag) -> Problem:
    is_student, row = _place(problem, change.person)
    known = {one.name for one in (*problem.requirements, *problem.parts) if not isinstance(one, PairPoints)}
    if not set(change.names) & known:
        raise ValueError(f"tonight's question has no options for {', '.join(change.names)}")
    bit = np.uint64(1) << np.uint64(change.tag)

    def more(one: Requirement | TagFit) -> dict[str, Any]:
        name = "student_tags" if is_student else "professional_tags"
        tags = np.array(getattr(one, name))
        tags[row] |= bit
        return {name: tags}

    def part(one: QualityPart) -> QualityPart:
        return replace(one, **more(one)) if isinstance(one, TagFit) and one.name in change.names else one

    rules = tuple(replace(one, **more(one)) if one.name in change.names else one for one in problem.requirements)
    return replace(problem, requirements=rules, parts=tuple(part(one) for one in problem.parts))
