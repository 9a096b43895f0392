"""Conservation: each row has one fate, each person one outcome, and the sums must come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ConservationError(AssertionError):
    """A row or a person vanished or was counted twice: the run must not go on."""


class Fate(StrEnum):
    """What became of one row of a sheet."""

    BLANK = "blank"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    HELD = "held"
    CURRENT = "current"


class StudentOutcome(StrEnum):
    """What became of one student tonight."""

    MATCHED = "matched"
    PARTLY_MATCHED = "partly matched"
    UNMATCHED = "unmatched"
    ALREADY_BOOKED = "already booked"
    SERVED = "served"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ProfessionalOutcome(StrEnum):
    """What became of one professional tonight."""

    OFFERED = "offered"
    FULL = "full"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOTHING_READABLE = "nothing readable"
    EMAIL_ONLY = "e-mail only"


@dataclass(frozen=True)
class Count:
    """`total` things of one kind, by what became of them; the parts must add up to the total."""

    what: str
    total: int
    parts: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        counted = sum(number for _, number in self.parts)
        if counted != self.total:
            raise ConservationError(f"{self.what}: {self.total}, but {counted} are accounted for ({self})")

    def __str__(self) -> str:
        return f"{self.what} {self.total} = " + " + ".join(f"{number} {name}" for name, number in self.parts)

    def __getitem__(self, name: str) -> int:
        return dict(self.parts)[name]

    @classmethod
    def of(cls, what: str, total: int, kinds: type[StrEnum], seen: Iterable[StrEnum]) -> Count:
        """Count `seen`, one per thing; every kind is listed, with 0 when nothing fell under it."""
        counts = Counter(seen)
        return cls(what, total, tuple((kind.value, counts[kind]) for kind in kinds))


@dataclass(frozen=True)
class Conservation:
    """The night's equation: rows of both sheets, students, professionals."""

    student_rows: Count
    professional_rows: Count
    students: Count
    professionals: Count

    def __post_init__(self) -> None:
        for rows, people in (
            (self.student_rows, self.students),
            (self.professional_rows, self.professionals),
        ):
            if rows[Fate.CURRENT] != people.total:
                raise ConservationError(f"{rows[Fate.CURRENT]} current {rows.what}, but {people.total} {people.what}")

    def lines(self) -> tuple[str, ...]:
        """The four equations as text, for the console and the report."""
        return tuple(
            str(count) for count in (self.student_rows, self.professional_rows, self.students, self.professionals)
        )


def rows_count(what: str, total: int, fates: Mapping[int, Fate]) -> Count:
    """The equation of one sheet: `fates` by row number, `total` rows under the header."""
    return Count.of(what, total, Fate, fates.values())
