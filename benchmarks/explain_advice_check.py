"""Offers, packages and losses against independent exact re-solves on random small nights.

    python -m benchmarks.explain_advice_check --cases 5000

Nothing here looks at a residual graph: a claim about a changed night is checked by solving the changed problem.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, count

import numpy as np

from benchmarks.changed_nights import beyond, cell_at, held, joined, opened, raised, tagged
from benchmarks.explain_check import random_night
from optimizer import ContradictionError, Plan, Policy, Prepared, Problem, prepare, solve
from optimizer.explain.offers import LIMITS, OfferKind, Offers
from optimizer.explain.packages import OWN, UNIT, Ask, best_package
from optimizer.explain.resilience import host_losses, slot_losses

Verdicts = Iterator[tuple[str, bool]]


@dataclass(frozen=True)
class Case:
    """One night with its plan, and a source of random choices."""

    prepared: Prepared
    rng: np.random.Generator

    @property
    def problem(self) -> Problem:
        return self.prepared.problem

    @property
    def matched(self) -> int:
        return len(self.prepared.plan.sessions)

    def solved(self, problem: Problem) -> Plan:
        return solve(problem, self.prepared.policy).plan

    def gain(self, problem: Problem) -> int:
        """Sessions more than in the plan; far below 0 where commitments can no longer be kept."""
        try:
            return len(self.solved(problem).sessions) - self.matched
        except ContradictionError:
            return -1000

    def newcomers(self, plan: Plan) -> set[str]:
        return {one.student for one in plan.sessions} - set(self.prepared.session_of)


def cells_askable(problem: Problem, j: int) -> list[int]:
    """Cells the professional does not offer and could: bookable and not taken."""
    name, starts = problem.professionals[j], problem.grid.starts
    taken = {
        t
        for t, start in enumerate(starts)
        for kept in problem.kept
        if kept.professional == name and kept.interval.start <= start < kept.interval.end
    }
    return [
        t for t in np.flatnonzero(problem.bookable & (problem.professional_free[j] == 0)).tolist() if t not in taken
    ]


def check_slots(case: Case) -> Verdicts:
    offers = Offers(case.prepared)
    first = case.prepared.plan.tiers[int(case.prepared.plan.tiers[0].name == "commitments")]
    for j in range(len(case.problem.professionals)):
        for t in cells_askable(case.problem, j):
            plan = case.solved(opened(case.problem, j, t))
            yield "slot", len(plan.sessions) - case.matched == int(offers.slots[j, t])
            if first.name == "coverage and seniority":
                now = next(tier.value for tier in plan.tiers if tier.name == first.name)
                yield "slot: worth", first.value - now == offers.worth[j, t]
        others = set(range(case.problem.grid.cells)) - set(cells_askable(case.problem, j))
        yield "slot: nowhere else", not offers.slots[j, sorted(others)].any()


def pinned_hosts(problem: Problem) -> set[int]:
    """A second self cannot stand for professionals with pins: nobody is pinned to it."""
    return {problem.professionals.index(pin.professional) for pin in problem.pins}


def check_reviews(case: Case) -> Verdicts:
    offers, problem = Offers(case.prepared), case.problem
    for j in sorted(set(range(len(problem.professionals))) - pinned_hosts(problem)):
        gains = {t: case.gain(beyond(problem, j, t)) for t in np.flatnonzero(problem.professional_open[j]).tolist()}
        yield "review", offers.reviews[j].any() == (max(gains.values(), default=0) > 0)
        yield "review: where", all(gains[t] == 1 for t in np.flatnonzero(offers.reviews[j]).tolist())
        for t in cells_askable(problem, j):
            alone = bool(offers.slots[j, t] or offers.reviews[j].any())
            both = case.gain(joined(problem, j, t)) > 0
            yield "slot and review", offers.slots_and_reviews[j, t] == (both and not alone)


def check_limits(case: Case) -> Verdicts:
    offers = Offers(case.prepared)
    for j, name in enumerate(case.problem.professionals):
        for limit in LIMITS:
            yield "limit", case.gain(raised(case.problem, j, limit)) == offers.raised(name, limit)


def check_anyone(case: Case) -> Verdicts:
    offers = Offers(case.prepared)
    for t in range(case.problem.grid.cells):
        yield "anyone", offers.anyone[t] == case.gain(joined(case.problem, None, t))


def check_tags(case: Case) -> Verdicts:
    listed = Offers(case.prepared).listed(OfferKind.TAG, 1000)
    told = {(one.requirement, one.tag, one.professional): one.adds for one in listed}
    for rule in case.problem.requirements:
        for tag in range(3):
            for j, name in enumerate(case.problem.professionals):
                yield "tag", told.get((rule.name, tag, name), 0) == case.gain(tagged(case.problem, rule.name, j, tag))


def check_who(case: Case) -> Verdicts:
    """Each student named would be served, were they first among equals; one of those named always is."""
    offers, problem = Offers(case.prepared), case.problem
    for kind in (OfferKind.SLOT, OfferKind.REVIEW, OfferKind.SLOT_AND_REVIEW, OfferKind.ANYONE):
        for offer in offers.listed(kind, 3):
            if not offer.students or offer.professional in {pin.professional for pin in problem.pins}:
                continue
            j = None if kind is OfferKind.ANYONE else problem.professionals.index(offer.professional)
            starts = enumerate(problem.grid.starts)
            cells = [t for t, start in starts if any(w.start <= start < w.end for w in offer.windows)]
            served: set[str] = set()
            for t in cells:
                changed = _taken_up(problem, kind, j, t)
                now = {one.student for one in case.solved(changed).sessions}
                yield "who: one of them", bool(now & set(offer.students))
                for name in offer.students:
                    first = 2 * problem.waiting_days + np.isin(problem.students, [name])
                    plan = case.solved(replace(changed, waiting_days=first))
                    served |= {name} & {one.student for one in plan.sessions}
            yield "who: each of them", served == set(offer.students)


def _taken_up(problem: Problem, kind: OfferKind, j: int | None, t: int) -> Problem:
    if kind is OfferKind.SLOT:
        assert j is not None
        return opened(problem, j, t)
    if kind is OfferKind.REVIEW:
        assert j is not None
        return beyond(problem, j, t)
    return joined(problem, j, t)


def check_losses(case: Case) -> Verdicts:
    """Somebody drops out, every other session stays where it is; then the best of what is left."""
    problem, sessions = case.problem, case.prepared.plan.sessions
    hard = (problem.minimum_is_hard & (problem.minimum_load > 0)).any()
    if hard or problem.pins:
        return
    losses = {one.professional: one for one in host_losses(case.prepared)}
    yield "loss: whom", set(losses) == {one.professional for one in sessions}
    for name, loss in losses.items():
        free = np.array(problem.professional_free)
        free[problem.professionals.index(name)] = 0
        stay = [one for one in sessions if one.professional != name]
        yield "loss: professional", case.gain(held(replace(problem, professional_free=free), stay)) == -loss.lost
    slots = {one.session: one for one in slot_losses(case.prepared)}
    for session in sessions:
        free, t = np.array(problem.professional_free), problem.grid.cell_of(session.start)
        free[problem.professionals.index(session.professional), t] = 0
        stay = [one for one in sessions if one != session]
        changed = held(replace(problem, professional_free=free), stay)
        others = ~np.isin(problem.students, [one.student for one in sessions])
        alone = replace(changed, student_free=np.where(others[:, None], 0, changed.student_free))
        yield "loss: slot", (case.gain(alone) < 0) == (session in slots)
        if session in slots:
            yield "loss: filled", slots[session].filled == (case.gain(changed) == 0)


def check_packages(case: Case) -> Verdicts:
    problem = case.problem
    if pinned_hosts(problem):
        return
    for kinds in (OWN, UNIT, frozenset({OfferKind.SLOT})):
        package = best_package(case.prepared, int(case.rng.integers(0, 5)), kinds)
        yield "package: adds", package.exact and case.gain(granted(problem, package.asks)) == package.adds
    small = smaller(case)
    asks = every_ask(small.problem)
    tried = (some for k in range(3) for some in combinations(asks, k))
    best = max(small.gain(granted(small.problem, some)) for some in tried)
    yield "package: best of pairs", best_package(small.prepared, 2).adds == best


def smaller(case: Case) -> Case:
    """A night like this one with few cells that may be booked, so that every pair of asks can be tried."""
    few = case.rng.permutation(case.problem.grid.cells)[:3]
    bookable = case.problem.bookable & np.isin(np.arange(case.problem.grid.cells), few)
    easy = replace(
        case.problem, bookable=bookable, standing=(), minimum_is_hard=np.zeros_like(case.problem.minimum_is_hard)
    )
    return Case(prepare(easy, Policy(levels=2, alpha=0)), case.rng)


def every_ask(problem: Problem) -> list[Ask]:
    """Each new slot, and each review beyond the limits at an open or a new slot."""
    found = []
    for j, name in enumerate(problem.professionals):
        new, old = cells_askable(problem, j), np.flatnonzero(problem.professional_open[j]).tolist()
        found += [Ask(OfferKind.SLOT, name, cell_at(problem, t)) for t in new]
        found += [Ask(OfferKind.REVIEW, name, cell_at(problem, t)) for t in (*new, *old)]
    return found


def granted(problem: Problem, asks: Sequence[Ask]) -> Problem:
    """The night with all asks; a review at a slot nobody offers is nothing."""
    for ask in sorted(asks, key=lambda one: one.kind is not OfferKind.SLOT):
        t = problem.grid.cell_of(ask.window.start)
        assert t is not None
        if ask.kind is OfferKind.ANYONE:
            problem = joined(problem, None, t)
            continue
        j = problem.professionals.index(ask.professional)
        if ask.kind is OfferKind.SLOT:
            problem = opened(problem, j, t)
        elif problem.professional_open[j, t]:
            problem = beyond(problem, j, t)
    return problem


KINDS: tuple[Callable[[Case], Verdicts], ...] = (
    check_slots,
    check_reviews,
    check_limits,
    check_anyone,
    check_tags,
    check_who,
    check_packages,
    check_losses,
)


def cases(seeds: Iterable[int]) -> Iterator[tuple[int, str, bool]]:
    """Seed, kind of answer, and whether it was right."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        problem = random_night(rng)
        levels, alpha = int(rng.integers(2, 7)), rng.choice(np.array([0, 1, 2.5, "leximin"], dtype=object))
        try:
            case = Case(prepare(problem, Policy(levels=levels, alpha=alpha, seed=seed)), rng)
        except ContradictionError:
            continue
        for check in KINDS:
            for kind, right in check(case):
                yield seed, kind, right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=500, help="at least so many of each kind of answer")
    least, total, wrong = parser.parse_args().cases, Counter[str](), Counter[str]()
    for seed in count():
        for _, kind, right in cases([seed]):
            total[kind] += 1
            wrong[kind] += not right
            if not right:
                print(f"seed {seed}: {kind} is wrong")
        if total and min(total.values()) >= least:
            break
    for kind in sorted(total):
        print(f"{kind:<24} {total[kind]:>8,} cases {wrong[kind]:>4} wrong")


if __name__ == "__main__":
    main()
