"""Bookings check themselves, and their keys depend on what stays and on nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.domain import Professional, Student
from publish.booking import BookingError, Invitation, Recipient, digest, visible_reference
from tests.publish.publish_builders import PROFESSIONAL, PROGRAM, START, STUDENT, make_booking


def event_ids(**changes: Any) -> tuple[str, ...]:
    return tuple(invitation.event_id for invitation in make_booking(**changes).invitations)


@given(st.text("abcXYZ019/-_.", min_size=1, max_size=50), st.integers(0, 99))
def test_an_event_id_is_what_google_takes(session_key: str, incarnation: int) -> None:
    for event_id in event_ids(session_key=session_key, incarnation=incarnation):
        assert re.fullmatch(r"[a-v0-9]{52}", event_id)


def test_keys_outlive_a_new_time_a_new_revision_and_new_names() -> None:
    before = make_booking()
    after = make_booking(start=START + timedelta(days=3), revision=4, student=replace(STUDENT, name="Ana R."))
    assert (before.uid, before.reference) == (after.uid, after.reference)
    assert event_ids() == event_ids(start=START + timedelta(days=3), revision=4)


def test_a_new_incarnation_changes_one_persons_event_but_not_the_uid() -> None:
    first, second = make_booking(), make_booking(incarnation=1)
    assert first.uid == second.uid
    theirs, students = event_ids()
    assert event_ids(incarnation=1) != (theirs, students)
    assert event_ids(incarnation=1)[1] == students
    assert event_ids(student_incarnation=1)[0] == theirs
    assert set(event_ids()).isdisjoint(event_ids(incarnation=1, student_incarnation=1))


def test_recipients_sessions_and_programs_have_events_of_their_own() -> None:
    other_program = replace(PROGRAM, key="autumn")
    ids = [*event_ids(), *event_ids(session_key="2026-03-02/st-1/pr-1"), *event_ids(program=other_program)]
    assert len(set(ids)) == 6


def test_keys_are_the_same_in_every_version_of_this_program() -> None:
    """A changed key would book every session anew: these values may never change."""
    booking = make_booking()
    assert booking.uid == "bvnsui83rb9v46inp6krdcai2ms8mplm@matching.invalid"
    assert booking.reference == "#H8M9P7"
    assert event_ids()[0] == "lml8qso9ce35hqe3pdjrbqk1hrn53dsl68a26d4i87pn8jj6sqq0"


@given(st.lists(st.text(max_size=5), min_size=1, max_size=4), st.lists(st.text(max_size=5), min_size=1, max_size=4))
def test_a_digest_knows_where_its_parts_end(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_a_reference_has_no_letters_that_look_alike() -> None:
    assert all(re.fullmatch(r"#[2-9A-HJKMNP-TV-Z]{6}", visible_reference(number)) for number in range(300))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"student": replace(STUDENT, id="st-2"), "session": make_booking().session}, "not those of the session"),
        ({"session_key": ""}, "session_key"),
        ({"session_key": "a\nb"}, "session_key"),
        ({"revision": -1}, "count from 0"),
        ({"incarnation": -1}, "count from 0"),
        ({"meeting_link": "zoom.example/1"}, "meeting_link"),
    ],
)
def test_a_booking_that_contradicts_itself_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BookingError, match=says):
        replace(make_booking(), **changes)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(BookingError, match="aware"):
        make_booking(start=datetime(2026, 3, 2, 15))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"key": " spring"}, "key"),
        ({"organizer_email": "staff"}, "organizer_email"),
        ({"meeting_link": "javascript:x"}, "meeting_link"),
        ({"reminder_minutes": (0,)}, "reminder_minutes"),
        ({"reminder_minutes": (1, 2, 3, 4, 5, 6)}, "at most 5"),
    ],
)
def test_a_program_that_cannot_work_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BookingError, match=says):
        replace(PROGRAM, **changes)


def test_who_cannot_be_invited_is_listed() -> None:
    mistyped = make_booking(professional=replace(PROFESSIONAL, email="bob[at]work.example"))
    assert make_booking().unreachable == ()
    assert mistyped.unreachable == (Recipient.PROFESSIONAL,)


def test_the_professionals_own_room_wins() -> None:
    program = replace(PROGRAM, meeting_link="https://meet.example/all")
    assert make_booking(program=program).room == "https://meet.example/all"
    assert make_booking(program=program, meeting_link="https://zoom.example/bob").room == "https://zoom.example/bob"


def test_addresses_are_shared_only_if_the_program_says_so() -> None:
    texts = [invitation.description for invitation in make_booking().invitations]
    hidden = make_booking(program=replace(PROGRAM, share_addresses=False))
    assert "ana@students.example" in texts[0]
    assert "bob@work.example" in texts[1]
    for text in (invitation.description for invitation in hidden.invitations):
        assert "@students.example" not in text
        assert "@work.example" not in text


def test_who_cannot_write_to_the_other_is_told_whom_to_ask() -> None:
    ask = "please ask Program staff (staff@program.example)"
    without = replace(STUDENT, resume_link="in my drawer")
    hidden = make_booking(program=replace(PROGRAM, share_addresses=False), student=without)
    for_professional, for_student = (invitation.description.split("\n") for invitation in hidden.invitations)
    assert f"Where: {ask}." in for_professional
    assert f"Where: {ask}." in for_student
    assert f"Resume: no usable link was given; {ask} for it." in for_professional
    shared = make_booking(student=without).invitations[0].description.split("\n")
    assert "Where: please agree on it by e-mail." in shared
    assert "Resume: no usable link was given; please ask the student for it." in shared


def test_an_address_that_is_missing_cannot_be_written_to_either() -> None:
    mistyped = make_booking(student=replace(STUDENT, email="ana at x"))
    for_professional, for_student = (invitation.description for invitation in mistyped.invitations)
    assert "Where: please ask Program staff" in for_professional
    assert "Where: please agree on it by e-mail." in for_student


@given(st.text(st.characters(), max_size=80), st.text(st.characters(), max_size=80))
def test_typed_text_cannot_add_a_line_to_an_invitation(name: str, role: str) -> None:
    student = Student("st-1", name, "ana@students.example", "UTC", target_role=role, level="Entry")
    professional = Professional("pr-1", name, "bob@work.example", "UTC", title=role, company=name)
    for plain, odd in zip(
        make_booking().invitations,
        make_booking(student=student, professional=professional).invitations,
        strict=True,
    ):
        assert len(odd.description.splitlines()) <= len(plain.description.splitlines())
        assert len(odd.summary.splitlines()) == 1


def test_an_unusable_resume_link_is_not_passed_on() -> None:
    student = replace(STUDENT, resume_link="javascript:steal()")
    text = Invitation(make_booking(student=student), Recipient.PROFESSIONAL).description
    assert "javascript" not in text
    assert "no usable link" in text


def test_each_person_sees_how_their_own_times_were_read_and_not_the_other_ones() -> None:
    booking = make_booking(
        student=replace(STUDENT, echo="Mon 14:00-16:00"), professional=replace(PROFESSIONAL, echo="Tue 09:00-11:00")
    )
    texts = {invitation.recipient: invitation.description for invitation in booking.invitations}
    assert "Your times as we read them: Mon 14:00-16:00" in texts[Recipient.STUDENT]
    assert "Tue 09:00" not in texts[Recipient.STUDENT]
    assert "Your times as we read them: Tue 09:00-11:00" in texts[Recipient.PROFESSIONAL]
