"""Invitation files as a second reader sees them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optimizer.domain import Professional, Student
from publish.booking import Booking, Invitation, Recipient, person_name
from publish.invitation import combined_ics, invitation_files, invitation_ics
from tests.publish.ics_reader import Component, read_ics
from tests.publish.publish_builders import AS_OF, PROGRAM, START, STUDENT, make_booking

ANY_TEXT = st.one_of(st.text(st.characters(), max_size=120), st.text("\\Nn;,:^'\" \r\n", max_size=30))
PRIVATE = (STUDENT.resume_link, STUDENT.target_role, STUDENT.target_industry, STUDENT.level)


def event_for(recipient: Recipient, booking: Booking) -> tuple[str, Component]:
    """The method and the one event of a recipient's file."""
    calendar = read_ics(invitation_ics(Invitation(booking, recipient), AS_OF))
    (event,) = calendar.within("VEVENT")
    return calendar.one("METHOD").value, event


def test_an_invitation_asks_both_people_to_thirty_minutes() -> None:
    booking = make_booking(revision=2)
    method, event = event_for(Recipient.PROFESSIONAL, booking)
    assert method == "REQUEST"
    values = {name: event.one(name).value for name in ("DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "UID")}
    assert values == {
        "DTSTAMP": "20260301T023000Z",
        "DTSTART": "20260302T150000Z",
        "DTEND": "20260302T153000Z",
        "SEQUENCE": "2",
        "STATUS": "CONFIRMED",
        "UID": booking.uid,
    }
    organizer = event.one("ORGANIZER")
    assert (organizer.value, organizer.parameters["CN"]) == ("mailto:staff@program.example", "Program staff")
    guests = {line.value: line.parameters for line in event.all("ATTENDEE")}
    assert set(guests) == {"mailto:ana@students.example", "mailto:bob@work.example"}
    assert all((one["RSVP"], one["PARTSTAT"]) == ("TRUE", "NEEDS-ACTION") for one in guests.values())


def test_alarms_ring_before_the_start() -> None:
    _, event = event_for(Recipient.STUDENT, make_booking())
    alarms = event.within("VALARM")
    assert [alarm.one("TRIGGER").value for alarm in alarms] == ["-P1D", "-PT30M"]
    assert {alarm.one("ACTION").value for alarm in alarms} == {"DISPLAY"}


def test_resume_role_and_level_reach_the_professional_and_nobody_else() -> None:
    booking = make_booking()
    _, theirs = event_for(Recipient.PROFESSIONAL, booking)
    assert all(fact in theirs.one("DESCRIPTION").text for fact in PRIVATE)
    others = read_back(invitation_ics(Invitation(booking, Recipient.STUDENT), AS_OF), combined_ics([booking], AS_OF))
    assert not any(fact in text for fact in PRIVATE for text in others)


def read_back(*files: bytes) -> list[str]:
    """Every value and parameter of the files, unfolded and unescaped."""
    texts = []
    for content in files:
        waiting = [read_ics(content)]
        while waiting:
            component = waiting.pop()
            waiting += component.parts
            texts += [text for line in component.lines for text in (line.text, *line.parameters.values())]
    return texts


def test_the_combined_calendar_holds_every_session_and_no_address_of_a_guest() -> None:
    bookings = [make_booking(start=START + timedelta(hours=k), session_key=f"s{k}") for k in range(3)]
    calendar = read_ics(combined_ics(bookings, AS_OF))
    events = calendar.within("VEVENT")
    assert calendar.one("METHOD").value == "PUBLISH"
    assert [event.one("UID").value for event in events] == [booking.uid for booking in bookings]
    assert not any(
        "students.example" in text or "work.example" in text for text in read_back(combined_ics(bookings, AS_OF))
    )


def test_both_files_of_a_session_share_the_uid_but_not_the_name() -> None:
    booking = make_booking()
    theirs, students = invitation_files([booking], AS_OF)
    assert theirs.name == f"{booking.reference[1:]}-{booking.uid[:8]}-professional.ics"
    assert students.name == f"{booking.reference[1:]}-{booking.uid[:8]}-student.ics"
    assert theirs.name == invitation_files([replace(booking, revision=5)], AS_OF)[0].name


def test_a_cancelled_session_is_withdrawn_under_the_same_uid_without_alarms() -> None:
    booking = make_booking(revision=1, cancelled=True)
    method, event = event_for(Recipient.STUDENT, booking)
    assert (method, event.one("STATUS").value, event.one("SEQUENCE").value) == ("CANCEL", "CANCELLED", "1")
    assert event.one("UID").value == make_booking().uid
    assert event.within("VALARM") == []


def test_addresses_stay_hidden_if_the_program_says_so() -> None:
    booking = make_booking(program=replace(PROGRAM, share_addresses=False))
    for recipient, kept in ((Recipient.PROFESSIONAL, "bob@work.example"), (Recipient.STUDENT, "ana@students.example")):
        _, event = event_for(recipient, booking)
        assert [line.value for line in event.all("ATTENDEE")] == [f"mailto:{kept}"]


def test_with_nobody_to_ask_the_file_only_informs() -> None:
    nobody = make_booking(program=replace(PROGRAM, share_addresses=False), student=replace(STUDENT, email="ana at x"))
    method, event = event_for(Recipient.STUDENT, nobody)
    assert (method, event.all("ATTENDEE")) == ("PUBLISH", [])


def test_one_person_in_both_roles_is_asked_once() -> None:
    booking = make_booking(student=replace(STUDENT, email="BOB@work.example"))
    _, event = event_for(Recipient.PROFESSIONAL, booking)
    assert len(event.all("ATTENDEE")) == 1


@pytest.mark.parametrize("hour", [5, 6])
def test_the_hour_that_comes_twice_is_told_apart(hour: int) -> None:
    """New York, 1 November 2026: 01:00 comes at 05:00 and at 06:00 UTC."""
    booking = make_booking(start=START.replace(month=11, day=1, hour=hour))
    _, event = event_for(Recipient.STUDENT, booking)
    assert event.one("DTSTART").value == f"20261101T0{hour}0000Z"


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
@example("\\N", "\\n", "\\\\N;,", "^n^'\"")
def test_any_text_reads_back_as_it_was_shown(name: str, role: str, company: str, why: str) -> None:
    student = Student("st-1", name, "ana@students.example", "UTC", target_role=role, resume_link=why)
    professional = Professional("pr-1", company, "bob@work.example", "UTC", title=role, company=company)
    booking = make_booking(student=student, professional=professional, why=why)
    for invitation in booking.invitations:
        calendar = read_ics(invitation_ics(invitation, AS_OF))
        (event,) = calendar.within("VEVENT")
        assert event.one("SUMMARY").text == invitation.summary
        assert event.one("DESCRIPTION").text == invitation.description
        names = {line.value: line.parameters["CN"] for line in event.all("ATTENDEE")}
        assert names == {
            "mailto:bob@work.example": person_name(company),
            "mailto:ana@students.example": person_name(name),
        }
    assert len(read_ics(combined_ics([booking], AS_OF)).within("VEVENT")) == 1


@given(st.text("ab/?&=;,%#~é", max_size=200))
def test_any_link_reads_back_unharmed(path: str) -> None:
    link = f"https://files.example/{path}"
    student = replace(STUDENT, resume_link=link)
    _, event = event_for(Recipient.PROFESSIONAL, make_booking(student=student, meeting_link=link))
    assert event.one("LOCATION").text == link
    assert f"Resume: {link}\n" in event.one("DESCRIPTION").text


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import hashlib\n"
        "from publish.invitation import combined_ics, invitation_files\n"
        "from publish.message import Night, night_messages\n"
        "from tests.publish.publish_builders import AS_OF, PROGRAM, make_booking\n"
        "bookings = [make_booking(session_key=f's{k}') for k in range(5)]\n"
        "texts = [one.text.encode() for one in night_messages(Night(PROGRAM, 'n', tuple(bookings), 2), '1')]\n"
        "files = [one.content for one in invitation_files(bookings, AS_OF)]\n"
        "print(hashlib.sha256(b''.join([*files, combined_ics(bookings, AS_OF), *texts])).hexdigest())\n"
    )
    root = Path(__file__).resolve().parents[2]
    digests = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        ran = subprocess.run([sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, check=True)
        digests.add(ran.stdout)
    assert len(digests) == 1
