"""Invitations by e-mail, for programs without a Google calendar: one mail for each recipient, nobody sees another's.

E-mail cannot be looked at after an uncertain outcome, so it is sent again: at least once. A repeat carries the same
Message-ID, which most mail programs show once, and the same UID and SEQUENCE, which calendars take as the same event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Protocol

from optimizer.domain import zone_info
from publish.booking import Invitation, Recipient, base32hex, digest
from publish.invitation import invitation_ics
from publish.links import Links
from publish.ports import CalendarEvent, Outcome, PublishError, Receipt
from publish.text import web_link

_STYLE = "margin:0 auto;max-width:36em;padding:1em;font:16px/1.5 sans-serif"


@dataclass(frozen=True)
class Mail:
    """One mail to one person. `message_id` without angle brackets; `ics`: an iTIP message, b"" for none."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    ics: bytes = b""
    method: str = "REQUEST"


class Mailer(Protocol):
    """Carries mails. Raises `PublishError`."""

    def send(self, mail: Mail) -> Receipt:
        """Hand the mail to the next server; its acceptance is all that can be known."""
        ...


class MailCalendar:
    """A `Calendar` whose events are mails. `clock` stamps the invitation (DTSTAMP)."""

    def __init__(self, mailer: Mailer, clock: Callable[[], datetime]) -> None:
        self._mailer = mailer
        self._clock = clock
        self._sent: set[str] = set()

    def get(self, event_id: str) -> CalendarEvent | None:  # noqa: ARG002
        """A mail that was sent cannot be looked at: always None."""
        return None

    def book(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.book`. Of a session that was cancelled meanwhile only the cancellation speaks."""
        return self._each(invitations, lambda one: not one.booking.cancelled)

    def revise(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.revise`."""
        return self._each(invitations, lambda one: not one.booking.cancelled)

    def cancel(self, invitations: Sequence[Invitation]) -> list[Outcome]:
        """See `Calendar.cancel`."""
        return self._each(invitations, lambda one: one.booking.cancelled)

    def _each(self, invitations: Iterable[Invitation], still_true: Callable[[Invitation], bool]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        blocked: PublishError | None = None
        for one in invitations:
            if blocked is not None:
                outcomes.append(blocked)
                continue
            outcome = self._one(one) if still_true(one) else Receipt("", repeated=True)
            outcomes.append(outcome)
            if isinstance(outcome, PublishError) and outcome.blocks_channel:
                blocked = outcome
        return outcomes

    def _one(self, invitation: Invitation) -> Outcome:
        if invitation.address is None:
            return PublishError("the guest's e-mail address is missing or mistyped", permanent=True)
        mail = invitation_mail(invitation, self._clock())
        if mail.message_id in self._sent:
            return Receipt(mail.message_id, repeated=True)
        try:
            receipt = self._mailer.send(mail)
        except PublishError as error:
            return error
        self._sent.add(mail.message_id)
        return receipt


def invitation_mail(invitation: Invitation, as_of: datetime) -> Mail:
    """The mail that books, moves or cancels. Raises `PublishError` when the recipient has no usable address."""
    booking, address = invitation.booking, invitation.address
    if address is None:
        raise PublishError("the guest's e-mail address is missing or mistyped", permanent=True)
    when = local_time(booking.start, _zone_of(invitation))
    title = f"{_said(invitation)}{invitation.summary}"
    links = {} if booking.cancelled else invitation.links
    lines = [f"When: {when}", *invitation.about]
    if booking.cancelled:
        lines = [f"This session is cancelled; it was on {when}.", f"Reference {booking.reference}"]
    identity = (invitation.event_id, booking.revision, "cancelled" if booking.cancelled else "booked")
    return Mail(
        to=address,
        subject=f"{title}, {when}",
        text=plain_text(lines, links),
        html=page(title, lines, links),
        message_id=f"{base32hex(digest('mail', *identity)[:20])}@matching.invalid",
        ics=invitation_ics(invitation, as_of),
        method="CANCEL" if booking.cancelled else "REQUEST",
    )


def plain_text(lines: Iterable[str], links: Links) -> str:
    """The lines, then one line for each link."""
    told = "\n".join(lines)
    asked = "\n".join(f"{what}: {where}" for what, where in links.items() if web_link(where))
    return f"{told}\n\n{asked}\n" if asked else f"{told}\n"


def page(title: str, lines: Iterable[str], links: Links) -> str:
    """The same as a page that a screen reader reads in order: one heading, paragraphs, a list of links."""
    told = "".join(f"<p>{_linked(line)}</p>" for line in lines)
    asked = "".join(
        f'<li><a href="{escape(where)}">{escape(what)}</a></li>' for what, where in links.items() if web_link(where)
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f'<body><main style="{_STYLE}"><h1 style="font-size:1.3em">{escape(title)}</h1>{told}'
        + (f"<ul>{asked}</ul>" if asked else "")
        + "</main></body></html>"
    )


def local_time(moment: datetime, zone: str) -> str:
    """Mon 2 March 2026, 10:00 (America/New_York)."""
    at = moment.astimezone(zone_info(zone))
    return f"{at:%a} {at.day} {at:%B %Y, %H:%M} ({zone})"


def _linked(line: str) -> str:
    label, colon, rest = line.partition(": ")
    link = web_link(rest) if colon else None
    return f'{escape(label)}: <a href="{escape(link)}">{escape(link)}</a>' if link else escape(line)


def _said(invitation: Invitation) -> str:
    booking = invitation.booking
    return "Cancelled: " if booking.cancelled else "Changed: " if booking.revision else ""


def _zone_of(invitation: Invitation) -> str:
    booking = invitation.booking
    person = booking.professional if invitation.recipient is Recipient.PROFESSIONAL else booking.student
    return person.zone or booking.program.zone
