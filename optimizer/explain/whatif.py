"""What a changed night would look like: solved anew, compared session by session and tier by tier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optimizer.domain.plan import Plan, Session
from optimizer.domain.problem import Problem
from optimizer.explain.alterations import Alteration, altered
from optimizer.explain.prepared import Prepared
from optimizer.solving import Solution, solve
from optimizer.tables import Tables, Tier


@dataclass(frozen=True)
class Moved:
    """A student who keeps a session but at another time or with another professional."""

    before: Session
    after: Session


@dataclass(frozen=True)
class TierChange:
    """A tier's value in both plans; None where a plan has no such tier.

    `comparable`: both values are in the same table for the people both nights share; otherwise (ranks among other
    people, capacities that differ) the numbers say nothing about each other.
    """

    name: str
    before: int | None
    after: int | None
    comparable: bool


@dataclass(frozen=True)
class Difference:
    """The exact difference between two plans, counted in sessions.

    `gains`: sessions more than a student had; `loses`: those a student of the new night has no other for; `gone`:
    sessions of students who are not part of it; `same`: how many sessions stay as they are.
    """

    matched_before: int
    matched_after: int
    gains: tuple[Session, ...]
    loses: tuple[Session, ...]
    moves: tuple[Moved, ...]
    gone: tuple[Session, ...]
    same: int
    tiers: tuple[TierChange, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """The changed night with its plan and proof, and what is different."""

    problem: Problem
    solution: Solution
    difference: Difference


def whatif(prepared: Prepared, changes: Sequence[Alteration]) -> Outcome:
    """The night with these changes, solved in full; nothing is stored.

    Raises `AlterationError` for a change that cannot be made, `ContradictionError` when commitments cannot be kept.
    """
    problem = altered(prepared.problem, changes)
    solution = solve(problem, prepared.policy)
    tables = Tables.of(problem, prepared.policy, solution.witness.draw)
    tiers = tuple(_tier_changes(prepared.tables, prepared.plan, tables, solution.plan))
    return Outcome(problem, solution, difference(prepared.plan, solution.plan, frozenset(problem.students), tiers))


def difference(before: Plan, after: Plan, students: frozenset[str], tiers: tuple[TierChange, ...] = ()) -> Difference:
    """Session by session. `students`: who is part of the later night.

    What a student keeps is taken off first; then their earlier sessions move to their later ones in order of start, and
    what is left over on either side is lost or gained.
    """
    gains: list[Session] = []
    missing: list[Session] = []
    moves: list[Moved] = []
    same = 0
    was, now = _by_student(before), _by_student(after)
    for student in dict.fromkeys((*was, *now)):
        earlier, later = was.get(student, []), now.get(student, [])
        kept = {_place(one) for one in earlier} & {_place(one) for one in later}
        same += len(kept)
        earlier, later = ([one for one in some if _place(one) not in kept] for some in (earlier, later))
        moves += map(Moved, earlier, later)
        missing += earlier[len(later) :]
        gains += later[len(earlier) :]
    return Difference(
        matched_before=len(before.sessions),
        matched_after=len(after.sessions),
        gains=_sorted(gains),
        loses=_sorted(one for one in missing if one.student in students),
        moves=tuple(sorted(moves, key=lambda one: _order(one.before))),
        gone=_sorted(one for one in missing if one.student not in students),
        same=same,
        tiers=tiers,
    )


def _by_student(plan: Plan) -> dict[str, list[Session]]:
    found: dict[str, list[Session]] = {}
    for one in plan.sessions:
        found.setdefault(one.student, []).append(one)
    return found


def _sorted(sessions: Iterable[Session]) -> tuple[Session, ...]:
    return tuple(sorted(sessions, key=_order))


def _order(session: Session) -> tuple[object, ...]:
    return session.start, session.professional, session.student


def _place(session: Session) -> tuple[object, ...]:
    return session.professional, session.start


def _tier_changes(before: Tables, old: Plan, after: Tables, new: Plan) -> list[TierChange]:
    """All tiers but the lot, in the order of the new plan, those only the old plan has at the end."""
    values = {tier.name: tier.value for tier in old.tiers}
    tables = {tier.name: tier for tier in before.tiers}
    found = []
    for tier, said in zip(after.tiers[:-1], new.tiers, strict=False):
        was = tables.get(tier.name)
        comparable = was is not None and _same_scale(before, was, after, tier)
        found.append(TierChange(tier.name, values.get(tier.name), said.value, comparable))
    missing = [tier for tier in old.tiers[:-1] if tier.name not in {one.name for one in found}]
    return [*found, *(TierChange(tier.name, tier.value, None, False) for tier in missing)]


def _same_scale(before: Tables, was: Tier, after: Tables, tier: Tier) -> bool:
    """The tables agree about the students, and about the load units, that both nights have."""
    costs = [
        (was.unmatched, tier.unmatched, _keys(before.problem.students), _keys(after.problem.students)),
        (was.load, tier.load, _units(before), _units(after)),
    ]
    for old, new, old_keys, new_keys in costs:
        if old is None or new is None:
            continue
        known = dict(zip(old_keys, old.tolist(), strict=True))
        if any(known.get(key, value) != value for key, value in zip(new_keys, new.tolist(), strict=True)):
            return False
    return len(before.problem.students) == len(after.problem.students) or tier.unmatched is None


def _keys(names: tuple[str, ...]) -> list[tuple[str, int]]:
    return [(name, 0) for name in names]


def _units(tables: Tables) -> list[tuple[str, int]]:
    names = tables.problem.professionals
    owners, numbers = tables.unit_professional.tolist(), tables.unit_number.tolist()
    return [(names[j], number) for j, number in zip(owners, numbers, strict=True)]
