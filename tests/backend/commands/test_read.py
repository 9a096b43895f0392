"""`read`: one text, stdin and JSON lines."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from backend.commands import main
from backend.commands.read import underlined

LABELLED = Path(__file__).resolve().parents[2] / "ingest" / "availability" / "labelled.jsonl"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_each_line_of_the_sample_comes_back_in_its_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("read", "--jsonl", str(LABELLED), "--as-of", "2026-11-22", "--json")) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    asked = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in said] == [one["id"] for one in asked]
    assert set(said[0]) == {
        "id", "weekly", "dated", "tz", "valid_from", "valid_until", "every_n_weeks", "status", "unparsed",
        "assumptions", "confidence", "echo",
    }  # fmt: skip
    assert [one["status"] for one in said] == [one["status"] for one in asked]


def test_a_person_sees_the_doubtful_span_underlined(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("read", "Sat 9-11, Fri after class", "--as-of", "2026-11-22")) == 0
    lines = capsys.readouterr().out.splitlines()
    text = next(n for n, line in enumerate(lines) if "after class" in line)
    assert lines[text + 1].index("^") == lines[text].index("after class")


def test_stdin_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Mon 2-4\n"))
    assert main(("read", "--as-of", "2026-11-22", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["weekly"] == [["mon", "14:00", "16:00"]]


def test_a_line_that_is_not_json_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "Mon 2-4"}\nnot json\n')
    assert main(("read", "--jsonl", str(path), "--json")) == 1
    assert "line 2" in capsys.readouterr().err


def test_settings_change_the_numbers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "matching.toml").write_text('[reading.conventions.parts]\nmorning = ["06:00", "11:00"]\n')
    assert main(("read", "Mon morning", "--as-of", "2026-11-22", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["weekly"] == [["mon", "06:00", "11:00"]]


def test_an_unknown_number_is_a_usage_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "matching.toml").write_text("[reading.conventions]\npoint_minute = 30\n")
    assert main(("read", "Mon", "--json")) == 2
    assert "point_minutes" in capsys.readouterr().err


def test_underlines_follow_wrapped_and_broken_lines() -> None:
    text = "a" * 80 + "\nbcd"
    assert list(underlined(text, [(77, 79), (82, 83)])) == ["a" * 78, " " * 77 + "^", "aa", "^", "bcd", " ^"]
