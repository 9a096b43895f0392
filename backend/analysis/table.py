"""Groups as a table: one row each, one column a measure, with what is about too few people left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from backend.analysis.groups import SMALLEST, Group
from backend.analysis.measures import Measures

Value = int | float | None


def _everybody(told: Measures) -> int:
    return told.students


def _given(told: Measures) -> int:
    return sum(told.sessions.values()) - told.sessions["cancelled"]


def _ratings(told: Measures) -> int:
    return sum(told.ratings.values())


@dataclass(frozen=True)
class Column:
    """A measure under its name in tables. `about`: of how many people or answers it speaks."""

    name: str
    meaning: str
    of: Callable[[Measures], Value]
    about: Callable[[Measures], int] = _everybody


COLUMNS = (
    Column("asked", "students who asked", lambda told: told.asked),
    Column("matched", "of them, with a session to come or held", lambda told: told.matched),
    Column("waiting", "of them, without one, and their request is open", lambda told: told.waiting),
    Column("matched_share", "matched / asked", lambda told: told.matched_share),
    Column("sessions", "sessions that were not cancelled", _given),
    Column("to_come", "of them, to come or not settled yet", lambda told: told.sessions["scheduled"]),
    Column("completed", "of them, held: somebody said so", lambda told: told.completed),
    Column("completed_assumed", "of them, held: nobody said otherwise", lambda told: told.assumed),
    Column("no_shows", "of them, somebody did not come", lambda told: told.sessions["no_show"]),
    Column("cancelled", "sessions that were cancelled", lambda told: told.sessions["cancelled"]),
    Column("completion_share", "held, said or assumed, of settled sessions", lambda told: told.completion_share),
    Column("confirmed_share", "held, and somebody said so, of settled sessions", lambda told: told.confirmed_share),
    Column("no_show_share", "no-shows of settled sessions", lambda told: told.no_show_share),
    Column("days_to_session", "median days from asking to the session", lambda told: told.to_session.median),
    Column("days_to_session_mean", "mean of them", lambda told: told.to_session.mean),
    Column("days_to_session_longest", "longest of them", lambda told: told.to_session.longest),
    Column("ratings", "ratings given", _ratings),
    Column("rating_mean", "their mean, of 5", lambda told: told.rating_mean, _ratings),
    Column("professionals", "who offered time or met somebody", lambda told: told.load.professionals),
    Column("load_mean", "sessions of each", lambda told: told.load.mean, lambda told: told.load.professionals),
    Column("load_most", "sessions of the busiest", lambda told: told.load.most, lambda told: told.load.professionals),
    Column(
        "load_gini",
        "how unevenly the load lies: 0 evenly, 1 all on one",
        lambda told: told.load.gini,
        lambda told: told.load.professionals,
    ),
)
ALWAYS = frozenset({"asked"})


def row(group: Group, smallest: int = SMALLEST) -> dict[str, Value]:
    """Column -> value of a group; None where there is nothing to measure or too few people to tell."""
    return {column.name: _value(column, group, smallest) for column in COLUMNS}


def hidden(groups: Iterable[Group]) -> int:
    """How many groups tell only how many asked."""
    return sum(group.hidden for group in groups)


def _value(column: Column, group: Group, smallest: int) -> Value:
    if column.name in ALWAYS:
        return column.of(group.measures)
    if group.hidden or 0 < column.about(group.measures) < smallest:
        return None
    return column.of(group.measures)
