"""Nights on the record: what people and staff decided there reaches the plan, and answers count once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.nightly.act import book
from backend.nightly.document import document_of, instant
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import rules_from
from backend.nightly.night import Night, think
from backend.nightly.plain_record import PlainRecord
from backend.nightly.pull import pull
from backend.nightly.reading import conventions_from
from backend.nightly.record import Sheets
from backend.record.actor import CONSOLE, NIGHT
from backend.record.django_record import DjangoRecord
from backend.record.models import (
    AuditEntry,
    FormResponse,
    LedgerEntry,
    Membership,
    OutboxItem,
    Person,
    Pin,
    Reading,
    ReviewRequest,
    Run,
    ScheduledSession,
)
from backend.record.models.states import Cause, FormKind, Role, Source
from backend.record.services.closing import complete
from backend.record.services.direct import Times, say_times
from backend.record.services.members import leave
from backend.record.services.merging import merge
from backend.record.services.nights import last_run, night_of
from backend.record.services.offers import withdraw
from backend.record.services.requests import cancel_request, change_request, forbid, pause, pin
from backend.record.services.responses import Arrival, Frame, read_again, take
from backend.record.services.sessions import Slot, book_session, cancel_session, reschedule_session
from ingest.accounting import Fate
from ingest.sheet import Form
from tests.backend.nightly.nights import AS_OF, STUDENT, crowd, make_settings, make_sheets, sheet
from tests.backend.record.rows import member, person, program, session_of
from tests.standins.databases import at_once

SETTINGS = make_settings()
EVE = {"Email Address": "eve@example.com", "Full Name": "Eve Ray"}
TWO_HOSTS = make_sheets(professionals=[{}, EVE])
ONE = make_sheets()


def opened(now: datetime = AS_OF) -> DjangoRecord:
    return DjangoRecord(SETTINGS, lambda: now)


def think_on(sheets: Sheets = ONE, days: int = 0, record: DjangoRecord | None = None) -> Night:
    as_of = AS_OF + timedelta(days=days)
    record = record or opened(as_of)
    tonight = record.open_night(f"n{days}", as_of, lambda: sheets, anew=True)
    return think(SETTINGS, tonight.sheets, tonight.state, tonight.as_of, lambda _: None, approved=True)


def book_on(sheets: Sheets = ONE, days: int = 0) -> Night:
    night = think_on(sheets, days)
    book(night, opened(night.as_of), approved=True)
    return night


def met(night: Night) -> set[tuple[str, str]]:
    return {(night.names[one.student], night.names[one.professional]) for one in night.plan.sessions}


def one(name: str) -> Person:
    return Person.objects.get(name=name)


def counts(night: Night) -> dict[str, int]:
    return {name: number for name, number in night.conservation.students.parts if number}


def webhook(answers: Mapping[str, str], name: str = "r-1", *, proven: bool = False) -> FormResponse:
    frame = Frame(rules_from(SETTINGS), conventions_from(SETTINGS))
    given = {**STUDENT, "Response ID": name, **answers}
    arrival = Arrival(FormKind.STUDENTS, given, Source.WEBHOOK, name, email_verified=proven)
    return take(opened().program, arrival, frame, NIGHT, AS_OF).response


def test_the_sample_data_give_the_same_night_as_on_the_plain_file(embedded_db: Path, tmp_path: Path) -> None:
    sheets = pull(SETTINGS, "sample_data/students.csv", "sample_data/professionals.csv")
    told = think_on(sheets)
    state = PlainRecord(tmp_path / "plain", lambda: AS_OF).state()
    plain = think(SETTINGS, sheets, state, AS_OF, lambda _: None)
    assert told.plan == plain.plan
    assert told.conservation == plain.conservation
    assert [(one.row, one.reason) for one in told.assembly.issues] == [
        (one.row, one.reason) for one in plain.assembly.issues
    ]


def test_a_sheet_read_again_brings_nothing_new(record_db: str) -> None:
    book_on()
    before = FormResponse.objects.count(), AuditEntry.objects.count(), ReviewRequest.objects.count()
    opened().keep(ONE, AS_OF)
    assert (FormResponse.objects.count(), AuditEntry.objects.count(), ReviewRequest.objects.count()) == before


def test_looking_leaves_no_trace(record_db: str) -> None:
    tonight = opened().read(ONE, AS_OF)
    assert len(tonight.sheets.students.rows) == 1
    assert FormResponse.objects.count() == Person.objects.count() == 0


def test_an_answer_that_came_by_post_counts_once_when_its_row_is_there_and_alone_when_it_is_not(record_db: str) -> None:
    webhook({"Timestamp": "2026-11-16T14:00:00Z"})
    webhook({"Timestamp": "2026-11-17T14:00:00Z", "Email Address": "bob@example.org", "Full Name": "Bob"}, name="r-2")
    night = think_on()
    assert counts(night) == {"matched": 2}
    assert FormResponse.objects.filter(form="students").count() == 2
    assert [row.number for row in night.sheets.students.rows] == [2, 3]
    assert any("rows from 3 on came another way" in note for note in night.sheets.students.notes)


def test_a_row_that_staff_took_out_of_the_sheet_no_longer_counts(record_db: str) -> None:
    think_on(make_sheets([{}, *crowd(1)]))
    night = think_on(make_sheets(crowd(1)), days=1)
    assert {night.names[one.student] for one in night.plan.sessions} == {"Student 0"}
    assert "1 answers that once stood in this sheet no longer do" in night.sheets.students.notes[0]


def test_an_unproven_answer_does_not_replace_that_of_somebody_who_is_verified(record_db: str) -> None:
    webhook({"Timestamp": "2026-11-16T14:00:00Z"}, proven=True)
    typed = {"Timestamp": "11/20/2026 9:00:00", "Availability": "never"}
    night = think_on(make_sheets([typed]))
    assert night.assembly.fates[Form.STUDENTS] == {2: Fate.HELD, 3: Fate.CURRENT}
    assert met(night) == {("Ana Gomez", "John Doe")}


def test_pins_and_forbidden_pairs_of_the_record_decide_and_a_used_pin_ends(record_db: str) -> None:
    think_on(TWO_HOSTS)
    where, ana, john, eve = opened().program, one("Ana Gomez"), one("John Doe"), one("Eve Ray")
    forbid(where, ana, john, CONSOLE, AS_OF)
    assert met(think_on(TWO_HOSTS)) == {("Ana Gomez", "Eve Ray")}
    pin(where, ana, eve, CONSOLE, AS_OF, starts_at=datetime.fromisoformat("2026-12-02T14:30:00-05:00"))
    night = book_on(TWO_HOSTS)
    assert [session.start.isoformat() for session in night.plan.sessions] == ["2026-12-02T19:30:00+00:00"]
    assert Pin.objects.get().ended_at is not None


@pytest.mark.parametrize("who", ["Ana Gomez", "John Doe"])
def test_who_is_paused_is_left_out_until_they_are_back(record_db: str, who: str) -> None:
    think_on()
    joined = Membership.objects.get(person=one(who))
    pause(joined, None, CONSOLE, AS_OF)
    assert think_on().plan.sessions == ()
    pause(joined, AS_OF + timedelta(days=10), CONSOLE, AS_OF)
    night = think_on()
    assert all(session.start > AS_OF + timedelta(days=10) for session in night.plan.sessions)
    assert len(night.plan.sessions) == 1


def test_who_took_the_wish_or_the_offer_back_or_left_is_counted_as_withdrawn(record_db: str) -> None:
    sheets = make_sheets([{}, *crowd(2)], [{}, EVE])
    think_on(sheets)
    cancel_request(ReviewRequest.objects.get(student=one("Ana Gomez")), CONSOLE, AS_OF)
    leave(Membership.objects.get(person=one("Student 0")), CONSOLE, AS_OF)
    offer = Membership.objects.get(person=one("Eve Ray")).availabilities.get()
    withdraw(offer, CONSOLE, AS_OF)
    night = think_on(sheets)
    assert met(night) == {("Student 1", "John Doe")}
    assert counts(night) == {"matched": 1, "withdrawn": 2}
    assert night.conservation.professionals["withdrawn"] == 1


def test_priority_and_the_weekly_number_that_staff_allow_reach_the_plan(record_db: str) -> None:
    sheets = make_sheets([*crowd(3)], [{"Availability End Date": "11/27/2026"}])
    think_on(sheets)
    joined = Membership.objects.get(person=one("John Doe"))
    Membership.objects.filter(pk=joined.pk).update(capacity_per_week=1)
    change_request(ReviewRequest.objects.get(student=one("Student 2")), CONSOLE, AS_OF, priority=3)
    assert met(think_on(sheets)) == {("Student 2", "John Doe")}


def test_the_next_night_tells_what_was_moved_and_cancelled_since(record_db: str) -> None:
    book_on(make_sheets(crowd(2), [{}, EVE]))
    moved, gone = ScheduledSession.objects.order_by("pk")
    earlier, later = moved.starts_at, moved.starts_at + timedelta(days=7)
    noon = AS_OF + timedelta(hours=12)
    reschedule_session(moved, Slot(later), CONSOLE, noon)
    cancel_session(gone, Cause.STAFF, CONSOLE, noon)
    night = think_on(make_sheets(crowd(2), [{}, EVE]), days=1)
    told = document_of(night)
    assert [(one["kind"], one["was"]) for one in sorted(told["changes"], key=lambda one: one["kind"])] == [
        ("cancelled", ""),
        ("moved", instant(earlier)),
    ]
    assert (told["diff"]["moved"], told["diff"]["cancelled"], told["diff"]["kept"]) == (1, 1, 0)
    book(night, opened(night.as_of), approved=True)
    assert document_of(think_on(make_sheets(crowd(2), [{}, EVE]), days=2))["changes"] == []


def test_after_a_cancellation_the_student_is_matched_again_with_the_old_wait(record_db: str) -> None:
    first = book_on()
    cancel_session(ScheduledSession.objects.get(), Cause.STAFF, CONSOLE, AS_OF)
    again = book_on(days=1)
    assert met(again) == met(first)
    assert list(again.waited.values()) == [6 + 1]
    assert ReviewRequest.objects.get().state == "scheduled"


def test_a_request_that_is_done_asks_no_more_until_a_new_answer_opens_another(record_db: str) -> None:
    book_on(TWO_HOSTS)
    later = AS_OF + timedelta(days=9)
    complete(ScheduledSession.objects.get(), CONSOLE, later)
    assert counts(think_on(TWO_HOSTS, days=9)) == {"served": 1}
    fresh = {"Timestamp": "12/1/2026 9:00:00", "Availability": "Wed 2-4pm"}
    night = think_on(make_sheets([{}, fresh], [{}, EVE]), days=9)
    assert counts(night) == {"matched": 1}
    assert list(night.waited.values()) == [0]


def test_a_session_by_hand_stands_and_counts(record_db: str) -> None:
    think_on()
    where, ana, john = opened().program, one("Ana Gomez"), one("John Doe")
    book_session(where, ana, john, Slot(AS_OF + timedelta(days=3)), CONSOLE, AS_OF)
    night = think_on()
    assert counts(night) == {"already booked": 1}


def test_time_in_another_program_is_not_free(record_db: str) -> None:
    free = think_on().plan.sessions[0]
    elsewhere = program("other")
    john = one("John Doe")
    member(john, Role.PROFESSIONAL, elsewhere)
    session_of(person("Kim"), john, free.start, program=elsewhere)
    assert free.start not in {session.start for session in think_on().plan.sessions}


def test_staffs_correction_of_a_text_is_what_is_read(record_db: str) -> None:
    sheets = make_sheets([{"Availability": "asdf"}])
    assert think_on(sheets).plan.sessions == ()
    Reading.objects.filter(text="asdf").update(corrected_text="Mon, Wed 2-4pm")
    assert met(think_on(sheets)) == {("Ana Gomez", "John Doe")}


def test_a_person_with_two_addresses_is_one_person_tonight(record_db: str) -> None:
    both = make_sheets([{}, {"Email Address": "ana@other.org", "Timestamp": "11/18/2026 9:00:00"}])
    think_on(both)
    ana, other = Person.objects.get(email="ana@example.org"), Person.objects.get(email="ana@other.org")
    merge(other, ana, CONSOLE, AS_OF)
    night = think_on(both)
    assert counts(night) == {"matched": 1}
    assert night.assembly.fates[Form.STUDENTS] == {2: Fate.DUPLICATE, 3: Fate.CURRENT}


def test_a_night_that_broke_off_goes_on_with_its_moment_and_its_answers(record_db: str) -> None:
    opened().open_night("n0", AS_OF, lambda: ONE)
    tonight = opened().open_night("n0", AS_OF + timedelta(hours=2), lambda: make_sheets(crowd(3)))
    assert (tonight.resumed, tonight.as_of) == (True, AS_OF)
    night = think(SETTINGS, tonight.sheets, tonight.state, tonight.as_of, lambda _: None)
    assert met(night) == {("Ana Gomez", "John Doe")}
    assert night.inputs_hash == think_on().inputs_hash
    book(replace(night, key="n0"), opened(), approved=False)
    assert [(run.state, run.key) for run in Run.objects.exclude(state="held")] == [("booked", night.run)]


def test_a_night_held_for_staff_begins_anew(record_db: str) -> None:
    record = opened()
    record.open_night("n0", AS_OF, lambda: ONE)
    record.break_off("n0", "gate refused")
    tonight = record.open_night("n0", AS_OF, lambda: make_sheets(crowd(3)))
    assert not tonight.resumed
    assert len(tonight.sheets.students.rows) == 3


@pytest.mark.parametrize("change", ["pause", "clash"])
def test_a_plan_that_is_no_longer_true_books_nothing(record_db: str, change: str) -> None:
    night = think_on()
    (session,) = night.plan.sessions
    if change == "pause":
        pause(Membership.objects.get(person=one("John Doe")), None, CONSOLE, AS_OF)
    else:
        book_session(opened().program, one("Ana Gomez"), one("John Doe"), Slot(session.start), CONSOLE, AS_OF)
    before = ScheduledSession.objects.count(), OutboxItem.objects.count()
    with pytest.raises(Stop, match="the record changed meanwhile") as stopped:
        book(night, opened(), approved=False)
    assert stopped.value.code is Exit.STALE_PLAN
    assert (ScheduledSession.objects.count(), OutboxItem.objects.count()) == before
    assert not Run.objects.filter(state="booked").exists()


def test_of_sixteen_who_book_the_same_night_at_once_one_does(record_db: str) -> None:
    night = think_on(make_sheets(crowd(4)))

    def attempt(_number: int) -> str:
        try:
            book(night, opened(), approved=False)
        except Stop as stop:
            return stop.code.name
        return "booked"

    told = at_once(16, attempt)
    assert sorted(told) == sorted(["booked", *["STALE_PLAN"] * 15])
    assert ScheduledSession.objects.count() == 4
    assert OutboxItem.objects.count() == 8
    assert Run.objects.filter(state="booked").count() == 1


def test_what_is_kept_of_a_night_names_nobody_and_can_be_asked_about(record_db: str) -> None:
    book_on(make_sheets([{}, *crowd(2), {"Email Address": "no@example.org", "Availability": "qwertz"}]))
    run = last_run(opened().program)
    assert run is not None
    row = Run.objects.get(pk=run.pk)
    kept = b"".join(bytes(part) for part in (row.problem, row.plan, row.witness, row.snapshot) if part)
    told = repr([(item.key, item.payload) for item in OutboxItem.objects.all()]) + repr(row.outcome)
    for private in ("ana", "gomez", "example", "john", "nurse", "qwertz", "2-4pm"):
        assert private not in kept.decode("latin-1").lower()
        assert private not in told.lower()
    assert night_of(run, SETTINGS).names[night_of(run, SETTINGS).plan.sessions[0].professional] == "John Doe"
    assert {one.role for one in LedgerEntry.objects.filter(run=row)} == {"student", "professional"}


def test_everything_that_a_night_writes_is_in_the_audit(record_db: str) -> None:
    book_on()
    told = {(entry.action, entry.actor_kind, entry.channel) for entry in AuditEntry.objects.all()}
    assert {("book", "system", "night"), ("run", "system", "night"), ("request", "system", "night")} <= told


def test_answers_of_other_columns_and_spilled_rows_are_treated_as_in_the_sheet(record_db: str) -> None:
    students = sheet(
        Form.STUDENTS, {**STUDENT, "How did you hear of us": "x"}, [{}, {"Email Address": "b@example.org"}]
    )
    spilled = replace(students.rows[1], cells=(*students.rows[1].cells, replace(students.rows[1].cells[0], text="?")))
    students = replace(students, rows=(students.rows[0], spilled))
    night = think_on(Sheets(students, ONE.professionals))
    assert night.assembly.fates[Form.STUDENTS] == {2: Fate.CURRENT, 3: Fate.REJECTED}
    assert FormResponse.objects.get(form="students").raw["How did you hear of us"] == "x"


def test_times_that_somebody_says_through_the_bot_replace_those_of_the_form(record_db: str) -> None:
    think_on()
    frame = Frame(rules_from(SETTINGS), conventions_from(SETTINGS))
    ana = Membership.objects.get(person=one("Ana Gomez"))
    say_times(ana, Times("Wed Dec 2 3-4pm", "America/New_York"), frame, CONSOLE, AS_OF)
    (session,) = think_on().plan.sessions
    assert session.start == datetime(2026, 12, 2, 20, tzinfo=UTC)
    john = Membership.objects.get(person=one("John Doe"))
    say_times(john, Times("Wed Dec 2 3:30-4pm", "America/New_York"), frame, CONSOLE, AS_OF)
    (session,) = think_on().plan.sessions
    assert session.start == datetime(2026, 12, 2, 20, 30, tzinfo=UTC)


def test_a_post_that_fits_no_form_does_not_stop_the_night(record_db: str) -> None:
    frame = Frame(rules_from(SETTINGS), conventions_from(SETTINGS))
    junk = {"Timestamp": "2026-11-16T14:00:00Z", "Time Zonne": "ET"}
    take(opened().program, Arrival(FormKind.STUDENTS, junk, Source.WEBHOOK, "junk"), frame, NIGHT, AS_OF)
    night = think_on()
    assert counts(night) == {"matched": 1}
    assert night.assembly.fates[Form.STUDENTS] == {2: Fate.CURRENT, 3: Fate.HELD}


def test_a_run_as_of_an_earlier_day_counts_no_negative_wait(record_db: str) -> None:
    book_on(TWO_HOSTS)
    complete(ScheduledSession.objects.get(), CONSOLE, AS_OF + timedelta(days=9))
    later = {"Timestamp": "12/1/2026 9:00:00", "Availability": "Wed 2-4pm"}
    think_on(make_sheets([{}, later], [{}, EVE]), days=9)
    night = think_on(make_sheets([{}, later], [{}, EVE]), days=5)
    assert all(days >= 0 for days in night.waited.values())


def test_a_row_that_could_not_be_read_is_read_again_once_it_can_be(record_db: str) -> None:
    unread = make_sheets([{"Timestamp": "31/31/2026"}])
    assert counts(think_on(unread)) == {}
    FormResponse.objects.filter(form="students").update(raw={**STUDENT, "Timestamp": "2026-11-16T14:00:00+00:00"})
    row = FormResponse.objects.get(form="students")
    frame = Frame(rules_from(SETTINGS), conventions_from(SETTINGS))
    assert read_again(row, frame, NIGHT, AS_OF).state == "current"
    assert read_again(row, frame, NIGHT, AS_OF).state == "current"
