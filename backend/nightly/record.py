"""What outlives a night, as the nightly job sees it: a port, and the frozen types that cross it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from optimizer.domain import Interval, Professional, Session, Student
from publish.ports import Item, Outbox

SessionState = Literal["scheduled", "completed", "cancelled", "no_show"]


@dataclass(frozen=True)
class BookedSession:
    """A session that was promised to two people. `key` names it for life; `revision` counts its changes."""

    key: str
    run: str
    session: Session
    why: str = ""
    state: SessionState = "scheduled"
    revision: int = 0
    incarnation: int = 0

    @property
    def interval(self) -> Interval:
        return self.session.interval


@dataclass(frozen=True)
class People:
    """Who is behind the pseudonyms: the one place where names and addresses are kept."""

    students: Mapping[str, Student] = field(default_factory=dict)
    professionals: Mapping[str, Professional] = field(default_factory=dict)


@dataclass(frozen=True)
class RunEntry:
    """One run that booked. `rows` are the data rows per sheet; `offered` the usable capacity per professional."""

    id: str
    program: str
    night: str
    as_of: datetime
    inputs_hash: str
    sessions: int
    unmatched: int
    rows: Mapping[str, int] = field(default_factory=dict)
    offered: Mapping[str, int] = field(default_factory=dict)
    booked_earlier: int = 0


@dataclass(frozen=True)
class RecordState:
    """Everything the nightly job needs to know of earlier nights."""

    runs: tuple[RunEntry, ...] = ()
    sessions: tuple[BookedSession, ...] = ()
    people: People = field(default_factory=People)

    def run_of(self, program: str, night: str) -> RunEntry | None:
        """The last run that booked for this program and night."""
        found = [run for run in self.runs if (run.program, run.night) == (program, night)]
        return found[-1] if found else None

    def active(self) -> tuple[BookedSession, ...]:
        """Sessions that were not cancelled."""
        return tuple(booked for booked in self.sessions if booked.state != "cancelled")


class Record(Protocol):
    """Where runs, sessions and outgoing items are kept. `commit` is one transaction: all of it or nothing."""

    def state(self) -> RecordState: ...

    def commit(
        self, run: RunEntry, sessions: Iterable[BookedSession], people: People, items: Iterable[Item]
    ) -> None: ...

    @property
    def outbox(self) -> Outbox: ...
