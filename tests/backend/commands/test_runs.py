"""Earlier runs from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.commands import main
from backend.nightly.exits import Exit
from backend.record.opening import opened
from backend.settings import Settings, load

ROOT = Path(__file__).resolve().parents[3]
SHEETS = [f"--{name}={ROOT / 'sample_data' / name}.csv" for name in ("students", "professionals")]

AS_OF, THEN = "2026-11-22T22:00", datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text((ROOT / "matching.toml").read_text())


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: Exit = Exit.DONE) -> str:
    assert main(arguments) == code
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(told(capsys, *arguments, "--json"))


def settings() -> Settings:
    return load(Path("matching.toml"))


def test_runs_are_listed_shown_compared_and_replayed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no run yet" in told(capsys, "runs", "list")
    first = document(capsys, "run", *SHEETS, "--as-of", "2026-11-22T22:00")
    second = document(capsys, "run", *SHEETS, "--as-of", "2026-11-23T22:00")
    listed = document(capsys, "runs", "list")["runs"]
    assert [(one["night"], one["state"], one["sessions"]) for one in listed] == [
        ("2026-11-23", "booked", len(second["sessions"])),
        ("2026-11-22", "booked", len(first["sessions"])),
    ]
    shown = document(capsys, "runs", "show", "2026-11-22")
    assert len(shown["sessions"]) == len(first["sessions"])
    assert len(shown["unmatched"]) == len(first["unmatched"])
    text = told(capsys, "runs", "show", first["run"]["id"])
    assert first["sessions"][0]["student_name"] in text
    assert "@" not in text
    assert max(map(len, text.splitlines())) <= 80
    between = document(capsys, "runs", "diff", "2026-11-22", "last")
    assert len(between["gone"]) + len(between["kept"]) + len(between["moved"]) == len(first["sessions"])
    assert f"- {len(between['gone'])} gone" in told(capsys, "runs", "diff", "2026-11-22", "last")
    assert document(capsys, "runs", "replay", "2026-11-22")["faults"] == []
    assert "the same plan again" in told(capsys, "runs", "replay", "last")


def test_a_stored_plan_that_was_tampered_with_is_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "run", *SHEETS, "--as-of", "2026-11-22T22:00")
    with opened(settings()):
        from backend.record.models import Run

        run = Run.objects.get()
        plan = json.loads(bytes(run.plan or b""))
        plan["sessions"].pop()
        Run.objects.update(plan=json.dumps(plan).encode())
    assert "not the same" in told(capsys, "runs", "replay", "last", code=Exit.CHECKER_REJECTED)


def test_a_run_that_is_not_there_or_kept_no_plan_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("runs", "show", "r-nothing")) == Exit.USAGE
    assert "runs list" in capsys.readouterr().err
    with opened(settings()):
        from backend.record.models import Program, Run

        program = Program.objects.get_or_create(key="resume-review", defaults={"name": "Reviews"})[0]
        values = {"as_of": THEN, "started_at": THEN, "outcome": {"reason": "gate refused"}}
        Run.objects.create(program=program, key="a-1", night="2026-11-22", state="held", **values)
    assert main(("runs", "show", "2026-11-22")) == Exit.USAGE
    assert "no plan was kept" in capsys.readouterr().err
    assert "gate refused" in told(capsys, "runs", "list")


def test_a_plan_that_a_guard_holds_is_kept_for_staff(capsys: pytest.CaptureFixture[str]) -> None:
    with Path("matching.toml").open("a") as file:
        file.write('[guards]\nmessages_per_night = 3\n[mail]\nhost = "mail.example"\n')
    told(capsys, "run", *SHEETS, "--as-of", AS_OF, code=Exit.GATE_REFUSED)
    assert "guards.messages_per_night is 3" in told(capsys, "runs", "list")
    assert document(capsys, "runs", "replay", "last")["faults"] == []
    approved = approve_the_plan("held")
    again = document(capsys, "run", *SHEETS, "--as-of", AS_OF)
    assert again["already_run"] == {"id": approved, "night": "2026-11-22", "sessions": 45}


def test_a_plan_for_approval_waits_until_staff_let_it_through(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("plan", *SHEETS)) == Exit.USAGE
    capsys.readouterr()
    planned = document(capsys, "plan", "--for-approval", *SHEETS, "--as-of", AS_OF)
    with opened(settings()):
        from backend.record.models import OutboxItem, ScheduledSession

        assert (ScheduledSession.objects.count(), OutboxItem.objects.count()) == (0, 0)
    assert f"{len(planned['sessions'])} sessions" in told(capsys, "runs", "list")
    approve_the_plan("planned")
    with opened(settings()):
        from backend.record.models import OutboxItem, ScheduledSession

        assert ScheduledSession.objects.count() == len(planned["sessions"])
        assert OutboxItem.objects.filter(channel="calendar").count() == 2 * len(planned["sessions"])
    assert document(capsys, "runs", "replay", "last")["faults"] == []


def approve_the_plan(state: str) -> str:
    """As the admin does; the run's id."""
    with opened(settings()):
        from backend.record.actor import CONSOLE
        from backend.record.models import Run
        from backend.record.services.approval import approve

        return approve(Run.objects.get(state=state), settings(), CONSOLE, THEN).key
