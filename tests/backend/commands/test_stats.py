"""`stats` from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from backend.analysis.table import COLUMNS
from backend.commands import main
from backend.commands.columns import cells
from backend.nightly.exits import Exit

ROOT = Path(__file__).resolve().parents[3]
SHEETS = [f"--{name}={ROOT / 'sample_data' / name}.csv" for name in ("students", "professionals")]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text((ROOT / "matching.toml").read_text())


def test_an_empty_record_says_so_and_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats"]) == Exit.DONE
    assert "Nothing is in the record yet" in capsys.readouterr().out
    assert not Path("var").exists()


def test_a_night_shows_by_month_and_field_without_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", *SHEETS, "--as-of", "2026-11-22T22:00", "--json"])
    booked = json.loads(capsys.readouterr().out)
    for by in ("month", "field"):
        assert main(["stats", "--by", by, "--csv", f"{by}.csv"]) == Exit.DONE
        shown = capsys.readouterr().out
        assert max(cells(line) for line in shown.splitlines()) <= 80
        written = Path(f"{by}.csv").read_text(encoding="utf-8-sig")
        assert next(csv.reader(written.splitlines())) == [by, *(one.name for one in COLUMNS)]
        assert not [one["student_name"] for one in booked["sessions"] if one["student_name"] in shown + written]
    assert main(["stats", "--by", "field", "--chart", "field.png"]) == Exit.DONE
    assert Path("field.png").read_bytes().startswith(b"\x89PNG")
    capsys.readouterr()
    assert main(["stats", "--json", "--smallest-group", "1"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["format"] == "matching-stats/1"
    assert told["all"]["to_come"] == len(booked["sessions"])
    assert sum(one["sessions"] for one in told["groups"]) == told["all"]["sessions"]


def test_a_chart_of_an_unknown_kind_and_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--chart", "x.bmp"]) == Exit.USAGE
    assert "has to end in .png, .svg or .pdf" in capsys.readouterr().err
    assert main(["stats", "--csv", "nowhere/x.csv"]) == Exit.ERROR
    assert "cannot be written" in capsys.readouterr().err
