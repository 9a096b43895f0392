"""A program's history as tables and files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from backend.analysis.charts import overview
from backend.analysis.facts import Facts
from backend.analysis.facts_file import HistoryFileError, facts_from_text, facts_to_text
from backend.analysis.groups import BYS, By
from backend.analysis.history import History, meanings, read_history
from tests.backend.analysis.happened import JUNE, facts, meeting, presence, wish

SOME = facts(
    *(wish(number, fields=("Law",)) for number in range(6)),
    *(meeting(number, fields=("Law",), stars=(4, 5), assumed=number == 1) for number in range(5)),
    meeting(5, JUNE, state="no_show"),
    presence("P1", fields=("Law",)),
)


@pytest.mark.parametrize("by", BYS)
@pytest.mark.parametrize("happened", [SOME, Facts("UTC")], ids=["some", "nothing"])
def test_tables_have_every_measure_and_can_be_drawn(by: By, happened: Facts, tmp_path: Path) -> None:
    table = History(happened).by(by)
    assert list(table.columns) == list(meanings()["column"])
    assert table.index.name == by
    picture = tmp_path / "picture.png"
    overview(table, by, Figure()).savefig(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_sessions_stand_on_the_programs_clock() -> None:
    sessions = History(SOME).sessions
    assert str(sessions["start"].dt.tz) == "America/New_York"
    assert sessions["days"].iloc[0] == 4
    assert sessions["state"].tolist()[:2] == ["completed", "completed (assumed)"]
    assert sessions["stars"].iloc[0] == 4.5
    assert History(Facts("UTC")).sessions.empty
    assert History(Facts("UTC")).nights.empty
    assert len(History(SOME).requests) == 6


def test_a_history_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    History(SOME).write(path)
    assert read_history(path).facts == SOME
    pd.testing.assert_frame_equal(read_history(path).by("month"), History(SOME).by("month"))


@given(st.text(max_size=200) | st.sampled_from([facts_to_text(SOME)[:-30], '{"format": "other"}', ""]))
def test_what_is_no_history_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(HistoryFileError):
        facts_from_text(text)
