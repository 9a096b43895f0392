"""A night thought through: promises kept, people accounted for, private facts private, bytes repeatable."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from backend.nightly.act import book, work_off
from backend.nightly.channels import Channels
from backend.nightly.document import as_json, document_of
from backend.nightly.exits import Exit, Stop
from backend.nightly.outputs import INVITATIONS, write_outputs
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import Sheets
from ingest.sheet import Form
from ingest.sources.csv_source import parse_csv
from publish.ports import State
from tests.backend.nightly.nights import AS_OF, STUDENT, crowd, make_night, make_settings, make_sheets


def booked(folder: Path, **given: object) -> PlainRecord:
    record = PlainRecord(folder, lambda: AS_OF)
    night = make_night(state=record.state(), **given)  # type: ignore[arg-type]
    book(night, record, approved=False)
    return record


def test_a_match_is_made_proven_and_checked() -> None:
    document = document_of(make_night())
    assert [(one["student_name"], one["professional_name"]) for one in document["sessions"]] == [
        ("Ana Gomez", "John Doe")
    ]
    assert document["certificate"]["proven"] is True
    assert document["certificate"]["checker"] == "accepted"


def test_the_same_night_gives_the_same_document() -> None:
    assert as_json(document_of(make_night())) == as_json(document_of(make_night()))


def test_nobody_vanishes() -> None:
    night = make_night(sheets=make_sheets([*crowd(6), {"Email Address": "x@example.org", "Availability": "asdf"}, {}]))
    counts = document_of(night)["counts"]
    for count in counts.values():
        assert sum(count["parts"].values()) == count["total"]
    assert counts["students"]["total"] == 8
    told = len(night.plan.sessions) + len(night.unmatched) + len(night.assembly.left_out)
    assert told == 8


def test_a_booked_student_is_not_matched_again_and_keeps_the_slot(tmp_path: Path) -> None:
    record = booked(tmp_path)
    first = record.state().sessions[0].session
    next_night = make_night(sheets=make_sheets([{}, *crowd(3)]), state=record.state(), as_of=AS_OF + timedelta(days=1))
    assert next_night.conservation.students["already booked"] == 1
    assert first.start not in [session.start for session in next_night.plan.sessions]
    assert len(document_of(next_night)["kept"]) == 1


def test_a_published_session_uses_the_professionals_week(tmp_path: Path) -> None:
    sheets = make_sheets([{}, *crowd(3)], [{"Availability End Date": "11/27/2026", "Maximum Reviews Per Week": "1"}])
    record = booked(tmp_path)
    night = make_night(sheets=sheets, state=record.state())
    assert night.plan.sessions == ()
    assert {left.stage.value for left in night.unmatched} == {"all busy or full"}


def test_who_was_served_does_not_come_back_by_the_same_answer(tmp_path: Path) -> None:
    record = booked(tmp_path)
    later = make_night(state=record.state(), as_of=AS_OF + timedelta(days=8))
    assert later.conservation.students["served"] == 1


def test_a_sheet_that_shrank_is_held_unless_approved(tmp_path: Path) -> None:
    record = booked(tmp_path, sheets=make_sheets(crowd(10)))
    with pytest.raises(Stop, match="the students sheet has 3 rows, 10 at the last run") as caught:
        make_night(sheets=make_sheets(crowd(3)), state=record.state())
    assert caught.value.code is Exit.GATE_REFUSED


def test_answers_that_can_hardly_be_read_are_held() -> None:
    unread = [{**one, "Availability": "asdf"} for one in crowd(6)]
    with pytest.raises(Stop, match="6 of 6 students gave no readable time"):
        make_night(sheets=make_sheets(unread))


def test_a_few_who_never_wrote_a_readable_time_do_not_hold_the_night_once_the_others_are_booked(tmp_path: Path) -> None:
    unread = [{**one, "Availability": "asdf"} for one in crowd(16)[10:]]
    sheets = make_sheets([*crowd(10), *unread], [{"Maximum Reviews Per Week": "no limit"}])
    record = booked(tmp_path, sheets=sheets)
    later = make_night(sheets=sheets, state=record.state(), as_of=AS_OF + timedelta(days=1))
    assert later.conservation.students["already booked"] > 0


def test_too_many_messages_are_held_and_nothing_is_recorded(tmp_path: Path) -> None:
    record = PlainRecord(tmp_path, lambda: AS_OF)
    night = make_night(make_settings(guards={"messages_per_night": 1}, mail={"host": "mail.example"}))
    with pytest.raises(Stop, match="2 messages to single people") as caught:
        book(night, record, approved=False)
    assert caught.value.code is Exit.GATE_REFUSED
    assert not record.path.exists()


def test_with_publishing_off_everything_waits(tmp_path: Path) -> None:
    record = booked(tmp_path)
    delivery = work_off(make_settings(), record, Channels(), lambda: AS_OF, lambda _: None)
    assert (delivery.sent, delivery.waiting) == (0, 2)
    assert {entry.state for entry in record.entries} == {State.PENDING}


def test_the_outbox_holds_no_name_and_no_address(tmp_path: Path) -> None:
    record = booked(tmp_path)
    content = json.loads(record.path.read_text())
    assert "ana" not in json.dumps(content["outbox"]).lower()
    assert "example" not in json.dumps(content["outbox"])


def test_the_resume_goes_to_the_professional_and_to_nobody_else(tmp_path: Path) -> None:
    night = make_night(make_settings(publish={"student_files": True}))
    write_outputs(night, tmp_path)
    private = (b"ana-private.pdf", b"Night Nurse")
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        content = path.read_bytes().replace(b"\r\n ", b"")
        to_professional = path.parent.name == INVITATIONS and path.name.endswith("-professional.ics")
        for fact in private:
            assert (fact in content) == to_professional, path.name


def test_one_invitation_for_each_session_and_one_combined_calendar(tmp_path: Path) -> None:
    night = make_night(sheets=make_sheets(crowd(4)))
    write_outputs(night, tmp_path)
    assert len(list((tmp_path / INVITATIONS).glob("*.ics"))) == len(night.plan.sessions) > 1
    assert (tmp_path / "calendar.ics").read_bytes().count(b"BEGIN:VEVENT") == len(night.plan.sessions)


def test_no_output_but_the_invitations_holds_an_address_of_a_person(tmp_path: Path) -> None:
    write_outputs(make_night(), tmp_path)
    for path in tmp_path.iterdir():
        if path.is_file():
            assert b"ana@example.org" not in path.read_bytes(), path.name


def test_invitations_of_standing_sessions_survive_the_next_night(tmp_path: Path) -> None:
    record = booked(tmp_path / "var")
    write_outputs(make_night(), tmp_path / "out")
    first = [path.name for path in (tmp_path / "out" / INVITATIONS).iterdir()]
    sheets = make_sheets([{}, *crowd(2)])
    write_outputs(make_night(sheets=sheets, state=record.state(), as_of=AS_OF + timedelta(days=1)), tmp_path / "out")
    names = [path.name for path in (tmp_path / "out" / INVITATIONS).iterdir()]
    assert len(names) == 3
    assert set(first) < set(names)
    assert (tmp_path / "out" / "calendar.ics").read_bytes().count(b"BEGIN:VEVENT") == 3


def test_files_of_sessions_that_are_over_are_gone(tmp_path: Path) -> None:
    record = booked(tmp_path / "var")
    write_outputs(make_night(state=record.state(), as_of=AS_OF + timedelta(days=8)), tmp_path / "out")
    assert list((tmp_path / "out" / INVITATIONS).iterdir()) == []


def test_a_hostile_name_neither_pings_nor_breaks_the_message(tmp_path: Path) -> None:
    night = make_night(sheets=make_sheets([{"Full Name": "@everyone <@123> **x**"}]))
    write_outputs(night, tmp_path)
    message = (tmp_path / "discord-message.txt").read_text()
    assert "@everyone" not in message
    assert "<@123>" not in message
    assert f"<t:{int(night.plan.sessions[0].start.timestamp())}:F>" in message


def test_a_formula_in_a_csv_cell_is_reported_and_never_read() -> None:
    header = ",".join(STUDENT)
    row = ",".join(
        '"=HYPERLINK(""https://example.org"",""Mon 2-4"")"' if t == "Availability" else v for t, v in STUDENT.items()
    )
    students = parse_csv(f"{header}\n{row}\n".encode(), "students.csv", Form.STUDENTS)
    document = document_of(make_night(sheets=Sheets(students, make_sheets().professionals)))
    assert document["sessions"] == []
    assert [left["stage"] for left in document["unmatched"]] == ["no usable answer"]
    assert [(one["row"], one["column"], one["reason"]) for one in document["issues"] if one["severity"] == "error"] == [
        (2, "Availability", "is a formula, not an answer")
    ]


def test_a_doubtful_reading_is_used_last_and_the_invitation_says_so() -> None:
    night = make_night(
        make_settings(reading={"low_confidence_below": 0.7}),
        make_sheets([{"Availability": "Mon 2-4, after class, unless it rains"}]),
    )
    assert [session.certainty.name for session in night.plan.sessions] == ["LOW_CONFIDENCE"]
    assert "please check the time" in night.bookings[0].invitations[0].description
