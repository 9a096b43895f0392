"""The night's question: who asks, who offers, when, and under which hard rules.

Arrays are students x cells and professionals x cells; the students x professionals x cells cube is never built.
What a candidate is and which integer tables judge it is defined here and in `policy.py`, and nowhere else, so that
the engine and the checker, which share no other code, mean the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizer.domain.grid import SlotGrid
from optimizer.domain.pairs import PairPoints, QualityPart, Requirement
from optimizer.domain.promises import KeptSession, Pin, ProblemError, Standing
from optimizer.domain.starts import conflicting, starts_of
from optimizer.domain.time import Certainty, Interval

NO_LIMIT = 1_000_000
"""A capacity that never binds."""


def _none() -> NDArray[np.int64]:
    """Stands for "not given": replaced by the field's default of the right length."""
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Problem:
    """Tonight's question; S students, P professionals, T cells.

    A session with a professional takes `session_cells` (P) cells and leaves `buffer_cells` (P) more empty before
    that professional's next one. `demand` (S): how many sessions a student asks for, with different professionals
    unless `repeats_allowed`, never two at once.
    `student_free` (S x T) and `professional_free` (P x T) hold a `Certainty` value or 0 for "not free".
    `waiting_days` and `seniority_class` (S): who has waited how long; a higher class comes first.
    `capacity_horizon`, `capacity_week`, `capacity_day` (P), in sessions, before `kept` is subtracted.
    `minimum_load` (P): a wish, met before all other wishes of professionals. `debt` (P): hundredths of a session by
    which a professional has done more (+) or less (-) than a fair share on the nights they were present.
    `minimum_is_hard` (P): the minimum load is a commitment: no plan without it. `pins` are commitments too, at most
    one a student; the pinned meet nobody else and must have a candidate left that fits the pin. `standing`: sessions
    that may be moved (at most one a student), only in a re-plan; `kept` are those that may not. Students of pins and
    standing sessions ask for one session each.
    `bookable` (T): cells that notice time and program hours allow. `busy` (P x T): free by word, taken in fact.
    `student_windows`, `professional_windows`: the exact minutes behind the matrices, for explanations only.
    """

    students: tuple[str, ...]
    professionals: tuple[str, ...]
    grid: SlotGrid
    student_free: NDArray[np.uint8]
    professional_free: NDArray[np.uint8]
    capacity_horizon: NDArray[np.int64]
    capacity_week: NDArray[np.int64] = field(default_factory=_none)
    capacity_day: NDArray[np.int64] = field(default_factory=_none)
    waiting_days: NDArray[np.int64] = field(default_factory=_none)
    seniority_class: NDArray[np.int64] = field(default_factory=_none)
    minimum_load: NDArray[np.int64] = field(default_factory=_none)
    debt: NDArray[np.int64] = field(default_factory=_none)
    bookable: NDArray[np.bool_] = field(default_factory=lambda: _none().astype(bool))
    busy: NDArray[np.bool_] | None = None
    requirements: tuple[Requirement, ...] = ()
    forbidden: frozenset[tuple[int, int]] = frozenset()
    parts: tuple[QualityPart, ...] = ()
    kept: tuple[KeptSession, ...] = ()
    pins: tuple[Pin, ...] = ()
    standing: tuple[Standing, ...] = ()
    minimum_is_hard: NDArray[np.bool_] = field(default_factory=lambda: _none().astype(bool))
    session_cells: NDArray[np.int64] = field(default_factory=_none)
    buffer_cells: NDArray[np.int64] = field(default_factory=_none)
    demand: NDArray[np.int64] = field(default_factory=_none)
    repeats_allowed: bool = False
    student_windows: tuple[tuple[Interval, ...], ...] | None = None
    professional_windows: tuple[tuple[Interval, ...], ...] | None = None

    def __post_init__(self) -> None:
        s, p, t = len(self.students), len(self.professionals), self.grid.cells
        self._no_repeats("students", self.students)
        self._no_repeats("professionals", self.professionals)
        self._matrix("student_free", (s, t))
        self._matrix("professional_free", (p, t))
        self._vector("capacity_horizon", p, None, 0)
        self._vector("capacity_week", p, NO_LIMIT, 0)
        self._vector("capacity_day", p, NO_LIMIT, 0)
        self._vector("waiting_days", s, 0, 0)
        self._vector("seniority_class", s, 0, 0)
        self._vector("minimum_load", p, 0, 0)
        self._vector("debt", p, 0, None)
        self._vector("session_cells", p, 1, 1)
        self._vector("buffer_cells", p, 0, 0)
        self._vector("demand", s, 1, 1)
        self._bits("bookable", (t,), True)
        self._bits("busy", (p, t), False)
        self._bits("minimum_is_hard", (p,), False)
        self._rules_fit(s, p)

    def _no_repeats(self, name: str, ids: tuple[str, ...]) -> None:
        if len(set(ids)) != len(ids):
            twice = sorted({one for one in ids if ids.count(one) > 1})[:3]
            raise ProblemError(f"{name} are not unique: {', '.join(twice)}")

    def _matrix(self, name: str, shape: tuple[int, int]) -> None:
        matrix = np.array(getattr(self, name), dtype=np.uint8)
        if matrix.shape != shape:
            raise ProblemError(f"{name} is {matrix.shape}, not {shape}")
        if matrix.size and matrix.max() > max(Certainty):
            raise ProblemError(f"{name} holds {matrix.max()}, not a certainty 0 to {max(Certainty).value}")
        self._freeze(name, matrix)

    def _vector(self, name: str, length: int, default: int | None, least: int | None) -> None:
        vector = np.array(getattr(self, name), dtype=np.int64)
        if vector.shape == (0,) and length and default is not None:
            vector = np.full(length, default, dtype=np.int64)
        if vector.shape != (length,):
            raise ProblemError(f"{name} is {vector.shape}, not ({length},)")
        if least is not None and vector.size and vector.min() < least:
            raise ProblemError(f"{name}[{int(vector.argmin())}] is {vector.min()}, below {least}")
        self._freeze(name, vector)

    def _bits(self, name: str, shape: tuple[int, ...], default: bool) -> None:
        given: ArrayLike | None = getattr(self, name)
        bits = np.full(shape, default) if given is None else np.array(given, dtype=bool)
        if bits.shape == (0,) and shape != (0,):
            bits = np.full(shape, default)
        if bits.shape != shape:
            raise ProblemError(f"{name} is {bits.shape}, not {shape}")
        self._freeze(name, bits)

    def _freeze(self, name: str, array: NDArray[np.generic]) -> None:
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    def _rules_fit(self, s: int, p: int) -> None:
        for rule in (*self.requirements, *self.parts):
            if isinstance(rule, PairPoints):
                outside = [pair for pair in rule.pairs if not (0 <= pair[0] < s and 0 <= pair[1] < p)]
                if outside:
                    raise ProblemError(f"{rule.name}: pair {outside[0]} does not exist")
            elif rule.student_tags.shape != (s,) or rule.professional_tags.shape != (p,):
                raise ProblemError(f"{rule.name}: tags do not fit {s} students and {p} professionals")
        for i, j in self.forbidden:
            if not (0 <= i < s and 0 <= j < p):
                raise ProblemError(f"forbidden pair {(i, j)} does not exist")
        named: list[Pin | Standing] = [*self.pins, *self.standing]
        hosts = [kept.professional for kept in self.kept] + [one.professional for one in named]
        unknown = [name for name in hosts if name not in self._professional_index]
        unknown += [one.student for one in named if one.student not in self._student_index]
        if unknown:
            raise ProblemError(f"a published session or a pin names {unknown[0]}, who is not in the problem")
        self._no_repeats("pinned students", tuple(pin.student for pin in self.pins))
        self._no_repeats("students of standing sessions", tuple(one.student for one in self.standing))
        greedy = [one for one in named if self.demand[self._student_index[one.student]] > 1]
        if greedy:
            raise ProblemError(
                f"{greedy[0].student} has a pin or a standing session and asks for more than one session"
            )
        astray = [one for one in self.standing if self.grid.cell_of(one.start) is None]
        if astray:
            raise ProblemError(f"the {astray[0]} stands off the grid, at {astray[0].start.isoformat()}")

    # -- the definition that engine and checker share ---------------------------------------------------------

    @cached_property
    def _professional_index(self) -> dict[str, int]:
        return {name: j for j, name in enumerate(self.professionals)}

    @cached_property
    def _student_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.students)}

    @cached_property
    def pinned(self) -> NDArray[np.bool_]:
        """S: students with a pin."""
        return np.isin(np.arange(len(self.students)), [self._student_index[pin.student] for pin in self.pins])

    @cached_property
    def stands(self) -> NDArray[np.bool_]:
        """S: students whose session stands and may only be moved."""
        return np.isin(np.arange(len(self.students)), [self._student_index[one.student] for one in self.standing])

    @cached_property
    def stand_at(self) -> NDArray[np.int64]:
        """S x 2: professional and cell of the session that stands, -1 where there is none."""
        places = np.full((len(self.students), 2), -1, dtype=np.int64)
        for one in self.standing:
            cell = self.grid.cell_of(one.start)
            assert cell is not None
            places[self._student_index[one.student]] = self._professional_index[one.professional], cell
        return places

    @cached_property
    def student_open(self) -> NDArray[np.uint8]:
        """S x T certainty in cells that may be booked and hold no kept session of the student."""
        taken = np.zeros(self.student_free.shape, dtype=bool)
        for kept in self.kept:
            if kept.student in self._student_index:
                cells = self.grid.touched(kept.interval.start, kept.interval.end)
                taken[self._student_index[kept.student], cells] = True
        return np.where(self.bookable[None, :] & ~taken, self.student_free, 0).astype(np.uint8)

    @cached_property
    def professional_open(self) -> NDArray[np.uint8]:
        """P x T certainty in cells that may be booked and are neither busy nor taken by a kept session."""
        taken = np.array(self.busy)
        for kept in self.kept:
            cells = self.grid.touched(kept.interval.start, kept.interval.end)
            taken[self._professional_index[kept.professional], cells] = True
        return np.where(self.bookable[None, :] & ~taken, self.professional_free, 0).astype(np.uint8)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """The session lengths that occur, in cells, ascending."""
        return tuple(np.unique(self.session_cells).tolist())

    @cached_property
    def _student_starts(self) -> dict[int, NDArray[np.uint8]]:
        return {}

    def student_starts(self, cells: int) -> NDArray[np.uint8]:
        """S x T: how certain a session of `cells` cells is for the student; the pinned keep their start alone."""
        if cells not in self._student_starts:
            starts = starts_of(self.student_open, cells)
            for pin in self.pins:
                if pin.start is not None:
                    others = np.arange(self.grid.cells) != self.grid.cell_of(pin.start)
                    starts[self._student_index[pin.student], others] = 0
            self._student_starts[cells] = starts
        return self._student_starts[cells]

    @cached_property
    def professional_starts(self) -> NDArray[np.uint8]:
        """P x T: how certain a session with the professional is that starts in the cell, buffers to kept ones left."""
        starts = np.zeros_like(self.professional_open)
        for cells in self.lengths:
            rows = self.session_cells == cells
            starts[rows] = starts_of(self.professional_open[rows], cells)
        cell = timedelta(minutes=self.grid.cell_minutes)
        for kept in self.kept:
            j = self._professional_index[kept.professional]
            before = cell * int(self.session_cells[j] - 1 + self.buffer_cells[j])
            near = self.grid.touched(kept.interval.start - before, kept.interval.end + cell * int(self.buffer_cells[j]))
            starts[j, near] = 0
        return starts

    @cached_property
    def reach(self) -> NDArray[np.int64]:
        """P: cells from one start of a professional to the next possible one."""
        return self.session_cells + self.buffer_cells

    @cached_property
    def conflicting(self) -> NDArray[np.bool_]:
        """P: professionals with two possible starts of which only one can be used."""
        return conflicting(self.professional_starts > 0, self.reach)

    @cached_property
    def flow_case(self) -> bool:
        """One session each and no starts that shut each other out: then the night is a flow."""
        return not self.conflicting.any() and bool((self.demand == 1).all())

    def start_certainty(self, i: NDArray[np.int64], j: NDArray[np.int64], t: NDArray[np.int64]) -> NDArray[np.int64]:
        """The certainty of candidates given as index arrays of one shape; 0 where one of the two is not free."""
        certain = self.professional_starts[j, t].astype(np.int64)
        for cells in self.lengths:
            some = slice(None) if len(self.lengths) == 1 else self.session_cells[j] == cells
            certain[some] = np.minimum(certain[some], self.student_starts(cells)[i[some], t[some]])
        return certain

    def eligible(self, students: slice) -> NDArray[np.bool_]:
        """Who may meet whom by the hard rules and pins, time aside: students of the slice x all professionals."""
        allowed = np.ones((students.stop - students.start, len(self.professionals)), dtype=bool)
        for rule in self.requirements:
            allowed &= rule.eligible(students)
        for i, j in self.forbidden:
            if students.start <= i < students.stop:
                allowed[i - students.start, j] = False
        for kept in self.kept:
            row = None if kept.student is None else self._student_index.get(kept.student)
            if not self.repeats_allowed and row is not None and students.start <= row < students.stop:
                allowed[row - students.start, self._professional_index[kept.professional]] = False
        for pin in self.pins:
            i, j = self._student_index[pin.student], self._professional_index[pin.professional]
            if students.start <= i < students.stop:
                allowed[i - students.start, np.arange(allowed.shape[1]) != j] = False
        return allowed

    def kept_count(self, scope: Literal["horizon", "week", "day"]) -> dict[tuple[int, int], int]:
        """Kept sessions by (professional, key): key is the week's or day's ordinal, 0 for the horizon.

        A kept session counts against the horizon only when its local date lies inside it.
        """
        counts: dict[tuple[int, int], int] = {}
        for kept in self.kept:
            key = self._scope_key(scope, kept.interval.start)
            if key is not None:
                pair = (self._professional_index[kept.professional], key)
                counts[pair] = counts.get(pair, 0) + 1
        return counts

    def _scope_key(self, scope: str, start: datetime) -> int | None:
        if scope == "day":
            return self.grid.day_of(start)
        if scope == "week":
            return self.grid.week_of(start)
        inside = self.grid.cells and self.grid.day[0] <= self.grid.day_of(start) <= self.grid.day[-1]
        return 0 if inside else None

    @cached_property
    def kept_load(self) -> NDArray[np.int64]:
        """P: kept sessions inside the horizon."""
        loads = np.zeros(len(self.professionals), dtype=np.int64)
        for (j, _), count in self.kept_count("horizon").items():
            loads[j] = count
        return loads
