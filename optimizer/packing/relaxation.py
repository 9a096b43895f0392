"""The linear relaxation of a tier: its best fractions by column generation, and integer multipliers that bound it.

For any multipliers y of the rows (of either sign for equations, <= 0 for limits)

    y . limit + sum over variables of min(cost - A'y, 0)        (variables fixed to 1 count in full, to 0 not at all)

is at most the value of every plan (Lagrange; Geoffrion 1974). With integer y at a scale the bound is exact arithmetic,
and nobody has to trust the solver that proposed them. What the bound leaves no room for is fixed for later tiers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2, sparse_containers_pb2
from ortools.math_opt.python import mathopt

from optimizer.packing.program import Program
from optimizer.relaxed_witness import SCALE_BITS

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
MORE_PER_ROW = 4
"""Columns that a student or a professional's cell may gain in a round of pricing."""


@dataclass(frozen=True, eq=False)
class Level:
    """An earlier tier that must not get worse: its number, costs by variable, and the value it may have at most."""

    tier: int
    cost: Ints
    value: int


@dataclass(frozen=True, eq=False)
class Face:
    """Where the next tier may still choose: bounds of the variables, rows that have to be tight, earlier levels."""

    lower: NDArray[np.int8]
    upper: NDArray[np.int8]
    tight: Bools
    levels: tuple[Level, ...] = ()

    @property
    def free(self) -> Bools:
        return self.lower < self.upper


@dataclass(frozen=True, eq=False)
class Dual:
    """Multipliers times 2^SCALE_BITS: of the rows, and of the earlier levels (<= 0); what they prove.

    `reduced`: scaled reduced costs of all variables; `bound`: scaled.
    """

    rows: Ints
    levels: Ints
    reduced: Ints
    scaled_bound: int

    @property
    def bound(self) -> int:
        """No plan on the face has a smaller value."""
        return -(-self.scaled_bound >> SCALE_BITS)


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation's solution: values of the variables, and multipliers as the solver gave them."""

    value: Floats
    rows: Floats
    levels: Floats


def dual_of(program: Program, face: Face, cost: Ints, rows: Floats, levels: Floats) -> Dual:
    """The bound by multipliers near the given ones, with the right signs."""
    scale = 1 << SCALE_BITS
    whole = np.rint(rows * scale).astype(np.int64)
    whole[~(program.equal | face.tight)] = np.minimum(whole[~(program.equal | face.tight)], 0)
    of_levels = np.minimum(np.rint(levels * scale).astype(np.int64), 0)
    reduced = scale * cost - program.weighed(whole)
    for level, multiplier in zip(face.levels, of_levels.tolist(), strict=True):
        reduced -= multiplier * level.cost
    bound = exact_sum(whole * program.limit) + sum(
        multiplier * level.value for level, multiplier in zip(face.levels, of_levels.tolist(), strict=True)
    )
    bound += exact_sum(np.minimum(reduced, 0)[face.free]) + exact_sum(reduced[face.lower > 0])
    return Dual(whole, of_levels, reduced, bound)


def exact_sum(numbers: Ints) -> int:
    """The sum, even where it would not fit into 64 bits on the way."""
    return (int((numbers >> 24).sum()) << 24) + int((numbers & 0xFFFFFF).sum())


def face_after(program: Program, face: Face, level: Level, dual: Dual) -> Face:
    """What plans with this value at most have in common; the level is kept as a row where that does not imply it."""
    slack = (level.value << SCALE_BITS) - dual.scaled_bound
    free = face.free
    upper = np.where(free & (dual.reduced > slack), 0, face.upper).astype(np.int8)
    lower = np.where(free & (dual.reduced < -slack), 1, face.lower).astype(np.int8)
    tight = face.tight | (~program.equal & (dual.rows < -slack))
    undecided = (lower < upper) & (dual.reduced != 0)
    loose = ~program.equal & ~tight & (dual.rows != 0)
    levels = face.levels
    if undecided.any() or loose.any() or dual.levels.any():
        levels = (*levels, level)
    return Face(lower, upper, tight, levels)


class Relaxation:
    """Solves tier after tier; the columns found for one are the start for the next."""

    def __init__(self, program: Program, first: Ints) -> None:
        self._program = program
        self.inside = np.zeros(program.variables, dtype=bool)
        self.inside[program.first_missing :] = True
        self.inside[first] = True
        self.rounds = 0

    @property
    def columns(self) -> int:
        return int(self.inside[: self._program.first_missing].sum())

    def take(self, variables: Ints) -> None:
        """These become columns."""
        self.inside[variables] = True

    def solve(self, face: Face, cost: Ints) -> tuple[Relaxed, Dual]:
        """The optimum over all variables of the face."""
        while True:
            self.rounds += 1
            relaxed = self._restricted(face, cost)
            dual = dual_of(self._program, face, cost, relaxed.rows, relaxed.levels)
            better = np.flatnonzero((dual.reduced < -(1 << SCALE_BITS >> 8)) & ~self.inside & face.free)
            if not len(better):
                return relaxed, dual
            self.inside[self._best(better, dual.reduced)] = True

    def _best(self, better: Ints, reduced: Ints) -> Ints:
        """Of the candidates that pay the best few of each student and of each professional's cell."""
        i, j, t = (index[better] for index in self._program.candidates)
        slot = j * (int(t.max()) + 1) + t
        order = np.argsort(reduced[better], kind="stable")
        kept = np.zeros(len(better), dtype=bool)
        for group in (i, slot):
            ranked = order[np.argsort(group[order], kind="stable")]
            begins = np.searchsorted(group[ranked], group[ranked], side="left")
            kept[ranked[np.arange(len(ranked)) - begins < MORE_PER_ROW]] = True
        return better[kept]

    def _restricted(self, face: Face, cost: Ints) -> Relaxed:
        """The relaxation over the columns that are in and free; the rest stays at its lower bound."""
        program = self._program
        some = np.flatnonzero(self.inside & face.free)
        model, fixed = _model(program, face, cost, some)
        result = mathopt.solve(mathopt.Model.from_model_proto(model), mathopt.SolverType.GLOP)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise RuntimeError(f"the relaxation ended {result.termination.reason}")
        value = face.lower.astype(np.float64)
        value[some] = np.array(list(result.variable_values().values()))
        duals = np.array(list(result.dual_values().values()))
        rows = np.zeros(len(program.limit))
        rows[fixed] = duals[: len(fixed)]
        return Relaxed(value, rows, duals[len(fixed) :])


def _model(program: Program, face: Face, cost: Ints, some: Ints) -> tuple[model_pb2.ModelProto, Ints]:
    """The linear program over the variables `some`, and which rows it has (those with one of them)."""
    counts = program.start[some + 1] - program.start[some]
    place = np.repeat(program.start[some] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    entry_row, entry_column = program.rows[place], np.repeat(np.arange(len(some)), counts)
    taken = np.bincount(
        program.rows, weights=program.coefficient * face.lower[program.owner], minlength=len(program.limit)
    ).astype(np.int64)
    rows = np.unique(entry_row)
    number = np.zeros(len(program.limit), dtype=np.int64)
    number[rows] = np.arange(len(rows))
    order = np.lexsort((entry_column, number[entry_row]))
    upper = (program.limit - taken)[rows].astype(np.float64)
    lower = np.where((program.equal | face.tight)[rows], upper, -np.inf)
    level_upper = [float(level.value - int(level.cost @ face.lower.astype(np.int64))) for level in face.levels]
    level_rows = [level.cost[some] for level in face.levels]
    data = [number[entry_row][order], entry_column[order], program.coefficient[place][order].astype(np.float64)]
    for k, costs in enumerate(level_rows):
        inside = np.flatnonzero(costs)
        more = (np.full(len(inside), len(rows) + k), inside, costs[inside].astype(np.float64))
        data = [np.concatenate(pair) for pair in zip(data, more, strict=True)]
    count = len(rows) + len(level_rows)
    ids = np.arange(len(some))
    model = model_pb2.ModelProto()
    model.variables.ids.extend(ids)
    model.variables.lower_bounds.extend(np.zeros(len(some)))
    model.variables.upper_bounds.extend(np.ones(len(some)))
    model.variables.integers.extend(np.zeros(len(some), dtype=bool))
    paying = np.flatnonzero(cost[some])
    model.objective.linear_coefficients.ids.extend(paying)
    model.objective.linear_coefficients.values.extend(cost[some][paying].astype(np.float64))
    model.linear_constraints.ids.extend(np.arange(count))
    model.linear_constraints.lower_bounds.extend([*lower, *(-np.inf for _ in level_rows)])
    model.linear_constraints.upper_bounds.extend([*upper, *level_upper])
    model.linear_constraint_matrix.CopyFrom(
        sparse_containers_pb2.SparseDoubleMatrixProto(row_ids=data[0], column_ids=data[1], coefficients=data[2])
    )
    return model, rows
