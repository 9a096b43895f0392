"""Rooms: the professional's own, or one that Google makes for each session; the link reaches both people."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.night import think
from backend.nightly.record import Sheets
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, ScheduledSession
from backend.settings import Settings
from ingest.sheet import Form
from tests.backend.nightly.nights import AS_OF, PROFESSIONAL, STUDENT, crowd, make_settings, make_sheets, sheet
from tests.publish.publish_builders import connected
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn

MEET = make_settings(program={"key": "demo", "meet": True}, publish={"enabled": True, "calendar_id": CALENDAR_ID})


def booked(settings: Settings, sheets: Sheets) -> DjangoRecord:
    record = DjangoRecord(settings, lambda: AS_OF)
    tonight = record.keep(sheets, AS_OF)
    book(think(settings, tonight.sheets, tonight.state, AS_OF, lambda _: None), record, approved=False)
    return record


def sent(settings: Settings, google: GoogleCalendarStandIn, late: timedelta = timedelta(0)) -> Delivery:
    with connected(google) as calendar:
        record = DjangoRecord(settings, lambda: AS_OF + late)
        return work_off(settings, record, Channels(calendar), lambda: AS_OF + late, lambda _: None)


def event_of(google: GoogleCalendarStandIn, address: str) -> dict[str, Any]:
    (event,) = [one for one in google.live().values() if one["attendees"][0]["email"] == address]
    return event


def test_one_room_for_each_session_is_in_both_invitations_from_the_first_mail(
    embedded_db: Path, google: GoogleCalendarStandIn
) -> None:
    booked(MEET, make_sheets(crowd(2)))
    assert sent(MEET, google).exit is Exit.DONE
    rooms = {row.meeting_link for row in ScheduledSession.objects.all()}
    assert (len(rooms), google.rooms.made) == (2, 2)
    assert {event["location"] for event in google.live().values()} == rooms
    assert all(f"Where: {event['location']}" in event["description"] for event in google.live().values())
    assert {kind for kind, _, _ in google.mails} == {"invitation"}
    assert sent(MEET, google).sent == 0


def test_a_room_that_takes_its_time_is_looked_for_again_and_then_told(
    embedded_db: Path, google: GoogleCalendarStandIn
) -> None:
    google.rooms.looks = 3
    booked(MEET, make_sheets())
    first = sent(MEET, google)
    assert (first.exit, first.waiting, first.problems) == (Exit.DONE, 1, ())
    assert "which follows" in event_of(google, "ana@example.org")["description"]
    for minutes in (5, 20, 60):
        last = sent(MEET, google, timedelta(minutes=minutes))
    assert (last.exit, last.waiting) == (Exit.DONE, 0)
    link = ScheduledSession.objects.get().meeting_link
    assert link == "https://meet.google.com/aaa-bbbb-001"
    assert {event["location"] for event in google.live().values()} == {link}
    assert [address for kind, address, _ in google.mails if kind == "update"] == ["ana@example.org"]


def test_a_room_that_google_cannot_make_is_given_up_and_said(embedded_db: Path, google: GoogleCalendarStandIn) -> None:
    google.rooms.fails = True
    booked(MEET, make_sheets())
    sent(MEET, google)
    sent(MEET, google, timedelta(minutes=5))
    dead = OutboxItem.objects.get(state="dead")
    assert "made no room" in dead.problem
    assert len(google.live()) == 2


def test_a_professionals_own_room_wins_and_google_makes_none(embedded_db: Path, google: GoogleCalendarStandIn) -> None:
    link = "https://zoom.us/j/123456?pwd=abc"
    theirs = {**PROFESSIONAL, "Meeting Link": link}
    booked(MEET, Sheets(sheet(Form.STUDENTS, STUDENT, [{}]), sheet(Form.PROFESSIONALS, theirs, [{}])))
    assert sent(MEET, google).exit is Exit.DONE
    assert {event["location"] for event in google.live().values()} == {link}
    assert google.rooms.made == 0


def test_a_link_that_carries_credentials_or_is_none_is_not_passed_on(
    embedded_db: Path, google: GoogleCalendarStandIn
) -> None:
    plain = make_settings(publish={"enabled": True, "calendar_id": CALENDAR_ID})
    theirs = {**PROFESSIONAL, "Meeting Link": "https://me:secret@zoom.us/j/1"}
    booked(plain, Sheets(sheet(Form.STUDENTS, STUDENT, [{}]), sheet(Form.PROFESSIONALS, theirs, [{}])))
    sent(plain, google)
    assert all("zoom" not in str(event) for event in google.live().values())
    assert "agree on it by e-mail" in event_of(google, "ana@example.org")["description"]


def test_guests_are_hidden_from_each_other_when_the_program_says_so(
    embedded_db: Path, google: GoogleCalendarStandIn
) -> None:
    hidden = make_settings(
        program={"key": "demo", "share_addresses": False}, publish={"enabled": True, "calendar_id": CALENDAR_ID}
    )
    booked(hidden, make_sheets())
    sent(hidden, google)
    student = event_of(google, "ana@example.org")
    assert student["guestsCanSeeOtherGuests"] is False
    assert "john@example.com" not in str(student)
