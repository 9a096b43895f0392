"""A plan that was told to people, when something has become impossible: how many can be helped for how many moved.

In a flow the most sessions with at most m people moved is concave in m, so the menu is the lower hull of (sessions left
out, people moved). Its corners are found by weighing the two (Eisner and Severance 1976); between two corners each
further session costs the same number of moves, and is had by serving one more of the students the next corner serves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.commitments import ContradictionError, contradiction
from optimizer.domain.plan import Session
from optimizer.domain.policy import Policy
from optimizer.domain.problem import Problem
from optimizer.domain.promises import Pin, Standing
from optimizer.explain.alterations import Alteration, altered
from optimizer.explain.whatif import Moved, difference
from optimizer.flow.engine import FlowEngine
from optimizer.selection import only
from optimizer.solving import Solution, solve
from optimizer.tables import COMMITMENTS, Tables, Tier

Bools = NDArray[np.bool_]
MOST_OPTIONS = 12


@dataclass(frozen=True, eq=False)
class Option:
    """`matched` sessions with `moves` of other people; nobody with a session that stood loses it.

    `placed`: sessions of students who had none (any more). No plan has so many sessions with fewer moves. `problem`
    holds the students served alone (beyond flows all of them); `solution` is its proven plan, which `verify` accepts,
    `sessions` that plan's.
    """

    matched: int
    moves: tuple[Moved, ...]
    placed: tuple[Session, ...]
    problem: Problem
    solution: Solution

    @property
    def moved(self) -> int:
        return len(self.moves)

    @property
    def sessions(self) -> tuple[Session, ...]:
        return self.solution.plan.sessions


@dataclass(frozen=True, eq=False)
class Menu:
    """`cancelled`: sessions that cannot stay as they are; `standing`: how many of the others may be moved, `frozen`:
    how many may not. `options`: fewest moves first, each with more sessions than the one before; `more`: how many
    further ones are not worked out between the last two."""

    cancelled: tuple[Session, ...]
    standing: int
    frozen: int
    options: tuple[Option, ...]
    more: int = 0


def replan(
    problem: Problem,
    policy: Policy,
    sessions: Sequence[Session],
    *,
    changes: Sequence[Alteration] = (),
    cancelled: Collection[str] = (),
    frozen: Collection[str] = (),
) -> Menu:
    """The menu after a cancellation, ready for `cancel` and `reschedule`; nothing is changed.

    `sessions`: what people were told. `problem`: the night without those sessions among its kept ones, their students
    among its students. `changes` say what is different now; a session they make impossible is cancelled, as are those
    of the students `cancelled`; their students ask anew unless a change takes them out. `frozen`: students whose
    session stays exactly where it is, if it still can. Raises `AlterationError` for a bad change, `ContradictionError`
    when not everyone with a session can keep one.
    """
    changed = altered(problem, changes)
    possible = {one.student for one in sessions if _possible(changed, one)}
    stays = [one for one in sessions if one.student in possible and one.student not in cancelled]
    fixed = [one for one in stays if one.student in frozen]
    free = [one for one in stays if one.student not in frozen]
    pins = [pin for pin in changed.pins if pin.student not in {one.student for one in fixed}]
    told = replace(
        changed,
        pins=(*pins, *(Pin(one.student, one.professional, one.start) for one in fixed)),
        standing=tuple(Standing(one.student, one.professional, one.start) for one in free),
    )
    names = {one.student for one in stays}
    gone = tuple(one for one in sessions if one.student not in names)
    found, more = _options(told, policy, stays)
    return Menu(gone, len(free), len(fixed), found, more)


def _possible(problem: Problem, session: Session) -> bool:
    """Both are part of the night, may meet, and are open at that time."""
    if session.student not in problem.students or session.professional not in problem.professionals:
        return False
    i, j = problem.students.index(session.student), problem.professionals.index(session.professional)
    t = problem.grid.cell_of(session.start)
    if t is None or not problem.eligible(slice(i, i + 1))[0, j]:
        return False
    return bool(problem.student_starts(int(problem.session_cells[j]))[i, t] and problem.professional_starts[j, t])


@dataclass(frozen=True, eq=False)
class _Corner:
    """Who is served, how many are moved."""

    served: Bools
    moved: int

    @property
    def matched(self) -> int:
        return int(self.served.sum())


class _Hull:
    """The corners of the menu."""

    def __init__(self, problem: Problem, policy: Policy) -> None:
        self._problem, self._policy = problem, policy
        self._tables = Tables.of(problem, policy)
        self._first = [one for one in self._tables.tiers if one.name == COMMITMENTS]
        self._ranks = [one for one in self._tables.tiers if one.unmatched is not None and one.name != COMMITMENTS]

    def corners(self) -> list[_Corner]:
        """Fewest moves first. Raises `ContradictionError`."""
        low, high = self._best(0, 1), self._best(1, 0)
        return [low, *self._between(low, high), high] if high.matched > low.matched else [low]

    def _between(self, low: _Corner, high: _Corner) -> list[_Corner]:
        """Corners strictly below the line from one to the other."""
        more, moves = high.matched - low.matched, high.moved - low.moved
        middle = self._best(moves, more)
        if moves * middle.matched - more * middle.moved <= moves * low.matched - more * low.moved:
            return []
        return [*self._between(low, middle), middle, *self._between(middle, high)]

    def _best(self, per_student: int, per_move: int) -> _Corner:
        """Least weighed sum of students left out and people moved; then fewest left out and moved; then seniority."""
        left_out = np.ones(len(self._problem.students), dtype=np.int64)
        stands = self._problem.stand_at
        weighed = Tier("weighed", unmatched=per_student * left_out, moved=stands, moved_cost=per_move)
        ties = (Tier("left out", unmatched=left_out), Tier("moved", moved=stands))
        tables = replace(self._tables, tiers=(*self._first, weighed, *ties, *self._ranks))
        chosen = FlowEngine(tables, None).any_best()
        if self._first and tables.value(self._first[0], chosen):
            raise contradiction(self._problem, self._policy)
        served = np.zeros(len(left_out), dtype=bool)
        served[chosen.i] = True
        return _Corner(served, self._tables.value(Tier("moved", moved=stands), chosen))


def _options(problem: Problem, policy: Policy, told: Sequence[Session]) -> tuple[tuple[Option, ...], int]:
    """An option for every number of sessions from the first corner to the last, at most `MOST_OPTIONS`."""
    if not problem.flow_case:
        return _ends(problem, policy, told), 0
    corners = _Hull(problem, policy).corners()
    served = [corners[0].served]
    costs = [corners[0].moved]
    for low, high in pairwise(corners):
        steps = high.matched - low.matched
        each = (high.moved - low.moved) // steps
        served += [_first_served(problem, low, high, step) for step in range(1, steps)] + [high.served]
        costs += [low.moved + each * step for step in range(1, steps + 1)]
    shown = list(range(len(served)))
    if len(shown) > MOST_OPTIONS:
        shown = [*shown[: MOST_OPTIONS - 1], shown[-1]]
    options = [_option(problem, policy, served[n], told) for n in shown]
    exact = [one for one, n in zip(options, shown, strict=True) if one.moved == costs[n]]
    return tuple(exact), len(served) - len(exact)


def _ends(problem: Problem, policy: Policy, told: Sequence[Session]) -> tuple[Option, ...]:
    """Beyond flows: nobody moved, and as many sessions as possible with fewest moves; nothing is said of in between."""
    fixed = tuple(Pin(one.student, one.professional, one.start) for one in problem.standing)
    found = []
    for part in (replace(problem, pins=(*problem.pins, *fixed), standing=()), problem):
        try:
            found.append(_of_solution(part, solve(part, policy), told))
        except ContradictionError:
            if part is problem:
                raise
    some = [one for one in found if one.solution.plan.proven]
    return tuple(one for n, one in enumerate(some) if not n or one.matched > some[n - 1].matched)


def _first_served(problem: Problem, low: _Corner, high: _Corner, count: int) -> Bools:
    """Those the lower corner serves, and the `count` most senior of the others the higher one serves."""
    fresh = np.flatnonzero(high.served & ~low.served)
    order = np.lexsort((fresh, -problem.waiting_days[fresh], -problem.seniority_class[fresh]))
    served = low.served.copy()
    served[fresh[order[:count]]] = True
    return served


def _option(problem: Problem, policy: Policy, served: Bools, told: Sequence[Session]) -> Option:
    everybody = np.ones(len(problem.professionals), dtype=bool)
    part = only(problem, served, everybody)
    solution = solve(part, policy)
    return _of_solution(part, solution, told)


def _of_solution(part: Problem, solution: Solution, told: Sequence[Session]) -> Option:
    before = replace(solution.plan, sessions=tuple(told))
    change = difference(before, solution.plan, frozenset(part.students))
    return Option(len(solution.plan.sessions), change.moves, change.gains, part, solution)
