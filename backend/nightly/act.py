"""Acting on a night: record it in one transaction, then work off the outbox if publishing is on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from backend.nightly.announcing import (
    announcements,
    flag_notices,
    free_place_messages,
    last_announcements,
    staff_notice,
)
from backend.nightly.exits import Exit
from backend.nightly.guards import refuse_run, refuse_sending
from backend.nightly.keeping import parcel_of
from backend.nightly.letters import letter, letters_of
from backend.nightly.news import booking_of, messages_of, recorded_messages
from backend.nightly.night import Night
from backend.nightly.record import BookedSession, People, Record, RunEntry
from backend.nightly.scheduling import new_schedule, schedule_for
from backend.settings import Settings
from publish.apprise_notifier import APPRISE, Notifier, notices, notifier_sender
from publish.booking import Invitation, Recipient
from publish.direct import DIRECT, direct_sender, mail_sender
from publish.hook import HOOK, SESSION_COMPLETED, Event, Hook, hook_sender
from publish.inviting import InvitingCalendar, ProgramCalendar
from publish.mail import MailCalendar, Mailer
from publish.message import Message
from publish.outbox import (
    ANNOUNCER,
    CALENDAR,
    CalendarAct,
    Sender,
    announcer_sender,
    calendar_item,
    calendar_sender,
    message_item,
)
from publish.passes import NO_PATIENCE, Patience, carried
from publish.ports import (
    Announcer,
    Calendar,
    Item,
    Outcome,
    OutdatedError,
    PublishError,
    Receipt,
    ScheduleSheet,
    State,
    Watch,
)
from publish.schedule import SCHEDULE, schedule_sender
from publish.skipping import BY_MAIL
from publish.staff_news import FREE
from publish.texting import Texter

LOG = structlog.get_logger()
CALENDAR_AT_ONCE = 50
"""What Google takes in one batch."""


@dataclass(frozen=True)
class Channels:
    """The ports that are configured; None for a channel this program does not use."""

    calendar: Calendar | None = None
    announcer: Announcer | None = None
    hook: Hook | None = None
    mailer: Mailer | None = None
    notifier: Notifier | None = None
    texter: Texter | None = None
    watch: Watch | None = None
    events: ProgramCalendar | None = None
    schedule: ScheduleSheet | None = None


@dataclass(frozen=True)
class Delivery:
    """What came of working off the outbox. `problems`: one line per failed item, fit for logs.

    `waiting`: neither sent nor given up, of whatever age; `held`: wait until staff release their night.
    """

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    problems: tuple[str, ...] = ()
    held: int = 0

    @property
    def exit(self) -> Exit:
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

    `hold`: what is to be sent waits until staff release it. Raises `Stop`: a guard refuses, or the record changed.
    """
    invitations = [invitation for booking in night.bookings for invitation in booking.invitations]
    items = [*_items(night, invitations), *letters_of(night, record)]
    if not hold:
        due = (*record.outbox.due(), *items)
        refuse_run(night.settings, record, due, night.as_of, approved=approved)
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
    items = [*_items(night, invitations), *letters_of(night, record)]
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


def _items(night: Night, invitations: Iterable[Invitation]) -> list[Item]:
    """One item for everybody, reachable or not: whoever cannot be told shows up as given up, never as nothing."""
    publish = night.settings.publish
    items = [calendar_item(CalendarAct.BOOK, invitation) for invitation in invitations]
    messages = messages_of(night) if publish.discord_channel_id else ()
    return [*items, *(message_item(message) for message in messages)]


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

    Raises `Stop`: a guard refuses (unless `approved`), and nothing is sent.
    """
    if not settings.publish.enabled:
        return Delivery(waiting=len(record.outbox.due()), held=sum(record.held().values()))
    refuse_sending(settings, record, record.outbox.due(), clock(), approved=approved)
    _announce(settings, record, channels)
    record.outbox.add(new_schedule(settings, record, clock()))
    senders = _senders(settings, record, channels, clock)
    results = _Results(sum(item.channel in senders for item in record.outbox.due()))
    for item, outcome in _carried(settings, record, channels, senders, clock, patience):
        results.add(item, outcome)
        say(results.tally())
    return results.delivery(record)


class _Results:
    """The last outcome of each item. `due`: how many items there were to try."""

    def __init__(self, due: int) -> None:
        self._due = due
        self._last: dict[str, tuple[Item, Outcome]] = {}

    def add(self, item: Item, outcome: Outcome) -> None:
        if isinstance(outcome, OutdatedError):
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

    def delivery(self, record: Record) -> Delivery:
        tally = self.tally()
        failed = ((item, outcome) for item, outcome in self._last.values() if isinstance(outcome, PublishError))
        problems = tuple(dict.fromkeys(f"{item.channel}: {outcome}" for item, outcome in failed))
        return Delivery(tally.sent, record.waiting(), tally.dead, problems, sum(record.held().values()))


def _announce(settings: Settings, record: Record, channels: Channels) -> None:
    """The messages about the last night shall read as they do now; the same wording is the same item."""
    free = free_place_messages(settings, record)
    record.outbox.add(message_item(message) for message in (*last_announcements(settings, record), *free))
    if channels.notifier is not None:
        record.outbox.add(notices(flag_notices(settings, record, APPRISE), len(channels.notifier)))
        state = record.state()
        for run in state.runs[-1:]:
            told = staff_notice(settings, record, state, run.night)
            record.outbox.add(notices(told, len(channels.notifier)))


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


def _senders(
    settings: Settings, record: Record, channels: Channels, clock: Callable[[], datetime]
) -> Mapping[str, Sender]:
    senders: dict[str, Sender] = {}
    calendar = channels.calendar
    if calendar is None and channels.mailer is not None:
        calendar = MailCalendar(channels.mailer, clock)
        if channels.events is not None:
            calendar = InvitingCalendar(channels.events, calendar, clock)
    if calendar is not None:
        senders[CALENDAR] = calendar_sender(
            calendar,
            lambda item: _invitation(settings, record, clock, item),
            CALENDAR_AT_ONCE,
            lambda item, receipt: _room(settings, record, item, receipt),
        )
    if channels.announcer is not None:
        senders[ANNOUNCER] = announcer_sender(channels.announcer, lambda item: _message(settings, record, item))
    write = partial(letter, settings, record, clock)
    if channels.announcer is not None and settings.publish.direct_messages:
        senders[DIRECT] = direct_sender(channels.announcer, channels.mailer, write)
    if channels.mailer is not None:
        senders[BY_MAIL] = mail_sender(channels.mailer, write)
    if channels.notifier is not None:
        title = f"{settings.program.name}: the night"
        senders[APPRISE] = notifier_sender(channels.notifier, title, lambda item: _message(settings, record, item))
    if channels.hook is not None:
        senders[HOOK] = hook_sender(channels.hook, lambda item: _event(record, item), clock)
    if channels.schedule is not None:
        senders[SCHEDULE] = schedule_sender(
            channels.schedule, lambda item: schedule_for(settings, record, item, clock())
        )
    return senders


def _invitation(settings: Settings, record: Record, clock: Callable[[], datetime], item: Item) -> Invitation:
    """The invitation an item means, as the record has it now. Raises `PublishError` when it is no longer true."""
    found = record.session(str(item.payload["session"]))
    if found is None:
        raise PublishError("the session is no longer in the record", permanent=True)
    booked, people = found
    if booked.state == "cancelled" and item.payload["act"] != CalendarAct.CANCEL:
        raise OutdatedError("the session was cancelled before this was sent")
    if booked.interval.start <= clock():
        raise PublishError("the session has begun; its invitation is not sent any more", permanent=True)
    booking = booking_of(settings, people, booked, record.links(booked.key))
    return next(one for one in booking.invitations if one.recipient == Recipient(str(item.payload["recipient"])))


def _room(settings: Settings, record: Record, item: Item, receipt: Receipt) -> None:
    """A room that came with an event is kept; one that is still being made is looked for again."""
    session = str(item.payload["session"])
    if not settings.program.meet or item.payload["act"] not in (CalendarAct.BOOK, CalendarAct.ROOM):
        return
    found = record.session(session)
    if found is None:
        return
    booking = booking_of(settings, found[1], found[0])
    if receipt.room and not booking.room:
        record.keep_room(session, receipt.room)
    elif not receipt.room and item.payload["act"] == CalendarAct.BOOK:
        asking = (
            one for one in booking.invitations if one.asks_for_room and one.recipient == item.payload["recipient"]
        )
        record.outbox.add(calendar_item(CalendarAct.ROOM, one) for one in asking)


def _event(record: Record, item: Item) -> Event:
    """What a hook item tells, as the record has it now. Raises `PublishError` when it is no longer true."""
    facts = record.completed(str(item.payload["session"]))
    if facts is None:
        raise PublishError("the session did not take place after all", permanent=True)
    return Event(item.key, SESSION_COMPLETED, facts)


def _message(settings: Settings, record: Record, item: Item) -> Message:
    """The message an item means, rendered again from the record. Raises `PublishError`."""
    if str(item.payload["message"]).startswith(f"{FREE}/"):
        return _place_message(settings, record, item)
    channel = APPRISE if item.channel == APPRISE else settings.publish.staff_channel_id
    for message in flag_notices(settings, record, channel):
        if message.key == item.payload["message"]:
            return message
    state = record.state()
    for night in dict.fromkeys(run.night for run in state.posted):
        told = announcements(settings, record, state, night)
        if item.channel == APPRISE:
            told = staff_notice(settings, record, state, night)
        for message in (*recorded_messages(settings, state, night), *told):
            if message.key == item.payload["message"]:
                return message
    raise PublishError("the run of this message is no longer in the record", permanent=True)


def _place_message(settings: Settings, record: Record, item: Item) -> Message:
    for message in free_place_messages(settings, record):
        if message.key == item.payload["message"]:
            return message
    raise OutdatedError("the place is taken by now, or too near")
