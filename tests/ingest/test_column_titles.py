from __future__ import annotations

import pytest

from ingest.columns import ColumnError, ColumnMap, Renamed, match_columns
from ingest.issues import Severity
from ingest.rules import ProgramRules, RulesError
from ingest.sheet import Form, SourceError
from tests.sheets import PROFESSIONAL_TITLES, STUDENT_TITLES, sheet_of, student


def matched(titles: list[str], rows: list[list[str]] | None = None, **renamed: str) -> ColumnMap:
    mapping = {title.replace("_", " "): own for title, own in renamed.items()}
    return match_columns(sheet_of(Form.STUDENTS, rows or [], titles), Renamed.of(Form.STUDENTS, mapping))


def titles_with(old: str, *new: str) -> list[str]:
    return [one for title in STUDENT_TITLES for one in (new if title == old else (title,))]


def test_the_forms_own_titles_need_no_remark() -> None:
    for form, titles in ((Form.STUDENTS, STUDENT_TITLES), (Form.PROFESSIONALS, PROFESSIONAL_TITLES)):
        columns = match_columns(sheet_of(form, [], titles), Renamed({}))
        assert columns.issues == ()
        assert len(columns.where) == len(titles)


@pytest.mark.parametrize("title", ["Discord ID", "Discord Username"])
def test_both_discord_titles_are_known(title: str) -> None:
    assert matched(titles_with("Discord Username", title)).where["discord"] == (3,)


def test_all_five_availability_titles_are_joined() -> None:
    five = ["Availability", "Available Times", "Preferred Times", "When are you available?", "Available Days/Times"]
    columns = matched(titles_with("Availability", *five))
    assert columns.where["availability"] == (8, 9, 10, 11, 12)


@pytest.mark.parametrize("title", ["  email   ADDRESS *", "Email Address:", "E-mail address", "\ufeffEmail Address"])
def test_spacing_case_and_marks_are_tolerated_and_noted(title: str) -> None:
    columns = matched(titles_with("Email Address", title))
    assert columns.where["email"] == (1,)
    assert [issue.severity for issue in columns.issues] == [Severity.NOTE]


def test_a_missing_column_names_the_column_the_sheet_and_the_nearest_title() -> None:
    with pytest.raises(ColumnError) as error:
        matched(titles_with("Availability", "Availabel times"))
    for part in ("'Availability' is missing", "students.csv", "'Availabel times'", "matching.toml"):
        assert part in str(error.value)


def test_all_missing_columns_are_named_at_once() -> None:
    with pytest.raises(ColumnError, match=r"'Timestamp'.*'Resume Link'"):
        matched([title for title in STUDENT_TITLES if title not in ("Timestamp", "Resume Link")])


def test_an_almost_known_optional_title_is_refused_not_ignored() -> None:
    with pytest.raises(ColumnError, match="is unknown"):
        matched(titles_with("Time Zone", "Time Zones"))


def test_a_strange_column_is_only_noted() -> None:
    columns = matched([*STUDENT_TITLES, "T-shirt size"])
    assert [(issue.column, issue.severity) for issue in columns.issues] == [("T-shirt size", Severity.NOTE)]


def test_settings_rename_titles() -> None:
    columns = matched(titles_with("Target Role", "Dream job"), Target_Role="Dream job")
    assert columns.where["role"] == (6,)
    assert columns.title("role") == "Dream job"


def test_settings_say_that_a_question_is_not_asked() -> None:
    columns = matched([title for title in STUDENT_TITLES if title != "Resume Link"], Resume_Link="")
    assert "resume" not in columns.where


def test_a_renamed_title_that_the_sheet_lacks_is_an_error() -> None:
    with pytest.raises(ColumnError, match=r"'Dream job' is missing"):
        matched(list(STUDENT_TITLES), Target_Role="Dream job")


def test_settings_with_an_unknown_title_name_the_nearest() -> None:
    with pytest.raises(RulesError, match=r"'Target Rolle'.*nearest title: 'Target Role'"):
        ProgramRules("demo", student_columns={"Target Rolle": "x"})


def test_settings_cannot_do_without_what_is_needed() -> None:
    with pytest.raises(RulesError, match="needed"):
        ProgramRules("demo", student_columns={"Timestamp": ""})


def test_of_a_title_that_stands_twice_the_rightmost_answer_counts() -> None:
    titles = [*STUDENT_TITLES, "Target Role"]
    columns = matched(titles, [[*student(role="old"), "new"], [*student(role="only old"), ""]])
    assert [columns.cell(row, "role").text for row in columns.sheet.rows] == ["new", "only old"]
    assert columns.issues[0].severity is Severity.WARNING


def test_a_sheet_without_header_is_refused() -> None:
    with pytest.raises(SourceError, match="header"):
        sheet_of(Form.STUDENTS, [], ["", " "])
