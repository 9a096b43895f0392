from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from ingest.sheet import Form, SourceError
from ingest.sources.xlsx_source import read_xlsx
from tests.sheets import PROFESSIONAL_TITLES, STUDENT_TITLES, professional, student, write_xlsx


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_xlsx(
        tmp_path / "responses.xlsx",
        Notes=(["Remember", "the milk"], [["a", "b"]]),
        Students=(STUDENT_TITLES, [student(), student(email="bob@example.org")]),
        Professionals=(PROFESSIONAL_TITLES, [professional()]),
    )


def test_the_worksheet_is_found_by_its_header(book: Path) -> None:
    assert read_xlsx(book, Form.STUDENTS).name == "responses.xlsx#Students"
    assert read_xlsx(book, Form.PROFESSIONALS).name == "responses.xlsx#Professionals"


def test_a_named_worksheet_is_taken_and_an_unknown_name_lists_the_known(book: Path) -> None:
    assert read_xlsx(book, Form.STUDENTS, "Notes").header == ("Remember", "the milk")
    with pytest.raises(SourceError, match="'Notes', 'Students', 'Professionals'"):
        read_xlsx(book, Form.STUDENTS, "Student")


def test_no_or_two_fitting_worksheets_are_refused(tmp_path: Path) -> None:
    notes = write_xlsx(tmp_path / "n.xlsx", Notes=(["A"], []))
    with pytest.raises(SourceError, match="no worksheet with the columns of the students form"):
        read_xlsx(notes, Form.STUDENTS)
    twice = write_xlsx(tmp_path / "t.xlsx", Old=(STUDENT_TITLES, []), New=(STUDENT_TITLES, []))
    with pytest.raises(SourceError, match="'Old' and 'New'"):
        read_xlsx(twice, Form.STUDENTS)


def test_dates_numbers_and_truths_keep_their_meaning(tmp_path: Path) -> None:
    stamp = datetime(2026, 11, 22, 21, 59, 59, 700_000)  # noqa: DTZ001
    values = [stamp, date(2026, 12, 1), 2, 2.5, True, "n/a", None]
    path = write_xlsx(tmp_path / "b.xlsx", S=(list("ABCDEFG"), [values, []]))
    cells = read_xlsx(path, Form.STUDENTS, "S").rows[0].cells
    assert [cell.text for cell in cells[1:]] == ["2026-12-01 00:00:00", "2", "2.5", "TRUE", "n/a", ""]
    assert cells[0].moment is not None
    assert cells[0].moment.isoformat() == "2026-11-22T22:00:00"


def test_formulas_without_a_stored_value_and_errors_are_distrusted(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active.append(["A", "B", "C"])
    workbook.active.append(["=1+1", "#REF!", "plain"])
    workbook.active["D2"] = "=cmd()"
    workbook.active["D2"].data_type = "s"
    workbook.save(tmp_path / "f.xlsx")
    cells = read_xlsx(tmp_path / "f.xlsx", Form.STUDENTS, "Sheet").rows[0].cells
    assert [cell.problem for cell in cells] == [
        "is a formula whose result is not stored in the file",
        "is a spreadsheet error",
        "",
        "is a formula, not an answer",
    ]
    assert cells[0].text == "=1+1"


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"not a zip")
    with pytest.raises(SourceError, match="not an XLSX workbook"):
        read_xlsx(tmp_path / "x.xlsx", Form.STUDENTS)
    with pytest.raises(SourceError, match="cannot be read"):
        read_xlsx(tmp_path / "none.xlsx", Form.STUDENTS)
