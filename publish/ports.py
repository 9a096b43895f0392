"""What publishing needs from the world, as its callers see it. Adapters and the record implement these.

The promise: nothing is lost, and nothing is doubled where a channel lets us look. So every act can be repeated:
it finds what an earlier try left behind and reports that instead of acting again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from optimizer.domain import Interval
from publish.booking import Invitation
from publish.message import Message

OUTDATED = "outdated: "
"""How the problem of an item begins that was dropped because the world had moved on."""


class State(StrEnum):
    """Where an outbox item stands. UNKNOWN: an attempt began and nobody knows how it ended, so look before acting.

    HELD: its night was run with `--hold`, and staff have not released it yet.
    """

    HELD = "held"
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    UNKNOWN = "unknown"


class PublishError(Exception):
    """An outside service refused or was not reached. The message is fit for logs: no address, no text, no token.

    `permanent`: trying again cannot help until somebody changes something. `uncertain`: the act may have happened.
    `retry_after`: how long the service asks us to wait. `blocks_channel`: nothing else will get through this channel
    either (bad credentials, rate limit), so the rest of it waits instead of failing item by item.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        uncertain: bool = False,
        retry_after: timedelta | None = None,
        blocks_channel: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.blocks_channel = blocks_channel

    @property
    def state(self) -> State:
        """What becomes of the item. A blocked channel kills no item: it goes out once the channel is mended."""
        if self.permanent and not self.blocks_channel:
            return State.DEAD
        return State.UNKNOWN if self.uncertain else State.PENDING


def blocking(outcomes: Iterable[object]) -> PublishError | None:
    """The first outcome that blocks its channel; None while more may get through."""
    return next((one for one in outcomes if isinstance(one, PublishError) and one.blocks_channel), None)


class ClosedDoorError(PublishError):
    """This person takes no messages of ours by this channel: try another."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class ComingError(PublishError):
    """Nothing is wrong, and what is looked for is not there yet: the item waits, and nobody has to hear of it."""


class OutdatedError(PublishError):
    """What it would say is no longer true, or too late to be of use: nothing is sent, and nobody has to look at it."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{OUTDATED}{message}", permanent=True)


class EventDeletedError(PublishError):
    """The event was deleted in the calendar, and its id stays taken: book again under the next incarnation."""

    def __init__(self, event_id: str) -> None:
        message = f"event {event_id} was deleted in the calendar; sync settles what becomes of its session"
        super().__init__(message, permanent=True)


@dataclass(frozen=True)
class Receipt:
    """It is done. `remote_id` is the service's own name for it, `version` its etag or edit mark where it has one.

    `repeated`: an earlier attempt had done it already, and nothing was sent this time. `link`: where people see it.
    `room`: the room that the service made for the session, if it did.
    """

    remote_id: str
    version: str = ""
    repeated: bool = False
    link: str = ""
    room: str = ""


Outcome = Receipt | PublishError


@dataclass(frozen=True)
class CalendarEvent:
    """An event as the calendar has it now. `replies`: response status by address in lower case.

    `program` and `session` are what we wrote into it ("" if it is not ours, or deleted and no longer told), `reply` is
    the response status of the guest it was made for ("" when they are not among the guests any more). `room`: the
    room the service made; `room_asked`: where that stands, "pending", "success", "failure" or "" when nobody asked.
    """

    event_id: str
    version: str
    start: datetime | None
    end: datetime | None
    cancelled: bool
    revision: int
    replies: Mapping[str, str]
    link: str = ""
    program: str = ""
    session: str = ""
    reply: str = ""
    room: str = ""
    room_asked: str = ""


@dataclass(frozen=True)
class Changes:
    """What a calendar tells about itself since a token was given. `token` goes into the next question.

    `complete`: `events` are all there are (nobody had a token, or it was too old), not only those that changed.
    """

    events: tuple[CalendarEvent, ...]
    token: str
    complete: bool


class Watch(Protocol):
    """A calendar that tells what became of its events. Every method raises `PublishError`."""

    def get(self, event_id: str) -> CalendarEvent | None:
        """See `Calendar.get`."""
        ...

    def changes(self, token: str) -> Changes:
        """Everything that changed since the token was given, whoever changed it; all there is without a token."""
        ...


@dataclass(frozen=True)
class BusyTimes:
    """When people are busy by their own calendars, by address; `unseen`: why a calendar could not be looked into."""

    busy: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    unseen: Mapping[str, str] = field(default_factory=dict)


class FreeBusy(Protocol):
    """Calendars of other people, of which nothing is seen but when they are busy."""

    def busy(self, addresses: Sequence[str], span: Interval) -> BusyTimes:
        """Within the span. Every address is in one of the two answers. Never raises: a failure is an answer too."""
        ...


class Calendar(Protocol):
    """Invitations in a calendar, by `Invitation.event_id`.

    The three acts take many at once, since some services take many in one request, and return one outcome for each
    in the same order: a failure does not stop the others, except that after one that blocks the channel those not yet
    tried come back with that same error. Repeating an act that already took effect sends nothing.
    """

    def get(self, event_id: str) -> CalendarEvent | None:
        """The event, deleted ones with `cancelled` set, or None if the id was never used. Raises `PublishError`."""
        ...

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """Make each event be there as it should. A deleted one gives `EventDeletedError`."""
        ...

    def revise(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """Bring each existing event to its invitation's revision; an older revision than the event's is refused."""
        ...

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """Take each event out of the calendar and tell its guest. One that is gone already counts as done."""
        ...


@dataclass(frozen=True)
class Posted:
    """A message of ours as the service has it."""

    message_id: str
    text: str


class Announcer(Protocol):
    """Messages in the channels of a chat service. Every method raises `PublishError`."""

    def find(self, channel: str, reference: str) -> Posted | None:
        """Our own message that ends with this reference, among the channel's latest."""
        ...

    def post(self, message: Message) -> Receipt:
        """Make the message be there once: found by its reference, it is edited if it reads otherwise, else posted."""
        ...

    def direct_channel(self, user: str) -> str:
        """The channel in which we write to one person, by the service's id of them."""
        ...

    def edit(self, message_id: str, message: Message) -> Receipt:
        """Replace the text of our message."""
        ...


class ScheduleSheet(Protocol):
    """A worksheet that holds the schedule and nothing else in its first columns."""

    def write(self, cells: Sequence[Sequence[str | int]]) -> Receipt:
        """Make it read like this, header first; nothing is written when it does already. Raises `PublishError`."""
        ...


@dataclass(frozen=True)
class Item:
    """One act for the outbox. `key` is the same whenever the same act is meant; `channel` names who carries it.

    `payload` holds keys and pseudonyms, never names, addresses or texts: those are looked up when it is sent.
    `tried`: an attempt was made before, for channels that must not make a second. `approved`: staff let it go out.
    """

    key: str
    channel: str
    payload: Mapping[str, str | int]
    tried: bool = field(default=False, compare=False)
    approved: bool = field(default=False, compare=False)


class Outbox(Protocol):
    """Items and what became of them. An implementation keeps time (back-off, `retry_after`) and survives a crash."""

    def add(self, items: Iterable[Item]) -> None:
        """Keep new items as pending; one whose key is known stays as it is."""
        ...

    def due(self) -> Sequence[Item]:
        """Items to try now, pending or unknown, in the order they were added."""
        ...

    def begin(self, key: str) -> bool:
        """Claim the item and record the attempt before anything is sent: it is unknown until `finish`.

        False if it is not to be tried: sent, dead, or claimed by another worker.
        """
        ...

    def finish(self, key: str, outcome: Outcome) -> None:
        """Record what came of the attempt: sent with its receipt, or the error with `error.state`."""
        ...

    def rests_until(self, key: str) -> datetime | None:
        """When the item may be tried again, if it has to wait."""
        ...
