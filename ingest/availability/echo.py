"""The canonical sentence of a reading: what a person is shown, and what reads back to the same windows."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.availability.model import DatedWindow, Reading, WeeklyWindow, clock_text
from optimizer.domain.time import Certainty

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def echo_text(
    weekly: Sequence[WeeklyWindow],
    dated: Sequence[DatedWindow],
    limits: tuple[object, object, int],
    zone: str,
    *,
    understood: bool,
) -> str:
    """One clause for each day and certainty, then validity, cadence and zone, separated by semicolons.

    Without any window it says which: a person who is not available, or an answer that was not understood.
    """
    if not weekly and not dated:
        return "not available" if understood else "nothing understood"
    clauses = _clauses([(_NAMES[w.day], w) for w in weekly])
    clauses += _clauses([(w.day.isoformat(), w) for w in dated])
    start, end, every = limits
    if start is not None:
        clauses.append(f"from {start}")
    if end is not None:
        clauses.append(f"until {end}")
    if every > 1:
        clauses.append(f"every {every} weeks")
    clauses.append(f"{zone} time")
    return "; ".join(clauses)


def _clauses(windows: Sequence[tuple[str, WeeklyWindow | DatedWindow]]) -> list[str]:
    times: dict[tuple[str, Certainty], list[str]] = {}
    for name, window in windows:
        text = f"{clock_text(window.start)}-{clock_text(window.end)}"
        times.setdefault((name, window.certainty), []).append(text)
    return [
        ("maybe " if certainty is not Certainty.CERTAIN else "") + f"{name} {', '.join(listed)}"
        for (name, certainty), listed in times.items()
    ]


def canonical(reading: Reading) -> str:
    """The echo of a reading."""
    return reading.echo
