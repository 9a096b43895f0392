"""docs/setup.md works: what it tells to type is typed, word for word, on a fresh folder against stand-ins.

What it marks as clicks is done by hand here: the sheets, the calendar and the channels are there, the client file was
downloaded, and in the browser somebody agrees.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.sheets import PROFESSIONAL_TITLES, SLOTS, STUDENT_TITLES, professional, student
from tests.standins.discord_http import CHANNEL_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_everything import GoogleStandIn
from tests.standins.google_sheets import Spreadsheet

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NIGHT = "python run_matching.py run\n"
WEEK = "Monday, Tuesday, Wednesday, Thursday, Friday"
PROGRAM = """\
import sys
sys.path.insert(0, {root!r})
from run_matching import main, start_bot
from tests.standins.pointed import point
point({google!r}, {discord!r})
raise SystemExit(main(start_bot=start_bot))
"""
BROWSER = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=20).read()\n"


@pytest.fixture
def google() -> Iterator[GoogleStandIn]:
    now = datetime.now(UTC)
    stamp = f"{now - timedelta(days=1):%m/%d/%Y %H:%M:%S}"
    dates = {"start": f"{now:%m/%d/%Y}", "end": f"{now + timedelta(days=21):%m/%d/%Y}"}
    asking = student("any weekday 9am-5pm", stamp=stamp)
    offering = professional(stamp=stamp, days=WEEK, slots=", ".join(SLOTS[1:7]), **dates)
    sheets = {
        "1StudentsSheetId": Spreadsheet({"Form Responses 1": [list(STUDENT_TITLES), [*asking]]}),
        "1ProfessionalsSheetId": Spreadsheet({"Form Responses 1": [list(PROFESSIONAL_TITLES), [*offering]]}),
    }
    with GoogleStandIn(sheets) as made:
        yield made
        assert made.found_wrong == []


def fresh_machine(folder: Path, google: GoogleStandIn, discord: DiscordStandIn) -> dict[str, str]:
    """The folder with the code, as after cloning it, and the environment of a shell in it."""
    (folder / "Makefile").write_text("demo:\n\t@echo the demo is tested elsewhere\n")
    (folder / ".venv").symlink_to(Path(sys.prefix))
    shutil.copy(ROOT / "matching.toml", folder)
    (folder / "run_matching.py").write_text(PROGRAM.format(root=str(ROOT), google=google.url, discord=discord.base))
    client = {
        "client_id": "1",
        "client_secret": "s",
        "auth_uri": f"{google.url}/o/oauth2/auth",
        "token_uri": f"{google.url}/token",
        "redirect_uris": ["http://localhost"],
    }
    (folder / "client_secret.json").write_text(json.dumps({"installed": client}))
    (folder / "browser.py").write_text(BROWSER)
    names = ("DATABASE_URL", "SECRET_KEY", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if name not in names and "SECRET" not in name}
    browser = f"{sys.executable} {folder / 'browser.py'} %s &"
    return {**kept, "OAUTHLIB_INSECURE_TRANSPORT": "1", "BROWSER": browser}


def test_the_document_word_for_word(tmp_path: Path, google: GoogleStandIn, discord_server: DiscordStandIn) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "setup.md").read_text())
    assert len(blocks) == 7
    script = "set -euo pipefail\n" + "".join(blocks)
    before, _, _ = script.partition("sed -i")
    environment = fresh_machine(tmp_path, google, discord_server)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        input=f"{TOKEN}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout
    assert before.count("doctor") == 1
    guests = {guest for kind, guest, _ in google.calendar.mails if kind == "invitation"}
    assert guests == {"ann@example.org", "pat@example.com"}
    posted = {message["channel_id"] for message in discord_server.messages}
    assert posted == {CHANNEL_ID, STAFF_CHANNEL_ID}
    private = ["var/google.json", "secrets/discord_token", "secrets.env", "first-backup.tar.gz", "client_secret.json"]
    assert [name for name in private if stat.S_IMODE((tmp_path / name).stat().st_mode) & 0o077] == []
    assert TOKEN not in done.stdout + done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert (tmp_path / "units" / "matching-run.timer").exists()


def test_what_is_no_shell_command_is_marked_as_clicks() -> None:
    steps = (ROOT / "docs" / "setup.md").read_text().split("\n## ")[1:]
    assert [step.splitlines()[0] for step in steps if "```sh" not in step and "**Clicks.**" not in step] == []
