"""`backtest` on stored nights of the sample data."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from backend.backtest.sides import side_from
from backend.commands import main
from backend.nightly.exits import Exit

ROOT = Path(__file__).resolve().parents[3]
SHEETS = [f"--{name}={ROOT / 'sample_data' / name}.csv" for name in ("students", "professionals")]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of two nights and its settings under version control."""
    folder = tmp_path_factory.mktemp("nights")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "matching.toml").write_text((ROOT / "matching.toml").read_text())
        for night in ("2026-11-21T22:00", "2026-11-22T22:00"):
            assert main(("run", *SHEETS, "--as-of", night)) == Exit.DONE
    for arguments in (("init", "-q"), ("add", "matching.toml"), ("commit", "-qm", "settings")):
        who = ("-c", "user.name=Staff", "-c", "user.email=staff@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True)
    return folder


@pytest.fixture(autouse=True)
def workplace(nights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(nights)


def settings(name: str, *changes: tuple[str, str]) -> str:
    text = Path("matching.toml").read_text()
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    Path(name).write_text(text)
    return name


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: Exit = Exit.DONE) -> str:
    assert main(("backtest", *arguments)) == code
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: Exit = Exit.DONE) -> Any:
    return json.loads(told(capsys, *arguments, "--json", code=code))


def test_the_same_settings_and_code_give_the_stored_plans(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys)
    assert found["gate"] == "none"
    assert [one["night"] for one in found["nights"]] == ["2026-11-21", "2026-11-22"]
    assert all(one["before"] == one["after"] > 0 for one in found["measures"])
    assert {(one["moved"], one["gained"], one["lost"], one["proven"]) for one in found["nights"]} == {(0, 0, 0, True)}
    assert [one["night"] for one in document(capsys, "--nights", "1")["nights"]] == ["2026-11-22"]
    assert "Nobody would have had another session." in told(capsys)


def test_a_change_passes_or_is_refused_at_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    other = settings("other.toml", ("alpha = 1.0", "volunteers_first = false\nalpha = 1.0"))
    text = told(capsys, "--settings", other, "--against", "matching.toml", "--each", code=Exit.GATE_REFUSED)
    assert "policy.volunteers_first: True -> False" in text
    assert "Gate: refused. professionals with nobody" in text
    assert "2026-11-21" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "@" not in text
    found = document(
        capsys, "--settings", other, "--against", "matching.toml", "--tolerate", "nobody=99", "--tolerate", "load=1"
    )
    assert found["gate"] == "passed"
    assert sum(one["moved"] for one in found["nights"]) > 0
    fit = next(one for one in found["measures"] if one["name"] == "fit")
    assert fit["after"] > fit["before"]


def test_the_settings_of_a_git_revision_are_those_in_force(
    capsys: pytest.CaptureFixture[str], nights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings("working.toml", ("alpha = 1.0", "alpha = 0"))
    before = Path("matching.toml").read_text()
    Path("working.toml").replace("matching.toml")
    try:
        text = told(capsys, "--against", "main", "--tolerate", "worst=100", "--tolerate", "load=1")
        assert "policy.alpha: 1.0 -> 0.0" in text
        assert "Gate: passed" in text
        (nights / "below").mkdir()
        monkeypatch.chdir(nights / "below")
        found = side_from("main", Path("../matching.toml"))
        assert found.settings.policy.alpha == 1.0
        assert found.label.startswith("matching.toml at main (")
    finally:
        (nights / "matching.toml").write_text(before)


@pytest.mark.parametrize(
    ("against", "said"),
    [
        ("nope", "no such git revision"),
        ("--all", "no such git revision"),
        ("HEAD~9", "no such git revision"),
        ("no.toml", "cannot be read"),
    ],
)
def test_what_is_not_there_to_compare_with_is_named(
    capsys: pytest.CaptureFixture[str], against: str, said: str
) -> None:
    assert main(("backtest", f"--against={against}")) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_settings_that_change_the_question_are_refused_unless_left_aside(capsys: pytest.CaptureFixture[str]) -> None:
    other = settings(
        "wider.toml",
        ("[policy]", "[policy]\nseed = 3"),
        ("[publish]", "[reading]\nlow_confidence_below = 0.2\n[publish]"),
    )
    assert main(("backtest", "--settings", other, "--against", "matching.toml")) == Exit.USAGE
    said = capsys.readouterr().err
    assert "reading.low_confidence_below: 0.6 -> 0.2" in said
    assert "policy.seed" not in said
    tolerant = ("--tolerate", "load=1", "--tolerate", "fit=9", "--tolerate", "worst=99")
    assert (
        main(("backtest", "--settings", other, "--against", "matching.toml", "--policy-only", *tolerant)) == Exit.DONE
    )
    assert "not compared: reading.low_confidence_below" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["fit", "fit=x", "speed=1", "fit=-1"])
def test_a_tolerance_that_means_nothing_is_a_wrong_call(capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert main(("backtest", "--tolerate", given)) == Exit.USAGE
    assert "NAME=NUMBER" in capsys.readouterr().err
