"""The command line as a user meets it: exit codes, JSON on stdout, repeatable bytes, plan and apply."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.commands import COMMANDS, main
from backend.commands.options import now, settings_from
from backend.nightly.exits import Exit
from backend.nightly.lock import only_run
from backend.record.opening import open_record

ROOT = Path(__file__).resolve().parents[3]
STUDENTS, PROFESSIONALS = ROOT / "sample_data" / "students.csv", ROOT / "sample_data" / "professionals.csv"
AS_OF = "2026-11-22T22:00"
SHEETS = ["--students", str(STUDENTS), "--professionals", str(PROFESSIONALS)]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh folder with the project's own settings, where the clock of sessions never runs out."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text((ROOT / "matching.toml").read_text())
    return tmp_path


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(arguments)
    return code, json.loads(capsys.readouterr().out)


def sessions_booked() -> int:
    """In the record of this folder."""
    return len(open_record(settings_from(None), now).state().sessions)


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def demo_in(folder: Path, hash_seed: str) -> tuple[dict[str, bytes], str]:
    result = subprocess.run(
        [sys.executable, str(ROOT / "run_matching.py"), "demo", "--out", str(folder), "--json"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if hash_seed == "7" else "UTC"},
        capture_output=True,
        text=True,
        check=True,
    )
    return files_under(folder), result.stdout


def test_the_demo_writes_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    first, told = demo_in(tmp_path / "a", "0")
    second, told_again = demo_in(tmp_path / "b", "7")
    assert first == second
    assert told == told_again
    assert {"plan.json", "report.html", "calendar.ics", "discord-message.txt", "plan.witness"} <= set(first)
    plan = json.loads(first["plan.json"])
    assert sum(name.startswith("invitations/") for name in first) == len(plan["sessions"]) > 30


def test_the_demo_shows_every_kind_of_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = as_json(capsys, "demo", "--out", str(tmp_path / "out"), "--json")
    assert code == Exit.DONE
    rows = document["counts"]["student_rows"]["parts"]  # type: ignore[index]
    assert min(rows[name] for name in ("blank", "duplicate", "superseded", "rejected", "current")) > 0
    stages = {left["stage"] for left in document["unmatched"]}  # type: ignore[attr-defined]
    assert {"no usable answer", "nobody eligible", "no common time", "lost the competition"} <= stages
    assert document["to_confirm"]
    assert document["certificate"]["proven"] is True  # type: ignore[index]


def test_a_dry_run_writes_nothing_and_two_print_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = ("run", "--dry-run", *SHEETS, "--as-of", AS_OF, "--json")
    before = files_under(tmp_path)
    first, second = as_json(capsys, *arguments), as_json(capsys, *arguments)
    assert first == second
    assert first[0] == Exit.DONE
    assert files_under(tmp_path) == before


def test_a_dry_run_says_what_would_hold_the_night(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with STUDENTS.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("Availability")
    with (tmp_path / "unread.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *([*row[:place], "asdf", *row[place + 1 :]] for row in rows)])
    sheets = ["--students", str(tmp_path / "unread.csv"), "--professionals", str(PROFESSIONALS)]
    assert main(("run", "--dry-run", *sheets, "--as-of", AS_OF)) == Exit.DONE
    assert "would be held for staff" in capsys.readouterr().err
    assert main(("run", *sheets, "--as-of", AS_OF)) == Exit.GATE_REFUSED
    assert sessions_booked() == 0


def test_a_run_books_once_per_night(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("run", *SHEETS, "--as-of", AS_OF, "--json")
    code, document = as_json(capsys, *arguments)
    assert code == Exit.DONE
    code, again = as_json(capsys, *arguments)
    assert code == Exit.DONE
    assert again["already_run"]["id"] == document["run"]["id"]  # type: ignore[index]
    code, more = as_json(capsys, *arguments, "--again")
    assert code == Exit.DONE
    assert more["counts"]["students"]["parts"]["already booked"] == len(document["sessions"])  # type: ignore


def test_the_exit_code_tells_changes_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("run", "--dry-run", *SHEETS, "--as-of", AS_OF, "--detailed-exitcode")) == Exit.CHANGES_PRESENT
    assert "Ana" in capsys.readouterr().out


def future_plan(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[Path, list[str]]:
    """A plan of fresh answers far ahead, so that its sessions have not begun whenever the test runs."""
    sheets = []
    for source in (STUDENTS, PROFESSIONALS):
        text = source.read_text(encoding="utf-8").replace("/2026", "/2036")
        (folder / source.name).write_text(text, encoding="utf-8")
        sheets += [f"--{source.stem}", str(folder / source.name)]
    path = folder / "tonight.json"
    code, document = as_json(capsys, "plan", "-o", str(path), *sheets, "--as-of", "2036-11-22T22:00", "--json")
    assert code == Exit.DONE
    assert document["sessions"]
    return path, sheets


def test_a_plan_is_shown_and_applied_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, sheets = future_plan(capsys, tmp_path)
    document = json.loads(path.read_text())
    assert as_json(capsys, "show", str(path), "--json") == (0, document)
    assert as_json(capsys, "apply", str(path), *sheets, "--json") == (Exit.DONE, document)
    assert sessions_booked() == len(document["sessions"])
    assert main(("apply", str(path), *sheets)) == Exit.STALE_PLAN
    assert "was applied before" in capsys.readouterr().err


def test_a_plan_is_stale_once_a_sheet_changed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, sheets = future_plan(capsys, tmp_path)
    with (tmp_path / "students.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(
            ["11/22/2036 20:59:00", "late@example.org", "Late Comer", "", "", "", "", "", "Mon 2-4"]
        )
    assert main(("apply", str(path), *sheets)) == Exit.STALE_PLAN
    assert "changed since this plan was made" in capsys.readouterr().err
    assert sessions_booked() == 0


def test_a_plan_whose_sessions_have_begun_is_stale(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(tmp_path / "old.json")
    old = ["--as-of", "2025-11-22T22:00"]
    sheets = []
    for source in (STUDENTS, PROFESSIONALS):
        (tmp_path / source.name).write_text(
            source.read_text(encoding="utf-8").replace("/2026", "/2025"), encoding="utf-8"
        )
        sheets += [f"--{source.stem}", str(tmp_path / source.name)]
    assert main(("plan", "-o", path, *sheets, *old)) == Exit.DONE
    capsys.readouterr()
    assert main(("apply", path, *sheets)) == Exit.STALE_PLAN
    assert "has already begun" in capsys.readouterr().err


@pytest.mark.parametrize("tampering", ["drop", "move", "witness"])
def test_a_tampered_plan_books_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, tampering: str) -> None:
    path, sheets = future_plan(capsys, tmp_path)
    document = json.loads(path.read_text())
    if tampering == "drop":
        document["sessions"].pop()
    elif tampering == "move":
        document["sessions"][0]["professional"] = document["sessions"][-1]["professional"]
    else:
        path.with_suffix(".witness").write_bytes(b"no proof")
    path.write_text(json.dumps(document))
    assert main(("apply", str(path), *sheets)) == Exit.CHECKER_REJECTED
    assert sessions_booked() == 0


def test_a_second_run_is_refused_while_one_works(capsys: pytest.CaptureFixture[str]) -> None:
    with only_run(Path("var")):
        assert main(("run", *SHEETS, "--as-of", AS_OF)) == Exit.LOCK_HELD
    assert "another run is working" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "--dry-run"), Exit.USAGE, "no sheet of the students and the professionals"),
        (("run", "--dry-run", *SHEETS, "--as-of", "tomorrow"), Exit.USAGE, "is no instant"),
        (("run", "--dry-run", "--students", "none.csv", "--professionals", "none.csv"), Exit.ERROR, "cannot be read"),
        (("run", "--dry-run", "--students", "x.pdf", "--professionals", "x.pdf"), Exit.ERROR, "neither .csv"),
        (
            ("run", "--students", "google:abc", "--professionals", "google:abc"),
            Exit.USAGE,
            "GOOGLE_CALENDAR_CREDENTIALS",
        ),
        (("show", "matching.toml"), Exit.ERROR, "is not a plan file"),
        (("show",), Exit.USAGE, "Missing argument"),
        (("dance",), Exit.USAGE, "No such command"),
        (("read", "Mon", "--zone", "Mars/Olympus"), Exit.USAGE, "is not a time zone"),
    ],
)
def test_a_wrong_call_says_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: Exit, words: str
) -> None:
    assert main(arguments) == code
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_wrong_settings_name_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    Path("matching.toml").write_text("[program]\nzoen = 'UTC'\n")
    assert main(("doctor",)) == Exit.USAGE
    assert "the nearest known key is 'zone'" in capsys.readouterr().err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main((command, "--help")) == Exit.DONE
    shown = capsys.readouterr().out
    assert f"python run_matching.py {command}" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("--help",)) == Exit.DONE
    shown = capsys.readouterr().out
    assert all(f"\n  {name}" in shown for name in COMMANDS)


def test_doctor_is_content_with_the_sample_sheets(capsys: pytest.CaptureFixture[str]) -> None:
    Path("matching.toml").write_text(f'[sources]\nstudents = "{STUDENTS}"\nprofessionals = "{PROFESSIONALS}"\n')
    code, document = as_json(capsys, "doctor", "--json")
    assert code == Exit.DONE
    assert {check["name"] for check in document["checks"]} >= {"sheet: students", "record", "publishing"}  # type: ignore


def test_doctor_names_a_missing_column_and_the_nearest_title(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.csv").write_text(
        STUDENTS.read_text(encoding="utf-8").replace("Email Address", "Emial Adress", 1), encoding="utf-8"
    )
    Path("matching.toml").write_text(f'[sources]\nstudents = "s.csv"\nprofessionals = "{PROFESSIONALS}"\n')
    assert main(("doctor",)) == Exit.ERROR
    shown = capsys.readouterr().out
    assert "Email Address" in shown
    assert "Emial Adress" in shown


def test_doctor_wants_the_credentials_of_what_is_switched_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    Path("matching.toml").write_text('[publish]\nenabled = true\ndiscord_channel_id = "12345"\n')
    assert main(("doctor",)) == Exit.ERROR
    assert "DISCORD_TOKEN is not set" in capsys.readouterr().out


def test_verbose_logs_steps_without_personal_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("--verbose", "run", *SHEETS, "--as-of", AS_OF)) == Exit.DONE
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [json.loads(line)["event"] for line in lines] == ["read", "verified", "booked"]
    assert "@" not in "".join(lines)
    assert "withheld" not in "".join(lines)


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_honoured_on_a_terminal(no_color: str, coloured: bool) -> None:
    master, slave = os.openpty()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "run_matching.py"), "doctor"],
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": no_color, "TERM": "xterm"},
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    assert process.wait() == Exit.DONE
    assert (b"\x1b[3" in shown) == coloured
