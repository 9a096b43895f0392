"""What the rules and wishes say of pairs of a student and a professional, time aside: by tags or by name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Requirement:
    """A hard rule by tags: student i may meet professional j only if their tag sets share a tag.

    Tags are bits of an integer: `student_tags` is uint64 per student, `professional_tags` per professional.
    A student without tags asks nothing (eligible with everyone); a professional without tags offers nothing.
    """

    name: str
    student_tags: NDArray[np.uint64]
    professional_tags: NDArray[np.uint64]

    def eligible(self, students: slice) -> NDArray[np.bool_]:
        """Students of the slice x all professionals."""
        asks = self.student_tags[students, None]
        allowed: NDArray[np.bool_] = (asks == 0) | ((asks & self.professional_tags[None, :]) != 0)
        return allowed


@dataclass(frozen=True, eq=False)
class TagFit:
    """A quality part by tags: `hit` points when the tag sets meet, `neutral` when either side is silent, else 0."""

    name: str
    student_tags: NDArray[np.uint64]
    professional_tags: NDArray[np.uint64]
    hit: int = 100
    neutral: int = 50

    def points(self, students: slice, professionals: slice) -> NDArray[np.int64]:
        """Points 0-100, students of the slice x professionals of the slice."""
        return self._score(self.student_tags[students, None], self.professional_tags[None, professionals])

    def points_of(self, students: NDArray[np.int64], professionals: NDArray[np.int64]) -> NDArray[np.int64]:
        """Points 0-100 of pairs given as two equally long index arrays."""
        return self._score(self.student_tags[students], self.professional_tags[professionals])

    def _score(self, asks: NDArray[np.uint64], offers: NDArray[np.uint64]) -> NDArray[np.int64]:
        met = np.where((asks & offers) != 0, self.hit, 0)
        return np.where((asks == 0) | (offers == 0), self.neutral, met).astype(np.int64)


@dataclass(frozen=True, eq=False)
class PairPoints:
    """A quality part for named pairs (such as having met before): points 0-100, `other` for all other pairs."""

    name: str
    pairs: dict[tuple[int, int], int]
    other: int = 50

    def points(self, students: slice, professionals: slice) -> NDArray[np.int64]:
        """Points 0-100, students of the slice x professionals of the slice; both slices with start and stop."""
        shape = (students.stop - students.start, professionals.stop - professionals.start)
        table = np.full(shape, self.other, dtype=np.int64)
        for (i, j), value in self.pairs.items():
            if students.start <= i < students.stop and professionals.start <= j < professionals.stop:
                table[i - students.start, j - professionals.start] = value
        return table

    def points_of(self, students: NDArray[np.int64], professionals: NDArray[np.int64]) -> NDArray[np.int64]:
        """Points 0-100 of pairs given as two equally long index arrays."""
        pairs = zip(students.tolist(), professionals.tolist(), strict=True)
        return np.array([self.pairs.get(pair, self.other) for pair in pairs], dtype=np.int64)


QualityPart = TagFit | PairPoints
SHARED_TIME = "shared time"
"""The part every problem has: the share of the student's offered cells that the professional offers too."""
