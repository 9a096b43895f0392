"""The answer: sessions, the unmatched with their stage, and how sure each tier is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from optimizer.domain.time import Certainty, Interval


class Stage(StrEnum):
    """The one stage that removed a student's last candidate. Words a person reads are made elsewhere."""

    NO_USABLE_ANSWER = "no usable answer"
    PAUSED = "paused"
    NOBODY_ELIGIBLE = "nobody eligible"
    NO_COMMON_TIME = "no common time"
    OFF_GRID = "none on the grid, notice or hours"
    ALL_FULL = "all busy or full"
    LOST = "lost the competition"


class TierStatus(StrEnum):
    """How sure a tier's value is.

    `PROVEN`: best, by potentials of a flow; `WITNESSED`: best, by multipliers of a relaxation: the checker confirms
    both without trusting any solver. `SOLVER_CLAIMED`: CP-SAT says that it is best, the checker confirms the bound.
    `OPEN`: the bound is all that is known. `CONDITIONAL`: after such a tier, with its value kept.
    """

    PROVEN = "proven"
    WITNESSED = "witnessed"
    SOLVER_CLAIMED = "solver-claimed"
    OPEN = "open"
    CONDITIONAL = "conditional"

    @property
    def certain(self) -> bool:
        """The value is the best one, and a checker confirms it."""
        return self in (TierStatus.PROVEN, TierStatus.WITNESSED)


@dataclass(frozen=True)
class Session:
    """A student meets a professional. `quality` is a level 1..Q, `parts` the points 0-100 behind it by name."""

    student: str
    professional: str
    start: datetime
    minutes: int
    certainty: Certainty
    quality: int
    parts: tuple[tuple[str, int], ...]
    shared_minutes: int
    """Minutes of the horizon in which both could have met (whole cells)."""

    @property
    def interval(self) -> Interval:
        return Interval(self.start, self.start + timedelta(minutes=self.minutes))


@dataclass(frozen=True)
class Unmatched:
    """A student without a session tonight, and why.

    For `LOST`: `rivals` are the students who share too few places (the student included), `places` how many
    sessions those places can take, `hosts` the professionals who own them: len(rivals) > places.
    """

    student: str
    stage: Stage
    waiting_days: int
    rivals: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    places: int = 0


@dataclass(frozen=True)
class TierResult:
    """One tier of the policy: its value, the proven bound, how sure, and whether it left any choice to later tiers.

    Values are costs (smaller is better) in the integer table of the tier; gap = value - bound.
    """

    name: str
    value: int
    bound: int
    status: TierStatus
    left_choice: bool

    @property
    def gap(self) -> int:
        return self.value - self.bound


@dataclass(frozen=True)
class Plan:
    """Tonight's answer, sorted by start, professional, student. `engine` names what computed it."""

    sessions: tuple[Session, ...]
    unmatched: tuple[Unmatched, ...]
    tiers: tuple[TierResult, ...]
    engine: str
    seed: int

    @property
    def proven(self) -> bool:
        return all(tier.status.certain for tier in self.tiers)

    def summary(self) -> str:
        """One line: what, how many, how sure."""
        open_tiers = [tier.name for tier in self.tiers if not tier.status.certain]
        sure = "proven best" if not open_tiers else f"not proven in {', '.join(open_tiers)}"
        return f"{len(self.sessions)} sessions, {len(self.unmatched)} unmatched, {sure}"
