"""Which single offer of a professional would give one more student a session, and whom.

Conditions on the coverage network (see `coverage.py`; R is what students left out reach, B what reaches room):

* a new slot (j, t) adds one session iff a student in R could meet j at t and (j, day) is in B;
* one more review of j, beyond every limit, adds one iff an unused open slot of j is in R;
* a new slot and one more review for it add one iff that review alone does, or a student in R could meet j at t;
* anyone, free for one review at t, adds one iff a student in R is free at t.

"R alone", "R and the professional has room" or "the professional is full" are all wrong. Offers do not add up: see
`packages.py` for several. A new field opens many pairs at once, so it is settled by filling the changed network.

Who gets the session: the plan serves the most senior it can (coverage is a matroid), so the one more comes from the
most senior rank that reaches the offer; if one student of that rank does, it is surely they.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.pairs import Requirement
from optimizer.domain.time import Interval
from optimizer.explain.coverage import Coverage
from optimizer.explain.prepared import Prepared
from optimizer.explain.suggest import spans
from optimizer.room import Room

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Limit = Literal["day", "week", "horizon"]
LIMITS: tuple[Limit, ...] = ("day", "week", "horizon")


class OfferKind(StrEnum):
    """What is offered."""

    SLOT = "slot"
    """One more time, within the professional's limits."""
    REVIEW = "review"
    """One more review than their limits allow, at a time offered already."""
    SLOT_AND_REVIEW = "slot and review"
    """One more time and one more review in it; neither alone would do."""
    ANYONE = "anyone"
    """A new professional for whom every student is eligible, free for one review."""
    TAG = "tag"
    """One more option under a hard rule, such as a field or a meeting format."""


@dataclass(frozen=True)
class Offer:
    """One thing to ask for, and the `adds` sessions it would add.

    `windows`: any one whole cell in them will do. `students`: for TAG those who get a session; otherwise the equally
    senior students one of whom does, empty where binding minimum loads leave open who. `rank`: their place in the order
    of class and wait. `limits`: which limits of the professional would do, raised by one on their own. `requirement`
    and `tag` (a bit number) belong to TAG.
    """

    kind: OfferKind
    adds: int
    professional: str = ""
    windows: tuple[Interval, ...] = ()
    students: tuple[str, ...] = ()
    rank: int = 0
    limits: tuple[Limit, ...] = ()
    requirement: str = ""
    tag: int = -1


class Offers:
    """All single offers for one plan; `listed` names the best of a kind.

    `coverage`: instead of the plan's, one with more in it already; P then counts its professionals.
    """

    def __init__(self, prepared: Prepared, coverage: Coverage | None = None) -> None:
        self.prepared = prepared
        self.coverage = coverage or Coverage.of(prepared.tables, prepared.chosen)
        self.want, self.room = self.coverage.wants(), self.coverage.rooms()

    @cached_property
    def left_out(self) -> Bools:
        """S: students without a session."""
        return ~self.coverage.matched

    @cached_property
    def askable(self) -> Bools:
        """P x T: bookable cells that professionals do not offer and in which nothing is booked."""
        problem = self.prepared.problem
        always = replace(problem, professional_free=np.full_like(problem.professional_free, 3))
        askable = np.zeros(self.coverage.slots.shape, dtype=bool)
        askable[: len(always.professionals)] = (always.professional_open > 0) & (problem.professional_free == 0)
        return askable & ~self.coverage.slots

    @cached_property
    def wanted(self) -> Bools:
        """P x T: cells in which a student in R could meet the professional."""
        return self.coverage.candidate_slots(self.want.students)

    # -- what adds a session --------------------------------------------------------------------------------------

    @cached_property
    def slots(self) -> Bools:
        """P x T: new slots that add one session."""
        return self.askable & self.wanted & self.room.days[:, self.coverage.day_of_cell]

    @cached_property
    def reviews(self) -> Bools:
        """P x T: unused open slots in which one review beyond all limits adds one session."""
        return self.want.slots & ~self.coverage.used

    @cached_property
    def slots_and_reviews(self) -> Bools:
        """P x T: new slots that add one session together with one more review, while neither alone does."""
        full = ~self.reviews.any(axis=1, keepdims=True)
        return np.asarray(self.askable & self.wanted & ~self.slots & full)

    @cached_property
    def anyone(self) -> Bools:
        """T: cells in which a new professional for everybody adds one session."""
        return np.asarray(self.coverage.open[self._for_all].any(axis=0))

    @cached_property
    def _for_all(self) -> Bools:
        """S: students in R who may meet anyone; the pinned may not."""
        return self.want.students & ~self.prepared.problem.pinned

    # -- whom, and what it is worth -------------------------------------------------------------------------------

    @cached_property
    def rank(self) -> Ints | None:
        """S: 1..K in the order of class and wait; None where binding minimum loads put other rules first."""
        return next((one.unmatched for one in self.prepared.tables.tiers if one.name == "coverage and seniority"), None)

    @cached_property
    def reach_rank(self) -> Ints:
        """S: the highest rank of a student left out who reaches this one; 0 where nobody does or ranks do not count."""
        found = np.zeros(len(self.left_out), dtype=np.int64)
        if self.rank is None:
            return found
        for rank in np.unique(self.rank[self.left_out])[::-1].tolist():
            seen = self.coverage.reached_from(self.left_out & (self.rank >= rank)).students
            found[seen & (found == 0)] = rank
        return found

    def best_rank(self, slots: Bools) -> Ints:
        """P x T: the highest rank that reaches each of the slots, 0 elsewhere."""
        found = np.zeros(slots.shape, dtype=np.int64)
        for rank in np.unique(self.reach_rank[self.reach_rank > 0])[::-1].tolist():
            fresh = self.coverage.candidate_slots(self.reach_rank == rank) & slots & (found == 0)
            found[fresh] = rank
        return found

    @cached_property
    def worth(self) -> Ints:
        """P x T: by how much a new slot improves coverage and seniority, in ranks; sessions may stay as many.

        The highest rank that reaches the slot, less the lowest rank of a student who would have to give way where
        there is no room. All 0 where ranks do not count.
        """
        ranks = self.best_rank(self.askable)
        loss = self._lightest()[:, self.coverage.day_of_cell]
        return np.asarray(np.maximum(ranks - loss, 0))

    def _lightest(self) -> Ints:
        """P x D: 0 in B, else the lowest rank of a student who could give way; beyond all ranks if nobody can."""
        problem = self.prepared.problem
        if self.rank is None:
            return np.zeros(self.room.days.shape, dtype=np.int64)
        free = self.coverage.matched & ~(problem.pinned | problem.stands)
        found = np.full(self.room.days.shape, len(free) + 1, dtype=np.int64)
        for rank in np.unique(self.rank[free])[::-1].tolist():
            found[self.coverage.nodes_reaching(free & (self.rank <= rank)).days] = rank
        found[self.room.days] = 0
        return found

    @cached_property
    def anyone_rank(self) -> Ints:
        """T: the highest rank that somebody new at the cell would help."""
        able = self.coverage.open & self._for_all[:, None]
        return np.asarray(np.where(able, self.reach_rank[:, None], 0).max(axis=0, initial=0))

    # -- lists ----------------------------------------------------------------------------------------------------

    def listed(self, kind: OfferKind, most: int) -> tuple[Offer, ...]:
        """The best offers of a kind: most sessions first, then the most senior student, then the earliest."""
        makers: dict[OfferKind, Callable[[], Iterable[Offer]]] = {
            OfferKind.SLOT: lambda: self._by_host(kind, self.slots),
            OfferKind.REVIEW: lambda: self._by_host(kind, self.reviews),
            OfferKind.SLOT_AND_REVIEW: lambda: self._by_host(kind, self.slots_and_reviews),
            OfferKind.ANYONE: self._for_anyone,
            OfferKind.TAG: lambda: self._tags(most),
        }
        ranked = sorted(makers[kind](), key=_order)[:most]
        return tuple(self._told(one) for one in ranked)

    def _by_host(self, kind: OfferKind, adding: Bools) -> Iterator[Offer]:
        """For each professional the cells that help the most senior student they can help."""
        ranks = self.best_rank(adding)
        for j in np.flatnonzero(adding.any(axis=1)).tolist():
            best = int(ranks[j].max())
            windows = spans(self.prepared.problem.grid, adding[j] & (ranks[j] == best))
            yield Offer(kind, 1, self.prepared.problem.professionals[j], windows, rank=best)

    def _for_anyone(self) -> Iterator[Offer]:
        """One offer for each rank that could be helped, by the cells for which it is the highest."""
        ranks = self.anyone_rank
        for best in np.unique(ranks[self.anyone]).tolist():
            windows = spans(self.prepared.problem.grid, self.anyone & (ranks == best))
            yield Offer(OfferKind.ANYONE, 1, windows=windows, rank=best)

    def _told(self, offer: Offer) -> Offer:
        """The offer with the students who would get the session, and for a review the limits that would do."""
        if offer.kind is OfferKind.TAG or self.rank is None:
            return offer
        first = self.coverage.candidates_of(self._cells(offer)) & self.want.students
        if offer.kind is OfferKind.ANYONE:
            first = self.coverage.open[:, self._cells(offer)[0]].any(axis=1) & self._for_all
        who = self.coverage.reaching(first) & self.left_out & (self.rank == offer.rank)
        names = tuple(self.prepared.problem.students[i] for i in np.flatnonzero(who).tolist())
        limits = self.limits(offer.professional) if offer.kind is OfferKind.REVIEW else ()
        return replace(offer, students=names, limits=limits)

    def _cells(self, offer: Offer) -> Bools:
        """P x T: the cells of an offer, in the first row if it is anyone's."""
        grid = self.prepared.problem.grid
        cells = np.zeros(self.coverage.slots.shape, dtype=bool)
        row = self.prepared.professional_index.get(offer.professional, 0)
        for window in offer.windows:
            cells[row, grid.touched(window.start, window.end)] = True
        return cells

    # -- limits and tags ------------------------------------------------------------------------------------------

    @cached_property
    def _raised(self) -> dict[Limit, Room]:
        """What is left when everybody's limit of one kind is one higher."""
        problem = self.prepared.problem
        return {
            "day": Room.of(replace(problem, capacity_day=problem.capacity_day + 1)),
            "week": Room.of(replace(problem, capacity_week=problem.capacity_week + 1)),
            "horizon": Room.of(replace(problem, capacity_horizon=problem.capacity_horizon + 1)),
        }

    def limits(self, professional: str) -> tuple[Limit, ...]:
        """The limits of the professional that add a session when they alone are one higher, in every day or week."""
        return tuple(limit for limit in LIMITS if self.raised(professional, limit))

    def raised(self, professional: str, limit: Limit) -> int:
        """How many sessions it adds when the professional's limit alone is one higher, in every day or week."""
        j, changed = self.prepared.professional_index[professional], self.coverage.copy()
        getattr(changed, limit)[j] = getattr(self._raised[limit], limit)[j]
        return changed.fill()

    def _tags(self, most: int) -> list[Offer]:
        """Options that add sessions, the best `most` among them, those that could add most tried first.

        In a plan with an option, sessions of pairs that it lets meet are the only ones more than before, so they are no
        more than the professional can take and than there are such students with a common slot.
        """
        found: list[Offer] = []
        for bound, j, rule, tag, pairs in sorted(self._tag_bounds(), key=lambda one: -one[0]):
            if len(found) >= most and sorted(one.adds for one in found)[-most] > bound:
                break
            changed = self.coverage.copy()
            changed.can[:, j] |= pairs
            adds = changed.fill()
            if adds:
                name = self.prepared.problem.professionals[j]
                found.append(Offer(OfferKind.TAG, adds, name, requirement=rule.name, tag=tag))
        return found

    def _tag_bounds(self) -> Iterator[tuple[int, int, Requirement, int, Bools]]:
        """The most sessions an option of a professional could add, where it could add any; whom it lets meet (S)."""
        coverage, into = self.coverage, self.room.slots
        limit = np.minimum(coverage.horizon, coverage.slots.sum(axis=1))
        for rule in self.prepared.problem.requirements:
            asked = int(np.bitwise_or.reduce(rule.student_tags, initial=np.uint64(0)))
            for tag in (bit for bit in range(64) if asked >> bit & 1):
                newly = self.newly(rule, tag)
                for j in np.flatnonzero(newly[self.want.students].any(axis=0)).tolist():
                    open_cells = coverage.open[newly[:, j]]
                    meeting = int((open_cells & coverage.slots[j]).any(axis=1).sum())
                    if (open_cells & into[j]).any():
                        yield min(meeting, int(limit[j])), j, rule, tag, newly[:, j]

    def newly(self, rule: Requirement, tag: int) -> Bools:
        """S x P: pairs that only the option `tag` of the professional keeps apart."""
        problem = self.prepared.problem
        bit = np.uint64(1) << np.uint64(tag)
        rules = tuple(
            Requirement(one.name, one.student_tags, one.professional_tags | bit) if one is rule else one
            for one in problem.requirements
        )
        everyone = slice(0, len(problem.students))
        return replace(problem, requirements=rules).eligible(everyone) & ~self.coverage.can


def _order(offer: Offer) -> tuple[object, ...]:
    first = offer.windows[0].start.isoformat() if offer.windows else ""
    return -offer.adds, -offer.rank, first, offer.professional, offer.requirement, offer.tag
