"""One pass of reminders: what has come due since the last pass goes into the outbox, and from there to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.letters import reached
from backend.nightly.news import booking_of
from backend.nightly.record import BookedSession, People, Reach
from backend.settings import Settings
from publish.booking import Recipient
from publish.direct import Letter
from publish.links import Links
from publish.outbox import Sender, deliver
from publish.ports import Item, Outbox, OutdatedError, PublishError, Receipt
from publish.reminding import (
    GRACE,
    LateError,
    Reminder,
    Standing,
    Way,
    arrived,
    refuse_late,
    reminder_letter,
    reminder_senders,
    way_for,
)

LOG = structlog.get_logger()
JOB = "remind"
LOOK_BACK = timedelta(days=7)
"""After a longer silence what was missed before that is neither sent nor counted."""


class Remembering(Protocol):
    """What reminders need of the record."""

    def standing(self, first: datetime, last: datetime) -> Sequence[Standing]:
        """Sessions that stand and begin in `[first, last]`."""
        ...

    def session(self, key: str) -> tuple[BookedSession, People] | None: ...

    def seat(self, session: str, recipient: Recipient) -> Reach | None:
        """How to reach one of the two people of a session."""
        ...

    def links(self, session: str) -> Mapping[Recipient, Links]:
        """What each of the two can do by a click."""
        ...

    def last_pass(self, job: str) -> datetime | None:
        """The present of a job's last pass that was noted; None before the first."""
        ...

    def note_pass(self, job: str, at: datetime, outcome: Mapping[str, int]) -> None: ...

    @property
    def outbox(self) -> Outbox: ...


@dataclass(frozen=True)
class Reminded:
    """What came of one pass. `unreachable`: people of reminders that had come due without any way to them.

    `late`: dropped, more than 15 minutes late or after the start. `outdated`: cancelled, moved or no longer wished
    for. `waiting`: will be tried again in the next pass. `problems`: one line per kind of failure, fit for logs.
    """

    sent: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    outdated: int = 0
    failed: int = 0
    waiting: int = 0
    unreachable: int = 0
    problems: tuple[str, ...] = ()

    @property
    def exit(self) -> Exit:
        return Exit.PARTIAL if self.problems else Exit.DONE

    @property
    def counts(self) -> dict[str, int]:
        """Everything as numbers."""
        return {
            "sent": sum(self.sent.values()),
            "late": self.late,
            "outdated": self.outdated,
            "failed": self.failed,
            "waiting": self.waiting,
            "unreachable": self.unreachable,
        }


def remind(settings: Settings, record: Remembering, channels: Channels, clock: Callable[[], datetime]) -> Reminded:
    """Remind everybody whose moment has come. While publishing is off, moments pass in silence."""
    now = clock()
    if not settings.publish.enabled or not settings.reminders.minutes:
        record.note_pass(JOB, now, {})
        return Reminded()
    senders = reminder_senders(
        channels.announcer if settings.publish.direct_messages else None,
        channels.mailer,
        channels.texter,
        partial(letter, settings, record, clock),
    )
    found = coming(settings, record, now)
    ways = [(one, way_of(record, one, channels, settings)) for one in found]
    record.outbox.add(one.item(way) for one, way in ways if way not in (None, Way.NONE))
    unreachable = sum(way is None for _, way in ways)
    record.note_pass(JOB, now, {"unreachable": unreachable})
    told = _delivered(record.outbox, senders, unreachable)
    record.note_pass(JOB, now, told.counts)
    LOG.info("reminded", **told.counts)
    return told


def coming(settings: Settings, record: Remembering, now: datetime) -> list[Reminder]:
    """Reminders that have come due since the last pass."""
    before = record.last_pass(JOB)
    if before is not None:
        before = max(before, now - LOOK_BACK)
    offsets = settings.reminders.minutes
    first = min(before or now, now - GRACE)
    sessions = record.standing(first, now + timedelta(minutes=max(offsets)))
    return arrived(sessions, offsets, before, now)


def letter(settings: Settings, record: Remembering, clock: Callable[[], datetime], item: Item) -> Letter:
    """The reminder an item means, as the record has its session now. Raises `PublishError` when it must not be sent."""
    found = record.session(str(item.payload["session"]))
    if found is None or found[0].state == "cancelled":
        raise OutdatedError("the session was cancelled")
    booked, people = found
    if booked.revision != item.payload["revision"]:
        raise OutdatedError("the session was moved")
    refuse_late(booked.interval.start, int(item.payload["minutes"]), clock())
    if booked.state != "scheduled":
        raise OutdatedError("the session is over")
    recipient = Recipient(str(item.payload["recipient"]))
    reach = record.seat(booked.key, recipient)
    if reach is None:
        raise OutdatedError("the person is no longer known")
    if reach.reminders == Way.NONE:
        raise OutdatedError("the person wishes for no reminders any more")
    links = record.links(booked.key).get(recipient)
    return reminder_letter(booking_of(settings, people, booked), item, recipient, reached(reach), links)


def way_of(record: Remembering, reminder: Reminder, channels: Channels, settings: Settings) -> Way | None:
    """By which way this reminder goes; None when there is none to the person."""
    reach = record.seat(reminder.session.key, reminder.recipient)
    there_are = {
        Way.DISCORD: channels.announcer if settings.publish.direct_messages else None,
        Way.EMAIL: channels.mailer,
        Way.PHONE: channels.texter,
    }
    if reach is None:
        return None
    return way_for(reached(reach), reach.reminders, [way for way, port in there_are.items() if port is not None])


def _delivered(outbox: Outbox, senders: Mapping[str, Sender], unreachable: int) -> Reminded:
    sent: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    problems: list[str] = []
    for item, outcome in deliver(outbox, senders):
        if isinstance(outcome, Receipt):
            sent[item.channel.removeprefix("reminder-")] += 1
        elif isinstance(outcome, OutdatedError):
            counts["late" if isinstance(outcome, LateError) else "outdated"] += 1
        else:
            LOG.warning("not reminded", channel=item.channel, state=outcome.state.value)
            counts["failed" if _final(outcome) else "waiting"] += 1
            problems.append(f"{item.channel}: {outcome}")
    return Reminded(
        dict(sent), counts["late"], counts["outdated"], counts["failed"], counts["waiting"], unreachable,
        tuple(dict.fromkeys(problems)),
    )  # fmt: skip


def _final(error: PublishError) -> bool:
    return error.state.value == "dead"
