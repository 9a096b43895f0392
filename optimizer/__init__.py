"""Matches students with professionals: a problem and a policy in, a proven plan out. No files, no clock, no network.

    from optimizer import Policy, Problem, solve, verify

    solution = solve(problem, Policy(alpha=1, seed=7))
    assert verify(problem, Policy(alpha=1, seed=7), solution.plan, solution.witness)

What needs the flow solver is imported on first use, so the domain types stay cheap to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from optimizer.domain import Plan, Problem, ProblemError
from optimizer.domain.policy import Policy, PolicyError

if TYPE_CHECKING:
    from optimizer.archive import ArchiveError
    from optimizer.commitments import ContradictionError
    from optimizer.flow.engine import Progress
    from optimizer.frames import problem_from_frames
    from optimizer.nearness import NearMiss, near_misses
    from optimizer.problem_file import load_problem, save_problem
    from optimizer.solving import Solution, solve
    from optimizer.verifying import Verdict, verify
    from optimizer.witness import Witness, WitnessError

_HOME = {
    "ContradictionError": "optimizer.commitments",
    "NearMiss": "optimizer.nearness",
    "Progress": "optimizer.flow.engine",
    "Solution": "optimizer.solving",
    "Verdict": "optimizer.verifying",
    "Witness": "optimizer.witness",
    "WitnessError": "optimizer.witness",
    "load_problem": "optimizer.problem_file",
    "save_problem": "optimizer.problem_file",
    "ArchiveError": "optimizer.archive",
    "near_misses": "optimizer.nearness",
    "problem_from_frames": "optimizer.frames",
    "solve": "optimizer.solving",
    "verify": "optimizer.verifying",
}

__all__ = [
    "ArchiveError",
    "ContradictionError",
    "NearMiss",
    "Plan",
    "Policy",
    "PolicyError",
    "Problem",
    "ProblemError",
    "Progress",
    "Solution",
    "Verdict",
    "Witness",
    "WitnessError",
    "load_problem",
    "near_misses",
    "problem_from_frames",
    "save_problem",
    "solve",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'optimizer' has no attribute {name!r}")
