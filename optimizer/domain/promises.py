"""Sessions that are settled before the night: published ones, and those that staff decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from optimizer.domain.time import Interval


class ProblemError(ValueError):
    """The problem contradicts itself; the message names the field and the place."""


@dataclass(frozen=True)
class KeptSession:
    """A published session: a promise that takes the professional's slot and capacity, inside the horizon or not.

    `student` is named if they ask for further sessions: they are not free then, nor for the same professional again.
    """

    professional: str
    interval: Interval
    student: str | None = None


@dataclass(frozen=True)
class Pin:
    """A staff decision: this student gets a session with this professional, at this start if one is named."""

    student: str
    professional: str
    start: datetime | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.start.tzinfo is None:
            raise ProblemError(f"the pin of {self.student} needs an aware start")

    def __str__(self) -> str:
        at = "" if self.start is None else f" at {self.start.isoformat()}"
        return f"pin of {self.student} to {self.professional}{at}"


@dataclass(frozen=True)
class Standing:
    """A published session that a re-plan may move but not take away.

    The student gets a session for certain; another professional or start counts as somebody moved.
    """

    student: str
    professional: str
    start: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ProblemError(f"the standing session of {self.student} needs an aware start")

    def __str__(self) -> str:
        return f"session of {self.student}"
