"""Ways to match those who arrive: every evening, on some evenings, or each student at once; all by the real solver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.backtest.ahead.evening import Asking, evening
from backend.backtest.ahead.world import World
from optimizer import Solution, prepare, solve, verify
from optimizer.domain import Problem, Session
from optimizer.domain.policy import Policy
from optimizer.domain.promises import KeptSession
from optimizer.explain.alterations import AddTime, altered
from optimizer.explain.offers import OfferKind
from optimizer.explain.packages import best_package
from optimizer.room import Room
from optimizer.selection import only


class RejectedError(RuntimeError):
    """The checker rejects a plan."""


@dataclass(frozen=True)
class Fate:
    """What became of a student: the evenings of arriving, being told and leaving, and the day of the session.

    None for what did not happen. Days count from the first evening.
    """

    arrived: int
    told: int | None = None
    session: int | None = None
    left: int | None = None


@dataclass(frozen=True)
class Way:
    """`due`: on which weekdays (0 = Monday) everybody is matched; `()`: each student at once, one after another.

    `asks`: so many things professionals are asked for on the first due evening of a week, and say yes to.
    """

    name: str
    due: tuple[int, ...]
    asks: int = 0


@dataclass(frozen=True)
class Run:
    """One way through all evenings."""

    fates: tuple[Fate, ...]
    asked: int


def walk(
    world: World, way: Way, arrivals: Sequence[Sequence[Asking]], policy: Policy, heard: Callable[[], None]
) -> Run:
    """`arrivals` by evening; the first evening also has the queue of the base. Raises `RejectedError`."""
    waiting: list[Asking] = []
    booked: list[Session] = []
    fates: dict[str, Fate] = {}
    asked = 0
    for day, arrived in enumerate(arrivals):
        heard()
        for one in arrived:
            fates[one.name] = Fate(one.day)
        waiting += arrived
        for one in [one for one in waiting if day - one.begins >= len(one.kind.times)]:
            fates[one.name] = replace(fates[one.name], left=day)
        waiting = [one for one in waiting if fates[one.name].left is None]
        weekday = (world.first_day + day - 1) % 7
        new: list[Session] = []
        if not waiting:
            continue
        if not way.due:
            new = _one_by_one(evening(world, day, waiting, booked), policy)
        elif weekday in way.due:
            question = evening(world, day, waiting, booked)
            most = way.asks if weekday == way.due[0] else 0
            new, granted = _together(question, policy, most)
            asked += granted
        for session in new:
            on = question_day(world, session)
            fates[session.student] = replace(fates[session.student], told=day, session=on)
        booked += new
        served = {session.student for session in new}
        waiting = [one for one in waiting if one.name not in served]
    return Run(tuple(fates.values()), asked)


def question_day(world: World, session: Session) -> int:
    """The local day of a session, counted from the first evening."""
    return world.base.grid.day_of(session.start) - world.first_day


def _solved(problem: Problem, policy: Policy) -> Solution:
    solution = solve(problem, policy)
    verdict = verify(problem, policy, solution.plan, solution.witness)
    if not verdict:
        raise RejectedError("; ".join(verdict.reasons))
    return solution


def _together(problem: Problem, policy: Policy, asks: int) -> tuple[list[Session], int]:
    """Everybody who waits, and the number of asks that were granted before."""
    solution = _solved(problem, policy)
    prepared = prepare(problem, policy, solution) if asks and solution.plan.unmatched else None
    if prepared is None or not prepared.by_flow:
        return list(solution.plan.sessions), 0
    found = best_package(prepared, asks).asks
    if not found:
        return list(solution.plan.sessions), 0
    wider = altered(problem, [AddTime(one.professional, (one.window,)) for one in found])
    more = [one.professional for one in found if one.kind is not OfferKind.SLOT]
    extra = np.array([more.count(name) for name in problem.professionals], dtype=np.int64)
    wider = replace(
        wider,
        capacity_horizon=wider.capacity_horizon + extra,
        capacity_week=wider.capacity_week + extra,
        capacity_day=wider.capacity_day + extra,
    )
    return list(_solved(wider, policy).plan.sessions), len(found)


def _one_by_one(problem: Problem, policy: Policy) -> list[Session]:
    """Each student alone, who came first first; what they get is taken for the next."""
    new: list[Session] = []
    possible = _possible(problem)
    order = np.flatnonzero(possible.any(axis=1)).tolist()
    for i in sorted(order, key=lambda i: (-problem.waiting_days[i], i)):
        taken = (KeptSession(one.professional, one.interval) for one in new)
        alone = only(problem, np.arange(len(problem.students)) == i, possible[i])
        kept = (*alone.kept, *(one for one in taken if one.professional in alone.professionals))
        new += _solved(replace(alone, kept=kept), policy).plan.sessions
    return new


def _possible(problem: Problem) -> NDArray[np.bool_]:
    """S x P: who could meet whom this evening. Nobody else can be in a plan, so nobody else need be in the question."""
    room = Room.of(problem).most > 0
    table = np.zeros((len(problem.students), len(problem.professionals)), dtype=bool)
    for cells in problem.lengths:
        rows = np.flatnonzero((problem.session_cells == cells) & room)
        hosts = problem.professional_starts[rows] > 0
        common = (problem.student_starts(cells) > 0).astype(np.float32) @ hosts.astype(np.float32).T
        table[:, rows] = common > 0
    return table & problem.eligible(slice(0, len(problem.students)))
