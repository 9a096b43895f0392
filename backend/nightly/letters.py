"""Messages to single people: whom a night shall write to, and each letter again from the record when it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from backend.nightly.frame import program_from
from backend.nightly.moment import night_key, wall_hours_later
from backend.nightly.news import booking_of
from backend.nightly.night import Night
from backend.nightly.record import BookedSession, Reach, Record
from backend.settings import Settings
from publish.asking import ASKED, ask_letter
from publish.booking import Recipient
from publish.direct import (
    DIRECT,
    MATCHED,
    WAITING,
    Letter,
    Reached,
    matched_item,
    waiting_item,
    waiting_letter,
    worth_telling,
)
from publish.ports import Item, OutdatedError, PublishError
from publish.session_letters import CANCELLED, MOVED, WRITTEN
from publish.skipping import BY_MAIL, SKIP, skip_items, skip_letter
from publish.text import mail_address


def letters_of(night: Night, record: Record) -> list[Item]:
    """An item for everybody who has news and a way to hear it: a session, or another state than before.

    By Discord to whom has proven their id; who waits without one hears by e-mail if the program wants that. Sessions
    are told by e-mail too, but with the invitation.
    """
    settings, today = night.settings, night.as_of.date()
    if not (settings.publish.direct_messages or _by_mail(settings)):
        return []
    items = [
        matched_item(booking, recipient, today)
        for booking in night.bookings
        for recipient in Recipient
        if _channel(settings, record, booking.student.id if recipient is Recipient.STUDENT else booking.professional.id)
        == DIRECT
    ]
    matched = {booking.student.id for booking in night.bookings}
    stages = {left.student: left.stage.value for left in night.unmatched if left.student not in matched}
    earlier = sorted((*record.told(DIRECT), *record.told(BY_MAIL)), key=lambda item: str(item.payload["on"]))
    had = Counter(booked.session.student for booked in night.state.sessions)
    ways = {one: _channel(settings, record, one) for one in worth_telling(stages, earlier, today, had)}
    return [*items, *(waiting_item(one, stages[one], today, way, had[one]) for one, way in ways.items() if way)]


def skip_notices(settings: Settings, record: Record, now: datetime) -> list[Item]:
    """Notices of the night that is run `publish.skip_notice_hours` after `now`, for who takes part in it."""
    minute = now.replace(second=0, microsecond=0)
    run_at = wall_hours_later(minute, settings.publish.skip_notice_hours, settings.program.zone)
    people = [(person, _channel(settings, record, person) == DIRECT) for person in record.taking_part()]
    return skip_items(people, night_key(run_at, settings.program.zone), run_at)


def letter(settings: Settings, record: Record, clock: Callable[[], datetime], item: Item) -> Letter:
    """The letter an item means, as the record has it now. Raises `PublishError` when it is no longer true."""
    person = str(item.payload["person"])
    reach = record.reach(person)
    if reach is None or not (reach.discord_id if item.channel == DIRECT else reach.email):
        raise PublishError("this person can no longer be reached this way", permanent=True)
    to = reached(reach)
    if item.payload["act"] == ASKED:
        return _question(settings, record, item, to)
    if item.payload["act"] == SKIP:
        return _skip_letter(settings, record, clock, item, to)
    if item.payload["act"] == WAITING:
        if record.awaits(person, clock()):
            raise OutdatedError("this student has a session meanwhile")
        written = date.fromisoformat(str(item.payload["on"]))
        if any(_newer(one, item) for channel in (DIRECT, BY_MAIL) for one in record.told(channel, person)):
            raise OutdatedError("a later letter says how it stands by now")
        return waiting_letter(program_from(settings), item, to, record.own_links(person, written))
    found = record.session(str(item.payload["session"]))
    if found is None:
        raise PublishError("the session is no longer in the record", permanent=True)
    booked, people = found
    _refuse_untrue(booked, item, clock())
    recipient = _recipient(booked, item)
    links = {} if booked.state == "cancelled" else record.links(booked.key).get(recipient, {})
    return WRITTEN[str(item.payload["act"])](booking_of(settings, people, booked), item, recipient, to, links)


def reached(reach: Reach) -> Reached:
    """A person of the record as letters need them."""
    return Reached(reach.name, reach.email, reach.discord_id, reach.zone, reach.phone)


def _newer(other: Item, letter: Item) -> bool:
    return other.payload["act"] == WAITING and str(other.payload["on"]) > str(letter.payload["on"])


def _question(settings: Settings, record: Record, item: Item, to: Reached) -> Letter:
    found = record.session(str(item.payload["session"]))
    if found is None or found[0].state != "scheduled":
        raise OutdatedError("somebody has said what became of this session")
    booked, people = found
    recipient = Recipient(str(item.payload["recipient"]))
    links = record.after_links(booked.key).get(recipient, {})
    return ask_letter(booking_of(settings, people, booked), item, recipient, to, links)


def _skip_letter(settings: Settings, record: Record, clock: Callable[[], datetime], item: Item, to: Reached) -> Letter:
    run_at = datetime.fromisoformat(str(item.payload["run_at"]))
    if run_at <= clock():
        raise OutdatedError("the night has begun")
    person = str(item.payload["person"])
    if person not in record.taking_part():
        raise OutdatedError("the person takes no part in this night")
    return skip_letter(program_from(settings), item, to, record.skip_links(person, run_at))


def _refuse_untrue(booked: BookedSession, item: Item, now: datetime) -> None:
    act = item.payload["act"]
    if (booked.state == "cancelled") is not (act == CANCELLED):
        raise OutdatedError("the session was cancelled meanwhile")
    if act == MOVED and item.payload["revision"] != booked.revision:
        raise OutdatedError("the session was moved again meanwhile")
    if act == MATCHED and booked.interval.start <= now:
        raise PublishError("the session has begun; nobody is told of it any more", permanent=True)
    if booked.interval.start <= now:
        raise OutdatedError("the time of the session has passed")


def _recipient(booked: BookedSession, item: Item) -> Recipient:
    """Items of old do not say it."""
    if "recipient" in item.payload:
        return Recipient(str(item.payload["recipient"]))
    return Recipient.STUDENT if booked.session.student == item.payload["person"] else Recipient.PROFESSIONAL


def _channel(settings: Settings, record: Record, person: str) -> str:
    """By which channel somebody hears from us; "" for none."""
    reach = record.reach(person)
    if reach is None:
        return ""
    if settings.publish.direct_messages and reach.discord_id:
        return DIRECT
    return BY_MAIL if _by_mail(settings) and mail_address(reach.email) else ""


def _by_mail(settings: Settings) -> bool:
    return bool(settings.mail.letters and settings.mail.host)
