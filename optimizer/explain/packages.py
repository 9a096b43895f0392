"""The best few things to ask for at once.

Asks are new slots of professionals, single reviews beyond a professional's limits, and new professionals for one
review ("anyone"). Offers do not add up: two that add one each may add one together, two that add nothing may add one.
But every ask is an arc of capacity 1 that may be opened at a price of 1, so the fewest asks for a given number of
sessions are a min-cost flow, convex in that number: each further session needs as many asks as the one before, or
more. Hence k asks add at most k sessions, and

* as long as some single ask adds a session, taking it keeps up with that bound: the package is best;
* when none does, the flow says how many asks one more session needs, until that is more than k.

Asks that change many pairs at once (an option, a limit in every week) are no such arcs; `offers.py` has each alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.time import Interval
from optimizer.explain.asking_flow import Asked, AskingFlow
from optimizer.explain.coverage import Coverage
from optimizer.explain.offers import OfferKind, Offers
from optimizer.explain.prepared import Prepared
from optimizer.explain.suggest import spans

Bools = NDArray[np.bool_]
OWN = frozenset({OfferKind.SLOT, OfferKind.REVIEW})
"""What the professionals there are can be asked for."""
UNIT = OWN | {OfferKind.ANYONE}
LARGEST_FLOW = 2_000_000
"""Candidates up to which a package that single asks do not settle is settled by flows."""


@dataclass(frozen=True)
class Ask:
    """One thing to ask for, at one cell. A review beyond the limits is held there in one plan that uses it."""

    kind: OfferKind
    professional: str
    window: Interval


@dataclass(frozen=True)
class Package:
    """At most the given number of asks that together add `adds` sessions; no other such package adds over `bound`."""

    asks: tuple[Ask, ...]
    adds: int
    bound: int

    @property
    def exact(self) -> bool:
        """No package of so many asks adds more."""
        return self.adds == self.bound


def best_package(prepared: Prepared, most: int, kinds: Iterable[OfferKind] = OWN) -> Package:
    """The asks of these kinds (of `UNIT`), at most `most`, that together add the most sessions."""
    allowed = frozenset(kinds)
    if not allowed <= UNIT or most < 0:
        raise ValueError(f"packages are made of {', '.join(sorted(UNIT))}, and of 0 asks or more")
    offers = Offers(prepared)
    asked = _one_by_one(prepared, offers, most, allowed)
    top = min(most, _ceiling(offers, allowed))
    if len(asked) == top:
        return _package(prepared, asked, top, top)
    if AskingFlow.size(offers, allowed) > LARGEST_FLOW:
        return _package(prepared, asked, len(asked), top)
    flow, base, adds = AskingFlow(offers, allowed, most), len(prepared.chosen.i), len(asked)
    while adds < top:
        more = flow.asks_for(base + adds + 1)
        if more is None or len(more) > most:
            break
        asked, adds = more, adds + 1
    return _package(prepared, asked, adds, adds)


def _package(prepared: Prepared, asked: list[Asked], adds: int, bound: int) -> Package:
    grid, names = prepared.problem.grid, (*prepared.problem.professionals, "")
    asks = tuple(Ask(kind, names[j], spans(grid, np.arange(grid.cells) == t)[0]) for kind, j, t in asked)
    return Package(asks, adds, bound)


def _one_by_one(prepared: Prepared, offers: Offers, most: int, kinds: frozenset[OfferKind]) -> list[Asked]:
    """Single asks that each add a session to the plan with those before, the most senior student first."""
    asked: list[Asked] = []
    while len(asked) < most:
        best = _best(offers, kinds)
        if best is None:
            break
        asked.append(best)
        changed = _granted(offers.coverage, best, prepared.problem.pinned)
        gained = changed.fill()
        assert gained == 1, "the condition on single offers is exact"
        offers = Offers(prepared, changed)
    return asked


def _best(offers: Offers, kinds: frozenset[OfferKind]) -> Asked | None:
    """The ask that helps the highest rank; a time before a review before somebody new, then the earliest."""
    found: list[tuple[int, int, int, int]] = []
    order = (OfferKind.SLOT, OfferKind.REVIEW, OfferKind.ANYONE)
    hosts = len(offers.prepared.problem.professionals)
    for place, adding in enumerate((offers.slots, offers.reviews, offers.anyone[None, :])):
        if order[place] not in kinds or not adding[:hosts].any():
            continue
        anyone = order[place] is OfferKind.ANYONE
        ranks = offers.anyone_rank[None, :] if anyone else offers.best_rank(adding)
        j, t = np.nonzero(adding[:hosts])
        n = int(np.lexsort((j, t, -ranks[j, t]))[0])
        found.append((-int(ranks[j[n], t[n]]), place, int(t[n]), -1 if anyone else int(j[n])))
    if not found:
        return None
    _, place, t_best, j_best = min(found)
    return order[place], j_best, t_best


def _granted(coverage: Coverage, ask: Asked, pinned: Bools) -> Coverage:
    """The coverage network with the ask."""
    kind, j, t = ask
    only = np.arange(coverage.slots.shape[1]) == t
    changed = coverage.copy()
    if kind is OfferKind.SLOT:
        changed.slots[j, t] = True
        return changed
    if kind is OfferKind.ANYONE:
        return changed.with_host(~pinned, only)
    changed.slots[j, t] = False
    return changed.with_host(coverage.can[:, j], only)


def _ceiling(offers: Offers, kinds: frozenset[OfferKind]) -> int:
    """How many sessions all asks together would add at most."""
    every = offers.coverage.copy()
    if OfferKind.SLOT in kinds:
        every.slots |= offers.askable
    if OfferKind.REVIEW in kinds:
        every.day[:] = every.week[:] = every.horizon[:] = len(every.open)
    gained = every.fill()
    if OfferKind.ANYONE in kinds:
        gained += int((~every.matched & every.open.any(axis=1) & ~offers.prepared.problem.pinned).sum())
    return gained
