from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sheet import Form, SourceError
from ingest.sources.csv_source import parse_csv, read_csv
from tests.sheets import STUDENT_TITLES, csv_bytes, student


def parse(data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in parse_csv(data, "students.csv", Form.STUDENTS).rows]


@pytest.mark.parametrize("word", ["n/a", "NA", "None", "null", "nan", "", "-"])
def test_words_that_other_readers_turn_into_nothing_stay_text(word: str) -> None:
    assert parse(csv_bytes(["Availability", "x"], [[word, "y"]])) == [[word, "y"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_separators_of_other_locales(separator: str, encoding: str) -> None:
    rows = [student(name="Zoë Müller", availability="Mon 2-4, Tue; maybe\r\nWed")]
    sheet = parse_csv(csv_bytes(STUDENT_TITLES, rows, separator, encoding), "students.csv", Form.STUDENTS)
    assert sheet.header == STUDENT_TITLES
    assert [cell.text for cell in sheet.rows[0].cells] == rows[0]


def test_what_was_guessed_about_the_file_is_noted() -> None:
    data = csv_bytes(STUDENT_TITLES, [student(name="Zoë")], ";", "cp1252")
    notes = parse_csv(data, "students.csv", Form.STUDENTS).notes
    assert "Windows-1252" in notes[0]
    assert "';'" in notes[1]


def test_excels_own_separator_line_is_obeyed() -> None:
    data = b"sep=;\r\nFull Name;Email Address\r\nAnn;a,b\r\n"
    assert parse(data) == [["Ann", "a,b"]]


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    data = b'A,B\n"two\nlines",1\n,\nlast,2\n,\n'
    sheet = parse_csv(data, "x.csv", Form.STUDENTS)
    assert [(row.number, row.blank) for row in sheet.rows] == [(2, False), (3, True), (4, False)]


def test_rows_may_be_shorter_or_longer_than_the_header() -> None:
    assert parse(b"A,B\n1\n1,2,3\n") == [["1"], ["1", "2", "3"]]


def test_very_long_cells_are_read() -> None:
    assert len(parse(csv_bytes(["A", "B"], [["x" * 200_000, ""]]))[0][0]) == 200_000


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'A,B\n"open', "export it again"),
        (b"\xff\xfeA", "UTF-8"),
        (b"A\x00,B\n", "UTF-8"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(data: bytes, hint: str) -> None:
    with pytest.raises(SourceError, match=hint):
        parse_csv(data, "students.csv", Form.STUDENTS)


def test_a_missing_file_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_csv(tmp_path / "none.csv", Form.STUDENTS)


def test_a_formula_is_kept_but_distrusted() -> None:
    cell = parse_csv(b"A,B\n=1+1,x\n", "x.csv", Form.STUDENTS).rows[0].cells[0]
    assert (cell.text, cell.problem) == ("=1+1", "is a formula, not an answer")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_source_error(data: bytes) -> None:
    try:
        rows = parse_csv(data, "x.csv", Form.STUDENTS).rows
    except SourceError:
        return
    assert all(row.number >= 2 for row in rows)


@pytest.mark.parametrize("damage", [b"\x00", b"\x81"])
def test_one_damaged_byte_costs_its_cell_and_not_the_night(damage: bytes) -> None:
    rows = [student(name=f"Zo\u00eb {number}", email=f"s{number}@example.org") for number in range(4)]
    data = csv_bytes(STUDENT_TITLES, rows).replace(b" 2", b" " + damage + b"2")
    sheet = parse_csv(data, "s.csv", Form.STUDENTS)
    assert len(sheet.rows) == 4
    troubled = [(row.number, cell.problem) for row in sheet.rows for cell in row.cells if cell.problem]
    assert {problem for _, problem in troubled} == {"holds characters that were damaged in the file"}
    assert "Zo\u00eb 3" in [cell.text for cell in sheet.rows[3].cells]
