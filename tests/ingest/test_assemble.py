from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from ingest.accounting import ConservationError, Fate
from ingest.assemble import assemble
from ingest.assembly import Assembly
from ingest.forms.choices import EMAIL_ONLY, PHONE, VIDEO
from ingest.issues import Severity
from ingest.rules import Kept, Ledger, ProgramRules
from ingest.sheet import Form
from optimizer.domain import Interval, Stage
from tests.sheets import AS_OF, SLOTS, STUDENT_TITLES, professional, professional_rows, sheet_of, student, student_rows

RULES = ProgramRules("demo")
LATER = datetime(2026, 11, 30, 19, tzinfo=UTC)


def night(
    students: Sequence[Sequence[str]] | None = None,
    professionals: Sequence[Sequence[str]] | None = None,
    rules: ProgramRules = RULES,
    ledger: Ledger | None = None,
    as_of: datetime = AS_OF,
) -> Assembly:
    return assemble(
        sheet_of(Form.STUDENTS, [student()] if students is None else students),
        sheet_of(Form.PROFESSIONALS, [professional()] if professionals is None else professionals),
        rules,
        as_of,
        ledger,
    )


def outcome(assembly: Assembly) -> list[tuple[str, str]]:
    return [(out.outcome.value, out.reason) for out in assembly.left_out]


def ann(assembly: Assembly) -> str:
    return assembly.ids[Form.STUDENTS][2]


def pat(assembly: Assembly) -> str:
    return assembly.ids[Form.PROFESSIONALS][2]


def test_a_plain_night_becomes_a_problem_in_which_they_can_meet() -> None:
    assembly = night()
    problem = assembly.problem
    assert (problem.students, problem.professionals) == ((ann(assembly),), (pat(assembly),))
    both = (problem.student_open[0] > 0) & (problem.professional_open[0] > 0)
    starts = [problem.grid.starts[k] for k in np.flatnonzero(both)]
    assert starts[0] == datetime(2026, 11, 30, 19, tzinfo=UTC)
    assert len(starts) == 12
    assert problem.eligible(slice(0, 1)).all()


def test_notice_time_and_program_hours_close_cells() -> None:
    rules = replace(RULES, notice_hours=48, earliest="10:00", latest="12:00", horizon_days=5)
    grid = night(rules=rules).problem
    open_cells = [grid.grid.starts[k] for k in np.flatnonzero(grid.bookable)]
    assert open_cells[0] == datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert len(open_cells) == 4 * 4
    assert grid.grid.local_days[0] == date(2026, 11, 24)


def test_waiting_counts_from_the_first_readable_answer_and_is_not_reset() -> None:
    rows = [
        student("n/a", stamp="2026-11-05 10:00:00"),
        student("Mon 2-4", stamp="2026-11-08 10:00:00"),
        student("Tue 2-4", stamp="2026-11-20 10:00:00"),
    ]
    assembly = night(rows)
    assert list(assembly.waiting.values()) == [datetime(2026, 11, 8, 15, tzinfo=UTC)]
    assert assembly.problem.waiting_days.tolist() == [14]


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("n/a", Stage.NO_USABLE_ANSWER),
        ("", Stage.NO_USABLE_ANSWER),
        ("banana", Stage.NO_USABLE_ANSWER),
        ("Mar 3 2-4pm", Stage.OFF_GRID),
    ],
)
def test_students_without_time_have_their_stage_before_solving(text: str, stage: Stage) -> None:
    assembly = night([student(text)])
    assert [one.stage for one in assembly.unmatched] == [stage]
    assert assembly.students == ()
    assert assembly.conservation([]).students["unmatched"] == 1


def test_an_answer_without_dates_expires_and_one_with_dates_does_not() -> None:
    old = "2026-10-20 10:00:00"
    assert outcome(night([student("Mon 2-4", stamp=old)])) == [("expired", "is older than 28 days and names no dates")]
    assert night([student("Mon 2-4 until Dec 18", stamp=old)]).left_out == ()
    assert len(night([student("Dec 2 2-4pm", stamp=old)]).students) == 1
    assert outcome(night([student("Nov 2 2-4pm", stamp=old)])) == [("expired", "was valid until 2026-11-02")]


def test_a_pause_in_the_form_or_by_staff_ends_by_itself() -> None:
    titles = [*STUDENT_TITLES, "Available Again From"]
    row = [*student(), "2027-01-15"]
    sheet = sheet_of(Form.STUDENTS, [row], titles)
    paused = assemble(sheet, sheet_of(Form.PROFESSIONALS, [professional()]), RULES, AS_OF)
    assert outcome(paused) == [("paused", "paused until 2027-01-15")]
    first = night()
    ledger = Ledger(paused_until={ann(first): date(2026, 12, 8), pat(first): date(2027, 1, 1)})
    second = night(ledger=ledger)
    assert outcome(second) == [("paused", "paused until 2027-01-01")]
    free = np.flatnonzero(second.problem.student_free[0])
    assert second.problem.grid.local_days[free[0]] == date(2026, 12, 14)
    assert night(ledger=Ledger(paused_until={ann(first): date(2026, 11, 22)})).left_out == ()


def test_a_session_that_stands_books_its_student_and_its_professionals_capacity() -> None:
    first = night()
    kept = Kept(ann(first), pat(first), Interval(LATER, LATER + timedelta(minutes=30)))
    assembly = night([student(), student(email="bob@example.org")], ledger=Ledger(kept=(kept,)))
    assert outcome(assembly) == [("already booked", "has a session that stands")]
    assert assembly.problem.kept_load.tolist() == [1]
    cell = assembly.problem.grid.cell_of(LATER)
    assert cell is not None
    assert assembly.problem.professional_open[0, cell] == 0


def test_a_past_session_serves_its_student() -> None:
    first = night()
    past = Kept(ann(first), pat(first), Interval(AS_OF - timedelta(hours=2), AS_OF - timedelta(hours=1)))
    assembly = night(ledger=Ledger(kept=(past,), served={ann(first): 1}))
    assert outcome(assembly) == [("served", "has had all 1 sessions wanted")]


def test_who_wants_two_sessions_stays_in_line_after_the_first() -> None:
    sheet = sheet_of(Form.STUDENTS, [[*student(), "2"]], [*STUDENT_TITLES, "Sessions wanted"])
    pros = sheet_of(Form.PROFESSIONALS, [professional()])
    first = assemble(sheet, pros, RULES, AS_OF)
    assert first.conservation([ann(first)]).students["partly matched"] == 1
    kept = Kept(ann(first), pat(first), Interval(LATER, LATER + timedelta(minutes=30)))
    second = assemble(sheet, pros, RULES, AS_OF, Ledger(kept=(kept,)))
    assert second.wanted == {ann(first): 1}
    cell = second.problem.grid.cell_of(LATER)
    assert cell is not None
    assert second.problem.student_free[0, cell] == 0
    assert second.conservation([ann(first)]).students["matched"] == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"formats": EMAIL_ONLY}, "e-mail only"),
        ({"end": "11/22/2026"}, "expired"),
        ({"end": "soon"}, "nothing readable"),
        ({"days": "Someday"}, "nothing readable"),
        ({"start": "1/15/2027", "end": "1/31/2027"}, "nothing readable"),
    ],
)
def test_professionals_who_offer_nothing_are_listed_with_the_reason(fields: dict[str, str], expected: str) -> None:
    assembly = night(None, [professional(**fields)])
    assert [out.outcome.value for out in assembly.left_out] == [expected]
    assert assembly.others[0].name == "Pat Doe"
    assert assembly.conservation([]).professionals[expected] == 1


def test_a_professional_who_says_none_is_full() -> None:
    assert night(None, [professional(capacity="none")]).conservation([]).professionals["full"] == 1


@pytest.mark.parametrize(
    ("text", "per_week"),
    [("up to 3", 3), ("two", 2), ("no limit", 5), ("40", 5), ("", 2), ("who knows", 2), ("3-4", 3)],
)
def test_capacity_texts_become_weekly_limits_within_the_programs_cap(text: str, per_week: int) -> None:
    problem = night(None, [professional(capacity=text)]).problem
    assert problem.capacity_week.tolist() == [per_week]
    assert problem.capacity_horizon.tolist() == [4 * per_week]


def eligible(student_fields: dict[str, str], professional_fields: dict[str, str], rules: ProgramRules = RULES) -> bool:
    problem = night([student(**student_fields)], [professional(**professional_fields)], rules).problem
    return bool(problem.eligible(slice(0, 1))[0, 0])


def test_required_ticks_that_are_empty_fit_only_open_wishes() -> None:
    assert eligible({"industry": ""}, {"industries": ""})
    assert not eligible({"industry": "SWE"}, {"industries": ""})
    reasons = [issue.reason for issue in night(None, [professional(industries="")]).issues]
    assert reasons == ["is empty; only students who state no wish of their own fit"]


@pytest.mark.parametrize(
    ("field", "column"),
    [("days", "Preferred Days of the Week"), ("slots", "Preferred Time Slots (Select all that work for you)")],
)
def test_days_or_slots_without_a_tick_are_an_issue_on_the_empty_cell(field: str, column: str) -> None:
    (issue,) = night(None, [professional(**{field: ""})]).issues
    assert (issue.row, issue.column, issue.severity) == (2, column, Severity.WARNING)
    assert "tick" in issue.fix


def test_a_shared_meeting_format_is_needed() -> None:
    assert not eligible({"formats": PHONE}, {"formats": VIDEO})
    assert eligible({"formats": PHONE}, {"formats": f"{VIDEO}, {PHONE}"})
    assert eligible({"formats": "No preference"}, {"formats": VIDEO})
    assert eligible({"formats": ""}, {"formats": VIDEO})
    assert eligible({"formats": PHONE}, {"formats": "No preference"})
    assert not eligible({"formats": EMAIL_ONLY}, {"formats": f"{VIDEO}, {EMAIL_ONLY}"})


def test_a_shared_industry_is_needed_unless_any_or_unknown_or_set_softly() -> None:
    finance = {"industries": "Finance/Banking"}
    assert not eligible({"industry": "SWE"}, finance)
    assert eligible({"industry": "fintech"}, finance)
    assert eligible({"industry": "SWE"}, {"industries": "Other (any industry)"})
    assert eligible({"industry": "zookeeping"}, finance)
    assert eligible({"industry": "SWE"}, finance, replace(RULES, industry_hard=False))


def test_fit_in_field_and_experience_gives_points() -> None:
    problem = night(
        [student(industry="SWE", level="3 years")],
        [
            professional(email="a@example.com", specializations="backend, cloud", levels="Mid Level (2-5 years)"),
            professional(email="b@example.com", specializations="audit", levels="Career Changers"),
            professional(email="c@example.com", specializations="beekeeping"),
        ],
    ).problem
    field, experience = problem.parts
    assert field.points(slice(0, 1), slice(0, 3)).tolist() == [[100, 0, 50]]
    assert experience.points(slice(0, 1), slice(0, 3)).tolist() == [[100, 0, 100]]


def test_nobody_reviews_their_own_resume() -> None:
    assert not eligible({"email": "pat@example.com"}, {"email": "Pat@example.com"})


def test_conservation_refuses_a_match_of_somebody_who_did_not_ask() -> None:
    with pytest.raises(ConservationError, match="did not ask"):
        night().conservation(["s-stranger"])


def test_conservation_adds_up_row_by_row_and_person_by_person() -> None:
    rows = student_rows(120, seed=4)
    assembly = night(rows, professional_rows(40, seed=4))
    equation = assembly.conservation([assembly.students[0].id])
    assert equation.student_rows.total == len(assembly.sheets[Form.STUDENTS].rows)
    assert equation.students.total == equation.student_rows[Fate.CURRENT]
    assert equation.students["matched"] == 1
    assert equation.lines()[0].startswith(f"rows in students {equation.student_rows.total} = ")


def test_tables_are_typed_and_keep_every_row_of_a_person() -> None:
    assembly = night(student_rows(40), professional_rows(20))
    students, professionals = assembly.table(Form.STUDENTS), assembly.table(Form.PROFESSIONALS)
    assert str(students["submitted"].dtype).startswith("datetime64")
    assert str(professionals["first"].dtype).startswith("datetime64")
    assert set(students["fate"]) <= {fate.value for fate in Fate}
    assert len(students) == len(assembly.student_responses)
    row = students.index[0]
    raw = next(one for one in assembly.sheets[Form.STUDENTS].rows if one.number == row)
    assert raw.cells[1].text == students.loc[row, "email"]


def test_rows_that_hold_something_only_in_columns_that_are_not_read_are_blank() -> None:
    titles = [*STUDENT_TITLES, "Contacted?"]
    empty = [*[""] * len(STUDENT_TITLES), "FALSE"]
    sheet = sheet_of(Form.STUDENTS, [[*student(), "TRUE"], empty, empty], titles)
    assembly = assemble(sheet, sheet_of(Form.PROFESSIONALS, [professional()]), RULES, AS_OF)
    assert assembly.row_counts()[0][Fate.BLANK] == 2
    assert [issue.row for issue in assembly.issues if issue.row > 1] == []
    assert sum("2 rows" in issue.reason for issue in assembly.issues) == 1


def test_a_row_whose_only_content_stands_beyond_the_header_is_rejected() -> None:
    sheet = sheet_of(Form.STUDENTS, [[*[""] * len(STUDENT_TITLES), "spilled"], student()])
    assembly = assemble(sheet, sheet_of(Form.PROFESSIONALS, [professional()]), RULES, AS_OF)
    assert assembly.fates[Form.STUDENTS][2] is Fate.REJECTED


@pytest.mark.parametrize(
    "discord", [{"Discord ID": "123456789012345678", "Discord Username": "ann#1"}, {"Discord Username": "ann#1"}]
)
@pytest.mark.parametrize("names", [("Discord ID", "Discord Username"), ("Discord Username", "Discord ID")])
def test_a_discord_id_in_either_column_is_the_key(names: tuple[str, str], discord: dict[str, str]) -> None:
    place = STUDENT_TITLES.index("Discord Username")
    titles = [*STUDENT_TITLES[:place], *names, *STUDENT_TITLES[place + 1 :]]
    plain = student()
    row = [*plain[:place], *(discord.get(name, "") for name in names), *plain[place + 1 :]]
    professionals = sheet_of(Form.PROFESSIONALS, [professional()])
    assembly = assemble(sheet_of(Form.STUDENTS, [row], titles), professionals, RULES, AS_OF)
    assert assembly.students[0].discord_id == discord.get("Discord ID", "")
    assert assembly.students[0].discord_name == ("" if "Discord ID" in discord else "ann#1")
    assert assembly.issues == ()


def test_an_unknown_zone_before_an_american_abbreviation_is_the_programs_zone_with_an_issue() -> None:
    assembly = night(None, [professional(zone="Pakistan Standard Time (PST)")])
    assert assembly.professionals[0].zone == RULES.zone
    assert ["no known time zone" in issue.reason for issue in assembly.issues] == [True]


def test_an_empty_sheet_is_an_empty_night() -> None:
    assembly = night([], [])
    assert assembly.problem.student_free.shape == (0, assembly.problem.grid.cells)
    assert assembly.conservation([]).students.total == 0
    assert str(assembly.table(Form.STUDENTS)["submitted"].dtype).startswith("datetime64")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        night(as_of=AS_OF.replace(tzinfo=None))


def test_echo_and_zone_travel_with_the_people() -> None:
    assembly = night([student("Tue 2-4pm PT")], [professional(slots=f"{SLOTS[0]}, {SLOTS[1]}")])
    assert assembly.students[0].zone == "America/Los_Angeles"
    assert "Tue 14:00-16:00" in assembly.students[0].echo
    assert assembly.professionals[0].echo == "Mon, Wed 09:00-11:00; America/New_York time"


def test_a_refusal_read_as_no_capacity_is_a_warning() -> None:
    refusing = sheet_of(Form.PROFESSIONALS, [professional(capacity="can't do any")])
    found = assemble(sheet_of(Form.STUDENTS, [student()]), refusing, RULES, AS_OF).issues
    issues = [one for one in found if one.column == "Maximum Reviews Per Week"]
    assert [one.severity for one in issues] == [Severity.WARNING]
