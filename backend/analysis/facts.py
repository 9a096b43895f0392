"""What happened in a program, row by row and without names: what every measure is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

WishState = Literal["pending", "matched", "scheduled", "completed", "cancelled"]
MeetingState = Literal["scheduled", "completed", "cancelled", "no_show"]


@dataclass(frozen=True)
class Wish:
    """A student's request. `id` and `student` name nobody; `fields` are options of the form, none if none is known."""

    id: str
    student: str
    asked_at: datetime
    state: WishState
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """A session. `wish`: the request it answers, if any, and `asked_at` since when that had waited.

    `assumed`: completed, but nobody said so. `stars`: what the two gave afterwards, 1 to 5 each.
    """

    wish: str
    student: str
    professional: str
    starts_at: datetime
    state: MeetingState
    assumed: bool = False
    asked_at: datetime | None = None
    stars: tuple[int, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Presence:
    """A professional with time to offer on a night that booked. `fields`: what they review."""

    professional: str
    night: str
    as_of: datetime
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class NightFacts:
    """A night that booked. `booked_earlier`: students with a session to come, who asked for nothing more.

    `stages`: how many students each stage left without a session.
    """

    night: str
    as_of: datetime
    sessions: int
    unmatched: int
    booked_earlier: int = 0
    stages: tuple[tuple[str, int], ...] = ()


GIVEN = frozenset({"scheduled", "completed"})
"""States of a session that was given and neither cancelled nor missed."""


@dataclass(frozen=True)
class Facts:
    """Everything about one program, each kind in the order in which it happened. `zone`: whose months count."""

    zone: str
    wishes: tuple[Wish, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    presences: tuple[Presence, ...] = ()
    nights: tuple[NightFacts, ...] = ()

    @cached_property
    def answered(self) -> frozenset[str]:
        """The wishes that a session to come or held answers."""
        return frozenset(one.wish for one in self.meetings if one.wish and one.state in GIVEN)
