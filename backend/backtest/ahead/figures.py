"""Ways compared: each measure for every repetition, then its mean and spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from backend.backtest.ahead.ways import Fate, Run

WITHIN = (0, 3, 7, 14)
"""Days after which it is counted who has been told a session."""


@dataclass(frozen=True)
class Spread:
    """A measure over the repetitions; None where there was nothing to measure."""

    mean: float | None
    least: float | None
    most: float | None


@dataclass(frozen=True)
class Measure:
    """`of`: from those who arrived ahead (with `everybody` also those who waited before) and the number of evenings.

    `percent`: a share, shown in per cent.
    """

    name: str
    label: str
    of: Callable[[Sequence[Fate], int], float | None]
    percent: bool = False
    digits: int = 1
    everybody: bool = False


def _share_told(within: int) -> Callable[[Sequence[Fate], int], float | None]:
    def share(fates: Sequence[Fate], evenings: int) -> float | None:
        early = [one for one in fates if one.arrived + within < evenings]
        told = [one for one in early if one.told is not None and one.told - one.arrived <= within]
        return len(told) / len(early) if early else None

    return share


def _matched(fates: Sequence[Fate], evenings: int) -> float | None:  # noqa: ARG001
    return sum(one.told is not None for one in fates) / len(fates) if fates else None


def _sessions(fates: Sequence[Fate], evenings: int) -> float | None:  # noqa: ARG001
    return sum(one.told is not None for one in fates)


def _waits(fates: Sequence[Fate]) -> list[int]:
    return [one.told - one.arrived for one in fates if one.told is not None]


def _median_wait(fates: Sequence[Fate], evenings: int) -> float | None:  # noqa: ARG001
    return median(_waits(fates)) if _waits(fates) else None


def _long_wait(fates: Sequence[Fate], evenings: int) -> float | None:  # noqa: ARG001
    waits = sorted(_waits(fates))
    return waits[-(-9 * len(waits) // 10) - 1] if waits else None


def _to_session(fates: Sequence[Fate], evenings: int) -> float | None:  # noqa: ARG001
    days = [one.session - one.arrived for one in fates if one.session is not None]
    return median(days) if days else None


def _in_queue(fates: Sequence[Fate], evenings: int) -> float | None:
    """Of everybody, matched or not: until told, gone, or the last evening."""
    ends = [one.told if one.told is not None else one.left if one.left is not None else evenings - 1 for one in fates]
    return fmean(end - one.arrived for end, one in zip(ends, fates, strict=True)) if fates else None


MEASURES = (
    Measure("sessions", "sessions in all, queue included", _sessions, digits=0, everybody=True),
    Measure("arrived", "students who arrived", lambda fates, _: len(fates), digits=0),
    Measure("matched", "matched by the last evening", _matched, percent=True),
    *(
        Measure(
            f"within_{days}", f"told within {days} days" if days else "told the same evening", _share_told(days), True
        )
        for days in WITHIN
    ),
    Measure("wait_median", "days until told, median", _median_wait),
    Measure("wait_p90", "days until told, 9 of 10 at most", _long_wait),
    Measure("to_session", "days until the session, median", _to_session),
    Measure("in_queue", "days in the queue, mean of all", _in_queue),
)


def spreads(runs: Sequence[Run], evenings: int) -> dict[str, Spread]:
    """Every measure by name, over one way's repetitions."""
    return {
        one.name: _spread(
            [one.of([fate for fate in run.fates if one.everybody or fate.arrived >= 0], evenings) for run in runs]
        )
        for one in MEASURES
    } | {"asked": _spread([float(run.asked) for run in runs])}


def _spread(values: Sequence[float | None]) -> Spread:
    known = [value for value in values if value is not None]
    return Spread(fmean(known), min(known), max(known)) if known else Spread(None, None, None)
