"""How well a pair fits: named parts in points 0-100, their weighted mean cut into levels 1..Q."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.pairs import SHARED_TIME
from optimizer.domain.policy import Policy, PolicyError
from optimizer.domain.problem import Problem

BLOCK_PAIRS = 1 << 21
"""Pairs looked at in one go: bounds the memory of the temporary tables."""

Ints = NDArray[np.int64]


class Quality:
    """The quality of pairs under a policy. Levels are computed blockwise and kept as one byte a pair."""

    def __init__(self, problem: Problem, policy: Policy) -> None:
        self._problem = problem
        self._levels = policy.levels
        names = [SHARED_TIME, *(part.name for part in problem.parts)]
        if len(set(names)) != len(names):
            raise PolicyError(f"two quality parts share a name: {', '.join(sorted(names))}")
        strange = sorted(set(policy.weights) - set(names))
        if strange:
            raise PolicyError(f"no quality part is called {strange[0]!r}; the problem has {', '.join(names)}")
        self._weights = [policy.weights.get(name, 1) for name in names]
        if not sum(self._weights):
            raise PolicyError("all quality weights are 0")

    @cached_property
    def _student_bits(self) -> NDArray[np.uint64]:
        return _words(self._problem.student_open > 0)

    @cached_property
    def _professional_bits(self) -> NDArray[np.uint64]:
        return _words(self._problem.professional_open > 0)

    @cached_property
    def _student_cells(self) -> Ints:
        """S: open cells of each student, at least 1 so that it can divide."""
        cells: Ints = (self._problem.student_open > 0).sum(axis=1, dtype=np.int64)
        return np.maximum(cells, 1)

    @cached_property
    def levels(self) -> NDArray[np.uint8]:
        """S x P: the level 1..Q, or 0 where the hard rules forbid the pair."""
        problem = self._problem
        s, p = len(problem.students), len(problem.professionals)
        table = np.zeros((s, p), dtype=np.uint8)
        step = max(1, BLOCK_PAIRS // max(p, 1))
        for low in range(0, s, step):
            rows = slice(low, min(s, low + step))
            table[rows] = np.where(problem.eligible(rows), self._level(self._block(rows)), 0)
        return table

    def _block(self, rows: slice) -> Ints:
        """Weighted points of the students of the slice x all professionals."""
        everyone = slice(0, len(self._problem.professionals))
        words = zip(self._student_bits[rows].T, self._professional_bits.T, strict=True)
        common = sum(np.bitwise_count(own[:, None] & theirs).astype(np.int32) for own, theirs in words)
        share = np.int32(100) * common // self._student_cells[rows, None].astype(np.int32)
        total: Ints = self._weights[0] * share.astype(np.int64)
        for weight, part in zip(self._weights[1:], self._problem.parts, strict=True):
            total += weight * part.points(rows, everyone)
        return total

    def _level(self, total: Ints) -> Ints:
        points: Ints = np.clip(total // sum(self._weights), 0, 100)
        levels: Ints = 1 + points * self._levels // 101
        return levels

    def shared_cells(self, i: Ints, j: Ints) -> Ints:
        """Cells in which both of each pair are open."""
        common: Ints = np.bitwise_count(self._student_bits[i] & self._professional_bits[j]).sum(axis=1, dtype=np.int64)
        return common

    def parts(self, i: Ints, j: Ints) -> list[tuple[tuple[str, int], ...]]:
        """For each pair the points behind its level, by part name, in the order of the problem."""
        columns = [100 * self.shared_cells(i, j) // self._student_cells[i]]
        columns += [part.points_of(i, j) for part in self._problem.parts]
        names = [SHARED_TIME, *(part.name for part in self._problem.parts)]
        rows = np.stack(columns, axis=1).tolist() if len(i) else []
        return [tuple(zip(names, row, strict=True)) for row in rows]


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Rows of bits packed into 64-bit words, padded with zeros."""
    packed = np.packbits(bits, axis=1)
    padded = np.zeros((len(bits), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)
