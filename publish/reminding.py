"""Reminders before a session: whose moment has come, and by which way they go.

A reminder belongs to one revision of a session, one distance before its start and one of its two people: the item's
key says so, hence nobody gets it twice. What it says, and whether it is still true, is found out when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from publish.booking import Booking, Recipient
from publish.direct import Letter, Reached, direct_sender, mail_sender
from publish.links import Links
from publish.mail import Mailer, local_time
from publish.message import discord_text, escaped
from publish.outbox import Sender
from publish.ports import Announcer, Item, Outcome, OutdatedError, PublishError, Receipt
from publish.text import mail_address, one_line, phone_number, web_link

if TYPE_CHECKING:
    from publish.texting import Texter

REMINDER = "reminder"
GRACE = timedelta(minutes=15)
"""A reminder that is later than this is dropped and counted."""


class Way(StrEnum):
    """How somebody is reminded. NONE: not at all, by their own wish."""

    DISCORD = "discord"
    EMAIL = "email"
    PHONE = "phone"
    NONE = "none"


@dataclass(frozen=True)
class Standing:
    """A booked session. `since`: when it was booked or last moved; moments before that are nobody's reminder."""

    key: str
    revision: int
    start: datetime
    since: datetime


@dataclass(frozen=True)
class Reminder:
    """To be sent at `at`, aware UTC: `minutes` before the start."""

    session: Standing
    minutes: int
    recipient: Recipient

    @property
    def at(self) -> datetime:
        return self.session.start - timedelta(minutes=self.minutes)

    def item(self, way: Way) -> Item:
        """Its outbox item. The way is no part of the key: who changes their wish is not reminded twice."""
        one = self.session
        key = f"{REMINDER}/{one.key}/{one.revision}/{self.minutes}/{self.recipient}"
        payload: dict[str, str | int] = {
            "act": REMINDER,
            "session": one.key,
            "revision": one.revision,
            "minutes": self.minutes,
            "recipient": str(self.recipient),
        }
        return Item(key, channel_of(way), payload)


class LateError(OutdatedError):
    """The moment of a reminder passed more than `GRACE` ago, or its session has begun."""

    def __init__(self) -> None:
        super().__init__(f"the reminder would come more than {GRACE.seconds // 60} minutes late")


def channel_of(way: Way) -> str:
    """The outbox channel: one for each way, so that trouble on one does not hold up the others."""
    return f"{REMINDER}-{way}"


def arrived(
    sessions: Iterable[Standing], offsets: Collection[int], before: datetime | None, now: datetime
) -> list[Reminder]:
    """Reminders whose moment came after `before` (the last look; None: there was none) and not after `now`.

    `offsets` in minutes before the start. Late ones are among them: whoever sends decides, and counts.
    """
    last = now - GRACE if before is None else before
    return [
        reminder
        for session in sorted(sessions, key=lambda one: (one.start, one.key))
        for minutes in sorted(set(offsets), reverse=True)
        for recipient in Recipient
        for reminder in (Reminder(session, minutes, recipient),)
        if last < reminder.at <= now and reminder.at >= session.since
    ]


def refuse_late(start: datetime, minutes: int, now: datetime) -> None:
    """Raises `LateError`."""
    if now >= start or now > start - timedelta(minutes=minutes) + GRACE:
        raise LateError


def way_for(to: Reached, wish: str, there_are: Collection[Way]) -> Way | None:
    """The wished way if the program and the person have it, else a message by Discord, else a mail, else None.

    A phone is used only if it is wished for: messages to it cost money.
    """
    if wish == Way.NONE:
        return Way.NONE
    has = {Way.DISCORD: to.discord_id, Way.EMAIL: mail_address(to.email), Way.PHONE: phone_number(to.phone)}
    wished = [Way(wish)] if wish else []
    return next((way for way in (*wished, Way.DISCORD, Way.EMAIL) if way in there_are and has[way]), None)


def reminder_letter(
    booking: Booking, item: Item, recipient: Recipient, to: Reached, links: Links | None = None
) -> Letter:
    """When, with whom, where; for the professional the résumé too, which they will want to have read."""
    of_student = recipient is Recipient.STUDENT
    other = one_line((booking.professional if of_student else booking.student).name, 80) or "(no name given)"
    moment, when = int(booking.start.timestamp()), local_time(booking.start, to.zone)
    resume = "" if of_student else web_link(booking.student.resume_link) or ""
    mark = f"Reference {booking.reference}"
    cancel = booking.program.how_to_cancel_by_letter
    chat = (
        f"A reminder of your resume review in {discord_text(booking.program.name)}:",
        f"• <t:{moment}:F> (<t:{moment}:R>), {booking.session.minutes} minutes",
        f"• with {discord_text(other)}",
        f"Where: <{booking.room}>" if booking.room else "",
        f"Resume: <{resume}>" if resume else "",
        f"{escaped(cancel, 400)} {mark}",
    )
    mail = (
        f"A reminder of your resume review in {one_line(booking.program.name, 80)}.",
        f"When: {when}, {booking.session.minutes} minutes",
        f"With: {other}",
        f"Where: {booking.room}" if booking.room else "",
        f"Resume: {resume}" if resume else "",
        f"{cancel} {mark}",
    )
    subject = f"Reminder: your resume review, {when}"
    return Letter(to, item.key, subject, _said(chat), _said(mail), links or {})


def reminder_senders(
    announcer: Announcer | None, mailer: Mailer | None, texter: Texter | None, letter_of: Callable[[Item], Letter]
) -> dict[str, Sender]:
    """A sender for each way. Where Discord is closed to us a mail goes, if there are mails.

    A way that the program has no longer keeps its items until they are late.
    """
    senders = {channel_of(way): _waiting_sender(way, letter_of) for way in Way if way is not Way.NONE}
    if announcer is not None:
        senders[channel_of(Way.DISCORD)] = direct_sender(announcer, mailer, letter_of)
    if mailer is not None:
        senders[channel_of(Way.EMAIL)] = mail_sender(mailer, letter_of)
    if texter is not None:
        senders[channel_of(Way.PHONE)] = _phone_sender(texter, letter_of)
    return senders


def _waiting_sender(way: Way, letter_of: Callable[[Item], Letter]) -> Sender:
    def send(item: Item) -> Outcome:
        try:
            letter_of(item)
        except PublishError as error:
            return error
        return PublishError(f"the program no longer reaches people by {way}", permanent=False)

    return Sender(lambda items: [send(item) for item in items])


def _phone_sender(texter: Texter, letter_of: Callable[[Item], Letter]) -> Sender:
    """At most once: whether a text message arrived cannot be looked up."""

    def send(item: Item) -> Outcome:
        if item.tried:
            return PublishError("an earlier attempt ended unknown; a text is never sent twice", permanent=True)
        try:
            letter = letter_of(item)
        except PublishError as error:
            return error
        number = phone_number(letter.to.phone)
        if number is None:
            return PublishError("there is no usable phone number any more", permanent=True)
        if texter.send(number, " ".join((letter.subject, *letter.mail[1:-1]))):
            return Receipt("")
        return PublishError("the text service did not confirm it; it is not repeated", permanent=True)

    return Sender(lambda items: [send(item) for item in items])


def _said(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)
