"""What people are told: a night's sessions and message, just thought through or again from the record."""

from __future__ import annotations

from collections.abc import Mapping

from backend.nightly.frame import program_from
from backend.nightly.night import Night
from backend.nightly.record import BookedSession, People, RecordState
from backend.settings import Settings
from publish.booking import Booking, Recipient
from publish.links import Links
from publish.message import Message, night_messages
from publish.message import Night as News

NO_CHANNEL = "preview"


def messages_of(night: Night) -> tuple[Message, ...]:
    """The night's messages exactly as they would be posted; sessions of an earlier run of that night included."""
    earlier = _bookings(night.settings, night.state, night.key)
    return _messages(
        night.settings,
        night.key,
        (*earlier, *night.bookings),
        len(night.unmatched),
        night.conservation.students["already booked"] - len(earlier),
    )


def recorded_messages(settings: Settings, state: RecordState, key: str) -> tuple[Message, ...]:
    """The messages of a recorded night, as they read today."""
    bookings = _bookings(settings, state, key)
    posted = [run for run in state.posted if (run.program, run.night) == (settings.program.key, key)]
    if not posted:
        return ()
    last = posted[-1]
    before = sum(run.sessions for run in state.runs if run.night == key and run.id != last.id)
    return _messages(settings, key, bookings, last.unmatched, last.booked_earlier - before)


def standing_bookings(night: Night) -> tuple[Booking, ...]:
    """Every session still to come after this night, the earlier nights' included, by start."""
    booked = [one for one in night.state.active() if one.interval.end > night.as_of]
    earlier = [booking_of(night.settings, night.state.people, one) for one in booked]
    return tuple(sorted((*earlier, *night.bookings), key=lambda booking: (booking.start, booking.session_key)))


def booking_of(
    settings: Settings, people: People, booked: BookedSession, links: Mapping[Recipient, Links] | None = None
) -> Booking:
    """A recorded session as it is told to people."""
    return Booking(
        program=program_from(settings),
        session_key=booked.key,
        session=booked.session,
        student=people.students[booked.session.student],
        professional=people.professionals[booked.session.professional],
        why=booked.why,
        revision=booked.revision,
        incarnation=booked.incarnation,
        student_incarnation=booked.student_incarnation,
        meeting_link=booked.meeting_link,
        cancelled=booked.state == "cancelled",
        links=links or {},
    )


def _bookings(settings: Settings, state: RecordState, key: str) -> tuple[Booking, ...]:
    runs = {run.id for run in state.runs if run.night == key and run.program == settings.program.key}
    return tuple(booking_of(settings, state.people, booked) for booked in state.sessions if booked.run in runs)


def _messages(
    settings: Settings, key: str, bookings: tuple[Booking, ...], unmatched: int, booked_earlier: int
) -> tuple[Message, ...]:
    news = News(program_from(settings), key, bookings, unmatched, max(0, booked_earlier))
    return night_messages(news, settings.publish.discord_channel_id or NO_CHANNEL, settings.publish.names)
