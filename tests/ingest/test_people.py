from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ingest.accounting import Fate
from ingest.columns import Renamed, match_columns
from ingest.forms import StudentResponse, read_students
from ingest.people import Settled, person_id, settle
from ingest.rules import ProgramRules
from ingest.sheet import Form
from tests.sheets import AS_OF, sheet_of, student

ONE, TWO = "111111111111111111", "222222222222222222"


def settled(*rows: list[str], as_of: datetime = AS_OF) -> Settled[StudentResponse]:
    columns = match_columns(sheet_of(Form.STUDENTS, rows), Renamed({}))
    responses, _ = read_students(columns, ProgramRules("demo"))
    return settle(columns, responses, "demo", as_of)


def fates(*rows: list[str]) -> list[str]:
    return [fate.value for _, fate in sorted(settled(*rows).fates.items())]


def test_a_later_answer_replaces_an_earlier_one_whatever_the_order_of_rows() -> None:
    early, late = student("Mon 2-4", stamp="11/14/2026 8:00:00"), student("Tue 2-4", stamp="11/15/2026 8:00:00")
    assert fates(early, late) == ["superseded", "current"]
    assert fates(late, early) == ["current", "superseded"]


def test_the_same_answer_twice_is_a_duplicate_and_the_later_one_counts() -> None:
    assert fates(student(stamp="11/14/2026 8:00:00"), student(stamp="11/15/2026 8:00:00")) == ["duplicate", "current"]


def test_an_address_in_other_letters_is_the_same_person() -> None:
    people = settled(student(), student("Tue 2-4", email=" ANN@Example.org ", stamp="11/17/2026 8:00:00")).people
    assert len(people) == 1
    assert len(people[0].history) == 2


def test_the_same_local_part_at_another_domain_is_another_person() -> None:
    assert fates(student(email="ann@example.org"), student(email="ann@example.net")) == ["current", "current"]


def test_people_of_the_same_or_similar_name_are_different_people() -> None:
    rows = [
        student(email=f"{i}@example.org", name=name) for i, name in enumerate(["John Doe", "John Doerr", "John Doe"])
    ]
    assert fates(*rows) == ["current"] * 3


def test_somebody_elses_discord_name_is_no_key() -> None:
    assert fates(student(discord="neo"), student(email="eve@example.org", discord="neo")) == ["current", "current"]


def test_two_keys_that_name_two_people_are_held_never_merged() -> None:
    owner = student(discord=ONE, stamp="11/14/2026 8:00:00")
    eve = student("Sun 1-2", email="eve@example.org", discord=ONE, stamp="11/15/2026 8:00:00")
    found = settled(owner, eve)
    assert [fate for _, fate in sorted(found.fates.items())] == [Fate.CURRENT, Fate.HELD]
    assert found.people[0].current.availability == "Mon 2-4pm"
    assert "two keys name two people" in found.issues[0].reason


def test_a_new_discord_id_of_the_same_address_is_accepted() -> None:
    later = student(discord=TWO, stamp="11/17/2026 8:00:00")
    assert fates(student(discord=ONE), later) == ["superseded", "current"]


def test_an_answer_from_after_the_run_waits() -> None:
    found = settled(student(), student("Tue 2-4", stamp="11/23/2026 8:00:00"))
    assert [fate for _, fate in sorted(found.fates.items())] == [Fate.CURRENT, Fate.HELD]


def test_rows_without_a_person_or_a_time_are_rejected_and_blank_rows_are_blank() -> None:
    rows = [student(email="ann"), student(stamp="soon"), student(stamp=""), [""] * 12, student()]
    assert fates(*rows) == ["rejected", "rejected", "rejected", "blank", "current"]


def test_a_row_whose_cells_spill_over_the_header_is_rejected() -> None:
    assert fates([*student(), "", " "], [*student(email="bob@example.org"), "pm"]) == ["current", "rejected"]


def test_ids_depend_on_program_role_and_folded_address_only() -> None:
    assert (
        person_id("demo", Form.STUDENTS, "ann@example.org")
        == "s-" + person_id("demo", Form.STUDENTS, "ann@example.org")[2:]
    )
    ids = {
        person_id(program, form, email)
        for program in ("demo", "other")
        for form in Form
        for email in ("ann@example.org", "ann@example.net")
    }
    assert len(ids) == 8
    assert all("ann" not in one for one in ids)


def test_the_time_stamp_is_the_sheets_wall_clock() -> None:
    assert settled(student(stamp="11/16/2026 10:00:00")).people[0].current.person.submitted == datetime(
        2026, 11, 16, 15, tzinfo=UTC
    )


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", ONE, TWO]), st.integers(1, 20)), max_size=8))
def test_every_row_has_one_fate_and_every_person_one_current_row(rows: list[tuple[str, str, int]]) -> None:
    made = [
        student(email=f"{who}@example.org", discord=discord, stamp=f"2026-11-{day:02d} 08:00:00")
        for who, discord, day in rows
    ]
    found = settled(*made)
    assert len(found.fates) == len(rows)
    current = [row for row, fate in found.fates.items() if fate is Fate.CURRENT]
    assert sorted(person.current.person.row for person in found.people) == sorted(current)
    assert len({person.id for person in found.people}) == len(found.people)
