"""How well and how fast availability text is read: `python -m benchmarks.reader [--file answers.jsonl]`.

Prints, for each labelled corpus, the share read exactly, the micro F1 over minutes, silent losses, invented time
and, among readings of confidence 0.9 and more, the share that is exact with its 95 % Wilson interval; then answers
per second on one core.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from datetime import date
from pathlib import Path

from ingest.availability import Horizon, Reading, read, resolve
from ingest.availability.model import DatedWindow, Status, WeeklyWindow
from optimizer.domain.time import Interval, intersect, merge

CORPORA = Path(__file__).parent.parent / "tests" / "ingest" / "availability"
REFERENCE = date(2026, 11, 22)
HORIZON = Horizon(date(2026, 11, 23), 28)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SURE = 0.9


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    share = right / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def labelled(case: dict[str, object]) -> tuple[Interval, ...]:
    """The instants a label offers, through the same resolution as a reading."""
    expect = case["expect"]
    assert isinstance(expect, dict)
    weekly = tuple(WeeklyWindow(DAYS.index(d), _minutes(a), _minutes(b)) for d, a, b in expect["weekly"])
    dated = tuple(DatedWindow(date.fromisoformat(d), _minutes(a), _minutes(b)) for d, a, b in expect["dated"])
    limits = [date.fromisoformat(expect[key]) if expect[key] else None for key in ("valid_from", "valid_until")]
    status: Status = "ok" if weekly or dated else "none"
    reading = Reading("", expect["tz"], status, weekly, dated, limits[0], limits[1], expect["every_n_weeks"])
    return instants(reading)


def instants(reading: Reading) -> tuple[Interval, ...]:
    return merge(window.interval for window in resolve(reading, HORIZON))


def _size(intervals: tuple[Interval, ...]) -> int:
    return sum(interval.minutes for interval in intervals)


def report(path: Path) -> None:
    """One block of rates for one corpus."""
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    exact = sure = sure_right = silent = invented = shared = offered = wanted = at_risk = 0
    started = time.perf_counter()
    readings = [read(c["text"], reference=REFERENCE, zone=c["tz"], horizon=HORIZON) for c in cases]
    seconds = time.perf_counter() - started
    for case, reading in zip(cases, readings, strict=True):
        got, want = instants(reading), labelled(case)
        both = _size(intersect(got, want))
        right = got == want
        exact += right
        shared, offered, wanted = shared + both, offered + _size(got), wanted + _size(want)
        invented += _size(got) > both
        risky = case["status"] in ("partial", "unparseable")
        at_risk += risky
        silent += risky and reading.status == "ok"
        if reading.confidence >= SURE:
            sure, sure_right = sure + 1, sure_right + right
    low, high = wilson(sure_right, sure)
    f1 = 2 * shared / (offered + wanted) if offered + wanted else 1.0
    print(f"{path.name}: {len(cases)} answers, exact {exact / len(cases):.1%}, micro F1 {f1:.3f}")
    print(f"  silent losses {silent} of {at_risk}, invented time in {invented / len(cases):.1%}")
    print(f"  confidence >= {SURE}: {sure_right} of {sure} exact, 95 % interval {low:.1%} to {high:.1%}")
    print(f"  {len(cases) / seconds:.0f} answers a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, action="append", help="a labelled corpus; default: the project's own")
    chosen = parser.parse_args().file or [CORPORA / "labelled.jsonl", CORPORA / "own.jsonl"]
    report_warm(chosen)


def report_warm(paths: list[Path]) -> None:
    """The first answer loads the zone data and the caches; it is not counted."""
    read("Mon 2-4pm", reference=REFERENCE, zone="America/New_York", horizon=HORIZON)
    for path in paths:
        report(path)
    print(f"Python {sys.version.split()[0]}, one process")


if __name__ == "__main__":
    main()
