from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.columns import Renamed, match_columns
from ingest.forms.dates import DateError, moment_of, sheet_date_order
from ingest.sheet import Cell, DateOrder, Form, SourceError
from tests.sheets import professional, sheet_of

US, UK = DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("11/22/2026 22:00:05", US, "2026-11-22 22:00:05"),
        ("11/22/2026 9:05 PM", US, "2026-11-22 21:05:00"),
        ("22/11/2026 09:05:00", UK, "2026-11-22 09:05:00"),
        ("22.11.26", UK, "2026-11-22 00:00:00"),
        ("2026-11-22", None, "2026-11-22 00:00:00"),
        ("2026/11/22 12:05:33 AM", None, "2026-11-22 00:05:33"),
        ("Nov 22, 2026", None, "2026-11-22 00:00:00"),
        ("Sunday, 22 November 2026", None, "2026-11-22 00:00:00"),
        ("5/5/2026", None, "2026-05-05 00:00:00"),
    ],
)
def test_dates_are_read_as_the_sheet_writes_them(text: str, order: DateOrder | None, expected: str) -> None:
    assert moment_of(Cell(text), order).isoformat(" ") == expected


@pytest.mark.parametrize("text", ["2026-11-22T22:00:05Z", "2026/11/22 5:00:05 PM GMT-5", "2026-11-22 17:00:05 -05:00"])
def test_an_offset_in_the_text_is_kept(text: str) -> None:
    assert moment_of(Cell(text), None) == datetime.fromisoformat("2026-11-22T22:00:05+00:00")


@pytest.mark.parametrize(
    "text",
    ["2/30/2026", "13/13/2026", "11/22/0206", "soon", "Dec 1", "11/22/2026 25:00", "11/22/2026 13:00 PM", "0/0/0000"],
)
def test_a_date_that_does_not_exist_is_refused_not_moved(text: str) -> None:
    with pytest.raises(DateError):
        moment_of(Cell(text), US)


def test_a_date_that_could_be_two_is_refused() -> None:
    with pytest.raises(DateError, match="two different dates"):
        moment_of(Cell("11/12/2026"), None)


def test_a_serial_number_is_a_date_and_other_numbers_are_not() -> None:
    assert moment_of(Cell("x", number=46348.9166666667), None).isoformat(" ") == "2026-11-22 22:00:00"
    with pytest.raises(DateError, match="number"):
        moment_of(Cell("7", number=7.0), None)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    with suppress(DateError):
        assert isinstance(moment_of(Cell(text), US), date)


def order_of(
    *stamps: str, end: str = "2026-12-18", setting: DateOrder | None = None, source: DateOrder | None = None
) -> object:
    rows = [professional(stamp=stamp, start="2026-11-20", end=end) for stamp in stamps]
    sheet = sheet_of(Form.PROFESSIONALS, rows, date_order=source)
    return sheet_date_order(match_columns(sheet, Renamed({})), setting)


def test_one_clear_time_stamp_decides_for_the_whole_sheet() -> None:
    assert order_of("11/10/2026 8:00:00", "11/22/2026 8:00:00") is US
    assert order_of("11/10/2026 8:00:00", "22/11/2026 8:00:00") is UK


def test_other_date_columns_decide_when_time_stamps_do_not() -> None:
    assert order_of("11/10/2026 8:00:00", end="18/12/2026") is UK


def test_nothing_that_decides_is_refused_with_the_fix() -> None:
    with pytest.raises(SourceError, match="date_order"):
        order_of("11/10/2026 8:00:00", "11/12/2026 8:00:00")


def test_time_stamps_that_contradict_each_other_are_refused_with_their_rows() -> None:
    with pytest.raises(SourceError, match=r"row 3 is day-first and row 2 is month-first"):
        order_of("11/22/2026 8:00:00", "22/11/2026 8:00:00")


def test_the_setting_and_then_the_source_are_believed() -> None:
    assert order_of("11/10/2026 8:00:00", setting=UK) is UK
    assert order_of("11/10/2026 8:00:00", source=UK) is UK
    assert order_of("11/10/2026 8:00:00", source=UK, setting=US) is US


def test_iso_dates_need_no_order() -> None:
    assert order_of("2026-11-10 8:00:00") is None
