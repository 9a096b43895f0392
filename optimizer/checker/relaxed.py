"""How far a part of a night that is no flow can be from the best: the bound by multipliers, recomputed.

For any multipliers of the rows of `relaxed_witness.Kind`, of the right sign, a tier's value is at least

    multipliers . limits + sum over all variables of min(reduced cost, 0)

in whole numbers at a scale. Where a variable's reduced cost exceeds the distance between that bound and the plan's
value, it is 0 (or 1) in every plan as good, and so for the tiers after it; a limit whose multiplier exceeds it is
reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.checker.proof import rooms
from optimizer.exact import largest, product, total
from optimizer.relaxed_witness import SCALE_BITS, Kind, Multipliers
from optimizer.tables import Chosen, Tables, Tier

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST_BITS = 62
"""Sums of 64 bit numbers stay below 2 to this."""


class RelaxedError(ValueError):
    """The multipliers do not belong to this part."""


@dataclass(frozen=True)
class Bound:
    """A tier of the part: the plan's value, and what no plan of the part can be below."""

    value: int
    bound: int


def bounds(tables: Tables, chosen: Chosen, multipliers: Multipliers) -> tuple[Bound, ...]:
    """Tier by tier, each given that those before it are as good as in the plan. Raises `RelaxedError`."""
    return tuple(_Check(tables, chosen, multipliers).tiers())


@dataclass(eq=False)
class _Row:
    """All rows of one kind as a table: multipliers, limits, and which of them every plan left reaches."""

    limit: Ints
    equal: bool
    tight: Bools
    multiplier: Ints


class _Check:
    def __init__(self, tables: Tables, chosen: Chosen, multipliers: Multipliers) -> None:
        _fits(multipliers)
        self._tables, self._problem, self._given = tables, tables.problem, multipliers
        self._some = _candidates(tables)
        self._chosen = chosen
        asks = self._problem.demand
        self._missing = np.nonzero(np.arange(1, asks.max(initial=1) + 1) <= asks[:, None])
        self._rows = dict(_tables_of_rows(tables))
        self._parts = len(self._some.i), len(self._missing[0]), len(tables.unit_professional)
        self._lower = [np.zeros(size, dtype=bool) for size in self._parts]
        self._upper = [np.ones(size, dtype=bool) for size in self._parts]

    def tiers(self) -> Iterator[Bound]:
        for number, tier in enumerate(self._tables.tiers):
            self._read(number)
            value = self._tables.value(tier, self._chosen)
            scaled, reduced = self._bound(number, tier)
            slack = (value << SCALE_BITS) - scaled
            if slack < 0:
                raise RelaxedError(f"{tier.name}: the bound lies beyond the plan")
            self._fix(slack, reduced)
            yield Bound(value, -(-scaled >> SCALE_BITS))

    def _read(self, number: int) -> None:
        """The tier's multipliers into the tables, with the signs that make the bound true."""
        mine = self._given.rows[:, 0] == number
        rows, values = self._given.rows[mine], self._given.of_rows[mine]
        for kind, table in self._rows.items():
            table.multiplier[...] = 0
            some = rows[:, 1] == kind
            first, second = self._places(kind, rows[some, 2], rows[some, 3])
            table.multiplier[first, second] = values[some]
            if not table.equal and (table.multiplier[~table.tight] > 0).any():
                raise RelaxedError(f"a {kind.name.lower()} multiplier has the wrong sign")

    def _places(self, kind: Kind, first: Ints, second: Ints) -> tuple[Ints, Ints]:
        grid = self._problem.grid
        if kind in (Kind.DAY, Kind.WEEK):
            ordinals = np.unique(grid.day if kind is Kind.DAY else grid.week)
            place = np.searchsorted(ordinals, second)
            known = (place < len(ordinals)) & (ordinals[np.minimum(place, len(ordinals) - 1)] == second)
            if not known.all():
                raise RelaxedError("a multiplier names a day or week outside the horizon")
            second = place
        rows, columns = self._rows[kind].limit.shape
        if len(first) and (min(first.min(), second.min()) < 0 or first.max() >= rows or second.max() >= columns):
            raise RelaxedError(f"a {kind.name.lower()} multiplier names a row that does not exist")
        if kind is Kind.ORDER and not ((second >= 1) & (second < self._problem.demand[first])).all():
            raise RelaxedError("a multiplier names a session that nobody asks for")
        return first, second

    def _bound(self, number: int, tier: Tier) -> tuple[int, list[Ints]]:
        """The scaled bound, and the scaled reduced costs of candidates, missing sessions and load units."""
        costs, levels = self._costs(tier), tuple(self._levels(number))
        self._add_exactly(costs, levels)
        reduced = [(cost << SCALE_BITS) - weight for cost, weight in zip(costs, self._weights(), strict=True)]
        scaled = sum(product(table.multiplier, table.limit) for table in self._rows.values())
        for earlier, multiplier in levels:
            scaled += multiplier * (self._tables.value(earlier, self._chosen) - earlier.base)
            reduced = [one - multiplier * cost for one, cost in zip(reduced, self._costs(earlier), strict=True)]
        for one, low, high in zip(reduced, self._lower, self._upper, strict=True):
            scaled += total(np.minimum(one, 0)[high & ~low]) + total(one[low])
        return scaled + (tier.base << SCALE_BITS), reduced

    def _levels(self, number: int) -> Iterator[tuple[Tier, int]]:
        """The earlier tiers whose values are rows of this one, with their multipliers."""
        mine = self._given.levels[:, 0] == number
        levels, of_levels = self._given.levels[mine, 1].tolist(), self._given.of_levels[mine].tolist()
        for level, multiplier in zip(levels, of_levels, strict=True):
            if not 0 <= level < number or multiplier > 0:
                raise RelaxedError("a level's multiplier has the wrong sign or names a later tier")
            yield self._tables.tiers[level], multiplier

    def _add_exactly(self, costs: list[Ints], levels: tuple[tuple[Tier, int], ...]) -> None:
        """No sum of these costs and multipliers leaves 64 bits, in whatever order. Raises `RelaxedError`."""
        longest = max(table.multiplier.shape[1] for table in self._rows.values())
        most = sum(largest(table.multiplier) for table in self._rows.values()) * (longest + 1)
        most += max(map(largest, costs)) << SCALE_BITS
        most += sum(-multiplier * max(map(largest, self._costs(tier))) for tier, multiplier in levels)
        if most >> MOST_BITS:
            raise RelaxedError("a multiplier is too large to be added exactly")

    def _costs(self, tier: Tier) -> list[Ints]:
        student, number = self._missing
        missing = np.zeros(len(student), dtype=np.int64)
        if tier.unmatched is not None:
            missing = np.where(number + 1 == tier.session_number, tier.unmatched[student], 0)
        units = np.zeros(self._parts[2], dtype=np.int64) if tier.load is None else tier.load
        return [self._tables.cost(tier, self._some), missing, units]

    def _weights(self) -> list[Ints]:
        """For each variable its coefficients times the multipliers."""
        problem, rows = self._problem, self._rows
        i, j, t = self._some
        by_host = _windows(rows[Kind.HOST_CELL].multiplier, problem.reach)
        of_day = np.searchsorted(np.unique(problem.grid.day), problem.grid.day)
        of_week = np.searchsorted(np.unique(problem.grid.week), problem.grid.week)
        cells = by_host[:, : problem.grid.cells]
        cells = cells + rows[Kind.DAY].multiplier[:, of_day] + rows[Kind.WEEK].multiplier[:, of_week]
        cells += rows[Kind.LOAD].multiplier
        candidates = rows[Kind.STUDENT].multiplier[i, 0] + cells[j, t]
        candidates += _pair_multipliers(rows[Kind.PAIR].multiplier, i, j)
        for length in problem.lengths:
            mine = problem.session_cells[j] == length
            own = _windows(rows[Kind.OWN_CELL].multiplier, np.full(len(problem.students), length))
            candidates[mine] += own[i[mine], t[mine]]
        student, number = self._missing
        order = rows[Kind.ORDER].multiplier
        missing = rows[Kind.STUDENT].multiplier[student, 0] + order[student, number + 1] - order[student, number]
        return [candidates, missing, -rows[Kind.LOAD].multiplier[self._tables.unit_professional, 0]]

    def _fix(self, slack: int, reduced: list[Ints]) -> None:
        for k, one in enumerate(reduced):
            free = self._upper[k] & ~self._lower[k]
            self._upper[k] = self._upper[k] & ~(free & (one > slack))
            self._lower[k] = self._lower[k] | (free & (one < -slack))
        for table in self._rows.values():
            if not table.equal:
                table.tight |= table.multiplier < -slack


def _tables_of_rows(tables: Tables) -> Iterator[tuple[Kind, _Row]]:
    problem = tables.problem
    s, p, most = len(problem.students), len(problem.professionals), int(problem.demand.max(initial=1))
    width = problem.grid.cells + int(problem.reach.max(initial=1))
    day, week = rooms(problem)
    several = problem.demand[:, None] > 1
    pairs = s if several.any() and not problem.repeats_allowed else 0

    def row(limit: NDArray[Any], *, equal: bool = False) -> _Row:
        return _Row(limit.astype(np.int64), equal, np.zeros(limit.shape, bool), np.zeros(limit.shape, np.int64))

    yield Kind.STUDENT, row(problem.demand[:, None], equal=True)
    yield Kind.ORDER, row(np.zeros((s, most + 1)))
    yield Kind.PAIR, row(np.ones((pairs, p)))
    yield Kind.OWN_CELL, row(np.ones((s, width)))
    yield Kind.HOST_CELL, row(np.ones((p, width)))
    yield Kind.DAY, row(day)
    yield Kind.WEEK, row(week)
    yield Kind.LOAD, row(np.zeros((p, 1)), equal=True)


def _candidates(tables: Tables) -> Chosen:
    """Every candidate of the part, professional by professional."""
    problem, (day, week) = tables.problem, rooms(tables.problem)
    of_day = np.searchsorted(np.unique(problem.grid.day), problem.grid.day)
    of_week = np.searchsorted(np.unique(problem.grid.week), problem.grid.week)
    usable = (problem.professional_starts > 0) & (day[:, of_day] > 0) & (week[:, of_week] > 0)
    found = [np.zeros((3, 0), dtype=np.int64)]
    for j in np.flatnonzero(problem.capacity_horizon > problem.kept_load):
        students, cells = np.flatnonzero(tables.levels[:, j]), np.flatnonzero(usable[j])
        starts = problem.student_starts(int(problem.session_cells[j]))
        row, column = np.nonzero(starts[np.ix_(students, cells)])
        found.append(np.stack([students[row], np.full(len(row), j), cells[column]]))
    return Chosen(*np.concatenate(found, axis=1))


def _windows(cells: Ints, length: Ints) -> Ints:
    """N x T: the sum of `length` (N) cells from each on; cells beyond the last count nothing."""
    total = np.concatenate([np.zeros((len(cells), 1), dtype=np.int64), np.cumsum(cells, axis=1)], axis=1)
    width = cells.shape[1]
    end = np.minimum(np.arange(width) + length[:, None], width)
    sums: Ints = np.take_along_axis(total, end, axis=1) - total[:, :-1]
    return sums


def _pair_multipliers(pairs: Ints, i: Ints, j: Ints) -> Ints:
    return pairs[i, j] if len(pairs) else np.zeros(len(i), dtype=np.int64)


def _fits(given: Multipliers) -> None:
    """The arrays have the shapes that `Multipliers` names. Raises `RelaxedError`."""
    rows, levels = len(given.of_rows), len(given.of_levels)
    shapes = given.rows.shape, given.of_rows.shape, given.levels.shape, given.of_levels.shape
    if shapes != ((rows, 4), (rows,), (levels, 2), (levels,)):
        raise RelaxedError(f"the multipliers are {shapes}, not (N, 4), (N), (M, 2), (M)")
