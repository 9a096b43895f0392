"""The record as one plain JSON file: the embedded default, for one program on one machine.

The whole file is replaced at once (write, sync, rename), so a crash leaves either the old record or the new one.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from backend.nightly.exits import Exit, Stop
from backend.nightly.record import BookedSession, Parcel, People, Reach, RecordState, RunEntry, Sheets, Tonight
from publish.backoff import wait_after
from publish.booking import Recipient
from publish.links import Links
from publish.outbox import CalendarAct
from publish.ports import Item, Outcome, Receipt, State
from publish.staff_news import FreePlace, StaffFlag

OPEN = (State.PENDING, State.UNKNOWN)


class OutboxEntry(BaseModel):
    """One item and what became of it. `not_before`: when it may be tried again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    channel: str
    payload: dict[str, str | int]
    run: str = ""
    state: State = State.PENDING
    attempts: int = 0
    approved: bool = False
    not_before: datetime | None = None
    remote_id: str = ""
    problem: str = ""

    def item(self) -> Item:
        return Item(self.key, self.channel, self.payload, tried=self.attempts > 0, approved=self.approved)


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    format: str = "matching-record/1"
    runs: tuple[RunEntry, ...] = ()
    sessions: tuple[BookedSession, ...] = ()
    people: People = People()
    outbox: tuple[OutboxEntry, ...] = ()


class PlainRecord:
    """Implements `Record` on `record.json` in the state folder. Hold the run lock while using it.

    `clock` tells the present for back-off. Raises `Stop(ERROR)` when the file cannot be used; it is never overwritten
    then.
    """

    def __init__(self, state_dir: Path, clock: Callable[[], datetime]) -> None:
        self.path = state_dir / "record.json"
        self._clock = clock
        self._content = self._load()
        self._claimed: set[str] = set()

    def state(self) -> RecordState:
        """What earlier nights left."""
        return RecordState(self._content.runs, self._content.sessions, self._content.people)

    def read(self, sheets: Sheets, as_of: datetime) -> Tonight:
        """The sheets as they are: this record keeps no answers."""
        return Tonight(as_of, sheets, self.state())

    keep = read

    def open_night(
        self,
        night: str,  # noqa: ARG002
        as_of: datetime,
        pull: Callable[[], Sheets],
        *,
        anew: bool = False,  # noqa: ARG002
    ) -> Tonight:
        """Every attempt starts anew."""
        return self.read(pull(), as_of)

    def break_off(self, night: str, reason: str) -> None:
        """Nothing was kept of the attempt."""

    def keep_plan(self, run: RunEntry, items: Iterable[Item], parcel: Parcel, *, reason: str = "") -> None:
        """This record has no admin in which staff could approve a plan: `plan -o FILE` and `apply` do that here."""

    def commit(
        self,
        run: RunEntry,
        sessions: Iterable[BookedSession],
        people: People,
        items: Iterable[Item],
        *,
        parcel: Parcel | None = None,  # noqa: ARG002 - this record answers no questions about earlier nights
        before: RecordState | None = None,  # noqa: ARG002 - nobody else writes here while the run lock is held
        hold: bool = False,
    ) -> None:
        """Add a run with its sessions, people and outgoing items: all of it or nothing."""
        old = self._content
        new = _Content(
            runs=(*old.runs, run),
            sessions=(*old.sessions, *sessions),
            people=People(
                {**old.people.students, **people.students}, {**old.people.professionals, **people.professionals}
            ),
            outbox=_with(old.outbox, items, run.id, State.HELD if hold else State.PENDING),
        )
        self._store(new)

    def tidy(self) -> None:
        """Sessions are not closed here, and no answers are kept."""

    def session(self, key: str) -> tuple[BookedSession, People] | None:
        """A session as it stands now; with everybody, the two people among them."""
        found = next((one for one in self._content.sessions if one.key == key), None)
        return (found, self._content.people) if found else None

    def awaits(self, student: str, after: datetime) -> bool:
        """Whether a session of this student that was not cancelled ends after this moment."""
        return any(one.session.student == student and one.interval.end > after for one in self.state().active())

    def keep_room(self, key: str, link: str) -> None:
        """The room that a calendar made for a session."""
        sessions = (replace(one, meeting_link=link) if one.key == key else one for one in self._content.sessions)
        self._store(self._content.model_copy(update={"sessions": tuple(sessions)}))

    def completed(self, key: str) -> None:  # noqa: ARG002
        """Sessions are not closed here."""
        return

    def reach(self, person: str) -> Reach | None:
        """By e-mail alone: here nobody has proven a Discord id."""
        people = self._content.people
        found = people.students.get(person) or people.professionals.get(person)
        return Reach(found.name, found.email, "", found.zone) if found else None

    def links(self, session: str) -> Mapping[Recipient, Links]:  # noqa: ARG002
        """None: only the database has a site."""
        return {}

    def after_links(self, session: str) -> Mapping[Recipient, Links]:  # noqa: ARG002
        """None: only the database has a site."""
        return {}

    def own_links(self, person: str, written: date) -> Links:  # noqa: ARG002
        """None: only the database has a site."""
        return {}

    def taking_part(self) -> Sequence[str]:
        """Nobody that this record knows of before a night."""
        return ()

    def skip_links(self, person: str, run_at: datetime) -> Links:  # noqa: ARG002
        """None: only the database has a site."""
        return {}

    def free_places(self) -> Sequence[FreePlace]:
        """None: here nobody cancels."""
        return ()

    def told(self, channel: str, person: str = "") -> Sequence[Item]:
        """Every item ever added for a channel, oldest first; with `person` those that are for them."""
        items = [entry.item() for entry in self._content.outbox if entry.channel == channel]
        return [item for item in items if not person or item.payload.get("person") == person]

    def flags(self) -> Sequence[StaffFlag]:
        """Nobody follows a calendar here."""
        return ()

    def last_pass(self, job: str) -> None:  # noqa: ARG002
        """No job works on this record."""
        return

    def followed(self) -> None:
        """Nobody follows a calendar here."""
        return

    def given_up(self) -> int:
        """Items that could not be delivered."""
        return sum(entry.state is State.DEAD for entry in self._content.outbox)

    def approve_open(self) -> None:
        """Staff let everything open go out."""
        entries = (
            one.model_copy(update={"approved": True}) if one.state in OPEN else one for one in self._content.outbox
        )
        self._store(self._content.model_copy(update={"outbox": tuple(entries)}))

    def in_hand(self, channels: Collection[str]) -> int:  # noqa: ARG002
        """None: nobody else writes here while the run lock is held."""
        return 0

    def unsent(self, channels: Collection[str]) -> int:
        """Items of these channels that were tried and are neither held, sent nor given up, but for rooms being made."""
        open_items = (one for one in self._content.outbox if one.state in OPEN)
        tried = (one for one in open_items if one.attempts and one.channel in channels)
        return sum(one.payload.get("act") != CalendarAct.ROOM for one in tried)

    def waiting(self) -> int:
        """Items that are neither held, sent nor given up."""
        return sum(entry.state in OPEN for entry in self._content.outbox)

    def held(self) -> Mapping[str, int]:
        """Held items by the id of their run, the oldest run first."""
        return Counter(entry.run for entry in self._content.outbox if entry.state is State.HELD)

    @property
    def outbox(self) -> PlainRecord:
        return self

    # -- the Outbox port ---------------------------------------------------------------------------------------

    @property
    def entries(self) -> Sequence[OutboxEntry]:
        """Every item ever added, in order."""
        return self._content.outbox

    def add(self, items: Iterable[Item]) -> None:
        """Keep new items as pending; one whose key is known stays as it is."""
        self._store(self._content.model_copy(update={"outbox": _with(self._content.outbox, items)}))

    def due(self) -> Sequence[Item]:
        """Items that may be tried now, in the order they were added."""
        now = self._clock()
        return [
            entry.item()
            for entry in self._content.outbox
            if entry.state in OPEN and (entry.not_before is None or entry.not_before <= now)
        ]

    def begin(self, key: str) -> bool:
        """Record an attempt before anything is sent."""
        entry = self._entry(key)
        if key in self._claimed or entry is None or entry.state not in OPEN:
            return False
        self._claimed.add(key)
        self._put(entry.model_copy(update={"state": State.UNKNOWN, "attempts": entry.attempts + 1}))
        return True

    def finish(self, key: str, outcome: Outcome) -> None:
        """Record what came of the attempt."""
        entry = self._entry(key)
        if entry is None:
            raise KeyError(key)
        self._claimed.discard(key)
        self._put(entry.model_copy(update=self._after(entry, outcome)))

    def rests_until(self, key: str) -> datetime | None:
        """When the item may be tried again, if it has to wait."""
        entry = self._entry(key)
        return entry.not_before if entry else None

    def _after(self, entry: OutboxEntry, outcome: Outcome) -> dict[str, Any]:
        if isinstance(outcome, Receipt):
            return {"state": State.SENT, "remote_id": outcome.remote_id, "problem": "", "not_before": None}
        later = self._clock() + wait_after(entry.key, entry.attempts, outcome)
        return {"state": outcome.state, "problem": str(outcome), "not_before": later}

    def _entry(self, key: str) -> OutboxEntry | None:
        return next((entry for entry in self._content.outbox if entry.key == key), None)

    def _put(self, changed: OutboxEntry) -> None:
        entries = tuple(changed if entry.key == changed.key else entry for entry in self._content.outbox)
        self._store(self._content.model_copy(update={"outbox": entries}))

    # -- the file ----------------------------------------------------------------------------------------------

    def _load(self) -> _Content:
        try:
            return _Content.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return _Content()
        except OSError as error:
            raise Stop(Exit.ERROR, f"the record {self.path} cannot be read: {error.strerror}") from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise Stop(
                Exit.ERROR, f"the record {self.path} is damaged at {place}: {first['msg']}; restore it from a backup"
            ) from None

    def _store(self, content: _Content) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self.path, json.dumps(content.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n")
        self._content = content


def write_whole(path: Path, text: str | bytes) -> None:
    """Replace a file at once, readable by its owner only."""
    beside = path.with_name(f".{path.name}.new")
    data = text.encode() if isinstance(text, str) else text
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _with(
    entries: tuple[OutboxEntry, ...], items: Iterable[Item], run: str = "", state: State = State.PENDING
) -> tuple[OutboxEntry, ...]:
    known = {entry.key for entry in entries}
    new: Mapping[str, Item] = {item.key: item for item in items if item.key not in known}
    return (
        *entries,
        *(
            OutboxEntry(
                key=item.key,
                channel=item.channel,
                payload=dict(item.payload),
                run=run,
                state=state,
                approved=item.approved,
            )
            for item in new.values()
        ),
    )
