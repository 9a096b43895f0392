"""A day after a session: both are asked how it went, by Discord or e-mail, with a link to answer."""

from __future__ import annotations

from datetime import date

from publish.booking import Booking, Recipient, person_name
from publish.direct import DIRECT, Letter, Reached
from publish.links import Links
from publish.mail import local_time
from publish.message import discord_text
from publish.ports import Item
from publish.skipping import BY_MAIL
from publish.text import one_line

ASKED = "asked"


def ask_item(session: str, recipient: Recipient, person: str, told: date, *, in_chat: bool) -> Item:
    """The question to one of the two (pseudonym), once for each session (key)."""
    payload = {"act": ASKED, "person": person, "session": session, "recipient": str(recipient), "stage": ASKED}
    channel = DIRECT if in_chat else BY_MAIL
    return Item(f"{ASKED}/{session}/{recipient}", channel, {**payload, "on": str(told)})


def ask_letter(booking: Booking, item: Item, recipient: Recipient, to: Reached, links: Links) -> Letter:
    """Which session it is about, and what happens without an answer."""
    other = booking.professional if recipient is Recipient.STUDENT else booking.student
    hello, program = person_name(to.name), one_line(booking.program.name, 80)
    when, moment = local_time(booking.start, to.zone), int(booking.start.timestamp())
    mark = f"Reference {booking.reference}"
    calm = "It takes half a minute. Without a word from either of you it counts as held after a week."
    first = "how did your resume review in {} go, with {}, on {}?"
    chat = first.format(discord_text(program), discord_text(person_name(other.name)), f"<t:{moment}:f>")
    mail = first.format(program, person_name(other.name), when)
    return Letter(
        to,
        item.key,
        f"How did your resume review go? ({when})",
        (f"Hello {discord_text(hello)}, {chat}", f"{calm} {mark}"),
        (f"Hello {hello}, {mail}", f"{calm} {mark}"),
        links,
    )
