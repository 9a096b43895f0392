"""The real Google client against the stand-in: never lost, never doubled, every refusal said clearly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from optimizer.domain import Student
from publish.booking import Booking, Invitation, Program, Recipient
from publish.google_calendar import SCOPES, GoogleCalendar
from publish.google_transport import PinnedHttp, credentials_from
from publish.ports import EventDeletedError, Outcome, PublishError, Receipt, State
from tests.publish.publish_builders import START, STUDENT, make_booking
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn, google_error
from tests.standins.google_token import authorized_user_json, service_account_json
from tests.standins.loopback import Answer, Fault


@pytest.fixture
def calendar(google: GoogleCalendarStandIn) -> Iterator[GoogleCalendar]:
    with connected(google) as adapter:
        yield adapter


def connected(google: GoogleCalendarStandIn, calendar_id: str = CALENDAR_ID, **given: Any) -> GoogleCalendar:
    return GoogleCalendar(calendar_id, credentials_from(service_account_json(), SCOPES), stand_in=google.url, **given)


def for_professional(**changes: Any) -> Invitation:
    return Invitation(make_booking(**changes), Recipient.PROFESSIONAL)


def done(outcomes: list[Outcome]) -> Receipt:
    (outcome,) = outcomes
    assert isinstance(outcome, Receipt), outcome
    return outcome


def refused(outcomes: list[Outcome]) -> PublishError:
    (outcome,) = outcomes
    assert isinstance(outcome, PublishError), outcome
    return outcome


def both(booking: Booking) -> tuple[Invitation, ...]:
    return booking.invitations


# -- the plain way ---------------------------------------------------------------------------------------------


def test_a_booking_becomes_one_event_for_each_recipient(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    booking = make_booking()
    first, second = (done([outcome]) for outcome in calendar.book(both(booking)))
    assert (first.repeated, second.repeated) == (False, False)
    assert set(google.events) == {invitation.event_id for invitation in both(booking)}
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
    calendar.book(both(booking))
    theirs, students = (google.events[invitation.event_id] for invitation in both(booking))
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


# -- faults ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["insert", "patch", "delete"])
def test_a_reply_lost_after_the_commit_is_found_not_doubled(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, broken: str
) -> None:
    invitation = for_professional()
    changed = for_professional(start=START + timedelta(hours=1), revision=1)
    if broken != "insert":
        calendar.book([invitation])
    act, method, target = {
        "insert": (calendar.book, "POST", invitation),
        "patch": (calendar.revise, "PATCH", changed),
        "delete": (calendar.cancel, "DELETE", invitation),
    }[broken]
    google.faults.append(Fault(method, "/events", after_commit=True, answer=google_error(503, "backendError")))
    error = refused(act([target]))
    assert (error.permanent, error.uncertain, error.state) == (False, True, State.UNKNOWN)
    mails = len(google.mails)
    assert done(act([target])).repeated
    assert len(google.mails) == mails
    assert len(google.events) == 1


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_broken_connection_ends_in_one_event(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, after_commit: bool
) -> None:
    google.faults.append(Fault("POST", "/events", after_commit=after_commit, times=2 - after_commit))
    first = calendar.book([for_professional()])[0]
    assert isinstance(first, Receipt) or (first.uncertain and not first.permanent)
    done(calendar.book([for_professional()]))
    assert (len(google.events), len(google.mails)) == (1, 1)


def test_an_insert_that_finds_its_id_taken_looks_and_compares(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    calendar.book([for_professional()])
    google.faults.append(Fault("GET", "/events", answer=google_error(404, "notFound")))
    assert done(calendar.book([for_professional()])).repeated
    assert google.count("POST", "/events") == 2


def test_an_event_changed_under_our_hands_is_looked_at_again(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    invitation, changed = for_professional(), for_professional(why="A better reason.", revision=1)
    calendar.book([invitation])
    stale = dict(google.events[invitation.event_id])
    google.move(invitation.event_id, "2026-03-03T15:00:00Z", "2026-03-03T15:30:00Z")
    google.faults.append(Fault("GET", "/events", answer=Answer(200, stale)))
    error = refused(calendar.revise([changed]))
    assert (error.permanent, error.state) == (False, State.PENDING)
    assert not done(calendar.revise([changed])).repeated


@pytest.mark.parametrize(
    ("status", "reason", "state", "blocks", "says"),
    [
        (403, "rateLimitExceeded", State.PENDING, True, "rateLimitExceeded"),
        (403, "userRateLimitExceeded", State.PENDING, True, "userRateLimitExceeded"),
        (429, "rateLimitExceeded", State.PENDING, True, "429"),
        (403, "quotaExceeded", State.PENDING, True, "tomorrow"),
        (500, "backendError", State.UNKNOWN, False, "500"),
        (503, "backendError", State.UNKNOWN, False, "503"),
        (403, "forbiddenForServiceAccounts", State.PENDING, True, "delegation"),
        (403, "requiredAccessLevel", State.PENDING, True, "share the calendar"),
        (403, "accessNotConfigured", State.PENDING, True, "not enabled"),
        (404, "notFound", State.PENDING, True, "does not know this calendar"),
        (400, "invalid", State.DEAD, False, "400 invalid"),
    ],
)
def test_each_refusal_says_whether_to_try_again(
    google: GoogleCalendarStandIn,
    calendar: GoogleCalendar,
    status: int,
    reason: str,
    state: State,
    blocks: bool,
    says: str,
) -> None:
    google.faults.append(Fault("POST", "/events", answer=google_error(status, reason, "about bob@work.example")))
    error = refused(calendar.book([for_professional()]))
    assert (error.state, error.blocks_channel) == (state, blocks)
    assert says in str(error)
    assert "bob" not in str(error)


def test_a_full_quota_waits_for_the_next_day_and_a_rate_limit_for_as_long_as_asked(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    slow = google_error(429, "rateLimitExceeded", headers={"Retry-After": "17"})
    google.faults += [
        Fault("POST", "/events", answer=google_error(403, "quotaExceeded")),
        Fault("POST", "/events", answer=slow),
    ]
    waits = [refused(calendar.book([for_professional()])).retry_after for _ in range(2)]
    assert waits == [timedelta(days=1), timedelta(seconds=17)]


def test_after_a_block_the_rest_is_not_tried(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    google.faults.append(Fault("POST", "/events", answer=google_error(403, "rateLimitExceeded")))
    first, second = (refused([outcome]) for outcome in calendar.book(both(make_booking())))
    assert (first.blocks_channel, second.blocks_channel) == (True, True)
    assert google.count("POST", "/events") == 1


def test_one_bad_guest_does_not_stop_the_others(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    google.faults.append(Fault("POST", "/events", answer=google_error(400, "invalid")))
    bad, good = calendar.book(both(make_booking()))
    assert isinstance(bad, PublishError)
    assert isinstance(good, Receipt)


def test_a_plain_service_account_learns_the_ways_out() -> None:
    with GoogleCalendarStandIn(may_invite=False) as google, connected(google) as calendar:
        error = refused(calendar.book([for_professional()]))
        assert "domain-wide delegation" in str(error)
        assert google.violations == []


def test_a_calendar_that_is_not_shared_is_said_to_be_unknown(google: GoogleCalendarStandIn) -> None:
    with connected(google, "other@group.calendar.google.com") as calendar:
        assert "does not know this calendar" in str(refused(calendar.book([for_professional()])))


def test_revoked_credentials_block_the_channel_and_kill_nothing(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    google.tokens.revoked = True
    error = refused(calendar.book([for_professional()]))
    assert (error.permanent, error.blocks_channel, error.state) == (True, True, State.PENDING)


def test_an_expired_token_is_renewed_without_a_word(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    calendar.book([for_professional()])
    google.tokens.granted.clear()
    google.tokens.granted.add("token-of-somebody-else")
    assert done(calendar.book([for_professional()])).repeated


def test_nobody_there_is_a_temporary_failure() -> None:
    with GoogleCalendarStandIn() as google:
        pass
    with connected(google, timeout=1.0) as calendar, pytest.raises(PublishError, match="not reached") as caught:
        calendar.get(for_professional().event_id)
    assert not caught.value.permanent


def test_a_token_never_travels_to_another_host(google: GoogleCalendarStandIn) -> None:
    http = PinnedHttp(1.0)
    with pytest.raises(PublishError, match="outside Google"):
        http.request("https://www.googleapis.com.evil.example/calendar/v3")
    with pytest.raises(PublishError, match="outside Google"):
        http.request("http://www.googleapis.com/calendar/v3")
    with pytest.raises(PublishError, match="outside the stand-in"):
        PinnedHttp(1.0, google.url).request("https://evil.example/")
    assert google.asked == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"type": "service_account", "private_key": "s3cret"}', "s3cret"])
def test_credentials_of_no_known_kind_are_refused_without_quoting_them(text: str) -> None:
    with pytest.raises(PublishError) as caught:
        credentials_from(text, SCOPES)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_zone_by_offset_is_sent_as_utc(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    program = Program("spring", "Spring", "UTC+05:30", "Staff", "staff@program.example")
    calendar.book([for_professional(program=program, start=datetime(2026, 3, 2, 9, tzinfo=UTC))])
    (event,) = google.events.values()
    assert event["start"]["timeZone"] == "UTC"
