"""Ground truth: every feasible plan of a small night, judged by formulas written out for these tests."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from optimizer.domain import Certainty, Policy, Problem
from optimizer.tables import Chosen, Tables

MOST_PLANS = 40_000


@dataclass
class Enumeration:
    """`choice` (plans x students): index of a candidate, or the number of candidates for "left out"."""

    candidates: list[tuple[int, int, int]]
    choice: Any
    values: Any
    names: list[str]

    def best(self) -> Any:
        """Row numbers of the plans no other beats in the first tier in which they differ."""
        rows = np.arange(len(self.values))
        for k in range(self.values.shape[1]):
            rows = rows[self.values[rows, k] == self.values[rows, k].min()]
        return rows

    def chosen(self, row: int) -> Chosen:
        picked = [self.candidates[c] for c in self.choice[row] if c < len(self.candidates)]
        return Chosen(*np.array(picked, dtype=np.int64).reshape(-1, 3).T)


def candidates_of(problem: Problem) -> list[tuple[int, int, int]]:
    """Every (student, professional, cell), rule by rule."""
    taken = {
        (kept.professional, t)
        for kept in problem.kept
        for t, start in enumerate(problem.grid.starts)
        if kept.interval.start < start + (problem.grid.starts[1] - problem.grid.starts[0]) and start < kept.interval.end
    }
    found = []
    shape = (range(len(problem.students)), range(len(problem.professionals)), range(problem.grid.cells))
    for i, j, t in product(*shape):
        free = problem.student_free[i, t] and problem.professional_free[j, t] and not problem.busy[j, t]
        asks = [(rule.student_tags[i], rule.professional_tags[j]) for rule in problem.requirements]
        fits = all(not asked or asked & offered for asked, offered in asks) and (i, j) not in problem.forbidden
        if free and fits and problem.bookable[t] and (problem.professionals[j], t) not in taken:
            found.append((i, j, t))
    return found


def enumerate_plans(problem: Problem, policy: Policy) -> Enumeration | None:
    """All feasible plans with their values in every tier; None when there are too many to look at."""
    candidates = candidates_of(problem)
    own = [[n for n, c in enumerate(candidates) if c[0] == i] + [len(candidates)] for i in range(len(problem.students))]
    if np.prod([len(choices) for choices in own]) > MOST_PLANS:
        return None
    choice = np.array(list(product(*own)), dtype=np.int64)
    use = np.zeros((len(choice), len(candidates) + 1), dtype=np.int64)
    np.put_along_axis(use, choice, 1, axis=1)
    use = use[:, :-1]
    keep = _feasible(problem, candidates, use)
    keep &= _commitments_kept(problem, candidates, use)
    if not keep.any():
        return Enumeration(candidates, choice[keep], np.zeros((0, 0)), [])
    names, values = _values(problem, policy, candidates, use[keep])
    return Enumeration(candidates, choice[keep], values, names)


def _feasible(problem: Problem, candidates: Any, use: Any) -> Any:
    keep = np.ones(len(use), dtype=bool)
    for _, members in _groups(candidates, lambda c: c[1:]):
        keep &= use[:, members].sum(axis=1) <= 1
    day, week = problem.grid.day, problem.grid.week
    scopes = (
        (lambda t: int(day[t]), problem.grid.day_of, problem.capacity_day),
        (lambda t: int(week[t]), problem.grid.week_of, problem.capacity_week),
        (lambda t: 0, lambda at: int(problem.grid.day_of(at) not in set(day.tolist())), problem.capacity_horizon),
    )
    for key, kept_key, capacity in scopes:
        for (j, scope), members in _groups(candidates, lambda c, key=key: (c[1], key(c[2]))):
            name = problem.professionals[j]
            kept = sum(k.professional == name and kept_key(k.interval.start) == scope for k in problem.kept)
            keep &= use[:, members].sum(axis=1) <= max(0, capacity[j] - kept)
    return keep


def _commitments_kept(problem: Problem, candidates: Any, use: Any) -> Any:
    loads, keep = _per_host(problem, candidates, use), np.ones(len(use), dtype=bool)
    for j in np.flatnonzero(problem.minimum_is_hard):
        keep &= loads[:, j] >= problem.minimum_load[j]
    for pin in problem.pins:
        i, j = problem.students.index(pin.student), problem.professionals.index(pin.professional)
        starts = problem.grid.starts
        fits = [c[0] == i and c[1] == j and pin.start in (None, starts[c[2]]) for c in candidates]
        keep &= use[:, np.array(fits, dtype=bool)].sum(axis=1) == 1
    for one in problem.standing:
        own = [c[0] == problem.students.index(one.student) for c in candidates]
        keep &= use[:, np.array(own, dtype=bool)].sum(axis=1) == 1
    return keep


def _values(problem: Problem, policy: Policy, candidates: Any, use: Any) -> tuple[list[str], Any]:
    tables = Tables.of(problem, policy)
    chosen = Chosen(*np.array(candidates, dtype=np.int64).reshape(-1, 3).T)
    levels = np.maximum(tables.levels[chosen.i, chosen.j].astype(np.int64), 1)  # 0: another pro is pinned, never used
    certainty = np.minimum(problem.student_free[chosen.i, chosen.t], problem.professional_free[chosen.j, chosen.t])
    columns = [
        *([("commitments", np.zeros(len(use), dtype=np.int64))] if _committed(problem) else []),
        *_coverage(problem, candidates, use),
        *([("moved", use @ _moves(problem, candidates))] if problem.standing else []),
        ("doubtful", use @ (certainty == Certainty.LOW_CONFIDENCE)),
        ("needed", use @ (certainty == Certainty.IF_NEEDED)),
        *_wishes(
            policy,
            _loads(problem, candidates, use),
            _fit(policy, levels, use),
            _balance(problem, tables, candidates, use),
        ),
        ("earliest", use @ chosen.t),
        ("lot", use @ tables.cost(tables.tiers[-1], chosen)),
    ]
    return [name for name, _ in columns], np.stack([value for _, value in columns], axis=1)


def _wishes(policy: Policy, volunteers: Any, fit: Any, balance: Any) -> list[tuple[str, Any]]:
    """Volunteers, fit and balance as the policy orders or weighs them."""
    weight, load = policy.load_weight, [("balance", balance)]
    if 0 < weight < 100:
        stretch = 1_000_000 // max(1, policy.levels - 1) if policy.alpha == 0 else 1
        judged = [("both", (100 - weight) * stretch * fit[0][1] + 100 * weight * balance)]
        return [*volunteers, *judged] if policy.volunteers_first else [*judged, *volunteers]
    if policy.volunteers_first:
        return [*volunteers, *fit, *load] if not weight else [*volunteers, *load, *fit]
    return [*fit, *volunteers, *load] if not weight else [*load, *fit, *volunteers]


def _moves(problem: Problem, candidates: Any) -> Any:
    """By candidate: 1 where it is another professional or start than the student's session that stands."""
    told = {one.student: (one.professional, one.start) for one in problem.standing}
    places = [(problem.students[i], (problem.professionals[j], problem.grid.starts[t])) for i, j, t in candidates]
    return np.array([told.get(name, place) != place for name, place in places], dtype=np.int64)


def _committed(problem: Problem) -> bool:
    return bool(problem.pins or problem.standing or _hard(problem))


def _hard(problem: Problem) -> bool:
    return bool((problem.minimum_is_hard & (problem.minimum_load > 0)).any())


def _coverage(problem: Problem, candidates: Any, use: Any) -> list[tuple[str, Any]]:
    people = list(zip(problem.seniority_class.tolist(), problem.waiting_days.tolist(), strict=True))
    weight = np.array([1 + sorted(set(people)).index(one) for one in people])
    served = np.zeros((len(use), len(people)), dtype=np.int64)
    for n, (i, _, _) in enumerate(candidates):
        served[:, i] += use[:, n]
    if not _hard(problem):
        return [("coverage", (1 - served) @ weight)]
    classes = sorted(set(problem.seniority_class.tolist()), reverse=True)
    by_class = [(f"class {one}", (1 - served) @ (problem.seniority_class == one)) for one in classes]
    return [("left out", (1 - served).sum(axis=1)), *by_class, ("days", (1 - served) @ problem.waiting_days)]


def _per_host(problem: Problem, candidates: Any, use: Any) -> Any:
    loads = np.repeat(problem.kept_load[None, :], len(use), axis=0)
    for n, (_, j, _) in enumerate(candidates):
        loads[:, j] += use[:, n]
    return loads


def _loads(problem: Problem, candidates: Any, use: Any) -> list[tuple[str, Any]]:
    loads = _per_host(problem, candidates, use)
    short = np.maximum(problem.minimum_load - loads, 0).sum(axis=1)
    return [("minimum", short), ("nobody", (loads == 0).sum(axis=1))]


def _fit(policy: Policy, levels: Any, use: Any) -> list[tuple[str, Any]]:
    if policy.alpha == "leximin":
        return [(f"level {q}", use @ (levels == q)) for q in range(1, policy.levels)]
    top = policy.levels
    if policy.alpha == 0:
        return [("fit", use @ (top - levels))]
    welfare = np.log if policy.alpha == 1 else lambda q: -(q ** (1.0 - policy.alpha))
    lost = (welfare(top) - welfare(levels.astype(float))) / (welfare(top) - welfare(1.0))
    return [("fit", use @ np.round(lost * 1_000_000).astype(np.int64))]


def _balance(problem: Problem, tables: Tables, candidates: Any, use: Any) -> Any:
    loads, total = _per_host(problem, candidates, use), np.zeros(len(use), dtype=np.int64)
    for j in range(len(problem.professionals)):
        usable = max(1, int(problem.kept_load[j] + tables.room.most[j]))
        kept = int(problem.kept_load[j])
        steps = [10_000 * (200 * n - 100 + 2 * int(problem.debt[j])) // (100 * usable) for n in range(kept + 1, 99)]
        total += np.concatenate([[0], np.cumsum(steps)])[loads[:, j] - kept]
    return total


def _groups(candidates: Any, key: Any) -> list[tuple[Any, list[int]]]:
    found: dict[Any, list[int]] = {}
    for n, candidate in enumerate(candidates):
        found.setdefault(key(candidate), []).append(n)
    return list(found.items())
