"""Many nights both ways as a few rows, and whether the change is worse than what is tolerated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from backend.backtest.outcome import YARDSTICK, NightResult, Outcome, mean_fit, worst_fit


@dataclass(frozen=True)
class Row:
    """A measure over all nights. `better`: 1 when more is better, -1 when less is. `tolerance`: how much worse is let
    pass; `digits` after the point, as it is shown."""

    name: str
    label: str
    of: Callable[[list[Outcome]], float]
    better: int
    tolerance: float
    digits: int = 0


def _load(outcomes: list[Outcome]) -> float:
    return fmean(one.load_gini for one in outcomes) if outcomes else 0.0


ROWS = (
    Row("matched", "students matched", lambda told: sum(one.matched for one in told), 1, 0),
    Row("waited", "days waited by those left out", lambda told: sum(one.waited for one in told), -1, 0),
    Row("fit", f"mean fit of a session (of {YARDSTICK})", mean_fit, 1, 1.0, 1),
    Row("worst", "worst fit of a night, mean", worst_fit, 1, 2.0, 1),
    Row("nobody", "professionals with nobody", lambda told: sum(one.nobody for one in told), -1, 0),
    Row("load", "unevenness of load (Gini), mean", _load, -1, 0.02, 3),
)


@dataclass(frozen=True)
class Line:
    """A row with its numbers. `change`: after less before; `worse`: by how much (0 when not).

    `refused`: worse by more than is tolerated.
    """

    row: Row
    before: float
    after: float
    tolerance: float

    @property
    def change(self) -> float:
        """Of the numbers as they are shown, so that nothing fails by a digit nobody sees."""
        digits = self.row.digits
        return round(round(self.after, digits) - round(self.before, digits), digits)

    @property
    def worse(self) -> float:
        return max(0.0, -self.row.better * self.change)

    @property
    def refused(self) -> bool:
        return self.worse > self.tolerance


def lines_of(results: Sequence[NightResult], tolerated: Mapping[str, float]) -> tuple[Line, ...]:
    """Every measure before and after; `tolerated` replaces tolerances by name."""
    before, after = [one.before for one in results], [one.after for one in results]
    return tuple(Line(row, row.of(before), row.of(after), tolerated.get(row.name, row.tolerance)) for row in ROWS)
