"""Every kind of explanation against independent exact re-solves on random small nights.

    python -m benchmarks.explain_check --cases 5000

Nothing here looks at a residual graph: a claim about another plan is checked by solving the changed problem.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np
from numpy.typing import NDArray

from optimizer import ContradictionError, Plan, Policy, Prepared, Problem, prepare, solve, suggest
from optimizer.domain import Interval, KeptSession, Pin, Requirement, SlotGrid, Stage, Standing, TagFit
from optimizer.explain.changes import ANY_TAG, MoreTags, MoreTime
from optimizer.explain.decisions import SEED
from optimizer.explain.left_out import Competition, LeftOutExplanation, explain_unmatched
from optimizer.explain.match import explain_match
from optimizer.explain.suggest import Effect, Suggestion

COMMITMENTS = "commitments"
LOT = "drawn by lot"
RANK = tuple(Effect)
Candidate = tuple[int, int]
Worse = tuple[int, int]
"""The place of the first tier that is worse (-1: no such plan, number of tiers without the lot: none), and by how
much."""


def random_night(rng: np.random.Generator) -> Problem:
    """3-7 students, 2-4 professionals, 3-6 cells of one or four hours over two days and weeks, every feature now and
    then."""
    s, p, t = int(rng.integers(3, 8)), int(rng.integers(2, 5)), int(rng.integers(3, 7))
    minutes = int(rng.choice([60, 240]))
    grid = SlotGrid(datetime(2026, 3, 2, tzinfo=UTC) - 3 * timedelta(minutes=minutes), minutes, t)
    names = tuple(f"s{i}" for i in range(s)), tuple(f"p{j}" for j in range(p))
    kept = tuple(
        KeptSession(f"p{rng.integers(p)}", Interval(start, grid.starts[1]))
        for start in grid.starts[:1]
        if rng.random() < 0.2
    )
    pins = (Pin("s0", "p0", grid.starts[1] if rng.random() < 0.5 else None),) if rng.random() < 0.1 else ()
    standing = (Standing("s2", "p1", grid.starts[2]),) if rng.random() < 0.1 else ()
    return Problem(
        *names,
        grid=grid,
        student_free=rng.choice([0, 0, 0, 2, 3, 3], (s, t)),
        professional_free=rng.choice([0, 0, 1, 3, 3], (p, t)),
        capacity_horizon=rng.choice([1, 1, 2, 3], p),
        capacity_week=rng.choice([1, 2, 9], p),
        capacity_day=rng.choice([1, 2, 9], p),
        waiting_days=rng.integers(0, 4, s),
        seniority_class=rng.integers(0, 2, s),
        minimum_load=rng.integers(0, 2, p),
        minimum_is_hard=rng.random(p) < 0.05,
        debt=rng.integers(-150, 151, p),
        bookable=rng.random(t) < 0.95,
        requirements=(Requirement("industry", _tags(rng, s), _tags(rng, p)),),
        forbidden=frozenset({(1, 1)} if rng.random() < 0.3 else ()),
        parts=(TagFit("field", _tags(rng, s), _tags(rng, p)),),
        kept=kept,
        pins=pins,
        standing=standing,
    )


def random_policy(rng: np.random.Generator, seed: int) -> Policy:
    alpha = rng.choice(np.array([0, 1, 2.5, "leximin"], dtype=object))
    weight = int(rng.choice([0, 100] if alpha == "leximin" else [0, 0, 40, 100]))
    return Policy(
        levels=int(rng.integers(2, 7)),
        alpha=alpha,
        seed=seed,
        volunteers_first=bool(rng.random() < 0.7),
        load_weight=weight,
    )


def _tags(rng: np.random.Generator, people: int) -> NDArray[np.uint64]:
    return rng.integers(0, 8, people).astype(np.uint64)


@dataclass(frozen=True)
class Judge:
    """Re-solves of one night with something forced."""

    prepared: Prepared

    @property
    def problem(self) -> Problem:
        return self.prepared.problem

    def candidates(self, i: int) -> list[Candidate]:
        """(professional, cell) where the student could have a session, by the rules one after the other."""
        problem = self.problem
        taken = {(k.professional, problem.grid.cell_of(k.interval.start)) for k in problem.kept}
        assert problem.busy is not None
        return [
            (j, t)
            for j, name in enumerate(problem.professionals)
            for t in range(problem.grid.cells)
            if problem.student_free[i, t] and problem.professional_free[j, t] and problem.bookable[t]
            if not problem.busy[j, t] and (name, t) not in taken and self.may_meet(i, j)
        ]

    def may_meet(self, i: int, j: int) -> bool:
        rules = ((int(rule.student_tags[i]), int(rule.professional_tags[j])) for rule in self.problem.requirements)
        pinned = all(p.professional == self.problem.professionals[j] for p in self._pins_of(i))
        return pinned and (i, j) not in self.problem.forbidden and all(not a or a & b for a, b in rules)

    def _pins_of(self, i: int) -> list[Pin]:
        return [pin for pin in self.problem.pins if pin.student == self.problem.students[i]]

    def solved(self, problem: Problem) -> Plan | None:
        try:
            return solve(problem, self.prepared.policy).plan
        except ContradictionError:
            return None

    def forced(self, i: int, where: Candidate | None) -> Problem | None:
        """The night with the student there, or without a session (None); None if a pin says otherwise."""
        problem, name = self.problem, self.problem.students[i]
        if where is None:
            hosts = range(len(problem.professionals))
            return replace(problem, forbidden=problem.forbidden | {(i, j) for j in hosts})
        start = problem.grid.starts[where[1]]
        if any(pin.start not in (None, start) for pin in self._pins_of(i)):
            return None
        others = tuple(pin for pin in problem.pins if pin.student != name)
        return replace(problem, pins=(*others, Pin(name, problem.professionals[where[0]], start)))

    def worse(self, i: int, where: Candidate | None) -> Worse:
        problem = self.forced(i, where)
        plan = None if problem is None else self.solved(problem)
        if plan is None:
            return -1, 0
        forced = {tier.name: tier.value for tier in plan.tiers}
        for k, tier in enumerate(self.prepared.plan.tiers):
            if tier.name not in (COMMITMENTS, LOT) and forced[tier.name] != tier.value:
                return k, forced[tier.name] - tier.value
        return len(self.prepared.plan.tiers) - 1, 0

    def named(self, worse: Iterable[Worse]) -> str:
        """What decided against all of these."""
        last = max(max((k for k, _ in worse), default=-1), 0)
        tiers = self.prepared.plan.tiers
        return SEED if last == len(tiers) - 1 else tiers[last].name

    def favoured(self, problem: Problem, i: int) -> Problem:
        """Everyone with a session before the others, so that they lose theirs only if they must."""
        held = np.isin(problem.students, list(self.prepared.session_of))
        held[i] = False
        return replace(problem, seniority_class=held.astype(np.int64), waiting_days=np.zeros(len(held), dtype=np.int64))

    def all_keep(self, problem: Problem, i: int) -> bool:
        """Is there a plan in which the student and everyone with a session has one?"""
        plan = self.solved(self.favoured(problem, i))
        return plan is not None and self._needed(i) <= {one.student for one in plan.sessions}

    def _needed(self, i: int) -> set[str]:
        return {*self.prepared.session_of, self.problem.students[i]}

    def nobody_moves(self, problem: Problem, i: int) -> bool:
        """The same with everyone else exactly where they are."""
        name = self.problem.students[i]
        still = tuple(Pin(s.student, s.professional, s.start) for s in self.prepared.plan.sessions if s.student != name)
        own = tuple(pin for pin in problem.pins if pin.student == name)
        plan = self.solved(replace(problem, pins=(*own, *still)))
        return plan is not None and self._needed(i) <= {one.student for one in plan.sessions}


def check_suggestions(judge: Judge, i: int) -> Iterator[tuple[str, bool]]:
    """Effect of the suggested start of each professional, and that no other common start is milder."""
    name, problem = judge.problem.students[i], judge.problem
    candidates = judge.candidates(i)
    suggested = suggest(judge.prepared, name)
    common = {problem.professionals[j] for j, _ in candidates}
    yield "suggest: whom", common == {one.professional for one in suggested if one.effect is not Effect.NEAR}
    for one in suggested:
        if one.effect is Effect.NEAR:
            yield "suggest: near", one.professional not in common and 0 < one.gap_minutes <= 60
            continue
        true = {t: effect_of(judge, i, (j, t)) for j, t in candidates if problem.professionals[j] == one.professional}
        mildest = min(true.values(), key=RANK.index)
        at = None if one.start is None else problem.grid.cell_of(one.start)
        yield "suggest: effect", one.effect is mildest and (at is None or true[at] is mildest)
        yield (
            "suggest: open",
            opens(problem, one) == {t for t, effect in true.items() if effect is Effect.FREE}
            or (one.effect is Effect.PLANNED),
        )


def opens(problem: Problem, one: Suggestion) -> set[int]:
    """The cells of the open windows."""
    starts = enumerate(problem.grid.starts)
    return {t for t, start in starts if any(w.start <= start < w.end for w in one.open_windows)}


def effect_of(judge: Judge, i: int, where: Candidate) -> Effect:
    """What a booking does, by re-solves alone."""
    problem, session = judge.problem, judge.prepared.session_of.get(judge.problem.students[i])
    here = problem.professionals[where[0]], problem.grid.starts[where[1]]
    if session is not None and (session.professional, session.start) == here:
        return Effect.PLANNED
    forced = judge.forced(i, where)
    if forced is None or judge.solved(forced) is None:
        return Effect.CLOSED
    if judge.nobody_moves(forced, i):
        return Effect.FREE
    return Effect.MOVES if judge.all_keep(forced, i) else Effect.COSTS


def check_match(judge: Judge, i: int) -> Iterator[tuple[str, bool]]:
    """What decided the session, pair, start and being matched; cost and first worse tier of each alternative."""
    problem = judge.problem
    told = explain_match(judge.prepared, problem.students[i])
    here = problem.professionals.index(told.session.professional), problem.grid.cell_of(told.session.start)
    worse: dict[Candidate | None, Worse] = {
        where: judge.worse(i, where) for where in (*judge.candidates(i), None) if where != here
    }
    others = {where: cost for where, cost in worse.items() if where is not None}
    yield "match: session", told.session_by == judge.named(worse.values())
    yield "match: matched", told.matched_by == judge.named([worse[None]])
    for kind, own, by in (("pair", 0, told.pair_by), ("start", 1, told.start_by)):
        left = [cost for where, cost in others.items() if where[own] != here[own]]
        yield f"match: {kind}", by == judge.named([*left, worse[None]])
    for one in told.alternatives:
        j = problem.professionals.index(one.professional)
        cost = worse[j, problem.grid.starts.index(one.start)]
        true = judge.named([cost]), cost[1]
        best = min((-k, by) for (host, _), (k, by) in others.items() if host == j)
        yield "match: alternative", true == (one.worse, one.by) and (-cost[0], cost[1]) == best
    possible = {where[0] for where, (k, _) in others.items() if k >= 0}
    yield "match: all hosts", len(told.alternatives) == min(5, len(possible))


def check_left_out(judge: Judge, i: int) -> Iterator[tuple[str, bool]]:
    """Stage, what decided, the deficient set, and exactly the single changes that give a session."""
    told = explain_unmatched(judge.prepared, judge.problem.students[i])
    said = next(one for one in judge.prepared.plan.unmatched if one.student == told.student)
    yield "left out: stage", told.stage is said.stage
    if told.stage is Stage.LOST:
        worse = [judge.worse(i, where) for where in judge.candidates(i)]
        yield "left out: decided", told.decided_by == judge.named(worse)
        assert told.competition is not None
        yield from check_competition(judge, i, told.competition)
    yield from check_times(judge, i, told)
    yield from check_tags(judge, i, told)


def check_competition(judge: Judge, i: int, told: Competition) -> Iterator[tuple[str, bool]]:
    """The set's students alone get just as many sessions as there are places, one fewer than they are."""
    problem = judge.problem
    inside = np.isin(problem.students, [*told.rivals, problem.students[i]])
    alone = replace(
        problem,
        student_free=np.where(inside[:, None], problem.student_free, 0),
        pins=tuple(pin for pin in problem.pins if pin.student in told.rivals),
        standing=(),
        minimum_is_hard=np.zeros(len(problem.professionals), dtype=bool),
    )
    plan = judge.solved(alone)
    served = -1 if plan is None else len(plan.sessions)
    yield "left out: set", served == told.places == told.size - 1 == len(told.rivals)
    key = list(zip(problem.seniority_class.tolist(), problem.waiting_days.tolist(), strict=True))
    said = told.all_as_senior, told.all_waited
    members = np.flatnonzero(inside).tolist()
    yield "left out: senior", said == tuple(all(key[k][n:] >= key[i][n:] for k in members) for n in (0, 1))
    own = {where for k in np.flatnonzero(inside).tolist() for where in judge.candidates(k)}
    slots = {
        (problem.professionals.index(place.professional), t)
        for place in told.hosts
        for t, start in enumerate(problem.grid.starts)
        if any(window.start <= start < window.end for window in place.windows)
    }
    ahead = [k for k in range(len(key)) if k != i and key[k] >= key[i] and slots & set(judge.candidates(k))]
    places = sum(place.places for place in told.hosts)
    nights = -(-len(ahead) // places) if places else 0
    yield "left out: ahead", (told.ahead, told.places, told.nights) == (len(ahead), places, nights) and slots <= own


def check_times(judge: Judge, i: int, told: LeftOutExplanation) -> Iterator[tuple[str, bool]]:
    problem = judge.problem
    for t in np.flatnonzero((problem.student_open[i] == 0) & problem.bookable).tolist():
        start, free = problem.grid.starts[t], np.array(problem.student_free)
        free[i, t] = 3
        more = replace(problem, student_free=free)
        shown = [c for c in told.changes if isinstance(c, MoreTime) and c.window.start <= start < c.window.end]
        yield from _check_change(judge, i, more, [change.others_move for change in shown], "time")


def check_tags(judge: Judge, i: int, told: LeftOutExplanation) -> Iterator[tuple[str, bool]]:
    problem, (rule,) = judge.problem, judge.problem.requirements
    shown = [change for change in told.changes if isinstance(change, MoreTags)]
    asked = int(rule.student_tags[i])
    for bit in (*range(3), ANY_TAG):
        tags = np.array(rule.student_tags)
        tags[i] = 0 if bit == ANY_TAG else asked | 1 << bit
        single = any(change.tag != ANY_TAG for change in shown)
        if not asked or tags[i] == asked or (bit == ANY_TAG and single):
            continue
        more = replace(problem, requirements=(replace(rule, student_tags=tags),))
        moves = [change.others_move for change in shown if change.tag == bit]
        yield from _check_change(judge, i, more, moves, "tag")


def _check_change(judge: Judge, i: int, more: Problem, moves: list[bool], kind: str) -> Iterator[tuple[str, bool]]:
    """A change that is shown gives a session by the policy and lets everyone keep one; one that is not, does not."""
    plan = judge.solved(more)
    assert plan is not None
    name, held = judge.problem.students[i], len(judge.prepared.plan.sessions)
    gains = len(plan.sessions) == held + 1 and any(one.student == name for one in plan.sessions)
    yield f"left out: {kind}", gains == bool(moves) == judge.all_keep(more, i)
    if moves:
        yield f"left out: {kind} direct", judge.nobody_moves(more, i) is not moves[0]


def cases(seeds: Iterable[int]) -> Iterator[tuple[int, str, bool]]:
    """Seed, kind of answer, and whether it was right; of each night all kinds for one matched and one left out."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        problem = random_night(rng)
        try:
            judge = Judge(prepare(problem, random_policy(rng, seed)))
        except ContradictionError:
            continue
        matched = [i for i, name in enumerate(problem.students) if name in judge.prepared.session_of]
        left = [i for i, name in enumerate(problem.students) if name not in judge.prepared.session_of]
        for people, check in ((matched, check_match), (left, check_left_out), (matched + left, check_suggestions)):
            if people:
                for kind, right in check(judge, int(rng.choice(people))):
                    yield seed, kind, right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=500, help="at least so many of each kind of explanation")
    least, total, wrong = parser.parse_args().cases, Counter[str](), Counter[str]()
    groups = ("suggest: effect", "match: session", "left out: stage", "left out: set")
    for seed in count():
        for _, kind, right in cases([seed]):
            total[kind] += 1
            wrong[kind] += not right
            if not right:
                print(f"seed {seed}: {kind} is wrong")
        if min(total[kind] for kind in groups) >= least:
            break
    for kind in sorted(total):
        print(f"{kind:<24} {total[kind]:>8,} cases {wrong[kind]:>4} wrong")


if __name__ == "__main__":
    main()
