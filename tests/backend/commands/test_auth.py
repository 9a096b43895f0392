"""`auth google` as a person goes through it: a page of Google, an answer on loopback, a token that reads and renews."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from backend.commands import main
from backend.nightly.exits import Exit
from ingest.sheet import Form
from ingest.sources.google_source import GoogleSource
from tests.sheets import STUDENT_TITLES, student
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet
from tests.standins.pointed import ToLoopback

ROOT = Path(__file__).resolve().parents[3]
SHEETS = "https://www.googleapis.com/auth/spreadsheets.readonly"
WRITING = "https://www.googleapis.com/auth/spreadsheets"
EVENTS = "https://www.googleapis.com/auth/calendar.events"
AUTH = ["auth", "google", "--client", "client.json", "--wait", "20"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleSheetsStandIn]:
    """A folder with a client file, and Google on loopback: plain http, which the library takes when told to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with GoogleSheetsStandIn(
        {"one": Spreadsheet({"Form Responses 1": [list(STUDENT_TITLES), [*student()]]})}
    ) as google:
        client = {
            "client_id": "1",
            "client_secret": "s",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": f"{google.url}/token",
            "redirect_uris": ["http://localhost"],
        }
        Path("client.json").write_text(json.dumps({"installed": client}))
        Path("matching.toml").write_text('[sources]\nstudents = "google:one"\n')
        yield google


@pytest.fixture
def opened(desk: GoogleSheetsStandIn, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser was sent to; whoever sits there agrees."""
    addresses: list[str] = []

    def browse(address: str) -> bool:
        addresses.append(address)
        there = desk.tokens.agreed(address)
        threading.Thread(target=lambda: urllib.request.urlopen(there, timeout=10).read()).start()
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    return addresses


def asked_for(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_token_is_private_and_reads_the_sheet(
    desk: GoogleSheetsStandIn, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(AUTH) == Exit.DONE
    place = Path("var/google.json")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert capsys.readouterr().out == f"export GOOGLE_CALENDAR_CREDENTIALS_FILE={place.absolute()}\n"
    asked = asked_for(opened[0])
    assert asked["scope"] == SHEETS
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "offline")
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    made = GoogleSource.from_json(place.read_text())
    made.client.http_client.session.mount("https://", ToLoopback(desk.url))
    assert len(made.read("one", "", Form.STUDENTS).rows) == 1
    assert "token" not in json.loads(place.read_text())


def test_only_what_the_settings_need_is_asked_for(opened: list[str]) -> None:
    with open("matching.toml", "a") as file:
        file.write('[publish]\ncalendar_id = "c@group.calendar.google.com"\n')
    assert main([*AUTH, "-o", "mine.json"]) == Exit.DONE
    assert asked_for(opened[0])["scope"].split() == [SHEETS, EVENTS]
    with open("matching.toml", "a") as file:
        file.write('schedule_sheet = "one"\n')
    assert main([*AUTH, "-o", "mine.json"]) == Exit.DONE
    assert asked_for(opened[1])["scope"].split() == [SHEETS, WRITING, EVENTS]
    Path("matching.toml").write_text("")
    assert main(AUTH) == Exit.USAGE
    assert len(opened) == 2


def test_boxes_that_were_not_ticked_are_named(
    desk: GoogleSheetsStandIn, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    desk.tokens.scope = "openid"
    assert main(AUTH) == Exit.ERROR
    assert "tick every box" in capsys.readouterr().err
    assert not Path("var/google.json").exists()


def test_who_refuses_is_taken_at_their_word(
    desk: GoogleSheetsStandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def browse(address: str) -> bool:
        asked = asked_for(address)
        there = f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}"
        threading.Thread(target=lambda: urllib.request.urlopen(there, timeout=10).read()).start()
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    assert main(AUTH) == Exit.ERROR
    assert "nothing was allowed" in capsys.readouterr().err


def test_a_stranger_on_the_port_is_turned_away(
    desk: GoogleSheetsStandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused: list[int] = []

    def browse(address: str) -> bool:
        home = asked_for(address)["redirect_uri"]

        def knock() -> None:
            urllib.request.urlopen(f"{home}?state=forged&code=x", timeout=10).read()
            try:
                urllib.request.urlopen(f"{home}favicon.ico", timeout=10)
            except urllib.error.HTTPError as error:
                refused.append(error.code)
            urllib.request.urlopen(desk.tokens.agreed(address), timeout=10).read()

        threading.Thread(target=knock).start()
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    assert main(AUTH) == Exit.DONE
    assert refused == [404]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", 'one of type "Desktop app"'),
        ('{"web": {}}', "is of a web application"),
        ('{"type": "service_account"}', "is of a service account"),
        ("no json", "not the JSON that the Google console offers"),
    ],
)
def test_a_wrong_client_file_is_named(
    desk: GoogleSheetsStandIn, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    Path("client.json").write_text(text)
    assert main(AUTH) == Exit.ERROR
    assert words in capsys.readouterr().err


def test_nobody_answers(desk: GoogleSheetsStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*AUTH[:4], "--no-browser", "--wait", "1"]) == Exit.ERROR
    assert "nobody answered within 1 seconds" in capsys.readouterr().err


def test_without_a_browser_the_address_is_printed(desk: GoogleSheetsStandIn, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "run_matching.py"), *AUTH, "--no-browser"]
    with subprocess.Popen(command, cwd=tmp_path, env=dict(os.environ), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = next(line for line in process.stderr if line.startswith("https://accounts.google.com/"))
        urllib.request.urlopen(desk.tokens.agreed(address.strip()), timeout=10).read()
        process.stderr.read()
    assert process.returncode == Exit.DONE
