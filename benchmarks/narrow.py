"""Does it pay to list fewer times? Each student in turn offers half of their cells: `python -m benchmarks.narrow`."""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from benchmarks.generate import generate
from optimizer import Plan, Policy, Problem, solve
from optimizer.domain import SHARED_TIME
from optimizer.quality import Quality


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.narrow", description=__doc__)
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--professionals", type=int, default=20)
    asked = parser.parse_args(arguments)
    for name, weights in (("shared time counts 1", {}), ("shared time counts 0", {SHARED_TIME: 0})):
        counts = dict.fromkeys(("same", "better fit", "worse fit", "gained a session", "lost the session"), 0)
        for seed in range(asked.nights):
            problem = generate(asked.students, asked.professionals, seed=seed)
            for word in outcomes(problem, Policy(weights)):
                counts[word] += 1
        total = sum(counts.values())
        print(name, {word: f"{100 * count / total:.1f} %" for word, count in counts.items()})


def outcomes(problem: Problem, policy: Policy) -> list[str]:
    """For each student what offering the first half of their cells changes; fit is judged by all their times."""
    levels = Quality(problem, policy).levels
    honest = placed(problem, solve(problem, policy).plan, levels)
    found = []
    for i, name in enumerate(problem.students):
        free = problem.student_free.copy()
        cells = np.flatnonzero(free[i])
        free[i, cells[len(cells) // 2 :]] = 0
        narrow = placed(problem, solve(replace(problem, student_free=free), policy).plan, levels)
        found.append(compared(honest.get(name), narrow.get(name)))
    return found


def placed(problem: Problem, plan: Plan, levels: np.ndarray) -> dict[str, int]:
    """The true level of each student's session."""
    students = {name: i for i, name in enumerate(problem.students)}
    professionals = {name: j for j, name in enumerate(problem.professionals)}
    return {one.student: int(levels[students[one.student], professionals[one.professional]]) for one in plan.sessions}


def compared(honest: int | None, narrow: int | None) -> str:
    if honest is None or narrow is None:
        if honest is narrow:
            return "same"
        return "gained a session" if honest is None else "lost the session"
    if honest == narrow:
        return "same"
    return "better fit" if narrow > honest else "worse fit"


if __name__ == "__main__":
    main()
