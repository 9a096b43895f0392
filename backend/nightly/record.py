"""What outlives a night, as the nightly job sees it: a port, and the frozen types that cross it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from backend.nightly.exits import Exit, Stop
from ingest.rules import Ledger
from ingest.sheet import Form, Sheet
from optimizer.domain import Interval, Professional, Session, Student
from publish.booking import Recipient
from publish.links import Links
from publish.ports import Item, Outbox
from publish.staff_news import FreePlace, StaffFlag

SessionState = Literal["scheduled", "completed", "cancelled", "no_show"]


@dataclass(frozen=True)
class Sheets:
    """Both forms' answers."""

    students: Sheet
    professionals: Sheet

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """What to tell staff of each sheet that was not read tonight."""
        return tuple(sheet.stand_in for sheet in (self.students, self.professionals) if sheet.stand_in)

    @property
    def rows(self) -> dict[str, int]:
        """Data rows that hold anything, per sheet."""
        both = {Form.STUDENTS: self.students, Form.PROFESSIONALS: self.professionals}
        return {form.value: sum(not row.blank for row in sheet.rows) for form, sheet in both.items()}


class Unreached(Stop):
    """A sheet's place did not answer or did not let us in.

    `read` holds the sheets that were read all the same, `places` where the others were looked for.
    """

    def __init__(self, code: Exit, message: str, read: Mapping[Form, Sheet], places: Mapping[Form, str]) -> None:
        super().__init__(code, message)
        self.read = read
        self.places = places


@dataclass(frozen=True)
class BookedSession:
    """A session that was promised to two people. `key` names it for life; `revision` counts its changes.

    `moved_from`, `moved_at`: its start before the last time it was moved, and when that was; `cancelled_at`: when it
    was cancelled. None where it never was, or where the record keeps no history.
    """

    key: str
    run: str
    session: Session
    why: str = ""
    state: SessionState = "scheduled"
    revision: int = 0
    incarnation: int = 0
    moved_from: datetime | None = field(default=None, compare=False)
    moved_at: datetime | None = field(default=None, compare=False)
    cancelled_at: datetime | None = field(default=None, compare=False)
    student_incarnation: int = 0
    meeting_link: str = ""

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
    """One run that booked. `rows` are the data rows per sheet; `offered` the usable capacity per professional.

    `waited`: whole days that each student of the question had waited; for the ledger, not handed back by every record.
    `stages`: how many students each stage left without a session; `to_confirm`: readings that a person has to confirm.
    `stand_ins`: a sentence for each sheet that could not be read, so that an earlier reading stood in.
    """

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
    waited: Mapping[str, int] = field(default_factory=dict, compare=False)
    stages: Mapping[str, int] = field(default_factory=dict)
    to_confirm: int = 0
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """How to reach a person. `discord_id` only if they have proven that it is theirs, else "".

    `reminders`: by which way they wish to be reminded, "" for the usual one; `phone`: in full, or "".
    """

    name: str
    email: str
    discord_id: str
    zone: str
    reminders: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Parcel:
    """A night as bytes, to be asked about and replayed later. Everybody stands under their pseudonym in all of it."""

    problem: bytes
    plan: bytes
    witness: bytes
    snapshot: bytes


@dataclass(frozen=True)
class RecordState:
    """Everything the nightly job needs to know of earlier nights, and (`decided`) of what people decided since.

    `undone`: runs that staff took back, as they stand now. They count for nothing, but messages were posted of them.
    """

    runs: tuple[RunEntry, ...] = ()
    sessions: tuple[BookedSession, ...] = ()
    people: People = field(default_factory=People)
    decided: Ledger = field(default_factory=Ledger)
    undone: tuple[RunEntry, ...] = ()

    def run_of(self, program: str, night: str) -> RunEntry | None:
        """The last run that booked for this program and night."""
        found = [run for run in self.runs if (run.program, run.night) == (program, night)]
        return found[-1] if found else None

    @property
    def posted(self) -> tuple[RunEntry, ...]:
        """Every run that messages were posted of, by time; of the same hour, what was taken back comes first."""
        return tuple(sorted((*self.undone, *self.runs), key=lambda run: run.as_of))

    def active(self) -> tuple[BookedSession, ...]:
        """Sessions that were not cancelled."""
        return tuple(booked for booked in self.sessions if booked.state != "cancelled")


@dataclass(frozen=True)
class Tonight:
    """What a night begins with. `resumed`: an attempt broke off, and these are its moment and its answers."""

    as_of: datetime
    sheets: Sheets
    state: RecordState
    resumed: bool = False


class Record(Protocol):
    """Where answers, runs, sessions and outgoing items are kept."""

    def state(self) -> RecordState:
        """What earlier nights left and people decided since."""
        ...

    def read(self, sheets: Sheets, as_of: datetime) -> Tonight:
        """What a night would begin with, given these sheets: the answers that count may be more or fewer.

        Leaves no trace.
        """
        ...

    def keep(self, sheets: Sheets, as_of: datetime) -> Tonight:
        """As `read`, and the answers are stored."""
        ...

    def open_night(self, night: str, as_of: datetime, pull: Callable[[], Sheets], *, anew: bool = False) -> Tonight:
        """Begin a night, or go on with one that broke off: then nothing is pulled. `anew`: never go on.

        Where `pull` raises `Unreached`, the last reading of that place stands in if it is young enough; else it passes.
        """
        ...

    def break_off(self, night: str, reason: str) -> None:
        """The night that was begun ends without booking: the next `open_night` begins anew. `reason` names nobody."""
        ...

    def keep_plan(self, run: RunEntry, items: Iterable[Item], parcel: Parcel, *, reason: str = "") -> None:
        """Keep a plan that nobody booked, with what it would send, for staff to approve.

        `reason`: why it is held; names nobody. Raises `Stop(STALE_PLAN)` when this very plan was booked.
        """
        ...

    def commit(
        self,
        run: RunEntry,
        sessions: Iterable[BookedSession],
        people: People,
        items: Iterable[Item],
        *,
        parcel: Parcel | None = None,
        before: RecordState | None = None,
        hold: bool = False,
    ) -> None:
        """Write a run with all that belongs to it: one transaction, all of it or nothing.

        `hold`: its items wait until staff release the run.

        Raises `Stop(STALE_PLAN)` when what the record says about the people of these sessions is no longer as it was
        `before`, or when a session clashes with one that was booked since.
        """
        ...

    def tidy(self) -> None:
        """Do what time has brought about: ask about sessions that are over, delete what was kept long enough."""
        ...

    def session(self, key: str) -> tuple[BookedSession, People] | None:
        """A session as it stands now, with its two people."""
        ...

    def awaits(self, student: str, after: datetime) -> bool:
        """Whether a session of this student that was not cancelled ends after this moment."""
        ...

    def keep_room(self, key: str, link: str) -> None:
        """The room that a calendar made for a session; known from now on to everybody who is told of it."""
        ...

    def completed(self, key: str) -> Mapping[str, str | int | bool | None] | None:
        """What other systems hear of a session that took place, by ids; None when it did not (any more)."""
        ...

    def reach(self, person: str) -> Reach | None:
        """How to reach whom this pseudonym means; None when nobody knows any more."""
        ...

    def links(self, session: str) -> Mapping[Recipient, Links]:
        """What each of the two of a session (by its key) can do by a click; empty where no site answers clicks."""
        ...

    def after_links(self, session: str) -> Mapping[Recipient, Links]:
        """How each of the two says by a click what became of a session that is over."""
        ...

    def own_links(self, person: str, written: date) -> Links:
        """What this person can do for themselves by a click, in a letter of that day."""
        ...

    def taking_part(self) -> Sequence[str]:
        """The pseudonyms of who the next night would look for a session for: asking or offering, not paused."""
        ...

    def skip_links(self, person: str, run_at: datetime) -> Links:
        """How this person stays out of the night that is run at that moment, by a click."""
        ...

    def free_places(self) -> Sequence[FreePlace]:
        """Times of cancelled sessions of the last run that somebody who waits could take, and such as staff were told
        of and that are over."""
        ...

    def told(self, channel: str, person: str = "") -> Sequence[Item]:
        """Every item ever added for a channel, oldest first; with `person` those that are for them."""
        ...

    def flags(self) -> Sequence[StaffFlag]:
        """Where the calendar says something else than the record: what waits for staff, and what lately did."""
        ...

    def last_pass(self, job: str) -> datetime | None:
        """The present of a job's last pass that was noted; None before the first."""
        ...

    def followed(self) -> datetime | None:
        """When what people did in the program's calendar was last taken over; None where nobody ever did that."""
        ...

    def given_up(self) -> int:
        """Items that could not be delivered and that nobody dropped."""
        ...

    def approve_open(self) -> None:
        """Staff let everything open go out: it counts for no guard any more, however long sending it takes."""
        ...

    def in_hand(self, channels: Collection[str]) -> int:
        """Items of these channels that a worker is sending, or was when it died."""
        ...

    def unsent(self, channels: Collection[str]) -> int:
        """Items of these channels that were tried and are neither held, sent nor given up, but for rooms being made."""
        ...

    def waiting(self) -> int:
        """Items that are neither held, sent nor given up."""
        ...

    def held(self) -> Mapping[str, int]:
        """Held items by the id of their run, the oldest run first."""
        ...

    @property
    def outbox(self) -> Outbox: ...
