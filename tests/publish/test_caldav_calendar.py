"""The CalDAV adapter with the real client library against a real Radicale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from publish.booking import Booking, Invitation, Recipient
from publish.caldav_calendar import CalDavCalendar
from publish.inviting import InvitingCalendar, event_of
from publish.mail import Mail, MailCalendar
from publish.ports import Outcome, PublishError, Receipt, State
from tests.publish.publish_builders import AS_OF, START, make_booking
from tests.standins.radicale_server import PASSWORD, USER, CalDavServer, caldav_server

MOVED = START + timedelta(days=1)


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> Receipt:
        self.mails.append(mail)
        return Receipt(mail.message_id)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalDavServer]:
    with caldav_server(tmp_path) as running:
        yield running


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def calendar(server: CalDavServer, box: Mailbox) -> Iterator[InvitingCalendar]:
    with client(server.url) as events:
        yield InvitingCalendar(events, MailCalendar(box, lambda: AS_OF), lambda: AS_OF)


def client(url: str, password: str = PASSWORD) -> CalDavCalendar:
    return CalDavCalendar(url, USER, password, timeout=10)


def both(booking: Booking) -> tuple[Invitation, ...]:
    return booking.invitations


def error(outcomes: list[Outcome]) -> PublishError:
    assert isinstance(outcomes[0], PublishError), outcomes
    assert "127.0.0.1" not in str(outcomes[0])
    return outcomes[0]


def test_a_session_is_one_event_and_two_invitations(
    server: CalDavServer, calendar: InvitingCalendar, box: Mailbox
) -> None:
    booking = make_booking()
    assert all(isinstance(one, Receipt) for one in calendar.book(both(booking)))
    (event,) = server.events()
    assert f"UID:{booking.uid}" in event
    assert "DTSTART:20260302T150000Z" in event
    assert not any(word in event for word in ("METHOD", "ATTENDEE", "ORGANIZER", "@work.example", "cv-7731"))
    assert [(mail.to, mail.method) for mail in box.mails] == [
        ("bob@work.example", "REQUEST"),
        ("ana@students.example", "REQUEST"),
    ]
    assert all(f"UID:{booking.uid}".encode() in mail.ics for mail in box.mails)
    assert server.changes() == ["PUT"]
    seen = calendar.get(event_of(both(booking)[0]))
    assert seen is not None
    assert (seen.start, seen.revision, seen.cancelled) == (START, 0, False)


def test_a_move_and_a_cancellation_keep_the_uid_and_count_the_sequence(
    server: CalDavServer, calendar: InvitingCalendar, box: Mailbox
) -> None:
    calendar.book(both(make_booking()))
    moved = make_booking(MOVED, revision=1)
    calendar.revise(both(moved))
    (event,) = server.events()
    assert "DTSTART:20260303T150000Z" in event
    assert "SEQUENCE:1" in event
    calendar.cancel(both(make_booking(MOVED, revision=2, cancelled=True)))
    assert server.events() == []
    assert server.changes() == ["PUT", "PUT", "DELETE"]
    assert [mail.method for mail in box.mails] == ["REQUEST"] * 4 + ["CANCEL"] * 2
    for number, mail in enumerate(box.mails):
        assert f"UID:{moved.uid}".encode() in mail.ics
        assert f"SEQUENCE:{number // 2}".encode() in mail.ics
    assert calendar.get(event_of(both(moved)[0])) is None


def test_nothing_is_sent_when_it_is_there_already(server: CalDavServer) -> None:
    booking = make_booking()
    for _ in range(2):  # a new process knows nothing of the first
        with client(server.url) as events:
            receipt = events.put(both(booking)[0], AS_OF)
    assert receipt.repeated
    assert server.changes() == ["PUT"]


def test_an_answer_that_was_lost_is_looked_up(server: CalDavServer, calendar: InvitingCalendar, box: Mailbox) -> None:
    server.ordered = [("PUT", "lost"), ("DELETE", "lost")]
    first = error(calendar.book(both(make_booking())))
    assert first.state is State.UNKNOWN
    assert isinstance(calendar.book(both(make_booking()))[0], Receipt)
    gone = make_booking(cancelled=True, revision=1)
    assert error(calendar.cancel(both(gone))).state is State.UNKNOWN
    assert isinstance(calendar.cancel(both(gone))[0], Receipt)
    assert server.changes() == ["PUT", "DELETE"]
    assert len(box.mails) == 4


def test_a_change_by_another_program_in_between_is_not_overwritten(server: CalDavServer) -> None:
    with client(server.url) as events, client(server.url) as other:
        events.put(both(make_booking())[0], AS_OF)
        (path,) = server.files.glob("*.ics")

        def meddle(method: str) -> None:
            if method in ("PUT", "DELETE"):
                server.before = lambda _: None
                path.write_text(path.read_text().replace("Resume review", "Our talk"))

        for act, one in (
            (lambda one: events.put(one, AS_OF), make_booking(MOVED, revision=1)),
            (events.remove, make_booking(revision=1, cancelled=True)),
        ):
            server.before = meddle
            with pytest.raises(PublishError, match="changed while we looked") as caught:
                act(both(one)[0])
            assert caught.value.state is State.PENDING
            path.write_text(path.read_text().replace("Our talk", "Resume review"))
        assert not other.put(both(make_booking(MOVED, revision=1))[0], AS_OF).repeated
        assert "20260303T150000Z" in server.events()[0]


def test_of_two_that_book_at_once_one_finds_the_others_event(server: CalDavServer) -> None:
    booking = make_booking()
    with client(server.url) as events, client(server.url) as other:

        def faster(method: str) -> None:
            if method == "PUT":
                server.before = lambda _: None
                other.put(both(booking)[0], AS_OF)

        server.before = faster
        assert events.put(both(booking)[0], AS_OF).repeated
    assert len(server.events()) == 1


def test_an_event_that_somebody_deleted_is_put_back_by_a_move_and_done_for_a_cancellation(
    server: CalDavServer,
) -> None:
    with client(server.url) as events:
        events.put(both(make_booking())[0], AS_OF)
        next(server.files.glob("*.ics")).unlink()
        assert events.remove(both(make_booking(cancelled=True, revision=1))[0]).repeated
        assert not events.put(both(make_booking(MOVED, revision=1))[0], AS_OF).repeated
    assert len(server.events()) == 1


def test_an_older_revision_never_replaces_a_newer_one(server: CalDavServer) -> None:
    with client(server.url) as events:
        events.put(both(make_booking(MOVED, revision=2))[0], AS_OF)
        with pytest.raises(PublishError, match="newer revision"):
            events.put(both(make_booking(revision=1))[0], AS_OF)


@pytest.mark.parametrize(
    ("status", "state", "blocks"),
    [
        ("403", State.PENDING, True),
        ("409", State.PENDING, True),
        ("400", State.DEAD, False),
        ("429", State.PENDING, True),
        ("503", State.PENDING, True),
        ("507", State.PENDING, True),
        ("500", State.UNKNOWN, False),
    ],
)
def test_each_refusal_says_whether_to_try_again(
    server: CalDavServer, calendar: InvitingCalendar, box: Mailbox, status: str, state: State, blocks: bool
) -> None:
    server.ordered = [("PUT", status)]
    found = error(calendar.book(both(make_booking())))
    assert (found.state, found.blocks_channel) == (state, blocks)
    assert (found.retry_after == timedelta(seconds=90)) is (status in ("429", "503"))
    assert len(box.mails) == (0 if blocks else 1)


def test_a_wrong_password_a_wrong_address_and_nobody_there(server: CalDavServer) -> None:
    one = both(make_booking())[0]
    with client(server.url, "wrong") as events, pytest.raises(PublishError, match="CALDAV_PASSWORD") as caught:
        events.put(one, AS_OF)
    assert caught.value.blocks_channel
    with client(server.url.replace("sessions", "nothing")) as events, pytest.raises(PublishError, match="no calendar"):
        events.put(one, AS_OF)
    url = server.url
    server.server.server_close()
    with client(url) as events, pytest.raises(PublishError, match="not reached") as caught:
        events.put(one, AS_OF)
    assert caught.value.state is State.PENDING


def test_of_a_cancelled_session_only_the_cancellation_speaks(
    server: CalDavServer, calendar: InvitingCalendar, box: Mailbox
) -> None:
    gone = replace(make_booking(), cancelled=True, revision=1)
    assert all(isinstance(one, Receipt) for one in calendar.book(both(gone)))
    assert (server.asked, box.mails) == ([], [])
    assert both(gone)[1].recipient is Recipient.STUDENT
