"""Whatever is typed into the cells: nothing raises, every row has a fate, everybody is counted, twice the same."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.assemble import assemble
from ingest.assembly import Assembly
from ingest.issues import escape_formula, issues_csv
from ingest.rules import ProgramRules
from ingest.sheet import Cell, DateOrder, Form
from tests.sheets import (
    AS_OF,
    PROFESSIONAL_TITLES,
    STUDENT_TITLES,
    professional,
    professional_rows,
    sheet_of,
    student,
    student_rows,
)

RULES = ProgramRules("demo", date_order=DateOrder.MONTH_FIRST)
ROOT = Path(__file__).resolve().parents[2]
ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "=1+1",
            "@everyone",
            "+1",
            "-",
            "n/a",
            "\U0001f600" * 9,
            "x" * 30_000,
            "\x00\x07",
            "11/31/2026",
            "١٢",
            "3-4",
            "  ",
            "\u202eabc",
        ]
    ),
)


def read(students: list[list[str]], professionals: list[list[str]]) -> Assembly:
    return assemble(sheet_of(Form.STUDENTS, students), sheet_of(Form.PROFESSIONALS, professionals), RULES, AS_OF)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_cell_breaks_the_reading(data: st.DataObject) -> None:
    asks, offers = student(), professional()
    for row, size in ((asks, len(STUDENT_TITLES)), (offers, len(PROFESSIONAL_TITLES))):
        for place in data.draw(st.lists(st.integers(0, size - 1), max_size=4, unique=True)):
            row[place] = data.draw(ODD)
    assembly = read([asks, student(email="bob@example.org")], [offers])
    counted = assembly.conservation([])
    assert counted.student_rows.total == len(assembly.fates[Form.STUDENTS]) == 2
    assert counted.professional_rows.total == len(assembly.fates[Form.PROFESSIONALS])
    assert issues_csv(assembly.issues)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(ODD, max_size=14), max_size=5))
def test_no_row_breaks_the_reading(rows: list[list[str]]) -> None:
    assembly = read(rows, rows)
    assert set(assembly.fates[Form.STUDENTS]) == {row.number for row in assembly.sheets[Form.STUDENTS].rows}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@sum", "\tx"])
def test_texts_that_a_spreadsheet_would_evaluate_are_escaped_on_export(text: str) -> None:
    assert escape_formula(text) == "'" + text
    assert escape_formula("plain") == "plain"


def test_a_formula_is_never_evaluated_nor_read() -> None:
    assembly = read([student("=Mon 2-4pm", role="@everyone")], [professional()])
    assert assembly.students == ()
    assert any(issue.reason == "is a formula, not an answer" for issue in assembly.issues)
    assert "'=Mon 2-4pm" in issues_csv(assembly.issues)


def test_distrusted_cells_are_blank_and_reported() -> None:
    row: list[str | Cell] = list(student())
    row[8] = Cell("#REF!", problem="is a spreadsheet error")
    sheet = sheet_of(Form.STUDENTS, [row])
    assembly = assemble(sheet, sheet_of(Form.PROFESSIONALS, []), RULES, AS_OF)
    assert [(one.column, one.reason) for one in assembly.issues] == [("Availability", "is a spreadsheet error")]


def fingerprint() -> str:
    assembly = read(student_rows(60), professional_rows(30))
    problem = assembly.problem
    parts = [repr(assembly.students), repr(assembly.issues), repr(assembly.left_out), repr(assembly.unmatched)]
    parts += [problem.student_free.tobytes().hex(), problem.professional_free.tobytes().hex(), repr(assembly.readings)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def test_the_same_sheets_give_the_same_night_under_any_hash_seed() -> None:
    code = "from tests.ingest.test_any_text import fingerprint; print(fingerprint())"
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert prints == {fingerprint() + "\n"}
