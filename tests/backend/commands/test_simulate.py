"""`simulate` from a few rows of the sample data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.commands import main, simulate
from backend.nightly.exits import Exit


def test_ways_are_compared_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("students", "professionals"):
        rows = (simulate.SAMPLES / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (tmp_path / f"{name}.csv").write_text("".join((rows[0], *rows[-12:])), encoding="utf-8")
    monkeypatch.setattr(simulate, "SAMPLES", tmp_path)
    monkeypatch.chdir(tmp_path)
    few = ("--sample", "--evenings", "2", "--repeats", "1", "--per-day", "1", "--asks", "1")
    assert main(("simulate", *few, "--json", "--chart", "ahead.png")) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert list(told["ways"]) == ["nightly", "Mon+Thu", "at once", "with asks"]
    assert told["ways"]["nightly"]["sessions"]["mean"] > 0
    assert told["per_day"] == 1
    assert Path("ahead.png").read_bytes().startswith(b"\x89PNG")
    assert main(("simulate", *few[:-1], "0")) == Exit.DONE
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "No forecast" in text
    assert "with asks" not in text
    assert {path.name for path in tmp_path.iterdir()} == {"ahead.png", "students.csv", "professionals.csv"}
