"""A session as it is told to people, and the keys by which the world recognises it.

Keys are hashes of what stays: a repeat makes the same keys, so it can be found instead of doubled.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from optimizer.domain import Professional, Session, Student, zone_info
from publish.links import Links
from publish.text import mail_address, one_line, web_link

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else
_REFERENCE_LENGTH = 6
_MOST_REMINDERS = 5  # this and four weeks ahead are what Google Calendar takes
_MOST_REMINDER_MINUTES = 40_320


class BookingError(ValueError):
    """A booking or a program that contradicts itself; the message names the field, never a person's data."""


class Recipient(StrEnum):
    """To whom an invitation speaks. Each gets their own, because only the professional may read all of it."""

    PROFESSIONAL = "professional"
    STUDENT = "student"


def digest(*parts: str | int) -> bytes:
    """32 bytes that depend on every part and on where one part ends and the next begins."""
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def base32hex(raw: bytes) -> str:
    """Lower case, unpadded: the letters Google Calendar takes in an event id (0-9, a-v)."""
    return base64.b32hexencode(raw).decode().rstrip("=").lower()


def visible_reference(*parts: str | int) -> str:
    """A short mark such as `#K3F9QX` that people can read out and a search finds: 1 in 729 million by chance."""
    number = int.from_bytes(digest("reference", *parts), "big")
    letters = []
    for _ in range(_REFERENCE_LENGTH):
        number, index = divmod(number, len(_REFERENCE_LETTERS))
        letters.append(_REFERENCE_LETTERS[index])
    return "#" + "".join(letters)


@dataclass(frozen=True)
class Program:
    """What invitations and messages say about the program. `key` never changes; all other fields may.

    `zone`: the zone staff think in (IANA or UTC+hh:mm). `meeting_link`: a room that all sessions share, if there is
    one. `reminder_minutes`: before the start. `share_addresses`: whether the two people see each other's address.
    `how_to_cancel`: one sentence, printed in every invitation. `meet`: the calendar makes a room for each session that
    has none.
    """

    key: str
    name: str
    zone: str
    organizer_name: str
    organizer_email: str
    meeting_link: str = ""
    reminder_minutes: tuple[int, ...] = (1440, 30)
    share_addresses: bool = True
    how_to_cancel: str = "Cannot make it? Decline this invitation or write to the organizer as early as you can."
    meet: bool = False

    def __post_init__(self) -> None:
        if not self.key or one_line(self.key) != self.key:
            raise BookingError("program.key must be one plain, non-empty line")
        zone_info(self.zone)
        if mail_address(self.organizer_email) is None:
            raise BookingError("program.organizer_email is not an e-mail address")
        if self.meeting_link and web_link(self.meeting_link) is None:
            raise BookingError("program.meeting_link must be an http or https address")
        if any(not 0 < minutes <= _MOST_REMINDER_MINUTES for minutes in self.reminder_minutes):
            raise BookingError(f"program.reminder_minutes must lie in 1 to {_MOST_REMINDER_MINUTES}")
        if len(self.reminder_minutes) > _MOST_REMINDERS:
            raise BookingError(f"program.reminder_minutes takes at most {_MOST_REMINDERS} reminders")

    @property
    def contact(self) -> str:
        """Whom people ask: the organizer by name and address."""
        return f"{one_line(self.organizer_name, 80) or 'the organizer'} ({self.organizer_email.strip()})"

    @property
    def how_to_cancel_by_letter(self) -> str:
        """As `how_to_cancel`, for what is no invitation and may reach people who got none."""
        return (
            f"Cannot make it? Decline your invitation, if you got one, or write to {self.contact} as early as you can."
        )


@dataclass(frozen=True)
class Booking:
    """A session with the people in it, as it stands after `revision` changes.

    `session_key` is the session's identity for life, from the caller: the same after a change of time, another for
    another pair or a later night. `incarnation` and `student_incarnation` count calendar events of this session that
    were deleted for good and are to be replaced, the professional's and the student's: a deleted event's id stays
    taken, so its replacement needs the next number. `why` says in one sentence why this time. `meeting_link` is the
    room of this session; it wins over the professional's own, and that over the program's. `links`: what
    each of the two can do by a click; whoever has them acts as that person, so they stand in that person's own messages
    alone.
    """

    program: Program
    session_key: str
    session: Session
    student: Student
    professional: Professional
    why: str = ""
    meeting_link: str = ""
    revision: int = 0
    incarnation: int = 0
    cancelled: bool = False
    student_incarnation: int = 0
    links: Mapping[Recipient, Links] = field(default_factory=dict, hash=False, repr=False)

    def __post_init__(self) -> None:
        if (self.session.student, self.session.professional) != (self.student.id, self.professional.id):
            raise BookingError(f"booking {self.session_key!r}: the people are not those of the session")
        if self.session.start.tzinfo is None:
            raise BookingError(f"booking {self.session_key!r}: session.start must be aware")
        if not 0 < self.session.minutes <= 24 * 60:
            raise BookingError(f"booking {self.session_key!r}: session.minutes must lie in 1 to 1440")
        if not self.session_key or one_line(self.session_key) != self.session_key:
            raise BookingError("session_key must be one plain, non-empty line")
        if min(self.revision, self.incarnation, self.student_incarnation) < 0:
            raise BookingError(f"booking {self.session_key!r}: revision and incarnation count from 0")
        if self.meeting_link and web_link(self.meeting_link) is None:
            raise BookingError(f"booking {self.session_key!r}: meeting_link must be an http or https address")

    @property
    def start(self) -> datetime:
        """Aware UTC."""
        return self.session.interval.start

    @property
    def end(self) -> datetime:
        """Aware UTC, the first instant after the session."""
        return self.session.interval.end

    @property
    def uid(self) -> str:
        """The iCalendar UID, for life: the same for both recipients, every revision and every incarnation."""
        return f"{base32hex(digest('uid', self.program.key, self.session_key)[:20])}@matching.invalid"

    @property
    def reference(self) -> str:
        """The short mark people use when they talk about this session."""
        return visible_reference("session", self.program.key, self.session_key)

    @property
    def room(self) -> str:
        """Where to meet: a link, or empty when the two arrange it themselves."""
        own = web_link(self.professional.meeting_link) or ""
        return self.meeting_link.strip() or own or self.program.meeting_link.strip()

    def address(self, recipient: Recipient) -> str | None:
        """The recipient's usable e-mail address, or None."""
        person = self.professional if recipient is Recipient.PROFESSIONAL else self.student
        return mail_address(person.email)

    def shown_address(self, of: Recipient) -> str | None:
        """The address of one of the two as the other may see it."""
        return self.address(of) if self.program.share_addresses else None

    def no_room_yet(self, recipient: Recipient) -> str:
        """What a recipient reads in place of the room, when there is none: how they come to know where to meet."""
        if self.program.meet:
            return "a Google Meet link, which follows."
        other = Recipient.STUDENT if recipient is Recipient.PROFESSIONAL else Recipient.PROFESSIONAL
        return "please agree on it by e-mail." if self.shown_address(other) else f"please ask {self.program.contact}."

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        """One for each recipient, the professional first, reachable or not."""
        return tuple(Invitation(self, recipient) for recipient in Recipient)

    @property
    def unreachable(self) -> tuple[Recipient, ...]:
        """Who cannot be invited because their e-mail address is missing or mistyped: staff must be told."""
        return tuple(recipient for recipient in Recipient if self.address(recipient) is None)


@dataclass(frozen=True)
class Invitation:
    """A booking as one recipient is told about it: the unit that calendars carry."""

    booking: Booking
    recipient: Recipient

    @property
    def event_id(self) -> str:
        """The calendar event's id: 52 letters of base32hex over program, session, recipient and incarnation."""
        booking = self.booking
        identity = (booking.program.key, booking.session_key, str(self.recipient), self.incarnation)
        return base32hex(digest("event", *identity))

    @property
    def incarnation(self) -> int:
        """How many events of this recipient were deleted for good and replaced."""
        booking = self.booking
        return booking.incarnation if self.recipient == Recipient.PROFESSIONAL else booking.student_incarnation

    @property
    def asks_for_room(self) -> bool:
        """Whether the calendar shall make the session's room with this event: one room, so with one of the two."""
        wanted = self.booking.program.meet and not self.booking.room
        return wanted and self.recipient == Recipient.PROFESSIONAL

    @property
    def address(self) -> str | None:
        """Where it goes, or None when the recipient cannot be reached."""
        return self.booking.address(self.recipient)

    @property
    def summary(self) -> str:
        """The title: what, and with whom."""
        booking = self.booking
        other = booking.student.name if self.recipient is Recipient.PROFESSIONAL else booking.professional.name
        return f"Resume review with {person_name(other)}"

    @property
    def links(self) -> Links:
        """What the recipient can do by a click, as far as the address is one."""
        own = self.booking.links.get(self.recipient, {})
        return {what: where for what, where in own.items() if web_link(where)}

    @property
    def description(self) -> str:
        """The text, lines separated by newlines, with the recipient's links."""
        return "\n".join((*self.about, *(f"{what}: {where}" for what, where in self.links.items())))

    @property
    def about(self) -> tuple[str, ...]:
        """The text's lines without links. Résumé, target role and level appear for the professional only."""
        booking = self.booking
        mine = self._about_student() if self.recipient is Recipient.PROFESSIONAL else self._about_professional()
        why = one_line(booking.why, 400)
        lines = (
            f"{one_line(booking.program.name)}: {booking.session.minutes} minutes.",
            *mine,
            f"Where: {booking.room or self._no_room}",
            f"Why this time: {why}" if why else "",
            _fact("Your times as we read them", self._echo, 400),
            one_line(booking.program.how_to_cancel, 400),
            f"Reference {booking.reference}",
        )
        return tuple(line for line in lines if line)

    @property
    def _echo(self) -> str:
        """How the recipient's own answer was understood, so that a wrong reading is noticed in time."""
        return self.booking.professional.echo if self.recipient is Recipient.PROFESSIONAL else self.booking.student.echo

    @property
    def _no_room(self) -> str:
        return "the Google Meet link of this event." if self.asks_for_room else self.booking.no_room_yet(self.recipient)

    def _about_student(self) -> tuple[str, ...]:
        student, resume = self.booking.student, web_link(self.booking.student.resume_link)
        whom = "the student" if self.booking.shown_address(Recipient.STUDENT) else self.booking.program.contact
        return (
            self._named("Student", student.name, Recipient.STUDENT),
            _fact("Target role", student.target_role),
            _fact("Target industry", student.target_industry),
            _fact("Level", student.level),
            f"Resume: {resume}" if resume else f"Resume: no usable link was given; please ask {whom} for it.",
        )

    def _about_professional(self) -> tuple[str, ...]:
        professional = self.booking.professional
        work = ", ".join(part for part in (one_line(professional.title), one_line(professional.company)) if part)
        return (self._named("Professional", professional.name, Recipient.PROFESSIONAL), _fact("Works as", work))

    def _named(self, label: str, name: str, whose: Recipient) -> str:
        address = self.booking.shown_address(whose)
        return f"{label}: {person_name(name)}" + (f" ({address})" if address else "")


def person_name(name: str) -> str:
    """A person's name as private texts show it."""
    return one_line(name, 80) or "(no name given)"


def _fact(label: str, text: str, limit: int = 200) -> str:
    line = one_line(text, limit)
    return f"{label}: {line}" if line else ""
