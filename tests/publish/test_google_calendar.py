"""The real Google client against the stand-in: never lost, never doubled, every refusal said clearly."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from optimizer.domain import Student
from publish.booking import Invitation, Recipient
from publish.google_calendar import SCOPES, GoogleCalendar
from publish.google_transport import credentials_from
from publish.ports import EventDeletedError, State
from tests.publish.publish_builders import START, STUDENT, done, for_professional, make_booking, refused
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn
from tests.standins.google_token import authorized_user_json


def test_a_booking_becomes_one_event_for_each_recipient(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    booking = make_booking()
    first, second = (done([outcome]) for outcome in calendar.book(booking.invitations))
    assert (first.repeated, second.repeated) == (False, False)
    assert set(google.events) == {invitation.event_id for invitation in booking.invitations}
    assert sorted(address for _, address, _ in google.mails) == ["ana@students.example", "bob@work.example"]
    for event in google.events.values():
        assert datetime.fromisoformat(event["start"]["dateTime"]) == START
        assert datetime.fromisoformat(event["end"]["dateTime"]) == START + timedelta(minutes=30)
        assert event["extendedProperties"]["private"]["session"] == booking.session_key
        assert event["reminders"]["overrides"] == [
            {"method": "popup", "minutes": 1440},
            {"method": "popup", "minutes": 30},
        ]
        assert event["visibility"] == "private"


def test_only_the_professional_reads_resume_role_and_level(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    booking = make_booking()
    calendar.book(booking.invitations)
    theirs, students = (google.events[invitation.event_id] for invitation in booking.invitations)
    private = (STUDENT.resume_link, STUDENT.target_role, STUDENT.level, STUDENT.target_industry)
    assert all(fact in theirs["description"] for fact in private)
    assert not any(fact in str(students) for fact in private)
    assert [guest["email"] for guest in students["attendees"]] == ["ana@students.example"]


def test_the_token_request_is_signed_for_the_calendar_scope(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    calendar.book([for_professional()])
    assert google.tokens.claims[0]["scope"] == SCOPES[0]


def test_the_stored_consent_of_a_person_works_too(google: GoogleCalendarStandIn) -> None:
    credentials = credentials_from(authorized_user_json(), SCOPES)
    with GoogleCalendar(CALENDAR_ID, credentials, stand_in=google.url) as calendar:
        assert not done(calendar.book([for_professional()])).repeated


def test_markup_in_a_name_stays_text(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    student = Student("st-1", "<b>Ana</b>", "ana@students.example", "UTC")
    calendar.book([for_professional(student=student)])
    (event,) = google.events.values()
    assert "‹b›Ana‹/b›" in event["description"]


def test_the_event_can_be_read_back(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    invitation = for_professional(revision=2)
    assert calendar.get(invitation.event_id) is None
    calendar.book([invitation])
    event = calendar.get(invitation.event_id)
    assert event is not None
    assert (event.start, event.end, event.cancelled) == (START, START + timedelta(minutes=30), False)
    assert (event.revision, dict(event.replies)) == (2, {"bob@work.example": "needsAction"})


# -- repeats send nothing --------------------------------------------------------------------------------------


def test_booking_again_sends_nothing(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    first, again = done(calendar.book([for_professional()])), done(calendar.book([for_professional()]))
    assert (first.repeated, again.repeated, first.remote_id) == (False, True, again.remote_id)
    assert (len(google.mails), google.count("POST", "/events"), google.count("PATCH")) == (1, 1, 0)


@pytest.mark.parametrize("act", ["book", "revise"])
def test_a_new_time_patches_the_same_event_once(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, act: str
) -> None:
    calendar.book([for_professional()])
    later = for_professional(start=START + timedelta(hours=1), revision=1)
    assert not done(getattr(calendar, act)([later])).repeated
    assert done(getattr(calendar, act)([later])).repeated
    assert [kind for kind, _, _ in google.mails] == ["invitation", "update"]
    assert len(google.events) == 1


def test_an_event_dragged_elsewhere_is_brought_back(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    invitation = for_professional()
    calendar.book([invitation])
    google.move(invitation.event_id, "2026-03-03T15:00:00Z", "2026-03-03T15:30:00Z")
    calendar.book([invitation])
    event = calendar.get(invitation.event_id)
    assert event is not None
    assert event.start == START


def test_cancelling_tells_the_guest_once(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    calendar.book([for_professional()])
    assert not done(calendar.cancel([for_professional()])).repeated
    assert done(calendar.cancel([for_professional()])).repeated
    assert [kind for kind, _, _ in google.mails] == ["invitation", "cancellation"]
    assert google.live() == {}


def test_cancelling_what_never_was_is_done_already(calendar: GoogleCalendar) -> None:
    assert done(calendar.cancel([for_professional()])).repeated


def test_a_deleted_event_needs_the_next_incarnation(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    invitation = for_professional()
    calendar.book([invitation])
    google.remove(invitation.event_id)
    for act in (calendar.book, calendar.revise):
        error = refused(act([invitation]))
        assert isinstance(error, EventDeletedError)
        assert error.state is State.DEAD
    done(calendar.book([for_professional(incarnation=1)]))
    assert len(google.live()) == 1


def test_an_older_revision_never_overwrites_a_newer_one(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    calendar.book([for_professional(start=START + timedelta(hours=1), revision=3)])
    error = refused(calendar.revise([for_professional(revision=2)]))
    assert error.permanent
    assert "newer revision" in str(error)
    assert google.count("PATCH") == 0


def test_revising_what_was_never_booked_is_refused(calendar: GoogleCalendar) -> None:
    assert "book it first" in str(refused(calendar.revise([for_professional()])))


# -- guests ----------------------------------------------------------------------------------------------------


def test_an_acceptance_survives_new_words_but_not_a_new_time(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    invitation = for_professional()
    calendar.book([invitation])
    google.events[invitation.event_id]["attendees"][0]["responseStatus"] = "accepted"
    calendar.revise([for_professional(why="You both asked for Mondays.", revision=1)])
    words = calendar.get(invitation.event_id)
    calendar.revise([for_professional(start=START + timedelta(hours=2), revision=2)])
    time = calendar.get(invitation.event_id)
    assert words is not None
    assert time is not None
    assert (words.replies["bob@work.example"], time.replies["bob@work.example"]) == ("accepted", "needsAction")


def test_a_corrected_address_replaces_the_wrong_one_and_keeps_guests_staff_added(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    wrong = Student("st-1", "Ana", "someone-else@students.example", "UTC")
    right = Student("st-1", "Ana", "ana@students.example", "UTC")
    invitation = Invitation(make_booking(student=wrong), Recipient.STUDENT)
    calendar.book([invitation])
    google.events[invitation.event_id]["attendees"].append({"email": "lead@program.example"})
    calendar.revise([Invitation(make_booking(student=right, revision=1), Recipient.STUDENT)])
    guests = [guest["email"] for guest in google.events[invitation.event_id]["attendees"]]
    assert guests == ["ana@students.example", "lead@program.example"]


def test_without_an_address_nothing_is_sent(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    mistyped = Student("st-1", "Ana", "ana at students", "UTC")
    error = refused(calendar.book([Invitation(make_booking(student=mistyped), Recipient.STUDENT)]))
    assert error.permanent
    assert "ana" not in str(error)
    assert google.asked == []
