"""`init` writes a settings file that loads, from answers or options, and never over one that is there."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from backend.commands import main
from backend.commands.options import settings_from
from backend.nightly.exits import Exit

PAGE = "https://docs.google.com/spreadsheets/d/1AbC_def-ghiJKL/edit?gid=0#gid=0"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_options_make_a_file_that_loads() -> None:
    given = ["--name", 'Spring "26"', "--zone", "Europe/Berlin", "--email", "a@program.example", "--students", PAGE]
    assert main(["init", "--yes", *given]) == Exit.DONE
    settings = settings_from(None)
    assert (settings.program.name, settings.program.key) == ('Spring "26"', "spring-26")
    assert (settings.program.zone, settings.program.organizer_email) == ("Europe/Berlin", "a@program.example")
    assert (settings.sources.students, settings.sources.professionals) == ("google:1AbC_def-ghiJKL", "")
    assert not settings.publish.enabled
    assert stat.S_IMODE(Path("matching.toml").stat().st_mode) == 0o600


def test_at_a_terminal_what_no_option_says_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["Fall", "", "", "me@program.example", PAGE, "p.csv", "c@group.calendar.google.com", "", "123"]
    monkeypatch.setattr("sys.stdin", Terminal("\n".join(answers) + "\n"))
    assert main(["init"]) == Exit.DONE
    settings = settings_from(None)
    assert (settings.program.key, settings.program.zone) == ("fall", "America/New_York")
    assert settings.sources.professionals == "p.csv"
    assert (settings.publish.calendar_id, settings.publish.staff_channel_id) == ("c@group.calendar.google.com", "123")


def test_without_a_terminal_nothing_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["init"]) == Exit.USAGE
    assert "--yes" in capsys.readouterr().err


def test_a_file_that_is_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    Path("matching.toml").write_text("# mine\n")
    assert main(["init", "--yes"]) == Exit.USAGE
    assert "--force" in capsys.readouterr().err
    assert Path("matching.toml").read_text() == "# mine\n"
    assert main(["init", "--yes", "--force"]) == Exit.DONE


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--zone", "Mars/Olympus", "program.zone"),
        ("--key", "Not A Key", "small letters"),
        ("--channel", "#general", "Copy Channel ID"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(
    capsys: pytest.CaptureFixture[str], option: str, value: str, words: str
) -> None:
    assert main(["init", "--yes", option, value]) == Exit.USAGE
    assert words in capsys.readouterr().err
    assert not Path("matching.toml").exists()
