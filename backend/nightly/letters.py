"""Messages to single people: whom a night shall write to, and each letter again from the record when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from backend.nightly.frame import program_from
from backend.nightly.moment import night_key
from backend.nightly.news import booking_of
from backend.nightly.night import Night
from backend.nightly.record import Record
from backend.settings import Settings
from publish.asking import ASKED, ask_letter
from publish.booking import Recipient
from publish.direct import (
    DIRECT,
    MATCHED,
    Letter,
    Reached,
    matched_item,
    matched_letter,
    waiting_item,
    waiting_letter,
    worth_telling,
)
from publish.ports import Item, OutdatedError, PublishError
from publish.skipping import BY_MAIL, SKIP, skip_items, skip_letter


def letters_of(night: Night, record: Record) -> list[Item]:
    """One item for everybody who has proven a Discord id and has news: a session, or another state than before."""
    if not night.settings.publish.direct_messages:
        return []
    today = night.as_of.date()
    items = [
        matched_item(booking, recipient, today)
        for booking in night.bookings
        for recipient in Recipient
        if _in_chat(record, booking.student.id if recipient is Recipient.STUDENT else booking.professional.id)
    ]
    matched = {booking.student.id for booking in night.bookings}
    stages = {left.student: left.stage.value for left in night.unmatched if left.student not in matched}
    hear = worth_telling(stages, record.told(DIRECT), today)
    return [*items, *(waiting_item(one, stages[one], today) for one in hear if _in_chat(record, one))]


def skip_notices(settings: Settings, record: Record, now: datetime) -> list[Item]:
    """Notices of the night that is run `publish.skip_notice_hours` after `now`, for who takes part in it."""
    run_at = now.replace(second=0, microsecond=0) + timedelta(hours=settings.publish.skip_notice_hours)
    chat = settings.publish.direct_messages
    people = [(person, chat and _in_chat(record, person)) for person in record.taking_part()]
    return skip_items(people, night_key(run_at, settings.program.zone), run_at)


def letter(settings: Settings, record: Record, clock: Callable[[], datetime], item: Item) -> Letter:
    """The letter an item means, as the record has it now. Raises `PublishError` when it is no longer true."""
    person = str(item.payload["person"])
    reach = record.reach(person)
    if reach is None or not (reach.discord_id or item.channel == BY_MAIL):
        raise PublishError("this person cannot be reached this way any more", permanent=True)
    to = Reached(reach.name, reach.email, reach.discord_id, reach.zone)
    if item.payload["act"] == ASKED:
        return _question(settings, record, item, to)
    if item.payload["act"] == SKIP:
        return _skip_letter(settings, record, clock, item, to)
    if item.payload["act"] != MATCHED:
        if any(one.session.student == person and one.interval.end > clock() for one in record.state().active()):
            raise PublishError("this student has a session meanwhile", permanent=True)
        written = date.fromisoformat(str(item.payload["on"]))
        return waiting_letter(program_from(settings), item, to, record.own_links(person, written))
    found = record.session(str(item.payload["session"]))
    if found is None:
        raise PublishError("the session is no longer in the record", permanent=True)
    booked, people = found
    if booked.interval.start <= clock() or booked.state != "scheduled":
        raise PublishError("the session has begun or was cancelled; nobody is told of it any more", permanent=True)
    recipient = Recipient.STUDENT if booked.session.student == person else Recipient.PROFESSIONAL
    return matched_letter(booking_of(settings, people, booked), recipient, to, record.links(booked.key).get(recipient))


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


def _in_chat(record: Record, person: str) -> bool:
    reach = record.reach(person)
    return reach is not None and bool(reach.discord_id)
