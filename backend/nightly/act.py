"""Acting on a night: record it in one transaction, then work off the outbox if publishing is on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from backend.nightly.announcing import (
    flag_notices,
    free_place_messages,
    last_announcements,
    last_news,
    staff_notice,
)
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.guards import let_through, refuse_run, refuse_sending
from backend.nightly.keeping import parcel_of
from backend.nightly.letters import letters_of
from backend.nightly.news import messages_of
from backend.nightly.night import Night
from backend.nightly.record import BookedSession, People, Record, RunEntry
from backend.nightly.scheduling import new_schedule
from backend.nightly.senders import senders_of
from backend.settings import Settings
from publish.apprise_notifier import APPRISE, notices
from publish.booking import Invitation
from publish.outbox import (
    ANNOUNCER,
    CALENDAR,
    CalendarAct,
    Sender,
    calendar_item,
    message_items,
)
from publish.passes import NO_PATIENCE, Patience, carried
from publish.ports import (
    ComingError,
    Item,
    Outcome,
    OutdatedError,
    PublishError,
    Receipt,
    State,
)

LOG = structlog.get_logger()
LOOK_AGAIN = 5.0  # seconds


@dataclass(frozen=True)
class Delivery:
    """What came of working off the outbox. `problems`: one line per failed item, fit for logs.

    `waiting`: neither sent nor given up, of whatever age; `unsent`: those of them that should be out by now. `held`:
    wait until staff release their night. `given_up`: of whatever age, for staff to look at.
    """

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    problems: tuple[str, ...] = ()
    held: int = 0
    unsent: int = 0
    given_up: int = 0

    @property
    def exit(self) -> Exit:
        """Of a job that answers for the outbox: done is when all is out."""
        return Exit.PARTIAL if self.unsent else self.exit_of_pass

    @property
    def exit_of_pass(self) -> Exit:
        """Of one of the small jobs, which come round every few minutes: what rests was told when it failed."""
        return Exit.PARTIAL if self.dead or self.problems else Exit.DONE


@dataclass(frozen=True)
class Tally:
    """How far the sending is. `again`: failed, and tried once more if there is time."""

    total: int
    sent: int = 0
    dead: int = 0
    again: int = 0


def book(night: Night, record: Record, *, approved: bool, hold: bool = False) -> RunEntry:
    """Record the run, its sessions, the people behind them and everything to be sent: one transaction.

    `hold`: what is to be sent waits until staff release it, and passes the guards then. `approved`: it goes past them.
    Raises `Stop`: a guard refuses, or the record changed.
    """
    invitations = [invitation for booking in night.bookings for invitation in booking.invitations]
    items = [*_items(night, record, invitations), *letters_of(night, record)]
    if approved and not hold:
        items = let_through(items)
    elif not hold:
        refuse_run(night.settings, record, (*record.outbox.due(), *items), night.as_of)
    entry = entry_of(night)
    sessions = [
        BookedSession(booking.session_key, night.run, booking.session, booking.why) for booking in night.bookings
    ]
    record.commit(entry, sessions, _people(night), items, parcel=parcel_of(night), before=night.state, hold=hold)
    LOG.info("booked", run=entry.id, night=entry.night, sessions=entry.sessions, unmatched=entry.unmatched)
    return entry


def keep_for_staff(night: Night, record: Record, reason: str = "") -> RunEntry:
    """Keep a plan with its proof and what it would send, for staff to approve. Nothing is booked or sent.

    `reason`: why a guard holds it; names nobody.
    """
    entry = entry_of(night)
    invitations = [invitation for booking in night.bookings for invitation in booking.invitations]
    items = [*_items(night, record, invitations), *letters_of(night, record)]
    record.keep_plan(entry, items, parcel_of(night), reason=reason)
    LOG.info("kept for staff", run=entry.id, night=entry.night, sessions=entry.sessions, held=bool(reason))
    return entry


def entry_of(night: Night) -> RunEntry:
    """The run of a night, as the record keeps it."""
    return RunEntry(
        id=night.run,
        program=night.settings.program.key,
        night=night.key,
        as_of=night.as_of,
        inputs_hash=night.inputs_hash,
        sessions=len(night.bookings),
        unmatched=len(night.unmatched),
        rows=night.sheets.rows,
        offered={
            name: int(places)
            for name, places in zip(night.problem.professionals, night.problem.capacity_horizon, strict=True)
        },
        booked_earlier=night.conservation.students["already booked"],
        waited=night.waited,
        stages=Counter(left.stage.value for left in night.unmatched),
        to_confirm=len(night.assembly.to_confirm),
        stand_ins=night.sheets.stand_ins,
    )


def _people(night: Night) -> People:
    """Only those who have a session: nobody else's address is kept."""
    return People(
        {booking.student.id: booking.student for booking in night.bookings},
        {booking.professional.id: booking.professional for booking in night.bookings},
    )


def _items(night: Night, record: Record, invitations: Iterable[Invitation]) -> list[Item]:
    """One item for everybody, reachable or not: whoever cannot be told shows up as given up, never as nothing."""
    publish = night.settings.publish
    items = [calendar_item(CalendarAct.BOOK, invitation) for invitation in invitations]
    messages = messages_of(night) if publish.discord_channel_id else ()
    return [*items, *message_items(messages, record.told(ANNOUNCER))]


def work_off(
    settings: Settings,
    record: Record,
    channels: Channels,
    clock: Callable[[], datetime],
    say: Callable[[Tally], None],
    *,
    approved: bool = False,
    patience: Patience = NO_PATIENCE,
) -> Delivery:
    """Try everything due, and what failed again within `patience`. Without `publish.enabled` everything waits.

    `approved`: staff let everything open go out; what has to wait still may, in a later pass, without asking again.
    Raises `Stop`: a guard refuses, and nothing is sent.
    """
    if not settings.publish.enabled:
        return Delivery(waiting=len(record.outbox.due()), held=sum(record.held().values()))
    if approved:
        record.approve_open()
    refuse_sending(settings, record, record.outbox.due(), clock())
    _announce(settings, record, channels)
    record.outbox.add(new_schedule(settings, record, clock()))
    senders = senders_of(settings, record, channels, clock)
    results = _Results(sum(item.channel in senders for item in record.outbox.due()))
    for item, outcome in _carried(settings, record, channels, senders, clock, patience):
        results.add(item, outcome)
        say(results.tally())
    _wait_for_others(record, senders, patience)
    return results.delivery(record, senders)


def _wait_for_others(record: Record, channels: Collection[str], patience: Patience) -> None:
    """What `serve` is sending at the moment will soon be out: that it is not yet is nobody's failure."""
    left = patience.seconds
    while left > 0 and record.in_hand(channels):
        patience.sleep(min(left, LOOK_AGAIN))
        left -= LOOK_AGAIN


class _Results:
    """The last outcome of each item. `due`: how many items there were to try."""

    def __init__(self, due: int) -> None:
        self._due = due
        self._last: dict[str, tuple[Item, Outcome]] = {}

    def add(self, item: Item, outcome: Outcome) -> None:
        if isinstance(outcome, OutdatedError | ComingError):
            return
        if isinstance(outcome, PublishError):
            LOG.warning("not sent", channel=item.channel, state=outcome.state.value)
        self._last[item.key] = (item, outcome)

    def tally(self) -> Tally:
        states = Counter(
            outcome.state if isinstance(outcome, PublishError) else State.SENT for _, outcome in self._last.values()
        )
        again = states[State.PENDING] + states[State.UNKNOWN]
        return Tally(max(self._due, len(self._last)), states[State.SENT], states[State.DEAD], again)

    def delivery(self, record: Record, channels: Collection[str]) -> Delivery:
        tally = self.tally()
        failed = ((item, outcome) for item, outcome in self._last.values() if isinstance(outcome, PublishError))
        problems = tuple(dict.fromkeys(f"{item.channel}: {outcome}" for item, outcome in failed))
        return Delivery(
            tally.sent,
            record.waiting(),
            tally.dead,
            problems,
            sum(record.held().values()),
            record.unsent(channels),
            record.given_up(),
        )


def _announce(settings: Settings, record: Record, channels: Channels) -> None:
    """The messages about the last night shall read as they do now; the same wording is the same item."""
    publish = settings.publish
    asked = publish.discord_channel_id or publish.staff_channel_id or publish.summary_channel_id
    if not asked and channels.notifier is None:
        return
    state, told = record.state(), record.told(ANNOUNCER)
    free = free_place_messages(settings, record)
    news = last_news(settings, record, state, told) if publish.discord_channel_id else ()
    record.outbox.add(message_items((*news, *last_announcements(settings, record, state), *free), told))
    if channels.notifier is not None:
        record.outbox.add(notices(flag_notices(settings, record, APPRISE), len(channels.notifier)))
        for run in state.runs[-1:]:
            record.outbox.add(notices(staff_notice(settings, record, state, run.night), len(channels.notifier)))


def _carried(
    settings: Settings,
    record: Record,
    channels: Channels,
    senders: Mapping[str, Sender],
    clock: Callable[[], datetime],
    patience: Patience,
) -> Iterator[tuple[Item, Outcome]]:
    """Everything due; then what was given up on the way is told to staff, unless their channel is in trouble."""
    before, trouble, rooms = record.given_up(), False, False
    for item, outcome in carried(record.outbox, senders, clock, patience):
        if item.channel == ANNOUNCER:
            trouble = isinstance(outcome, PublishError)
        rooms = rooms or (isinstance(outcome, Receipt) and bool(outcome.room))
        yield item, outcome
    if rooms:  # who was invited before the room was there learns of it in the same pass
        invited = {name: sender for name, sender in senders.items() if name == CALENDAR}
        yield from carried(record.outbox, invited, clock)
    if record.given_up() != before and not trouble:
        _announce(settings, record, channels)
        told = {name: sender for name, sender in senders.items() if name == ANNOUNCER}
        yield from carried(record.outbox, told, clock)
