"""What matchers before this one got wrong, one test each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from ingest.assemble import assemble
from ingest.assembly import Assembly
from ingest.rules import Kept, Ledger, ProgramRules
from ingest.sheet import Form
from optimizer.domain import Interval, zone_info
from tests.sheets import AS_OF, SLOTS, professional, sheet_of, student

RULES = ProgramRules("demo", horizon_days=7)


def night(students: list[list[str]], professionals: list[list[str]], ledger: Ledger | None = None) -> Assembly:
    asks, offers = sheet_of(Form.STUDENTS, students), sheet_of(Form.PROFESSIONALS, professionals)
    return assemble(asks, offers, RULES, AS_OF, ledger)


def free(assembly: Assembly, *, host: bool = False) -> list[str]:
    """The free cells of the first person as local starts."""
    problem = assembly.problem
    row = (problem.professional_free if host else problem.student_free)[0]
    zone = zone_info("America/New_York")
    return [f"{problem.grid.starts[k].astimezone(zone):%a %H:%M}" for k in np.flatnonzero(row)]


def test_the_m_of_am_is_not_monday() -> None:
    assert free(night([student("Thu 10am - 11am")], [])) == ["Thu 10:00", "Thu 10:30"]


def test_end_times_are_kept() -> None:
    assert free(night([student("Wed 2-3:30pm")], [])) == ["Wed 14:00", "Wed 14:30", "Wed 15:00"]


def test_friday_afternoon_and_saturday_afternoon_differ() -> None:
    friday, saturday = free(night([student("Friday afternoon")], [])), free(night([student("Saturday afternoon")], []))
    assert {start[:3] for start in friday} == {"Fri"}
    assert {start[:3] for start in saturday} == {"Sat"}


def test_ticked_days_are_the_days_that_were_ticked() -> None:
    assembly = night([], [professional(days="Wednesday, Friday", slots=SLOTS[0])])
    assert free(assembly, host=True) == ["Wed 09:00", "Wed 09:30", "Fri 09:00", "Fri 09:30"]


def test_the_zone_label_counts() -> None:
    assembly = night([], [professional(days="Wednesday", slots=SLOTS[0], zone="Pacific Time (PT)")])
    assert free(assembly, host=True) == ["Wed 12:00", "Wed 12:30"]


def test_nine_in_new_york_is_one_instant_for_both_sides() -> None:
    student_side = night([student("Wed 9-10am", zone="ET")], []).problem
    host_side = night([], [professional(days="Wednesday", slots=SLOTS[0])]).problem
    first = student_side.grid.starts[int(np.flatnonzero(student_side.student_free[0])[0])]
    assert first == datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert (student_side.student_free == host_side.professional_free).all()


def test_past_dates_offer_nothing() -> None:
    assert night([], [professional(start="10/1/2026", end="10/31/2026")]).left_out[0].outcome.value == "expired"


def test_bad_dates_do_not_become_today_and_four_weeks() -> None:
    assembly = night([], [professional(start="asap", end="whenever")])
    assert assembly.left_out[0].outcome.value == "nothing readable"
    assert {issue.reason for issue in assembly.issues} == {"is not a date"}


def test_an_update_leaves_one_availability() -> None:
    rows = [student("Tue 9-10am"), student("Wed 9-10am", stamp="11/17/2026 10:00:00")]
    assembly = night(rows, [])
    assert len(assembly.students) == 1
    assert {start[:3] for start in free(assembly)} == {"Wed"}


def test_john_doe_is_himself_next_to_john_doerr() -> None:
    rows = [student(name="John Doe"), student(name="John Doerr", email="doerr@example.org")]
    assert [one.name for one in night(rows, []).students] == ["John Doe", "John Doerr"]


def test_typing_somebody_elses_discord_name_overwrites_nothing() -> None:
    rows = [
        student("Tue 9-10am", discord="neo"),
        student("Wed 9-10am", email="eve@example.org", discord="neo", stamp="11/17/2026 10:00:00"),
    ]
    assembly = night(rows, [])
    assert {start[:3] for start in free(assembly)} == {"Tue"}
    assert len(assembly.students) == 2


def test_a_second_address_with_the_same_local_part_is_a_second_person() -> None:
    rows = [student(email="ann@example.org"), student(email="ann@example.net")]
    assert len({one.id for one in night(rows, []).students}) == 2


def test_after_a_cancellation_one_can_be_booked_again() -> None:
    first = night([student()], [professional()])
    start = datetime(2026, 11, 25, 19, tzinfo=UTC)
    kept = Kept(first.students[0].id, first.professionals[0].id, Interval(start, start + timedelta(minutes=30)))
    assert night([student()], [professional()], Ledger(kept=(kept,))).students == ()
    again = night([student()], [professional()], Ledger())
    assert again.students == first.students
    assert (again.problem.student_free == first.problem.student_free).all()
