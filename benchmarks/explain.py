"""How long explanations take: `python -m benchmarks.explain --students 3000 --professionals 1000`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.generate import VARIANTS, generate
from optimizer import Policy, explain_match, explain_unmatched, prepare, solve, suggest


def main() -> None:
    """Solves one night, prepares it, and asks about `--people` matched students and as many left out."""
    asked = _arguments()
    problem, policy = generate(asked.students, asked.professionals, variant=asked.variant), Policy()
    times: dict[str, list[float]] = {}

    def timed(kind: str, question: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        answer = question()
        times.setdefault(kind, []).append(time.perf_counter() - start)
        return answer

    solution = timed("solve", partial(solve, problem, policy))
    prepared = timed("prepare", partial(prepare, problem, policy, solution))
    matched = [one.student for one in solution.plan.sessions][: asked.people]
    left_out = [one.student for one in solution.plan.unmatched][: asked.people]
    for student in matched:
        timed("explain a match", partial(explain_match, prepared, student))
    for student in left_out:
        timed("explain a student left out", partial(explain_unmatched, prepared, student))
    for student in matched + left_out:
        timed("suggest", partial(suggest, prepared, student))
    report = {kind: _figures(taken) for kind, taken in times.items()}
    print(json.dumps(report, indent=2) if asked.json else _table(report))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explain", description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--professionals", type=int, default=100)
    parser.add_argument("--variant", choices=VARIANTS, default="plain")
    parser.add_argument("--people", type=int, default=50, help="so many matched students, and so many left out")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _figures(taken: list[float]) -> dict[str, float]:
    """The first question pays for what all later ones share; the median is of the others."""
    rest = sorted(taken[1:]) or taken
    figures = {"asked": len(taken), "first_ms": taken[0], "median_ms": rest[len(rest) // 2], "slowest_ms": max(rest)}
    return {name: value if name == "asked" else round(1000 * value, 1) for name, value in figures.items()}


def _table(report: dict[str, dict[str, float]]) -> str:
    head = f"{'':<28}{'asked':>8}{'first':>12}{'median':>12}{'slowest':>12}   ms"
    return "\n".join((head, *(_row(kind, figures) for kind, figures in report.items())))


def _row(kind: str, figures: dict[str, float]) -> str:
    times = "".join(f"{figures[name]:>12,.1f}" for name in ("first_ms", "median_ms", "slowest_ms"))
    return f"{kind:<28}{figures['asked']:>8,}{times}"


if __name__ == "__main__":
    main()
