"""Why this session: what decided it, and what each alternative would displace or cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.plan import Session
from optimizer.domain.time import Certainty
from optimizer.explain.decisions import NOT_SETTLED, SEED, Choices, decided_by
from optimizer.explain.prepared import Prepared
from optimizer.tables import Chosen

Ints = NDArray[np.int64]
ALTERNATIVES = 5


@dataclass(frozen=True)
class Alternative:
    """Another professional or start for the student, in the best plan that has it.

    `worse`: the first tier in which that plan is worse, by `by` units of its table (at least 1), or `SEED` with 0 when
    it is as good in all of them. `displaces`: students one of whom has to make way there.
    """

    professional: str
    start: datetime
    quality: int
    certainty: Certainty
    worse: str
    by: int
    displaces: tuple[str, ...]


@dataclass(frozen=True)
class MatchExplanation:
    """What decided a session. Each `..._by` is the name of the first tier after which every best plan has it, or
    `SEED` when plans equally good in all real tiers differ in it, or `NOT_SETTLED`.

    `session_by`: this professional at this start; `pair_by`: this professional at whatever start; `start_by`: this
    start with whomever; `matched_by`: a session at all. `alternatives`: the best for each professional, those that cost
    least first. `load` and `room` are the professional's: sessions by this plan, and how many more they could take.
    """

    session: Session
    session_by: str
    pair_by: str
    start_by: str
    matched_by: str
    alternatives: tuple[Alternative, ...]
    load: int
    room: int


def explain_match(
    prepared: Prepared, student: str, most: int = ALTERNATIVES, session: Session | None = None
) -> MatchExplanation:
    """Why the student has this session (their first unless named), with the best `most` alternatives.

    Exact: what decided it by cycles of the residual graph on the faces of the tiers, the cost of an alternative by
    least-cost cycles through it (see `residual.py`). Nights that are no flow have no such graph: what decided there is
    `NOT_SETTLED`. Raises `KeyError` for a student without a session.
    """
    i, session = prepared.student(student), session or prepared.session_of[student]
    j, t = prepared.professional_index[session.professional], prepared.problem.grid.cell_of(session.start)
    load, room = int(prepared.loads[j]), int(prepared.room_left[j])
    if not prepared.by_flow:
        return MatchExplanation(session, NOT_SETTLED, NOT_SETTLED, NOT_SETTLED, NOT_SETTLED, (), load, room)
    choices = Choices(prepared, i)

    def by(other: NDArray[np.bool_]) -> str:
        return decided_by(prepared, choices.level[other])

    return MatchExplanation(
        session=session,
        session_by=by(np.ones_like(choices.leaving)),
        pair_by=by(choices.j != j),
        start_by=by(choices.t != t),
        matched_by=by(choices.leaving),
        alternatives=_alternatives(prepared, i, choices, most),
        load=load,
        room=room,
    )


def _alternatives(prepared: Prepared, i: int, choices: Choices, most: int) -> tuple[Alternative, ...]:
    """Level by level from the deepest: the cheapest start of each professional not yet listed."""
    found: list[Alternative] = []
    listed: set[int] = set()
    for level in range(prepared.residual.levels, -1, -1):
        here = np.flatnonzero((choices.level == level) & ~choices.leaving)
        fresh = here[[j not in listed for j in choices.j[here].tolist()]] if listed else here
        if len(found) >= most or not len(fresh):
            continue
        price = choices.price(level)[fresh]
        for n in np.lexsort((choices.j[fresh], choices.t[fresh], price)).tolist():
            j = int(choices.j[fresh[n]])
            if j in listed or len(found) >= most:
                continue
            listed.add(j)
            found.append(_alternative(prepared, i, j, int(choices.t[fresh[n]]), level, int(price[n])))
    return tuple(found)


def _alternative(prepared: Prepared, i: int, j: int, t: int, level: int, price: int) -> Alternative:
    problem, tables = prepared.problem, prepared.tables
    one = Chosen(*(np.array([index]) for index in (i, j, t)))
    return Alternative(
        professional=problem.professionals[j],
        start=problem.grid.starts[t],
        quality=int(tables.levels[i, j]),
        certainty=Certainty(int(tables.certainty(one)[0])),
        worse=SEED if level >= prepared.residual.levels else tables.tiers[level].name,
        by=price,
        displaces=tuple(problem.students[k] for k in prepared.in_the_way(j, t).tolist() if k != i),
    )
