"""`sync` and the comparison at the start of a night, as a shell runs them, against the stand-in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.commands import main
from backend.commands import run as run_command
from backend.commands import sync as sync_command
from backend.nightly.exits import Exit
from publish import google_calls
from publish.google_transport import PinnedHttp
from tests.backend.nightly.nights import PROFESSIONAL, STUDENT
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn, google_error
from tests.standins.google_token import service_account_json
from tests.standins.loopback import Fault

BEGIN = datetime(2026, 11, 22, 22, tzinfo=ZoneInfo("America/New_York"))
SHEETS = ("--students", "students.csv", "--professionals", "professionals.csv")
Shell = Callable[..., int]


@pytest.fixture
def shell(tmp_path: Path, google: GoogleCalendarStandIn, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs commands in a folder whose Google is the stand-in: only the wire is turned round."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "matching.toml").write_text(
        '[program]\nkey = "demo"\n[sync]\nfreeze_hours = 1\n'
        f'[publish]\nenabled = true\ncalendar_id = "{CALENDAR_ID}"\n',
        encoding="utf-8",
    )
    for name, row in (("students", STUDENT), ("professionals", PROFESSIONAL)):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows((row.keys(), row.values()))
    monkeypatch.setenv("GOOGLE_CALENDAR_CREDENTIALS", service_account_json())
    monkeypatch.setattr(google_calls, "PinnedHttp", lambda timeout, _nowhere: PinnedHttp(timeout, google.url))

    nights = iter(range(100))

    def run(*words: str) -> int:
        present = BEGIN + timedelta(minutes=next(nights))
        for command in (run_command, sync_command):
            monkeypatch.setattr(command, "now", lambda: present)
        return main(list(words))

    return run


def test_sync_without_a_calendar_says_what_is_missing(
    shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "matching.toml").write_text("", encoding="utf-8")
    assert shell("sync") == Exit.USAGE
    assert "publish.calendar_id" in capsys.readouterr().err


def test_a_night_is_sent_followed_and_compared(
    shell: Shell, google: GoogleCalendarStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("run", *SHEETS, "--as-of", "2026-11-22T22:00", "--approve") == Exit.DONE
    assert "every event was compared" in capsys.readouterr().err
    events = google.live()
    assert events
    assert shell("sync", "--json") == Exit.DONE
    report = told(capsys)
    assert (report["format"], report["seen"], report["counts"]) == ("matching-sync/1", len(events), {})
    google.decline(next(iter(events)))
    assert shell("sync") == Exit.DONE
    assert "1 declined: the session is cancelled" in capsys.readouterr().out
    assert len(google.live()) == len(events) - 2


def test_what_a_guard_holds_after_a_comparison_goes_out_once_staff_approve(
    shell: Shell, google: GoogleCalendarStandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("run", *SHEETS, "--as-of", "2026-11-22T22:00", "--approve") == Exit.DONE
    before = len(google.live())
    google.decline(next(iter(google.live())))
    with (tmp_path / "matching.toml").open("a", encoding="utf-8") as file:
        file.write("[guards]\nmessages_per_night = 1\n")
    assert shell("sync") == Exit.GATE_REFUSED
    assert "add --approve" in capsys.readouterr().err
    assert len(google.live()) == before
    assert shell("sync", "--approve") == Exit.DONE
    assert len(google.live()) == before - 2


def test_a_calendar_out_of_reach_is_said_and_stops_no_night(
    shell: Shell, google: GoogleCalendarStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    google.faults.append(Fault("GET", "/events", answer=google_error(503, "backendError")))
    assert shell("run", *SHEETS, "--as-of", "2026-11-22T22:00", "--approve") == Exit.DONE
    assert "was not compared with the record" in capsys.readouterr().err
    assert google.live()


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found
