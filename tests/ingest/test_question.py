"""Each feature of the model has an input: a column, a setting, or what staff and earlier nights settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.assemble import assemble
from ingest.assembly import Assembly
from ingest.people import person_id
from ingest.rules import Decision, Kept, Ledger, ProgramRules, RulesError
from ingest.sheet import Form
from optimizer.domain import Interval
from tests.sheets import (
    AS_OF,
    PROFESSIONAL_TITLES,
    STUDENT_TITLES,
    professional,
    sheet_of,
    student,
)

RULES = ProgramRules("demo")
LATER = datetime(2026, 11, 30, 19, tzinfo=UTC)
ANN = person_id("demo", Form.STUDENTS, "ann@example.org")
BOB = person_id("demo", Form.STUDENTS, "bob@example.org")
PAT = person_id("demo", Form.PROFESSIONALS, "pat@example.com")
SAM = person_id("demo", Form.PROFESSIONALS, "sam@example.com")


def night(
    rules: ProgramRules = RULES,
    ledger: Ledger | None = None,
    asked: Mapping[str, str] | None = None,
    offered: Mapping[str, str] | None = None,
) -> Assembly:
    """Ann and Bob, Pat and Sam; `asked` and `offered` are further columns of Ann and of Pat."""
    asked, offered = asked or {}, offered or {}
    students = [[*student(), *asked.values()], [*student(email="bob@example.org"), *("" for _ in asked)]]
    hosts = [[*professional(), *offered.values()], [*professional("sam@example.com"), *("" for _ in offered)]]
    return assemble(
        sheet_of(Form.STUDENTS, students, [*STUDENT_TITLES, *asked]),
        sheet_of(Form.PROFESSIONALS, hosts, [*PROFESSIONAL_TITLES, *offered]),
        rules,
        AS_OF,
        ledger,
    )


def reasons(assembly: Assembly) -> list[str]:
    return [issue.reason for issue in assembly.issues if issue.row != 1]


def test_without_further_inputs_a_session_is_one_cell_and_everybody_asks_for_one() -> None:
    problem = night().problem
    assert problem.grid.cell_minutes == 30
    assert problem.flow_case
    assert problem.session_cells.tolist() == [1, 1]
    assert problem.demand.tolist() == [1, 1]
    assert problem.minimum_load.tolist() == [0, 0]


def test_a_finer_grid_cuts_sessions_and_breaks_into_cells() -> None:
    problem = night(replace(RULES, grid_minutes=15, buffer_minutes=20)).problem
    assert problem.grid.cell_minutes == 15
    assert problem.session_cells.tolist() == [2, 2]
    assert problem.buffer_cells.tolist() == [2, 2]
    last = problem.grid.starts[problem.professional_starts[0].nonzero()[0][-1]]
    assert last + timedelta(minutes=30) == datetime(2026, 12, 16, 21, tzinfo=UTC), "a session ends within the offer"


def test_a_session_must_be_whole_cells() -> None:
    with pytest.raises(RulesError, match="no multiple of grid_minutes"):
        replace(RULES, session_minutes=45, grid_minutes=30)


def test_a_session_ends_within_the_programs_hours() -> None:
    rules = replace(RULES, session_minutes=60, grid_minutes=30, earliest="14:00", latest="15:30")
    problem = night(rules).problem
    local = {
        problem.grid.starts[t].hour * 60 + problem.grid.starts[t].minute
        for t in problem.professional_starts[0].nonzero()[0]
    }
    assert local == {19 * 60, 19 * 60 + 30}


def test_a_professional_states_their_own_length_and_break() -> None:
    rules = replace(RULES, grid_minutes=15, buffer_minutes=15)
    problem = night(rules, offered={"Session Length": "1 hour", "Break Between Sessions": "none"}).problem
    assert problem.session_cells.tolist() == [4, 2]
    assert problem.buffer_cells.tolist() == [0, 1]


def test_a_length_off_the_grid_is_rounded_up_and_told() -> None:
    assembly = night(offered={"Session Length": "45 minutes"})
    assert assembly.problem.session_cells.tolist() == [2, 1]
    assert reasons(assembly) == ["does not fit the grid of 30 minutes; 60 minutes are booked"]


def test_a_length_nobody_understands_leaves_it_to_the_program() -> None:
    assembly = night(offered={"Session Length": "30-45 min", "Break Between Sessions": "some"})
    assert assembly.problem.session_cells.tolist() == [1, 1]
    assert reasons(assembly) == ["is no length of time; the program's own applies"] * 2


@pytest.mark.parametrize(
    ("text", "least"), [("1", 3), ("1 per month", 1), ("", 0), ("none", 0), ("50", 8), ("lots", 0), ("no limit", 0)]
)
def test_minimum_loads_count_whole_weeks_of_the_offer_and_stay_within_capacity(text: str, least: int) -> None:
    """Pat can be booked from 25 November to 16 December, 22 days, and takes 2 a week."""
    problem = night(offered={"Minimum Reviews Per Week": text}).problem
    assert problem.minimum_load.tolist() == [least, 0]
    assert not problem.minimum_is_hard.any()


def test_minimum_loads_bind_when_the_program_says_so() -> None:
    rules = replace(RULES, minimum_binding=True)
    assert night(rules, offered={"Minimum Reviews Per Week": "1"}).problem.minimum_is_hard.all()


def test_a_student_asks_for_what_they_still_want_up_to_the_nights_limit() -> None:
    rules = replace(RULES, sessions_per_night=2)
    assert night(rules, asked={"Sessions wanted": "5"}).problem.demand.tolist() == [2, 1]
    kept = Kept(ANN, PAT, Interval(LATER, LATER + timedelta(minutes=30)))
    later = night(rules, Ledger(kept=(kept,), served={ANN: 3}), asked={"Sessions wanted": "5"})
    assert later.problem.demand.tolist() == [1, 1]


def test_a_student_with_fewer_sessions_than_wanted_is_partly_matched() -> None:
    assembly = night(replace(RULES, sessions_per_night=2), asked={"Sessions wanted": "2"})
    assert assembly.conservation([ANN, BOB]).students["partly matched"] == 1
    assert assembly.conservation([ANN, ANN, BOB]).students["matched"] == 2


def test_who_met_does_not_meet_again_unless_repeats_are_allowed() -> None:
    met = Kept(ANN, PAT, Interval(AS_OF - timedelta(days=9), AS_OF - timedelta(days=9, minutes=-30)))
    ledger, asked = Ledger(kept=(met,), served={ANN: 1}), {"Sessions wanted": "2"}
    assert night(RULES, ledger, asked).problem.eligible(slice(0, 1)).tolist() == [[False, True]]
    again = replace(RULES, repeats_allowed=True)
    assert night(again, ledger, asked).problem.eligible(slice(0, 1)).tolist() == [[True, True]]


def test_a_priority_class_and_a_staffs_limit_come_from_the_ledger() -> None:
    problem = night(ledger=Ledger(priority={BOB: 2}, per_week={PAT: 1})).problem
    assert problem.seniority_class.tolist() == [0, 2]
    assert problem.capacity_week.tolist() == [1, 2]


def test_a_pin_binds_and_gives_its_student_one_session() -> None:
    rules = replace(RULES, sessions_per_night=2)
    assembly = night(rules, Ledger(pins=(Decision(ANN, SAM, LATER),)), {"Sessions wanted": "2"})
    (pin,) = assembly.problem.pins
    assert (pin.student, pin.professional, pin.start) == (ANN, SAM, LATER)
    assert assembly.problem.demand.tolist() == [1, 1]
    assert assembly.issues == ()


def test_a_pin_is_done_once_the_pair_has_a_session() -> None:
    kept = Kept(ANN, PAT, Interval(LATER, LATER + timedelta(minutes=30)))
    assembly = night(RULES, Ledger(kept=(kept,), pins=(Decision(ANN, PAT),)), {"Sessions wanted": "2"})
    assert (assembly.problem.pins, assembly.issues) == ((), ())


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        (Decision("s-nobody", PAT), "no row of the sheets is from this student"),
        (Decision(ANN, "p-nobody"), "no row of the sheets is from this professional"),
        (Decision(ANN, PAT, AS_OF - timedelta(days=1)), "its start has passed, or is too soon for the notice time"),
        (Decision(ANN, PAT, AS_OF + timedelta(days=90)), "no session of the planned days starts then"),
        (Decision(ANN, PAT, LATER + timedelta(minutes=7)), "no session of the planned days starts then"),
    ],
)
def test_a_pin_that_cannot_be_used_is_told_with_its_place(pin: Decision, reason: str) -> None:
    assembly = night(ledger=Ledger(pins=(replace(pin, place="pins, entry 3"),)))
    assert assembly.problem.pins == ()
    (issue,) = assembly.issues
    assert (issue.sheet, issue.reason) == ("pins, entry 3", f"{reason}, so the pin does nothing tonight")


def test_a_pin_waits_while_its_people_take_no_part_and_for_an_earlier_pin() -> None:
    away = Ledger(pins=(Decision(ANN, PAT), Decision(ANN, SAM)), served={BOB: 1})
    first = night(ledger=away)
    assert [pin.professional for pin in first.problem.pins] == [PAT]
    assert "another pin of this student comes first" in reasons(first)[0]
    served = night(ledger=replace(away, pins=(Decision(BOB, PAT),)))
    assert "the student does not ask tonight" in reasons(served)[0]
    gone = Ledger(pins=(Decision(ANN, PAT),), paused_until={PAT: datetime(2027, 5, 1, tzinfo=UTC).date()})
    assert "the professional offers nothing tonight" in reasons(night(ledger=gone))[0]


def test_forbidden_pairs_are_kept_apart_and_a_strangers_pair_is_told() -> None:
    apart = (Decision(ANN, SAM), Decision(BOB, "p-nobody", place="forbidden, entry 2"))
    assembly = night(ledger=Ledger(forbidden=apart))
    assert assembly.problem.eligible(slice(0, 2)).tolist() == [[True, False], [True, True]]
    (issue,) = assembly.issues
    assert issue.sheet == "forbidden, entry 2"
    assert "so nobody is kept apart" in issue.reason


def test_a_wish_about_repeats_is_a_quality_part_of_pairs_who_met() -> None:
    met = Kept(ANN, PAT, Interval(AS_OF - timedelta(days=9), AS_OF - timedelta(days=9, minutes=-30)))
    ledger, asked = Ledger(kept=(met,), served={ANN: 1}), {"Sessions wanted": "2"}
    again = replace(RULES, repeats_allowed=True)
    same, other = replace(again, repeat_wish="same"), replace(again, repeat_wish="other")
    for rules, points in ((same, [[100, 50], [50, 50]]), (other, [[0, 50], [50, 50]])):
        part = night(rules, ledger, asked).problem.parts[-1]
        assert part.name == "met before"
        assert part.points(slice(0, 2), slice(0, 2)).tolist() == points
    assert len(night(RULES, ledger, asked).problem.parts) == 2
    with pytest.raises(RulesError, match="repeat_wish needs repeats_allowed"):
        replace(RULES, repeat_wish="same")


def test_who_is_busy_elsewhere_is_not_free() -> None:
    taken = (Interval(LATER, LATER + timedelta(minutes=45)),)
    problem = night(ledger=Ledger(busy={ANN: taken, PAT: taken})).problem
    cell = problem.grid.cell_of(LATER)
    assert cell is not None
    for free in (problem.student_open, problem.professional_open):
        assert free[0, cell : cell + 3].tolist() == [0, 0, 3]
        assert free[1, cell : cell + 3].tolist() == [3, 3, 3]


def test_who_offers_no_time_as_long_as_their_sessions_is_left_out_with_that_reason() -> None:
    """Pat's ticks are two hours from 14:00 on."""
    assembly = night(offered={"Session Length": "2.5 hours"})
    assert [out.reason for out in assembly.left_out] == ["no time is as long as a session of 150 minutes"]
    assert night(offered={"Session Length": "2 hours"}).problem.session_cells.tolist() == [4, 1]
