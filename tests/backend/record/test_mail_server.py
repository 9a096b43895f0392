"""Django's SMTP backend against a mail server on loopback, and a night whose invitations go by mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.plain_record import PlainRecord
from backend.record.mail import SmtpMailer
from publish.mail import Mail
from publish.ports import PublishError, State
from tests.backend.nightly.nights import AS_OF, crowd, make_night, make_settings, make_sheets
from tests.standins.smtp_server import PASSWORD, SmtpServer

MAIL = Mail("ana@students.example", "Hello Ána", "Text", "<p>Text</p>", "m1@matching.invalid", b"BEGIN:VCALENDAR\r\n")


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


def mailer(server: SmtpServer, password: str | None = None) -> SmtpMailer:
    mail = {"host": "127.0.0.1", "port": server.port, "tls": "none", "user": "us" if password else ""}
    return SmtpMailer(make_settings(mail=mail), password)


def refused(server: SmtpServer, password: str | None = None) -> PublishError:
    with mailer(server, password) as adapter, pytest.raises(PublishError) as caught:
        adapter.send(MAIL)
    assert "ana" not in str(caught.value)
    return caught.value


def test_a_mail_has_text_page_and_invitation_and_a_stable_id(server: SmtpServer) -> None:
    with mailer(server) as adapter:
        adapter.send(MAIL)
        adapter.send(replace(MAIL, message_id="m2@matching.invalid"))
    first = server.taken[0].message
    kinds = [part.get_content_type() for part in first.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    calendar = next(part for part in first.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert (first["Message-ID"], first["To"], first["Subject"]) == (
        "<m1@matching.invalid>", "ana@students.example", "Hello Ána",
    )  # fmt: skip
    assert server.taken[0].recipients == ("ana@students.example",)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("verb", "answer", "state", "blocks"),
    [
        ("RCPT", "450 mailbox busy ana@students.example", State.PENDING, False),
        ("RCPT", "550 no such user ana@students.example", State.DEAD, False),
        (".", "452 full", State.PENDING, False),
        (".", "554 spam", State.DEAD, False),
        ("MAIL", "421 closing", State.PENDING, True),
        ("MAIL", "553 not you", State.PENDING, True),
        ("DATA", "drop", State.UNKNOWN, False),
        (".", "drop", State.UNKNOWN, False),
    ],
)
def test_each_refusal_says_whether_to_try_again(
    server: SmtpServer, verb: str, answer: str, state: State, blocks: bool
) -> None:
    server.answers = {verb: [answer]}
    error = refused(server)
    assert (error.state, error.blocks_channel) == (state, blocks)


def test_a_reply_lost_after_the_mail_was_taken_is_sent_again_under_the_same_id(server: SmtpServer) -> None:
    server.answers = {".": ["drop"]}
    with mailer(server) as adapter:
        with pytest.raises(PublishError):
            adapter.send(MAIL)
        adapter.send(MAIL)
    assert [one.message["Message-ID"] for one in server.taken] == ["<m1@matching.invalid>"] * 2


def test_a_wrong_password_blocks_and_a_right_one_sends() -> None:
    with SmtpServer(login=True) as server:
        assert (refused(server, "wrong").permanent, refused(server, "wrong").blocks_channel) == (True, True)
        with mailer(server, PASSWORD) as adapter:
            adapter.send(MAIL)
        assert len(server.taken) == 1


def test_nobody_there_is_a_temporary_failure() -> None:
    with SmtpServer() as gone:
        adapter = mailer(gone)
    with pytest.raises(PublishError) as caught:
        adapter.send(MAIL)
    assert (caught.value.state, caught.value.blocks_channel) == (State.PENDING, True)


def test_a_night_without_google_goes_out_by_mail_once(tmp_path: Path, server: SmtpServer) -> None:
    settings = make_settings(publish={"enabled": True})
    record = PlainRecord(tmp_path, lambda: AS_OF)
    book(make_night(settings, make_sheets(crowd(3))), record, approved=False)
    server.answers = {"RCPT": ["450 busy"]}
    with mailer(server) as adapter:
        first = work_off(settings, record, Channels(mailer=adapter), lambda: AS_OF, lambda _: None)
    assert (first.sent, first.waiting) == (5, 1)
    later = PlainRecord(tmp_path, lambda: AS_OF + timedelta(hours=1))
    with mailer(server) as adapter:
        channels = Channels(mailer=adapter)
        assert work_off(settings, later, channels, lambda: AS_OF, lambda _: None).sent == 1
        assert work_off(settings, later, channels, lambda: AS_OF, lambda _: None) == Delivery()
    assert len({one.message["Message-ID"] for one in server.taken}) == len(server.taken) == 6
    assert all(len(one.recipients) == 1 for one in server.taken)
