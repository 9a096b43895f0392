"""`solve` and `verify`: problem files, without sheets, settings or a record."""

from __future__ import annotations

from pathlib import Path

import click

from backend.commands.columns import wrapped
from backend.commands.options import json_option, time_limit_option
from backend.commands.output import end_progress, print_json, progress, talk
from backend.commands.patience import Patience
from backend.nightly.document import Document
from backend.nightly.exits import Exit, Stop
from backend.nightly.night import told
from optimizer import ArchiveError, ContradictionError, PolicyError, ProblemError, Solution, Verdict
from optimizer import solve as solved
from optimizer import verify as verified
from optimizer.domain import Plan, Policy, Problem
from optimizer.problem_file import policy_from_bytes, problem_from_bytes
from optimizer.solution_file import solution_from_bytes, solution_to_bytes

problem_argument = click.argument("problem_file", type=click.Path(path_type=Path))


@click.command(short_help="Solve a problem file")
@problem_argument
@click.option("-o", "--output", "plan_file", type=click.Path(path_type=Path), help="Write plan and proof here.")
@time_limit_option
@json_option
def solve(problem_file: Path, plan_file: Path | None, time_limit: float | None, as_json: bool) -> int:
    """Solve a problem file under the policy in it. Nothing is booked; no sheet, setting or record is read.

    Ctrl-C gives the best plan so far, and exit code 130.

    \b
    Example:
      python run_matching.py plan -o tonight.json --problem tonight.problem
      python run_matching.py solve tonight.problem -o tonight.solution
      python run_matching.py verify tonight.problem tonight.solution
    """
    problem, policy = _question(problem_file)
    say, patience = progress(), Patience(time_limit)
    try:
        with patience:
            solution = solved(problem, policy, progress=lambda step: say(told(step)), stop=patience)
    except PolicyError as error:
        raise Stop(Exit.USAGE, f"{problem_file}: {error}") from None
    except ContradictionError as error:
        raise Stop(Exit.GATE_REFUSED, f"{problem_file}: these cannot all be kept: {error}") from None
    say("checking the proof")
    verdict = verified(problem, policy, solution.plan, solution.witness)
    end_progress()
    if not verdict:
        raise Stop(Exit.CHECKER_REJECTED, f"the checker rejected the plan: {'; '.join(verdict.reasons)}")
    if plan_file is not None:
        _write(plan_file, solution_to_bytes(solution))
    _tell(solution.plan, verdict, as_json)
    return int(Exit.INTERRUPTED if patience.interrupted else Exit.DONE)


@click.command(short_help="Check a solution of a problem file")
@problem_argument
@click.argument("plan_file", type=click.Path(path_type=Path))
@json_option
def verify(problem_file: Path, plan_file: Path, as_json: bool) -> int:
    """Check a solution: is it allowed, and is it as good as it says? Exit code 6 when not. Solves nothing.

    \b
    Example:
      python run_matching.py verify tonight.problem tonight.solution
    """
    problem, policy = _question(problem_file)
    solution = _solution(plan_file)
    verdict = verified(problem, policy, solution.plan, solution.witness)
    _tell(solution.plan, verdict, as_json)
    return int(Exit.DONE if verdict else Exit.CHECKER_REJECTED)


def _question(path: Path) -> tuple[Problem, Policy]:
    """The problem and the policy it was saved with, or the default one."""
    content = _read(path)
    try:
        return problem_from_bytes(content), policy_from_bytes(content) or Policy()
    except (ArchiveError, ProblemError) as error:
        raise Stop(Exit.ERROR, f"{path}: {error}") from None


def _solution(path: Path) -> Solution:
    try:
        return solution_from_bytes(_read(path))
    except ArchiveError as error:
        raise Stop(Exit.ERROR, f"{path}: {error}") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stop(Exit.ERROR, f"{path} cannot be read: {error.strerror}") from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Stop(Exit.ERROR, f"{path} cannot be written: {error.strerror}") from None


def _tell(plan: Plan, verdict: Verdict, as_json: bool) -> None:
    if as_json:
        print_json(_document(plan, verdict))
        return
    click.echo(wrapped(plan.summary()))
    for tier in plan.tiers:
        gap = "" if tier.status.certain else f", gap {tier.gap:,}"
        click.echo(f"  {tier.name:<30} {tier.value:>18,}  {tier.status}{gap}")
    click.echo("the checker accepts it" if verdict else "the checker rejects it:")
    for reason in verdict.reasons:
        talk(wrapped(reason, "  "))


def _document(plan: Plan, verdict: Verdict) -> Document:
    return {
        "sessions": [
            {"student": one.student, "professional": one.professional, "start": one.start.isoformat()}
            for one in plan.sessions
        ],
        "unmatched": [{"student": one.student, "stage": one.stage.value} for one in plan.unmatched],
        "tiers": [
            {"name": tier.name, "value": tier.value, "bound": tier.bound, "status": tier.status.value}
            for tier in plan.tiers
        ],
        "proven": plan.proven,
        "accepted": verdict.accepted,
        "reasons": list(verdict.reasons),
    }
