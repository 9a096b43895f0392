"""Ground truth: every feasible plan of a small night, judged by formulas written out for these tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np

from optimizer.domain import Certainty, Policy, Problem
from optimizer.tables import Chosen, Tables

MOST_PLANS = 40_000


@dataclass
class Enumeration:
    """`use` (plans x candidates): 1 for the candidates that are sessions of the plan."""

    candidates: list[tuple[int, int, int]]
    use: Any
    values: Any
    names: list[str]

    def best(self) -> Any:
        """Row numbers of the plans no other beats in the first tier in which they differ."""
        rows = np.arange(len(self.values))
        for k in range(self.values.shape[1]):
            rows = rows[self.values[rows, k] == self.values[rows, k].min()]
        return rows

    def chosen(self, row: int) -> Chosen:
        picked = [self.candidates[c] for c in np.flatnonzero(self.use[row])]
        return Chosen(*np.array(picked, dtype=np.int64).reshape(-1, 3).T)


def candidates_of(problem: Problem) -> list[tuple[int, int, int]]:
    """Every (student, professional, cell), rule by rule."""
    found = []
    shape = (range(len(problem.students)), range(len(problem.professionals)), range(problem.grid.cells))
    for i, j, t in product(*shape):
        asks = [(rule.student_tags[i], rule.professional_tags[j]) for rule in problem.requirements]
        fits = all(not asked or asked & offered for asked, offered in asks) and (i, j) not in problem.forbidden
        again = (problem.students[i], problem.professionals[j]) in [(k.student, k.professional) for k in problem.kept]
        if fits and _open(problem, i, j, t) and not (again and not problem.repeats_allowed):
            found.append((i, j, t))
    return found


def _open(problem: Problem, i: int, j: int, t: int) -> bool:
    """All cells of the session are free on both sides and published sessions far enough away."""
    minutes = timedelta(minutes=problem.grid.cell_minutes)
    cells = range(t, t + int(problem.session_cells[j]))
    if cells[-1] >= problem.grid.cells:
        return False
    free = all(
        problem.student_free[i, c]
        and problem.professional_free[j, c]
        and not problem.busy[j, c]
        and problem.bookable[c]
        for c in cells
    )
    start, end = problem.grid.starts[t], problem.grid.starts[t] + len(cells) * minutes
    buffer = int(problem.buffer_cells[j]) * minutes
    for kept in problem.kept:
        mine = kept.professional == problem.professionals[j]
        if mine and kept.interval.start < end + buffer and start - buffer < kept.interval.end:
            return False
        if kept.student == problem.students[i] and kept.interval.start < end and start < kept.interval.end:
            return False
    return free


def enumerate_plans(problem: Problem, policy: Policy) -> Enumeration | None:
    """All feasible plans with their values in every tier; None when there are too many to look at."""
    candidates = candidates_of(problem)
    own = []
    for i, most in enumerate(problem.demand.tolist()):
        mine = [n for n, c in enumerate(candidates) if c[0] == i]
        sets = [some for size in range(most + 1) for some in combinations(mine, size)]
        own.append([some for some in sets if _together(problem, [candidates[n] for n in some])])
    if np.prod([float(len(choices)) for choices in own]) > MOST_PLANS:
        return None
    plans = [sum(some, ()) for some in product(*own)]
    use = np.zeros((len(plans), len(candidates)), dtype=np.int64)
    for row, picked in enumerate(plans):
        use[row, list(picked)] = 1
    keep = _feasible(problem, candidates, use)
    keep &= _commitments_kept(problem, candidates, use)
    if not keep.any():
        return Enumeration(candidates, use[keep], np.zeros((0, 0)), [])
    names, values = _values(problem, policy, candidates, use[keep])
    return Enumeration(candidates, use[keep], values, names)


def _together(problem: Problem, sessions: list[tuple[int, int, int]]) -> bool:
    """One student can have all of these."""
    for (_, j, t), (_, k, u) in combinations(sessions, 2):
        if (j == k and not problem.repeats_allowed) or _overlap(
            t, problem.session_cells[j], u, problem.session_cells[k]
        ):
            return False
    return True


def _overlap(t: int, length: int, u: int, other: int) -> bool:
    return bool(t < u + other and u < t + length)


def _feasible(problem: Problem, candidates: Any, use: Any) -> Any:
    keep = np.ones(len(use), dtype=bool)
    for (n, (_, j, t)), (m, (_, k, u)) in combinations(enumerate(candidates), 2):
        if j == k and _overlap(t, problem.session_cells[j] + problem.buffer_cells[j], u, problem.reach[j]):
            keep &= use[:, n] + use[:, m] <= 1
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
    certainty = np.array([_certainty(problem, *candidate) for candidate in candidates], dtype=np.int64)
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


def _certainty(problem: Problem, i: int, j: int, t: int) -> int:
    cells = range(t, t + int(problem.session_cells[j]))
    return min(int(min(problem.student_free[i, c], problem.professional_free[j, c])) for c in cells)


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
    if not _hard(problem) and not _is_knotted(problem):
        return [("coverage", (1 - served) @ weight)]
    found = []
    for number in range(1, int(problem.demand.max()) + 1):
        asks = problem.demand >= number
        missing = ((served < number) & asks).astype(np.int64)
        classes = sorted(set(problem.seniority_class[asks].tolist()), reverse=True)
        found += [(f"left out {number}", missing.sum(axis=1))]
        found += [(f"class {one}", missing @ (problem.seniority_class == one)) for one in classes]
        found += [("days", missing @ problem.waiting_days)]
    return found


def _is_knotted(problem: Problem) -> bool:
    """Somebody asks for several sessions, or two starts of a professional shut each other out."""
    if (problem.demand > 1).any():
        return True
    for j, reach in enumerate(problem.reach.tolist()):
        starts = [t for t in range(problem.grid.cells) if _host_open(problem, j, t)]
        if any(u - t < reach for t, u in pairwise(starts)):
            return True
    return False


def _host_open(problem: Problem, j: int, t: int) -> bool:
    """The professional's side of `_open`."""
    everybody = replace(
        problem,
        student_free=np.full_like(problem.student_free, 3),
        kept=tuple(replace(kept, student=None) for kept in problem.kept),
    )
    return _open(everybody, 0, j, t)


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
