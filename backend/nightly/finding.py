"""Which person of the night somebody means: by id, e-mail address, Discord id or name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from rapidfuzz import fuzz, process

from backend.nightly.exits import Exit, Stop
from optimizer.domain import Professional, Student

LISTED = 8
NEAR_ENOUGH = 60


class Known(Protocol):
    """Whoever knows people by id: a night, or the record."""

    @property
    def students(self) -> Mapping[str, Student]: ...
    @property
    def professionals(self) -> Mapping[str, Professional]: ...


def find(known: Known, text: str, *, students_only: bool = False, where: str = "of tonight") -> Student | Professional:
    """The one person meant. An exact id, address or name wins over words of a name.

    `where`, for messages: whom `known` knows. Raises `Stop(USAGE)` when several fit (they are listed) or nobody does
    (the nearest name is offered).
    """
    people: list[Student | Professional] = list(known.students.values())
    if not students_only:
        people += known.professionals.values()
    wanted = _folded(text)
    exact = [one for one in people if wanted in _handles(one)]
    words = set(wanted.split())
    fitting = exact or [one for one in people if words and words <= set(_folded(one.name).split())]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Stop(Exit.USAGE, f"several people fit; say which by id: {_listed(fitting)}")
    raise Stop(Exit.USAGE, _nobody(text, people, f"{'student' if students_only else 'person'} {where}"))


def _handles(one: Student | Professional) -> set[str]:
    discord = (one.discord_id, one.discord_name) if isinstance(one, Student) else ()
    return {_folded(handle) for handle in (one.id, one.email, one.name, *discord) if handle}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _listed(people: Iterable[Student | Professional]) -> str:
    named = sorted(f"{one.name} ({one.id})" for one in people)
    more = f" and {len(named) - LISTED} more" if len(named) > LISTED else ""
    return ", ".join(named[:LISTED]) + more


def _nobody(text: str, people: list[Student | Professional], kind: str) -> str:
    if "@" in text:
        return f"no {kind} has this e-mail address"
    names = sorted({one.name for one in people if one.name})
    near = process.extractOne(text, names, scorer=fuzz.WRatio, score_cutoff=NEAR_ENOUGH, processor=_folded)
    offer = f"; did you mean {near[0]}?" if near else ""
    return f"no {kind} is called {text!r}{offer}"
