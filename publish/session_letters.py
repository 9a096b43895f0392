"""Letters about a session that changed: it has another time, or it is cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from publish.booking import Booking, Recipient, person_name
from publish.direct import DIRECT, MATCHED, Letter, Reached, matched_letter, where_by_mail, where_in_chat
from publish.links import Links
from publish.mail import local_time
from publish.message import discord_text, escaped
from publish.ports import Item
from publish.text import one_line

MOVED, CANCELLED = "moved", "cancelled"


def session_item(act: str, key: str, revision: int, person: str, recipient: Recipient, told: date) -> Item:
    """A letter to one of the two people of a session: once for the booking and once for each change of it."""
    place = f"{key}/{person}" if act == MATCHED else f"{key}/{revision}/{person}"
    payload: dict[str, str | int] = {
        "act": act,
        "session": key,
        "revision": revision,
        "person": person,
        "recipient": str(recipient),
        "stage": act,
        "on": str(told),
    }
    return Item(f"{DIRECT}/{act}/{place}", DIRECT, payload)


def moved_letter(booking: Booking, item: Item, recipient: Recipient, to: Reached, links: Links | None = None) -> Letter:
    """The new time, and where."""
    moment, when = int(booking.start.timestamp()), local_time(booking.start, to.zone)
    hello, other, program = _words(booking, recipient, to)
    ending = f"{booking.program.how_to_cancel_by_letter} Reference {booking.reference}"
    return Letter(
        to,
        item.key,
        f"Your resume review has a new time: {when}",
        (
            f"Hello {discord_text(hello)}, your resume review in {discord_text(program)} has a new time:",
            f"• <t:{moment}:F> (<t:{moment}:R>), {booking.session.minutes} minutes",
            f"• with {discord_text(other)}",
            where_in_chat(booking, recipient),
            f"{escaped(booking.program.how_to_cancel_by_letter, 400)} Reference {booking.reference}",
        ),
        (
            f"Hello {hello}, your resume review in {program} has a new time.",
            f"When: {when}, {booking.session.minutes} minutes",
            f"With: {other}",
            where_by_mail(booking, recipient),
            ending,
        ),
        links or {},
    )


def cancelled_letter(
    booking: Booking, item: Item, recipient: Recipient, to: Reached, links: Links | None = None
) -> Letter:
    """What is off; a student keeps their place in the queue."""
    moment, when = int(booking.start.timestamp()), local_time(booking.start, to.zone)
    hello, other, program = _words(booking, recipient, to)
    kept = "You keep your place in the queue, and every night looks again."
    calm = kept if recipient is Recipient.STUDENT else "You do not have to do anything."
    what = "your resume review in {} is cancelled. It was on {}, with {}."
    chat = what.format(discord_text(program), f"<t:{moment}:F>", discord_text(other))
    return Letter(
        to,
        item.key,
        f"Cancelled: your resume review on {when}",
        (f"Hello {discord_text(hello)}, {chat}", f"{calm} Reference {booking.reference}"),
        (f"Hello {hello}, {what.format(program, when, other)}", f"{calm} Reference {booking.reference}"),
        links or {},
    )


WRITTEN: Mapping[str, Callable[..., Letter]] = {
    MATCHED: lambda booking, _, recipient, to, links=None: matched_letter(booking, recipient, to, links),
    MOVED: moved_letter,
    CANCELLED: cancelled_letter,
}
"""What writes the letter of each act: (booking, item, recipient, to, links)."""


def _words(booking: Booking, recipient: Recipient, to: Reached) -> tuple[str, str, str]:
    other = booking.professional.name if recipient is Recipient.STUDENT else booking.student.name
    return person_name(to.name), person_name(other), one_line(booking.program.name, 80)
