"""The Apps Script of both forms, run under Node with Google's services stood in for, against the live webhooks."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from backend.record.api.reading import frame
from backend.record.django_settings import configuration, database_of
from backend.record.models import FormResponse, Program
from backend.record.models.states import FormKind, Source
from backend.record.services.posts import WEBHOOK
from backend.record.services.responses import Arrival, take
from backend.record.setup import configure
from backend.settings import Settings
from ingest.columns import COLUMNS
from ingest.forms.choices import ANY_FORMAT, ANY_LEVEL, FORMATS, LEVELS, slot_minutes
from ingest.forms.fields import ANY_INDUSTRY, INDUSTRIES
from ingest.sheet import Form
from tests.standins.databases import SECRET
from tests.standins.serving import served

HARNESS = Path(__file__).with_name("harness.js")
KEY = "form-secret-" * 4
CLEO = {
    "Email Address": "cleo@example.org", "Full Name": "Cléo “Park”", "Discord Username": "cleo",
    "Resume Link": "https://example.org/cv", "Target Industry": "fintech", "Target Role": "Analyst",
    "Experience Level": "Entry Level (0-2 years)", "Availability": "Mon & Wed 2–4pm", "Time Zone": "Eastern Time (ET)",
}  # fmt: skip
RAE = {
    "Full Name": "Rae Stone", "Email Address": "rae@example.com", "Professional Title": "Director",
    "Company/Organization": "Acme", "Industry Specializations": "banking", "Availability Start Date": "2026-11-24",
    "Availability End Date": "2026-12-20", "Preferred Days of the Week": ["Monday", "Friday"],
    "Preferred Time Slots (Select all that work for you)": ["9:00 AM - 10:00 AM"], "Your Time Zone": "UTC",
    "Experience Levels You Prefer to Review": ["No preference - all levels"],
    "Industries You Can Review": ["Finance/Banking", "Startups"], "Maximum Reviews Per Week": "2",
    "Meeting Format Preferences": ["No preference"], "Confirmation": ["I can be contacted about the reviews I offer."],
}  # fmt: skip

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed: apt-get install nodejs")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("served")
    with served(folder, FORM_WEBHOOK_SECRET=KEY) as base:
        configure(configuration(database_of(folder / "var", None), SECRET))
        yield base, folder
        connections.close_all()


def node(base: str, form: str, scenario: str) -> Any:
    environment = {"SERVER_URL": base, "FORM_WEBHOOK_SECRET": KEY, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    command = [shutil.which("node") or "node", str(HARNESS), form, scenario]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("form", list(Form))
def test_the_form_asks_what_the_server_reads(form: Form) -> None:
    script = f"{form}.gs"
    made = node("http://x", script, "return gs.setUp().items.map((one) => [one.title, one.type, one.choices])")
    known = {column.title for column in COLUMNS[form]} | {"Verification Code"}
    titles = [title for title, _, _ in made]
    assert set(titles) <= known
    needed = {column.title for column in COLUMNS[form] if column.required} - {"Timestamp"}
    assert needed <= set(titles)


def test_the_options_are_those_the_reader_knows() -> None:
    script = "return Object.fromEntries(gs.setUp().items.map((one) => [one.title, one.choices]))"
    made = node("http://x", "professionals.gs", script)
    assert made["Experience Levels You Prefer to Review"] == [*LEVELS, ANY_LEVEL]
    assert made["Industries You Can Review"] == [*INDUSTRIES, ANY_INDUSTRY]
    assert made["Meeting Format Preferences"] == [*FORMATS, ANY_FORMAT]
    slots = made["Preferred Time Slots (Select all that work for you)"]
    assert [slot_minutes(one) for one in slots] == [(hour * 60, hour * 60 + 60) for hour in range(9, 21)]


def test_set_up_twice_makes_one_form_one_sheet_and_two_triggers() -> None:
    scenario = "gs.setUp(); gs.setUp(); return [Object.keys(world.forms).length, world.triggers, world.log]"
    forms, triggers, log = node("http://x", "students.gs", scenario)
    assert (forms, len(triggers)) == (1, 2)
    assert {(one["handler"], one.get("on"), one.get("hours")) for one in triggers} == {
        ("onAnswer", "submit", None),
        ("sendKept", None, 1),
    }
    link = next(line for line in log if "forms.students" in line).partition('"')[2].rstrip('"')
    Settings.model_validate({"forms": {"students": link}})


def test_an_answer_reaches_the_server_and_its_row_gets_the_id(server: tuple[str, Path]) -> None:
    scenario = (
        f"gs.setUp(); const id = submit({json.dumps(CLEO)}); return [id, sheet(), world.properties, world.requests]"
    )
    name, rows, properties, requests = node(server[0], "students.gs", scenario)
    code, told = requests[-1]["answer"]
    assert (code, told["state"], told["understood"][0]["status"]) == (202, "current", "ok")
    assert rows[1][rows[0].index("Response ID")] == name
    assert not [key for key in properties if key.startswith(("kept:", "unmarked:"))]
    row = FormResponse.objects.get(response_id=name)
    assert row.raw["Full Name"] == CLEO["Full Name"]


def test_the_row_of_the_sheet_is_the_same_response(server: tuple[str, Path]) -> None:
    scenario = f"gs.setUp(); const id = submit({json.dumps(RAE)}); return [id, sheet()]"
    name, (titles, cells) = node(server[0], "professionals.gs", scenario)
    answers = dict(zip(titles, cells, strict=True))
    arrival = Arrival(FormKind.PROFESSIONALS, answers, Source.SHEET, answers["Response ID"], sheet_row=2)
    settings.MATCHING = Settings()
    taken = take(Program.objects.get(), arrival, frame(), WEBHOOK, datetime.now(UTC))
    assert (taken.replay, taken.response.response_id, taken.response.state) == (True, name, "current")


def test_what_cannot_be_sent_is_kept_and_sent_by_a_later_trigger(server: tuple[str, Path]) -> None:
    answer = {**CLEO, "Email Address": "kept@example.org"}
    scenario = f"""
        gs.setUp(); world.down = 4;
        const id = submit({json.dumps(answer)});
        const kept = Object.keys(world.properties).filter((key) => key.startsWith('kept:'));
        const stamps = world.requests.map((one) => one.headers['X-Form-Timestamp']);
        gs.sendKept();
        const left = Object.keys(world.properties).filter((key) => key.startsWith('kept:'));
        return [id, kept, left, stamps, world.sleeps, world.requests.at(-1).answer[0]];"""
    name, kept, left, stamps, sleeps, code = node(server[0], "students.gs", scenario)
    assert (kept, left, code) == ([f"kept:{name}"], [], 202)
    assert len(set(stamps)) == len(stamps) == 4
    assert 1000 <= sleeps[0] <= 2000 <= sleeps[1] <= 4000 <= sleeps[2]
    assert FormResponse.objects.filter(response_id=name).count() == 1


def test_two_kept_answers_wait_while_the_server_is_away_and_both_arrive(server: tuple[str, Path]) -> None:
    first, second = ({**CLEO, "Email Address": f"{name}@example.org"} for name in ("one", "two"))
    scenario = f"""
        gs.setUp(); world.down = 8;
        const ids = [submit({json.dumps(first)}), submit({json.dumps(second)})];
        gs.sendKept();
        return [ids, Object.keys(world.properties).filter((key) => key.startsWith('kept:')).length];"""
    ids, left = node(server[0], "students.gs", scenario)
    assert left == 0
    assert FormResponse.objects.filter(response_id__in=ids).count() == 2


def test_an_edited_answer_keeps_its_id_and_its_row(server: tuple[str, Path]) -> None:
    before = {**CLEO, "Email Address": "edit@example.org"}
    after = {**before, "Availability": "Fri 9-11am"}
    scenario = f"""
        gs.setUp(); const id = submit({json.dumps(before)}); edit(id, {json.dumps(after)});
        return [id, sheet(), world.requests.at(-1).answer[1]];"""
    name, rows, told = node(server[0], "students.gs", scenario)
    assert (len(rows), rows[1][-1], told["revision"]) == (2, name, 1)
    assert FormResponse.objects.get(response_id=name, state="current").raw["Availability"] == "Fri 9-11am"


def test_a_row_that_google_writes_late_is_marked_by_the_next_trigger(server: tuple[str, Path]) -> None:
    answer = {**CLEO, "Email Address": "late@example.org"}
    scenario = f"""
        gs.setUp(); world.rowsLate = true; const id = submit({json.dumps(answer)});
        world.late(); gs.sendKept();
        return [id, sheet()[1].at(-1), world.requests.length];"""
    name, marked, requests = node(server[0], "students.gs", scenario)
    assert (marked, requests) == (name, 1)


def test_two_answers_of_one_second_get_their_own_ids(server: tuple[str, Path]) -> None:
    one, two = {**CLEO, "Email Address": "a1@example.org"}, {**CLEO, "Email Address": "a2@example.org"}
    scenario = f"""
        gs.setUp(); world.rowsLate = true;
        const at = '2026-11-24T01:02:03.100Z';
        const first = submit({json.dumps(one)}, at); world.late();
        const second = submit({json.dumps(two)}, '2026-11-24T01:02:03.900Z'); world.late(); gs.sendKept();
        return [[first, 'a1@example.org'], [second, 'a2@example.org'], sheet()];"""
    first, second, rows = node(server[0], "students.gs", scenario)
    assert [[row[-1], row[1]] for row in rows[1:]] == [first, second]


def test_a_forgotten_setting_is_named() -> None:
    told = node("http://x", "students.gs", """
        delete world.properties.FORM_WEBHOOK_SECRET;
        try { gs.setUp(); } catch (error) { return error.message; }""")  # fmt: skip
    assert "FORM_WEBHOOK_SECRET" in told
