"""One stored night under two policies: solved, checked, measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backend.backtest.outcome import NightResult, Yardstick, moves_between
from backend.nightly.exits import Exit, Stop
from backend.nightly.keeping import StoredNight
from optimizer import ContradictionError, PolicyError, solve, verify
from optimizer.domain import Plan, Problem
from optimizer.domain.policy import Policy


@dataclass(frozen=True)
class LeftOut:
    """A stored night that could not be replayed, and why."""

    night: str
    reason: str


def replayed_nights(
    nights: Iterable[StoredNight], before: Policy | None, after: Policy
) -> Iterator[NightResult | LeftOut]:
    """Each stored question under both policies; `before` None: the plan as it was made that night.

    Every plan that is solved anew is confirmed by the checker before it is measured. Raises `Stop`: the checker rejects
    one, or a policy does not fit the questions.
    """
    for night in nights:
        try:
            first = night.plan if before is None else _solved(night, before)
            second = first if before == after else _solved(night, after)
        except ContradictionError:
            yield LeftOut(night.key, "what staff decided then contradicts itself under these rules")
            continue
        yield result_of(night, first, second, before or night.policy)


def result_of(night: StoredNight, before: Plan, after: Plan, judge: Policy) -> NightResult:
    """Both plans of a night, with fit judged by the weights of `judge`."""
    measured = Yardstick(night.problem, judge.weights)
    return NightResult(
        night=night.key,
        run=night.run,
        students=len(night.problem.students),
        before=measured.of(before),
        after=measured.of(after),
        moves=moves_between(before, after),
        proven=before.proven and after.proven,
    )


def _solved(night: StoredNight, policy: Policy) -> Plan:
    try:
        return checked_plan(night.problem, policy, f"the night {night.key}")
    except PolicyError as error:
        raise Stop(Exit.USAGE, f"settings: policy: {error}") from None


def checked_plan(problem: Problem, policy: Policy, what: str) -> Plan:
    """The best plan, confirmed by the checker. Raises `Stop(CHECKER_REJECTED)`, `ContradictionError`, `PolicyError`."""
    solution = solve(problem, policy)
    verdict = verify(problem, policy, solution.plan, solution.witness)
    if not verdict:
        raise Stop(Exit.CHECKER_REJECTED, f"the checker rejects the new plan of {what}: {'; '.join(verdict.reasons)}")
    return solution.plan
