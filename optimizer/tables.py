"""The integer tables that say what "better" means: one per tier, smaller sums are better, earlier tiers first.

This is the definition the engine and the checker share. A tier's value is
`base` + the `unmatched` cost of every student with fewer than `session_number` sessions + the costs of all chosen
candidates + the costs of all load units in use, where the n-th session of a professional (kept sessions counted) uses
that professional's unit n.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.policy import LEXIMIN, Policy
from optimizer.domain.problem import Problem
from optimizer.domain.time import Certainty
from optimizer.quality import Quality
from optimizer.room import Room
from optimizer.selection import only

FAIRNESS_SCALE = 1_000_000
"""Cost of the worst level under alpha-fairness; the best level costs 0."""
BALANCE_SCALE = 10_000
"""Cost units for one review squared per review of capacity."""
TIE_BREAK_BITS = 30
COMMITMENTS = "commitments"
GONE = 1 << 40
"""Stands for a professional who is not in the part: a session there is another one's than any candidate's."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Chosen(NamedTuple):
    """Candidates as equally long index arrays: student, professional, cell."""

    i: Ints
    j: Ints
    t: Ints


@dataclass(frozen=True, eq=False)
class Tier:
    """One tier. Absent tables cost nothing. All costs but those of `load` are >= 0.

    `unmatched` (S), charged to students with fewer than `session_number` sessions; `by_level` (Q + 1, index 0 unused);
    `by_certainty` (4, index 0 unused); `by_cell` (T); `load` (units, aligned with `Tables.unit_professional`),
    non-decreasing within one professional. `moved` (S x 2): professional and cell where a student's session stands, -1
    for none; every other candidate of theirs costs `moved_cost`.
    """

    name: str
    base: int = 0
    unmatched: Ints | None = None
    session_number: int = 1
    by_level: Ints | None = None
    by_certainty: Ints | None = None
    by_cell: Ints | None = None
    lot: Lot | None = None
    load: Ints | None = None
    moved: Ints | None = None
    moved_cost: int = 1

    @property
    def judges_candidates(self) -> bool:
        """Some candidate may cost something; otherwise only people do."""
        tables = (self.by_level, self.by_certainty, self.by_cell, self.lot, self.moved)
        return any(table is not None for table in tables)


@dataclass(frozen=True, eq=False)
class Lot:
    """Keyed hashes of the ids; mixed they give every candidate a pseudo-random cost of `bits` bits."""

    students: NDArray[np.uint64]
    professionals: NDArray[np.uint64]
    cells: NDArray[np.uint64]
    bits: int = TIE_BREAK_BITS

    def part(self, students: Bools, professionals: Bools) -> Lot:
        """The lot of these people (masks)."""
        return replace(self, students=self.students[students], professionals=self.professionals[professionals])

    def cost(self, chosen: Chosen) -> Ints:
        mixed = self.students[chosen.i] ^ self.professionals[chosen.j] ^ self.cells[chosen.t]
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)  # splitmix64's finaliser
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - self.bits)).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Tables:
    """All integer tables of a problem under a policy.

    `levels` (S x P): quality level, 0 = not allowed. Load units: `unit_professional` and `unit_number` (the n of
    "n-th session", kept ones counted), in order of professional and number. `is_whole`: not just a part of a night.
    """

    problem: Problem
    policy: Policy
    room: Room
    quality: Quality
    levels: NDArray[np.uint8]
    unit_professional: Ints
    unit_number: Ints
    tiers: tuple[Tier, ...]
    draw: int = 0
    is_whole: bool = True

    @classmethod
    def of(cls, problem: Problem, policy: Policy, draw: int = 0) -> Tables:
        """The tables, with the tie-break's `draw`-th key."""
        room = Room.of(problem)
        units = np.minimum(room.most, int(problem.demand.sum()))
        owner = np.repeat(np.arange(len(units)), units)
        number = np.arange(len(owner)) - np.repeat(np.cumsum(units) - units, units) + 1
        number += problem.kept_load[owner]
        tiers = (
            *commitments(problem, owner, number),
            *_coverage(problem),
            *_moves(problem),
            *_certainty(problem),
            *_wishes(policy, _volunteers(problem, owner, number), _balance(problem, room, owner, number)),
            Tier("earliest", by_cell=np.arange(problem.grid.cells)),
            Tier("drawn by lot", lot=_lot(problem, policy.seed, draw)),
        )
        quality = Quality(problem, policy)
        return cls(problem, policy, room, quality, quality.levels, owner, number, tiers, draw)

    def redrawn(self) -> Tables:
        """The same tables with the next key of the tie-break."""
        lot = _lot(self.problem, self.policy.seed, self.draw + 1)
        tiers = (*self.tiers[:-1], replace(self.tiers[-1], lot=lot))
        return replace(self, tiers=tiers, draw=self.draw + 1)

    def part(self, students: Bools, professionals: Bools) -> Tables:
        """The tables of these people alone (masks): with `base` left to the whole, values of parts add up."""
        units = professionals[self.unit_professional]
        number = np.cumsum(professionals) - 1
        few = only(self.problem, students, professionals)

        def sliced(tier: Tier) -> Tier:
            unmatched = None if tier.unmatched is None else tier.unmatched[students]
            load = None if tier.load is None else tier.load[units]
            moved = None if tier.moved is None else _renumbered(tier.moved[students], professionals, number)
            lot = None if tier.lot is None else tier.lot.part(students, professionals)
            return replace(tier, base=0, unmatched=unmatched, load=load, moved=moved, lot=lot)

        return replace(
            self,
            problem=few,
            room=self.room.part(professionals),
            quality=Quality(few, self.policy),
            levels=self.levels[np.ix_(students, professionals)],
            unit_professional=number[self.unit_professional[units]],
            unit_number=self.unit_number[units],
            tiers=tuple(sliced(tier) for tier in self.tiers),
            is_whole=False,
        )

    def certainty(self, chosen: Chosen) -> Ints:
        """The lowest certainty of any cell on the two sides."""
        return self.problem.start_certainty(chosen.i, chosen.j, chosen.t)

    def cost(self, tier: Tier, chosen: Chosen) -> Ints:
        """What each candidate costs in the tier."""
        total = np.zeros(len(chosen.i), dtype=np.int64)
        if tier.by_level is not None:
            total += tier.by_level[self.levels[chosen.i, chosen.j]]
        if tier.by_certainty is not None:
            total += tier.by_certainty[self.certainty(chosen)]
        if tier.by_cell is not None:
            total += tier.by_cell[chosen.t]
        if tier.moved is not None:
            place = tier.moved[chosen.i]
            elsewhere = (place[:, 0] >= 0) & ((place[:, 0] != chosen.j) | (place[:, 1] != chosen.t))
            total += tier.moved_cost * elsewhere
        if tier.lot is not None:
            total += tier.lot.cost(chosen)
        return total

    def value(self, tier: Tier, chosen: Chosen) -> int:
        """The tier's value of a plan with these sessions."""
        total = tier.base + int(self.cost(tier, chosen).sum())
        if tier.unmatched is not None:
            sessions = np.bincount(chosen.i, minlength=len(self.problem.students))
            total += int(tier.unmatched[sessions < tier.session_number].sum())
        if tier.load is not None:
            loads = np.bincount(chosen.j, minlength=len(self.problem.professionals)) + self.problem.kept_load
            total += int(tier.load[self.unit_number <= loads[self.unit_professional]].sum())
        return total


def _renumbered(moved: Ints, professionals: Bools, number: Ints) -> Ints:
    """`Tier.moved` with the numbers that the professionals have among the few."""
    places = moved.copy()
    known = (moved[:, 0] >= 0) & professionals[np.maximum(moved[:, 0], 0)]
    places[:, 0] = np.where(known, number[np.maximum(moved[:, 0], 0)], np.where(moved[:, 0] >= 0, GONE, -1))
    return places


def commitments(problem: Problem, owner: Ints, number: Ints) -> tuple[Tier, ...]:
    """Pins, standing sessions and hard minimum loads not met: a tier before all others, whose value has to be 0."""
    hard = np.where(problem.minimum_is_hard, problem.minimum_load, 0)
    if not problem.pins and not problem.standing and not hard.any():
        return ()
    missing = int(np.maximum(hard - problem.kept_load, 0).sum())
    reaching = -(number <= hard[owner]).astype(np.int64)
    promised = (problem.pinned | problem.stands).astype(np.int64)
    return (Tier(COMMITMENTS, base=missing, unmatched=promised, load=reaching),)


def _coverage(problem: Problem) -> tuple[Tier, ...]:
    """In the flow case one tier: weights 1..K by (class, wait), equal for equals.

    They are strictly positive, so most students come first (a matroid). Hard minimum loads, starts that shut each
    other out and several sessions each break that; then for the first, the second and each further session the number
    of students without it is a tier of its own, followed by the number of each class and by the days they have waited.
    """
    binding = (problem.minimum_is_hard & (problem.minimum_load > 0)).any()
    if binding or not problem.flow_case:
        most = int(problem.demand.max(initial=1))
        return tuple(tier for number in range(1, most + 1) for tier in _without(problem, number))
    keys = np.stack([problem.seniority_class, problem.waiting_days], axis=1)
    _, rank = np.unique(keys, axis=0, return_inverse=True)
    return (Tier("coverage and seniority", unmatched=rank.reshape(-1).astype(np.int64) + 1),)


def _without(problem: Problem, number: int) -> Iterator[Tier]:
    """Students who ask for an n-th session and have none: how many, how many of each class, their days waited."""
    asks = (problem.demand >= number).astype(np.int64)
    said = "left out" if number == 1 else f"without session {number}"
    yield Tier(f"students {said}", unmatched=asks, session_number=number)
    for one in np.unique(problem.seniority_class[asks > 0])[::-1].tolist():
        yield Tier(f"{said} of class {one}", unmatched=asks * (problem.seniority_class == one), session_number=number)
    yield Tier(f"days waited by those {said}", unmatched=asks * problem.waiting_days, session_number=number)


def _moves(problem: Problem) -> tuple[Tier, ...]:
    """In a re-plan: how many people get another professional or start than they were told."""
    return (Tier("people moved", moved=problem.stand_at),) if problem.standing else ()


def _certainty(problem: Problem) -> tuple[Tier, Tier]:
    """Sessions in cells that either side is not certain about; nothing costs where nobody is in doubt."""

    def sessions_of(certainty: Certainty) -> Ints | None:
        sides = (problem.student_open, problem.professional_open)
        return (
            (np.arange(4) == certainty).astype(np.int64) if any((side == certainty).any() for side in sides) else None
        )

    return (
        Tier("doubtful times", by_certainty=sessions_of(Certainty.LOW_CONFIDENCE)),
        Tier("times if needed", by_certainty=sessions_of(Certainty.IF_NEEDED)),
    )


def _volunteers(problem: Problem, owner: Ints, number: Ints) -> tuple[Tier, Tier]:
    """Sessions missing to minimum loads; professionals with nobody (kept sessions are somebody)."""
    missing = np.maximum(problem.minimum_load - problem.kept_load, 0)
    reaching = -(number <= problem.minimum_load[owner]).astype(np.int64)
    first = -(number == 1).astype(np.int64)
    return (
        Tier("minimum loads", base=int(missing.sum()), load=reaching),
        Tier("professionals with nobody", base=int((problem.kept_load == 0).sum()), load=first),
    )


def _wishes(policy: Policy, volunteers: tuple[Tier, ...], balance: Tier) -> tuple[Tier, ...]:
    """Volunteers, fit and load balance in the order the policy wants, fit and load as one tier where it weighs them."""
    fairness, weight = _fairness(policy), policy.load_weight
    before: tuple[Tier, ...] = fairness
    after: tuple[Tier, ...] = (balance,)
    if weight:
        before, after = (balance, *fairness) if weight == 100 else (_weighed(fairness[0], balance, weight),), ()
    return (*volunteers, *before, *after) if policy.volunteers_first else (*before, *volunteers, *after)


def _weighed(fit: Tier, balance: Tier, weight: int) -> Tier:
    """Fit and load balance as one sum, the load's share in per cent."""
    assert fit.by_level is not None
    assert balance.load is not None
    stretch = max(1, FAIRNESS_SCALE // max(1, int(fit.by_level[1])))  # alpha 0 counts levels
    scale = weight * FAIRNESS_SCALE // BALANCE_SCALE
    return Tier("fit and load", by_level=(100 - weight) * stretch * fit.by_level, load=scale * balance.load)


def _fairness(policy: Policy) -> tuple[Tier, ...]:
    levels = np.arange(policy.levels + 1)
    if policy.alpha == LEXIMIN:
        return tuple(
            Tier(f"fit of level {level}", by_level=(levels == level).astype(np.int64))
            for level in range(1, policy.levels)
        )
    costs = np.zeros(policy.levels + 1, dtype=np.int64)
    costs[1:] = alpha_costs(float(policy.alpha), policy.levels)
    return (Tier("fit", by_level=costs),)


def alpha_costs(alpha: float, levels: int) -> list[int]:
    """Integer cost of level 1..Q: welfare lost against the best level, strictly falling, 0 for the best.

    Welfare is f(q) = q^(1 - alpha) / (1 - alpha), log q for alpha 1 (Mo and Walrand 2000). Alpha 0 counts levels;
    otherwise level 1 costs FAIRNESS_SCALE or a little more, as no two levels may cost the same.
    """
    if alpha == 0:
        return [levels - q for q in range(1, levels + 1)]

    def welfare(q: int) -> float:
        return math.log(q) if alpha == 1 else (q ** (1 - alpha) - 1) / (1 - alpha)

    costs, span = [0], welfare(levels) - welfare(1)
    for q in range(levels - 1, 0, -1):
        costs.append(max(costs[-1] + 1, round(FAIRNESS_SCALE * (welfare(levels) - welfare(q)) / span)))
    return costs[::-1]


def _balance(problem: Problem, room: Room, owner: Ints, number: Ints) -> Tier:
    """Sum of (reviews + debt)^2 / usable capacity, as the rounded-down increase of each further review.

    usable = kept reviews + the most further ones (`Room.most`); debt is in hundredths of a review.
    """
    usable = np.maximum(problem.kept_load + room.most, 1)
    increase = 200 * number - 100 + 2 * problem.debt[owner]
    return Tier("load balance", load=BALANCE_SCALE * increase // (100 * usable[owner]))


def _lot(problem: Problem, seed: int, draw: int) -> Lot:
    starts = tuple(start.isoformat() for start in problem.grid.starts)
    return Lot(
        _hashes(f"{seed}:{draw}:student", problem.students),
        _hashes(f"{seed}:{draw}:professional", problem.professionals),
        _hashes(f"{seed}:{draw}:start", starts),
        TIE_BREAK_BITS,
    )


def _hashes(key: str, names: tuple[str, ...]) -> NDArray[np.uint64]:
    """64 bits of keyed BLAKE2b for each name: the same on every machine and under every PYTHONHASHSEED."""
    secret = hashlib.blake2b(key.encode(), digest_size=32).digest()
    digests = b"".join(hashlib.blake2b(name.encode(), digest_size=8, key=secret).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)
