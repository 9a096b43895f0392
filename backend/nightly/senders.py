"""What carries each channel's items, and what an item means: rendered again from the record when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from backend.nightly.announcing import (
    announcements,
    flag_notices,
    free_place_messages,
    staff_notice,
)
from backend.nightly.channels import Channels
from backend.nightly.letters import letter
from backend.nightly.news import booking_of, recorded_messages
from backend.nightly.record import Record
from backend.nightly.scheduling import schedule_for
from backend.settings import Settings
from publish.apprise_notifier import APPRISE, notifier_sender
from publish.booking import Invitation, Recipient
from publish.direct import DIRECT, direct_sender, mail_sender
from publish.hook import HOOK, SESSION_COMPLETED, Event, hook_sender
from publish.inviting import InvitingCalendar
from publish.mail import MailCalendar
from publish.message import Message, among
from publish.outbox import (
    ANNOUNCER,
    CALENDAR,
    CalendarAct,
    Sender,
    announcer_sender,
    calendar_item,
    calendar_sender,
)
from publish.ports import (
    Item,
    OutdatedError,
    PublishError,
    Receipt,
)
from publish.schedule import SCHEDULE, schedule_sender
from publish.session_letters import WRITTEN
from publish.skipping import BY_MAIL
from publish.staff_news import FREE

CALENDAR_AT_ONCE = 50
"""What Google takes in one batch."""


def senders_of(
    settings: Settings, record: Record, channels: Channels, clock: Callable[[], datetime]
) -> Mapping[str, Sender]:
    """What carries each configured channel's items."""
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
            CALENDAR_AT_ONCE if channels.calendar is not None else 1,
            lambda item, receipt: _room(settings, record, item, receipt),
        )
    if channels.announcer is not None:
        senders[ANNOUNCER] = announcer_sender(channels.announcer, lambda item: _message(settings, record, item))
    write = partial(letter, settings, record, clock)
    if channels.announcer is not None and settings.publish.direct_messages:
        told = tuple(WRITTEN) if channels.calendar is None else ()  # then a mail invites, changes and cancels
        senders[DIRECT] = direct_sender(channels.announcer, channels.mailer, write, told)
    if channels.mailer is not None:
        senders[BY_MAIL] = mail_sender(channels.mailer, write)
    if channels.notifier is not None:
        title = f"{settings.program.name}: the night"
        senders[APPRISE] = notifier_sender(
            channels.notifier, title, settings.program.zone, lambda item: _message(settings, record, item)
        )
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
    key = str(item.payload["message"])
    flagged = among(flag_notices(settings, record, channel), key)
    if flagged is not None:
        return flagged
    found = _of_night(settings, record, item, key)
    if found is None:
        raise PublishError("the run of this message is no longer in the record", permanent=True)
    if found.only_edit and item.channel == APPRISE:
        raise OutdatedError("the message has fewer parts by now")
    return found


def _of_night(settings: Settings, record: Record, item: Item, key: str) -> Message | None:
    """The message about a night; its key names the night."""
    state = record.state()
    night = next((run.night for run in state.posted if key.split("/")[2:3] == [run.night]), None)
    if night is None:
        return None
    telling = staff_notice if item.channel == APPRISE else announcements
    told = telling(settings, record, state, night)
    return among((*recorded_messages(settings, state, night), *told), key)


def _place_message(settings: Settings, record: Record, item: Item) -> Message:
    found = among(free_place_messages(settings, record), str(item.payload["message"]))
    if found is not None:
        return found
    raise OutdatedError("the place is taken by now, or too near")
