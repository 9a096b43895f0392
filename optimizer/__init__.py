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
    from optimizer.explain.left_out import Audience, LeftOutExplanation, explain_unmatched
    from optimizer.explain.match import MatchExplanation, explain_match
    from optimizer.explain.prepared import Prepared, prepare
    from optimizer.explain.suggest import Effect, Suggestion, suggest
    from optimizer.frames import problem_from_frames
    from optimizer.nearness import NearMiss, near_misses
    from optimizer.problem_file import load_problem, save_problem
    from optimizer.progress import Progress
    from optimizer.pseudonyms import pseudonymised
    from optimizer.solution_file import load_solution, save_solution
    from optimizer.solving import Solution, solve
    from optimizer.verifying import Verdict, verify
    from optimizer.witness import Witness, WitnessError

_HOME = {
    "Audience": "optimizer.explain.left_out",
    "ContradictionError": "optimizer.commitments",
    "Effect": "optimizer.explain.suggest",
    "LeftOutExplanation": "optimizer.explain.left_out",
    "MatchExplanation": "optimizer.explain.match",
    "NearMiss": "optimizer.nearness",
    "Prepared": "optimizer.explain.prepared",
    "Progress": "optimizer.progress",
    "Solution": "optimizer.solving",
    "Suggestion": "optimizer.explain.suggest",
    "Verdict": "optimizer.verifying",
    "Witness": "optimizer.witness",
    "WitnessError": "optimizer.witness",
    "explain_match": "optimizer.explain.match",
    "explain_unmatched": "optimizer.explain.left_out",
    "load_problem": "optimizer.problem_file",
    "save_problem": "optimizer.problem_file",
    "ArchiveError": "optimizer.archive",
    "near_misses": "optimizer.nearness",
    "prepare": "optimizer.explain.prepared",
    "load_solution": "optimizer.solution_file",
    "problem_from_frames": "optimizer.frames",
    "pseudonymised": "optimizer.pseudonyms",
    "save_solution": "optimizer.solution_file",
    "solve": "optimizer.solving",
    "suggest": "optimizer.explain.suggest",
    "verify": "optimizer.verifying",
}

__all__ = [
    "ArchiveError",
    "Audience",
    "ContradictionError",
    "Effect",
    "LeftOutExplanation",
    "MatchExplanation",
    "NearMiss",
    "Plan",
    "Policy",
    "PolicyError",
    "Prepared",
    "Problem",
    "ProblemError",
    "Progress",
    "Solution",
    "Suggestion",
    "Verdict",
    "Witness",
    "WitnessError",
    "explain_match",
    "explain_unmatched",
    "load_problem",
    "load_solution",
    "near_misses",
    "prepare",
    "problem_from_frames",
    "pseudonymised",
    "save_problem",
    "save_solution",
    "solve",
    "suggest",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'optimizer' has no attribute {name!r}")
