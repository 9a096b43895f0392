"""Bookings as iCalendar files (RFC 5545, RFC 5546): one invitation for each recipient, one calendar of all.

The same bookings and `as_of` give the same bytes. Times are UTC, so no file carries zone rules that could age.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from publish.booking import Booking, Invitation, Recipient, person_name
from publish.text import one_line

_PRODUCT = "-//matching//nightly sessions//EN"


class _Text(vText):
    r"""TEXT of RFC 5545, section 3.3.11. icalendar's own writer takes a typed `\N` for a line break, which lets a
    name add a line to an invitation.
    """

    def to_ical(self) -> bytes:
        escaped = str(self)
        for plain, written in (("\\", r"\\"), (";", r"\;"), (",", r"\,"), ("\n", r"\n")):
            escaped = escaped.replace(plain, written)
        return escaped.encode()


@dataclass(frozen=True)
class InvitationFile:
    """A file to hand to one recipient. `name` is the same for life and safe on every file system."""

    name: str
    content: bytes


def invitation_files(
    bookings: Iterable[Booking], as_of: datetime, recipients: Collection[Recipient] = tuple(Recipient)
) -> tuple[InvitationFile, ...]:
    """A file for each booking and recipient in order: `<reference>-<part of the UID>-<recipient>.ics`."""
    return tuple(
        InvitationFile(_file_name(invitation), invitation_ics(invitation, as_of))
        for booking in bookings
        for invitation in booking.invitations
        if invitation.recipient in recipients
    )


def invitation_ics(invitation: Invitation, as_of: datetime) -> bytes:
    """The recipient's iTIP message: REQUEST, or CANCEL once the session is cancelled. `as_of` becomes DTSTAMP.

    Without any usable address there is nobody to ask for a reply, and the file only informs (PUBLISH).
    """
    booking = invitation.booking
    event = _event(booking, as_of, invitation.summary, invitation.description)
    guests = _guests(invitation)
    for guest in guests:
        event.add("attendee", guest)
    if not booking.cancelled:
        for minutes in booking.program.reminder_minutes:
            event.add_component(_alarm(invitation.summary, minutes))
    asks = "CANCEL" if booking.cancelled else "REQUEST"
    return _calendar(asks if guests else "PUBLISH", [event])


def combined_ics(bookings: Iterable[Booking], as_of: datetime) -> bytes:
    """All bookings in one calendar for the program's staff: names and times, no address and no private fact."""
    return _calendar("PUBLISH", [_staff_event(booking, as_of) for booking in bookings])


def program_ics(booking: Booking, as_of: datetime) -> bytes:
    """The session as an object of the program's own calendar (RFC 4791: no method); it asks nobody to come."""
    event = _staff_event(booking, as_of)
    del event["ORGANIZER"]
    return _calendar("", [event])


def feed_ics(invitations: Iterable[Invitation], as_of: datetime) -> bytes:
    """One person's own calendar, to subscribe to: it informs and asks for no reply. `as_of` becomes DTSTAMP."""
    return _calendar("PUBLISH", [_event(one.booking, as_of, one.summary, one.description) for one in invitations])


def preview_ics(invitation: Invitation, as_of: datetime) -> bytes:
    """The recipient's event for staff to look at: a UID of its own, no guests, no organizer, no alarm, nobody busy.

    Whoever opens it by hand keeps a note of their own; nobody is asked or told, and the real event is not touched.
    """
    event = _event(invitation.booking, as_of, f"Rehearsal: {invitation.summary}", invitation.description)
    for name in ("organizer", "uid", "status", "transp"):
        del event[name]
    event.add("uid", f"rehearsal-{invitation.recipient}-{invitation.booking.uid}")
    event.add("status", "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return _calendar("PUBLISH", [event])


def _file_name(invitation: Invitation) -> str:
    booking = invitation.booking
    return f"{booking.reference.removeprefix('#')}-{booking.uid[:8]}-{invitation.recipient}.ics"


def _calendar(method: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _staff_event(booking: Booking, as_of: datetime) -> Event:
    student, professional = person_name(booking.student.name), person_name(booking.professional.name)
    text = f"{one_line(booking.program.name)}: {booking.session.minutes} minutes.\nReference {booking.reference}"
    return _event(booking, as_of, f"Resume review: {student} with {professional}", text)


def _event(booking: Booking, as_of: datetime, summary: str, description: str) -> Event:
    event = Event()
    event.add("uid", booking.uid)
    event.add("dtstamp", as_of.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", booking.start)
    event.add("dtend", booking.end)
    event.add("sequence", booking.revision)
    event.add("status", "CANCELLED" if booking.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("summary", _Text(summary))
    event.add("description", _Text(description))
    if booking.room:
        event.add("location", _Text(booking.room))
    organizer = vCalAddress(f"mailto:{booking.program.organizer_email.strip()}")
    organizer.params["CN"] = vText(person_name(booking.program.organizer_name))
    event.add("organizer", organizer)
    return event


def _guests(invitation: Invitation) -> list[vCalAddress]:
    """The recipient, and the other person too if the program lets them see each other's address."""
    booking = invitation.booking
    shown = tuple(Recipient) if booking.program.share_addresses else (invitation.recipient,)
    names = {Recipient.PROFESSIONAL: booking.professional.name, Recipient.STUDENT: booking.student.name}
    guests: dict[str, vCalAddress] = {}
    for recipient in shown:
        address = booking.address(recipient)
        if address is None or address.casefold() in guests:
            continue
        guest = vCalAddress(f"mailto:{address}")
        guest.params["CN"] = vText(person_name(names[recipient]))
        guest.params["CUTYPE"] = vText("INDIVIDUAL")
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
        guest.params["RSVP"] = vText("TRUE")
        guests[address.casefold()] = guest
    return list(guests.values())


def _alarm(summary: str, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _Text(summary))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm
