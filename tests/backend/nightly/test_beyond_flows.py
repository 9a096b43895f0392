"""A whole night with a fine grid, breaks, long sessions and several sessions a student, from sheets to document."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from backend.nightly.act import book
from backend.nightly.document import document_of
from backend.nightly.night import Night
from backend.nightly.plain_record import PlainRecord
from backend.nightly.record import RecordState, Sheets
from backend.report.render import render
from ingest.sheet import Form
from tests.backend.nightly.nights import AS_OF, PROFESSIONAL, STUDENT, crowd, make_night, make_settings, sheet

FINE: dict[str, object] = {"grid_minutes": 15, "buffer_minutes": 15, "horizon_days": 7}


def think(state: RecordState | None = None, later: timedelta = timedelta(), **matching: object) -> Night:
    """Three students, of whom two want two sessions; John meets for half an hour, Eve for 45 minutes."""
    students = [{**one, "Sessions wanted": "2" if n else "1"} for n, one in enumerate(crowd(3))]
    eve = {"Email Address": "eve@example.com", "Full Name": "Eve Ray", "Session Length": "45 min"}
    host = {**PROFESSIONAL, "Maximum Reviews Per Week": "4", "Session Length": ""}
    sheets = Sheets(
        sheet(Form.STUDENTS, {**STUDENT, "Sessions wanted": ""}, students),
        sheet(Form.PROFESSIONALS, host, [{}, eve]),
    )
    return make_night(make_settings(matching={**FINE, **matching}), sheets, state, AS_OF + later)


def pairs(night: Night) -> set[tuple[str, str]]:
    return {(session.student, session.professional) for session in night.plan.sessions}


def test_lengths_breaks_and_counts_are_what_the_inputs_say() -> None:
    night = think(sessions_per_night=2)
    assert len(pairs(night)) == len(night.plan.sessions) == 5
    for name, minutes in (("John Doe", 30), ("Eve Ray", 45)):
        sessions = [one for one in night.plan.sessions if night.names[one.professional] == name]
        assert {one.minutes for one in sessions} == {minutes}
        for one, following in pairwise(sessions):
            assert following.start >= one.interval.end + timedelta(minutes=15)


def counts(night: Night) -> dict[str, int]:
    return {name: number for name, number in document_of(night)["counts"]["students"]["parts"].items() if number}


def test_who_got_less_than_they_want_is_partly_matched_and_meets_somebody_else_the_next_night(tmp_path: Path) -> None:
    record = PlainRecord(tmp_path, lambda: AS_OF)
    first = think()
    assert counts(first) == {"matched": 1, "partly matched": 2}
    book(first, record, approved=False)
    second = think(record.state(), timedelta(days=1))
    assert counts(second) == {"matched": 2, "already booked": 1}
    assert len(pairs(second)) == 2
    assert not pairs(first) & pairs(second)


def test_two_sessions_of_a_student_are_booked_under_names_of_their_own(tmp_path: Path) -> None:
    record = PlainRecord(tmp_path, lambda: AS_OF)
    book(think(sessions_per_night=2), record, approved=False)
    assert len({booked.key for booked in record.state().sessions}) == 5


def test_the_report_shows_such_a_night() -> None:
    document = document_of(think(sessions_per_night=2))
    assert {session["minutes"] for session in document["sessions"]} == {30, 45}
    assert all(tier["name"] not in tier["sentence"] for tier in document["certificate"]["tiers"][:6])
    assert "Eve Ray" in render(document)
