"""The real Google client while things go wrong: never lost, never doubled, every refusal said clearly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from publish.backoff import wait_after
from publish.booking import Program
from publish.google_calendar import SCOPES, GoogleCalendar
from publish.google_pace import Pace
from publish.google_transport import PinnedHttp, credentials_from
from publish.ports import PublishError, Receipt, State
from tests.publish.publish_builders import START, connected, done, for_professional, make_booking, refused
from tests.standins.google_calendar import GoogleCalendarStandIn, google_error
from tests.standins.loopback import Answer, Fault


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
        (403, "forbiddenForNonOrganizer", State.DEAD, False, "organizes this event"),
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


def test_a_full_quota_is_over_by_the_next_nights_run_and_a_rate_limit_waits_for_as_long_as_asked(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    slow = google_error(429, "rateLimitExceeded", headers={"Retry-After": "17"})
    google.faults += [
        Fault("POST", "/events", answer=google_error(403, "quotaExceeded")),
        Fault("POST", "/events", answer=slow),
    ]
    full, asked = (refused(calendar.book([for_professional()])) for _ in range(2))
    assert asked.retry_after == timedelta(seconds=17)
    rests = [wait_after(f"item {number}", 1, full) for number in range(50)]
    assert all(timedelta(hours=19) < rest < timedelta(hours=21) for rest in rests)


@pytest.mark.parametrize(("method", "sent"), [("GET", 0), ("POST", 49)])
def test_after_a_block_no_further_batch_is_tried(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar, method: str, sent: int
) -> None:
    google.faults.append(Fault(method, "/events", answer=google_error(403, "rateLimitExceeded"), skip=7))
    outcomes = calendar.book([for_professional(session_key=f"k{number}") for number in range(60)])
    refusals = [one for one in outcomes if isinstance(one, PublishError)]
    assert all(one.blocks_channel and one.state is State.PENDING for one in refusals)
    assert (len(outcomes) - len(refusals), len(google.events)) == (sent, sent)
    assert google.count("POST", "/batch") == (1 if method == "GET" else 2)


def test_sixty_invitations_take_four_requests_and_end_in_sixty_events(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    invitations = [for_professional(session_key=f"k{number}") for number in range(60)]
    assert all(not done([outcome]).repeated for outcome in calendar.book(invitations))
    assert google.count("POST", "/batch") == 4
    assert set(google.events) == {one.event_id for one in invitations}
    assert all(done([outcome]).repeated for outcome in calendar.book(invitations))
    assert len(google.mails) == 60


def test_a_batch_whose_answer_is_lost_leaves_every_part_in_doubt_and_doubles_nothing(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    invitations = [for_professional(session_key=f"k{number}") for number in range(5)]
    lost = google_error(503, "backendError")
    google.faults.append(Fault("POST", "/batch", after_commit=True, answer=lost, skip=1))
    assert {refused([one]).state for one in calendar.book(invitations)} == {State.UNKNOWN}
    assert all(done([outcome]).repeated for outcome in calendar.book(invitations))
    assert (len(google.events), len(google.mails)) == (5, 5)


def test_each_part_of_a_batch_has_its_own_outcome(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    invitations = [for_professional(session_key=f"k{number}") for number in range(4)]
    google.faults += [
        Fault("POST", "/events", answer=google_error(400, "invalid"), skip=1),
        Fault("POST", "/events", answer=google_error(500, "backendError"), skip=1),
    ]
    outcomes = calendar.book(invitations)
    assert [one.state if isinstance(one, PublishError) else State.SENT for one in outcomes] == [
        State.SENT, State.DEAD, State.UNKNOWN, State.SENT
    ]  # fmt: skip


def test_a_batch_goes_to_the_stand_in_and_nowhere_else(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    calendar.book(make_booking().invitations)
    whole = [one for one in google.asked if one.path == "/batch/calendar/v3"]
    assert len(whole) == 2
    assert all(one.headers["authorization"].startswith("Bearer ") for one in whole)


def test_an_event_changed_under_our_hands_is_not_deleted_unseen(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    invitation = for_professional()
    calendar.book([invitation])
    stale = dict(google.events[invitation.event_id])
    google.move(invitation.event_id, "2026-03-03T15:00:00Z", "2026-03-03T15:30:00Z")
    google.faults.append(Fault("GET", "/events", answer=Answer(200, stale)))
    assert refused(calendar.cancel([invitation])).state is State.PENDING
    assert not done(calendar.cancel([invitation])).repeated


def test_an_invitation_of_a_cancelled_session_is_not_sent(
    google: GoogleCalendarStandIn, calendar: GoogleCalendar
) -> None:
    assert done(calendar.book([for_professional(cancelled=True)])).repeated
    assert google.events == {}


def test_calls_are_not_made_faster_than_allowed() -> None:
    waited: list[float] = []
    pace = Pace(60, clock=lambda: sum(waited), sleep=waited.append)
    for _ in range(5):
        pace.take(50)
    assert waited == [50.0, 50.0, 50.0]


def test_one_bad_guest_does_not_stop_the_others(google: GoogleCalendarStandIn, calendar: GoogleCalendar) -> None:
    google.faults.append(Fault("POST", "/events", answer=google_error(400, "invalid")))
    bad, good = calendar.book(make_booking().invitations)
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


def test_a_token_that_expires_is_renewed_for_the_parts_of_a_batch(google: GoogleCalendarStandIn) -> None:
    with connected(google) as calendar:
        done(calendar.book([for_professional()]))
        google.tokens.granted.clear()
        outcomes = calendar.book(make_booking(session_key="another").invitations)
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    assert len(google.live()) == 3
