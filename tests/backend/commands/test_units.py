"""`units`: what starts the program by itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from backend.commands import COMMANDS, main
from backend.nightly.exits import Exit


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("matching.toml").write_text('[program]\nzone = "Europe/Berlin"\n[publish]\ncalendar_id = "c"\n')


def parsed(path: Path) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text())
    return parser


def test_each_timer_has_its_service_and_each_service_a_command() -> None:
    assert main(["units", "-o", "units", "--time", "22:15", "--user", "matching"]) == Exit.DONE
    units = {path.name: parsed(path) for path in Path("units").glob("matching-*")}
    assert {name.removesuffix(".timer") for name in units if name.endswith(".timer")} == {
        "matching-run", "matching-remind", "matching-sync"}  # fmt: skip
    for name, unit in units.items():
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in units
            continue
        command = unit["Service"]["ExecStart"].split()
        assert command[:2] == [sys.executable, "run_matching.py"]
        assert command[2] in COMMANDS
        assert unit["Service"]["User"] == "matching"


def test_a_missed_night_is_caught_up_on_the_programs_clock() -> None:
    main(["units", "-o", "units", "--time", "22:15"])
    timer = Path("units/matching-run.timer").read_text().splitlines()
    assert [line for line in timer if line.startswith("OnCalendar")] == [
        f"OnCalendar=*-*-* {hour}:15:00 Europe/Berlin" for hour in ("06", "22", "23")
    ]
    assert "Persistent=true" in timer
    crontab = Path("units/crontab").read_text().splitlines()
    assert "CRON_TZ=Europe/Berlin" in crontab
    assert any(line.startswith("15 6,22,23 * * *  ") and line.endswith(" run") for line in crontab)


def test_a_line_of_the_crontab_runs_as_cron_would_run_it() -> None:
    Path("secrets.env").write_text("FROM_THE_FILE=yes\n")
    Path("run_matching.py").write_text("import os, sys\nprint(os.environ['FROM_THE_FILE'], sys.argv[1])\n")
    main(["units", "-o", "units"])
    lines = [line.split("  ", 1)[1] for line in Path("units/crontab").read_text().splitlines() if " * * *" in line]
    shown = [
        subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True, cwd="/").stdout for line in lines
    ]
    assert shown == ["yes run\n", "yes remind\n", "yes sync\n"]


@pytest.mark.parametrize(
    ("time", "words"), [("02:30", "clocks jump"), ("12:00", "turns at noon"), ("10pm", "write 22:00")]
)
def test_a_time_that_makes_trouble_is_refused(capsys: pytest.CaptureFixture[str], time: str, words: str) -> None:
    assert main(["units", "--time", time]) == Exit.USAGE
    assert words in capsys.readouterr().err


def test_without_a_folder_they_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["units"]) == Exit.DONE
    assert "==> matching-serve.service <==" in capsys.readouterr().out


def test_systemd_takes_the_units() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    Path("run_matching.py").touch()
    main(["units", "-o", "units", "--user", "root"])
    files = [str(path) for path in Path("units").glob("matching-*")]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert not [line for line in done.stderr.splitlines() if "matching-" in line]


def test_people_hear_before_the_run_when_the_settings_say_so() -> None:
    with open("matching.toml", "a") as file:
        file.write("skip_notice_hours = 6\n")
    main(["units", "-o", "units", "--time", "22:15"])
    assert "OnCalendar=*-*-* 16:15:00 Europe/Berlin" in Path("units/matching-skip-notice.timer").read_text()
    assert any(line.startswith("15 16 * * *") for line in Path("units/crontab").read_text().splitlines())
