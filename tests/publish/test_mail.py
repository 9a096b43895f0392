"""What an invitation reads like in a mailbox, and that one person's mail says nothing of another's address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from publish.booking import Invitation, Recipient
from publish.mail import Mail, MailCalendar, invitation_mail
from publish.ports import Outcome, PublishError, Receipt
from tests.publish.publish_builders import AS_OF, PROFESSIONAL, PROGRAM, START, STUDENT, make_booking


class Kept:
    """A mailer that answers as told."""

    def __init__(self, *answers: Outcome) -> None:
        self.mails: list[Mail] = []
        self.answers = list(answers)

    def send(self, mail: Mail) -> Receipt:
        self.mails.append(mail)
        outcome = self.answers.pop(0) if self.answers else Receipt(mail.message_id)
        if isinstance(outcome, PublishError):
            raise outcome
        return outcome


def unfolded(ics: bytes) -> str:
    return ics.decode().replace("\r\n ", "")


def mails(kept: Kept) -> MailCalendar:
    return MailCalendar(kept, lambda: AS_OF)


def test_each_person_gets_a_mail_of_their_own_in_their_own_zone() -> None:
    kept = Kept()
    mails(kept).book(make_booking().invitations)
    professional, student = kept.mails
    assert (professional.to, student.to) == ("bob@work.example", "ana@students.example")
    assert professional.subject == "Resume review with Ana López Ruiz, Mon 2 March 2026, 16:00 (Europe/Berlin)"
    assert "10:00 (America/New_York)" in student.text
    assert "cv-7731" in professional.html
    assert "cv-7731" not in student.text + student.html + student.ics.decode()


def test_addresses_are_hidden_when_the_program_says_so() -> None:
    kept = Kept()
    mails(kept).book(make_booking(program=replace(PROGRAM, share_addresses=False)).invitations)
    for mail, other in zip(kept.mails, ("ana@students.example", "bob@work.example"), strict=True):
        assert other not in mail.subject + mail.text + mail.html + mail.ics.decode()


def test_a_change_and_a_cancellation_are_messages_of_their_own_about_the_same_event() -> None:
    first, moved, gone = (
        invitation_mail(Invitation(make_booking(**changes), Recipient.STUDENT), AS_OF)
        for changes in (
            {},
            {"revision": 1, "start": START + timedelta(days=1)},
            {"revision": 2, "cancelled": True},
        )
    )
    assert len({first.message_id, moved.message_id, gone.message_id}) == 3
    assert moved.subject.startswith("Changed: ")
    assert (gone.method, gone.subject.startswith("Cancelled: ")) == ("CANCEL", True)
    assert "SEQUENCE:1" in moved.ics.decode()
    assert {line for mail in (first, moved, gone) for line in mail.ics.decode().split() if line[:4] == "UID:"} == {
        f"UID:{make_booking().uid}"
    }


def test_a_repeat_is_the_same_message() -> None:
    one = Invitation(make_booking(), Recipient.STUDENT)
    assert invitation_mail(one, AS_OF) == invitation_mail(one, AS_OF)


def test_of_a_session_cancelled_before_anybody_was_told_nobody_is_invited() -> None:
    kept = Kept()
    outcomes = mails(kept).book(make_booking(cancelled=True, revision=1).invitations)
    assert kept.mails == []
    assert all(isinstance(outcome, Receipt) and outcome.repeated for outcome in outcomes)


def test_what_people_typed_is_text_on_the_page() -> None:
    student = replace(STUDENT, name="<script>alert(1)</script> & Co", target_role="<b>")
    mail = invitation_mail(Invitation(make_booking(student=student), Recipient.PROFESSIONAL), AS_OF)
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html


def test_links_are_listed_and_bad_ones_left_out() -> None:
    links = {"Cancel this session": "https://program.example/l/abc", "Bad": "javascript:alert(1)"}
    mail = invitation_mail(Invitation(make_booking(links={Recipient.STUDENT: links}), Recipient.STUDENT), AS_OF)
    assert "Cancel this session: https://program.example/l/abc" in mail.text
    assert '<a href="https://program.example/l/abc">Cancel this session</a>' in mail.html
    assert "javascript" not in mail.text + mail.html
    assert mail.text.count("/l/abc") == 1
    assert "Cancel this session: https://program.example/l/abc" in unfolded(mail.ics)


def test_links_are_told_to_their_owner_alone_and_not_after_a_cancellation() -> None:
    links = {Recipient.STUDENT: {"Cancel this session": "https://program.example/l/abc"}}
    other = invitation_mail(Invitation(make_booking(links=links), Recipient.PROFESSIONAL), AS_OF)
    gone = invitation_mail(Invitation(make_booking(links=links, cancelled=True), Recipient.STUDENT), AS_OF)
    assert all("/l/abc" not in text for mail in (other, gone) for text in (mail.text, mail.html))
    assert "/l/abc" not in unfolded(other.ics)


def test_after_a_blocked_channel_the_rest_is_not_tried() -> None:
    blocked = PublishError("not reached", permanent=False, blocks_channel=True)
    kept = Kept(blocked)
    assert mails(kept).book(make_booking().invitations) == [blocked, blocked]
    assert len(kept.mails) == 1


@pytest.mark.parametrize("address", ["", "bob(at)work"])
def test_nobody_is_mailed_at_a_mistyped_address(address: str) -> None:
    kept = Kept()
    outcomes = mails(kept).book(make_booking(professional=replace(PROFESSIONAL, email=address)).invitations)
    assert isinstance(outcomes[0], PublishError)
    assert outcomes[0].permanent
    assert [mail.to for mail in kept.mails] == ["ana@students.example"]
