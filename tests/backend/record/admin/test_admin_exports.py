"""Lists as files: what is filtered, by whom, and never a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from backend.record.admin.export import as_csv, as_xlsx
from backend.record.models import AuditEntry, Person
from backend.report.cells import BOM
from publish.text import FORMULA, harmless_cell
from tests.backend.record.admin.conftest import Desk

PLACE = "/admin/record/person/export."


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix(BOM))))


def test_a_list_is_taken_out_as_it_is_filtered(desk: Desk) -> None:
    everybody = rows_of(desk.get("coordinator", f"{PLACE}csv"))
    hosts = rows_of(desk.get("coordinator", f"{PLACE}csv?memberships__role__exact=professional"))
    assert everybody[0] == ["Person", "Roles", "E-mail", "Verified", "Zone", "Since"]
    assert len(everybody) == 1 + Person.objects.count()
    assert len(hosts) == 22
    assert all("professional" in row[1] for row in hosts[1:])


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_no_cell_is_a_formula(desk: Desk, bad: str) -> None:
    Person.objects.filter(name="Chen Wei").update(name=bad)
    names = [row[0] for row in rows_of(desk.get("owner", f"{PLACE}csv"))]
    assert f"'{bad}" in names
    book = load_workbook(io.BytesIO(desk.get("owner", f"{PLACE}xlsx").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert f"'{bad}" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=12))
def test_cells_keep_what_was_written_and_compute_nothing(text: str) -> None:
    cell = harmless_cell(text)
    assert not cell.lstrip(" ").startswith(FORMULA)
    assert all(char in "\n\t" or ord(char) >= 32 for char in cell)
    assert cell.removeprefix("'") == harmless_cell(text).removeprefix("'")
    assert rows_of(as_csv("a", ("x",), [(text,)]))[0] == ["x"]
    assert load_workbook(io.BytesIO(as_xlsx("a", ("x",), [(text,)]).content)).worksheets[0]["A1"].value == "x"


def test_who_took_a_list_is_noted(desk: Desk) -> None:
    desk.get("coordinator", "/admin/record/scheduledsession/export.xlsx?state__exact=no_show")
    entry = desk.last_note()
    assert (entry.action, entry.actor_id, entry.after) == ("export_scheduledsession", "coordinator", {"rows": 5})


def test_addresses_leave_with_owners_alone(desk: Desk) -> None:
    assert b"chen.wei@" in desk.get("owner", f"{PLACE}csv").content
    assert b"chen.wei@" not in desk.get("coordinator", f"{PLACE}csv").content


def test_viewers_take_nothing_out(desk: Desk) -> None:
    notes = AuditEntry.objects.count()
    assert desk.get("viewer", f"{PLACE}csv").status_code == 403
    assert b"Save as CSV" not in desk.get("viewer", "/admin/record/person/").content
    assert AuditEntry.objects.count() == notes


def test_other_kinds_of_file_do_not_exist(desk: Desk) -> None:
    assert desk.get("owner", f"{PLACE}pdf").status_code == 404
