"""`doctor` names each planted misconfiguration with its fix, changes nothing and sends nothing.

The whole program is set up against stand-ins of Google, Discord, the mail server and the API; then one thing is spoilt.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from backend.commands import main
from backend.nightly.exits import Exit
from backend.nightly.record import People, RunEntry
from backend.record.opening import open_record
from backend.settings import from_mapping
from publish.ports import Item
from tests.sheets import PROFESSIONAL_TITLES, STUDENT_TITLES, professional, student
from tests.standins.databases import sqlite_copy, sqlite_template
from tests.standins.discord_http import CHANNEL_ID, GUILD_ID, ROLE_ID, STAFF_CHANNEL_ID, TOKEN, DiscordStandIn
from tests.standins.google_calendar import CALENDAR_ID
from tests.standins.google_everything import GoogleStandIn
from tests.standins.google_sheets import Spreadsheet, sheets_error
from tests.standins.google_token import authorized_user_json, service_account_json
from tests.standins.loopback import Answer, Fault, Loopback
from tests.standins.pointed import point
from tests.standins.smtp_server import PASSWORD, SmtpServer

LONG = "x" * 40
SCOPES = ("spreadsheets.readonly", "calendar.events", "spreadsheets")


@dataclass
class World:
    """A program that is set up well, its settings by section and key, and all it talks to."""

    google: GoogleStandIn
    discord: DiscordStandIn
    mail: SmtpServer
    settings: dict[str, dict[str, Any]]
    patch: pytest.MonkeyPatch
    migrated: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def credentials(self, text: str, mode: int = 0o600) -> None:
        Path("key.json").write_text(text)
        Path("key.json").chmod(mode)

    def secret(self, name: str, value: str | None) -> None:
        if value is None:
            self.patch.delenv(name, raising=False)
        else:
            self.patch.setenv(name, value)

    def write(self) -> None:
        lines = []
        for section, keys in self.settings.items():
            lines += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
        Path("matching.toml").write_text("\n".join(lines))

    def booked(self, age: timedelta, **given: Any) -> None:
        """A night that was run so long ago."""
        sqlite_copy(self.migrated, Path("var"))
        record = open_record(from_mapping(self.settings), lambda: self.now)
        then = self.now - age
        record.commit(RunEntry("r-1", "demo", "2026-11-22", then, "ff", 0, 0, **given), [], People(), [])

    def edit(self, command: str) -> None:
        """Something else changes the record's tables."""
        self.booked(timedelta(hours=1))
        with sqlite3.connect("var/record.sqlite3") as database:
            database.execute(command)
        database.close()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def world(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    sheets = {
        "s": Spreadsheet({"Form Responses 1": [list(STUDENT_TITLES), [*student()]]}),
        "p": Spreadsheet({"Form Responses 1": [list(PROFESSIONAL_TITLES), [*professional()]]}),
    }
    api = Loopback(lambda _: Answer(200, {}))
    with GoogleStandIn(sheets) as google, DiscordStandIn() as discord, SmtpServer(login=True) as mail, api:
        point(google.url, discord.base, monkeypatch.setattr)
        made = World(google, discord, mail, well(mail.port, api.url), monkeypatch, migrated)
        monkeypatch.setattr("backend.commands.doctor.now", lambda: made.now)
        person = json.loads(authorized_user_json(f"{google.url}/token"))
        scopes = [f"https://www.googleapis.com/auth/{name}" for name in SCOPES]
        made.credentials(json.dumps({**person, "scopes": scopes}))
        secrets = {
            "GOOGLE_CALENDAR_CREDENTIALS_FILE": "key.json", "DISCORD_TOKEN": TOKEN, "SMTP_PASSWORD": PASSWORD,
            "HOOK_SECRET": LONG, "FORM_WEBHOOK_SECRET": LONG, "BOT_SHARED_SECRET": LONG,
            "REMINDER_PHONE_URL": None,
            "APPRISE_URLS": "json://127.0.0.1/x", "GOOGLE_CALENDAR_CREDENTIALS": None, "DATABASE_URL": None,
        }  # fmt: skip
        for name, value in secrets.items():
            made.secret(name, value)
        yield made
        connections.close_all()
        assert google.found_wrong == discord.violations == []
        assert not [one for one in (*google.asked, *discord.asked) if one.method != "GET" and one.path != "/token"]
        assert mail.taken == []


def well(mail_port: int, api: str) -> dict[str, dict[str, Any]]:
    return {
        "program": {"key": "demo", "organizer_email": "staff@program.example"},
        "sources": {"students": "google:s", "professionals": "google:p"},
        "publish": {
            "enabled": True, "calendar_id": CALENDAR_ID, "discord_channel_id": CHANNEL_ID,
            "schedule_sheet": "s",
            "staff_channel_id": STAFF_CHANNEL_ID, "hook_url": "https://points.example/hook", "apprise": True,
        },
        "web": {"public_url": "https://reviews.example"},
        "google": {},
        "reminders": {},
        "mail": {"host": "127.0.0.1", "port": mail_port, "tls": "none", "user": "matcher"},
        "forms": {"students": "https://docs.google.com/forms/d/e/1/viewform?entry.1={token}"},
        "discord": {"owner_roles": [ROLE_ID]},
        "bot": {"api_url": api, "guilds": [GUILD_ID]},
    }  # fmt: skip


def told(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, str]]]:
    code = main(["doctor", "--json"])
    return code, {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}


def test_a_program_that_is_set_up_well_has_nothing_to_mend(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write()
    before = sorted(os.listdir())
    code, checks = told(capsys)
    assert {name: check for name, check in checks.items() if check["health"] not in ("ok", "off")} == {}
    assert code == Exit.DONE
    assert set(checks) >= {"clock", "google: calendar", "discord: intent", "mail", "hook", "apprise", "bot: API"}
    assert sorted(os.listdir()) == before


def spoil(section: str, key: str, value: Any) -> Callable[[World], None]:
    return lambda world: world.settings[section].update({key: value})


def unset(name: str, value: str | None = None) -> Callable[[World], None]:
    return lambda world: world.secret(name, value)


def sheet(key: str, **changes: Any) -> Callable[[World], None]:
    return lambda world: vars(world.google.sheets.spreadsheets[key]).update(changes)


def renamed(world: World) -> None:
    world.google.sheets.spreadsheets["s"].worksheets["Form Responses 1"][0][1] = "E-mail Adress"


def delegated(world: World) -> None:
    world.credentials(service_account_json(f"{world.google.url}/token"))
    world.settings["google"]["subject"] = "staff@program.example"
    world.google.tokens.undelegated = True


def only_sheets(world: World) -> None:
    info = json.loads(Path("key.json").read_text())
    world.credentials(json.dumps({**info, "scopes": info["scopes"][:1]}))


def no_writing(world: World) -> None:
    info = json.loads(Path("key.json").read_text())
    world.credentials(json.dumps({**info, "scopes": info["scopes"][:2]}))


def fewer_rights(world: World) -> None:
    world.discord.rights = 1 << 10


def busy(world: World) -> None:
    world.patch.setattr("ingest.sources.google_source.PatientClient.sleep", staticmethod(lambda _: None))
    world.google.faults.append(Fault("GET", "/v4/", sheets_error(503, "UNAVAILABLE"), times=99))


def too_many(world: World) -> None:
    world.settings["guards"] = {"messages_per_night": 0}
    world.booked(timedelta(hours=1))
    payload = {"act": "book", "session": "k", "recipient": "student", "revision": 0, "incarnation": 0}
    record = open_record(from_mapping(world.settings), lambda: world.now)
    record.outbox.add([Item("calendar/book/k/0", "calendar", payload)])


def loose_folder(world: World) -> None:
    Path("var").mkdir(mode=0o755)


def no_phone(world: World) -> None:
    world.settings["reminders"]["phone"] = True
    world.secret("REMINDER_PHONE_URL", "nonsense")


def only_letters(world: World) -> None:
    for key in ("discord_channel_id", "staff_channel_id"):
        del world.settings["publish"][key]
    del world.settings["discord"], world.settings["bot"]["guilds"]
    world.settings["publish"]["direct_messages"] = True
    world.secret("DISCORD_TOKEN", None)


def damaged(world: World) -> None:
    Path("var").mkdir(mode=0o700)
    Path("var/record.sqlite3").write_bytes(b"this is no database" * 100)


def passed(remind: timedelta, sync: timedelta, tried: timedelta | None = None) -> Callable[[World], None]:
    """A night an hour ago; reminders and the calendar were looked after so long ago, the latter in vain since."""

    def plant(world: World) -> None:
        world.booked(timedelta(hours=1))
        from backend.record.models import CalendarCursor, Program
        from backend.record.services.jobs import note_pass

        here = Program.objects.get()
        note_pass(here, "remind", world.now - remind, {})
        note_pass(here, "sync", world.now - (sync if tried is None else tried), {} if tried is None else {"failed": 1})
        CalendarCursor.objects.create(program=here, calendar_id=CALENDAR_ID, followed_at=world.now - sync)

    return plant


SOON, LONG_AGO = timedelta(minutes=4), timedelta(hours=7)


Plant = tuple[Callable[[World], Any], str, str, str, str]
PLANTS: dict[str, Plant] = {
    "credentials that are no JSON": (
        lambda world: world.credentials("{oops"), "google: credentials", "FAIL", "not the JSON", "auth google"),
    "credentials that others can read": (
        lambda world: world.credentials("{}", 0o644), "google: credentials", "FAIL", "chmod 600", "0600"),
    "no credentials": (
        unset("GOOGLE_CALENDAR_CREDENTIALS_FILE"), "google: credentials", "FAIL", "is not set", "docs/setup.md"),
    "consent to sheets alone": (
        only_sheets, "google: credentials", "FAIL", "change events", "auth google"),
    "a plain service account that invites": (
        lambda world: world.credentials(service_account_json(f"{world.google.url}/token")),
        "google: calendar", "FAIL", "cannot invite guests", "domain-wide delegation"),
    "delegation that nobody set up": (
        delegated, "google: calendar", "FAIL", "no access", "Domain-wide delegation add client 1"),
    "consent that was taken back": (
        lambda world: setattr(world.google.tokens, "revoked", True),
        "google: calendar", "FAIL", "no access", "auth google"),
    "a calendar that is not shared, or a wrong id": (
        lambda world: setattr(world.google, "role", ""), "google: calendar", "FAIL", "does not know", "Share with"),
    "a calendar that may only be read": (
        lambda world: setattr(world.google, "role", "reader"),
        "google: calendar", "FAIL", "reader", "Make changes to"),
    "a calendar in another zone": (
        lambda world: setattr(world.google, "zone", "Asia/Tokyo"),
        "google: calendar", "warn", "Asia/Tokyo", "Time zone"),
    "a clock that is off": (
        lambda world: setattr(world, "now", world.now + timedelta(minutes=20)),
        "clock", "FAIL", "ahead of", "timedatectl"),
    "a sheet that is not shared": (
        sheet("s", shared=False), "sheet: students", "FAIL", "refuses access", "share"),
    "a spreadsheet that does not exist": (
        spoil("sources", "students", "google:x"),
        "sheet: students", "FAIL", "no such spreadsheet", "sources.students"),
    "a worksheet that does not exist": (
        spoil("sources", "professionals", "google:p#Answers"),
        "sheet: professionals", "FAIL", "'Answers'", "sources.prof"),
    "a renamed title": (
        renamed, "sheet: students", "FAIL", "E-mail Adress", "[columns]"),
    "a sheet in another zone": (
        sheet("p", zone="Asia/Tokyo"), "sheet: professionals", "warn", "Asia/Tokyo", "Time zone"),
    "Google is busy": (
        busy, "sheet: students", "FAIL", "busy", "sources.stand_in_hours"),
    "a schedule over somebody's answers": (
        spoil("publish", "schedule_sheet", "s#Form Responses 1"),
        "google: schedule", "FAIL", "something else", "publish.schedule_sheet"),
    "a schedule without the right to write": (
        no_writing, "google: credentials", "FAIL", "change your spreadsheets", "auth google"),
    "a token that Discord refuses": (
        unset("DISCORD_TOKEN", "wrong"), "discord: token", "FAIL", "refused", "Reset Token"),
    "a channel without the bot": (
        lambda world: world.discord.hidden.add(CHANNEL_ID),
        "discord: publish.discord_channel_id", "FAIL", "does not see", "invite"),
    "a bot without rights": (
        fewer_rights, "discord: publish.staff_channel_id", "FAIL", "Send Messages, Read Message", "Permissions"),
    "no message content intent": (
        lambda world: setattr(world.discord, "flags", 0), "discord: intent", "FAIL", "is off", "developer portal"),
    "a bot that is in another server": (
        spoil("bot", "guilds", ["500000000000000009"]),
        "discord: bot.guilds", "FAIL", "not in that server", "docs/bot.md"),
    "roles that are no roles": (
        spoil("discord", "viewer_roles", ["600000000000000009"]),
        "discord: roles", "FAIL", "1 of the roles", "Copy Role"),
    "a mail password that is wrong": (
        unset("SMTP_PASSWORD", "wrong"), "mail", "FAIL", "refused the user", "SMTP_PASSWORD"),
    "a mail server that does not answer": (
        spoil("mail", "port", 1), "mail", "FAIL", "not reached", "mail.port"),
    "mail without TLS": (
        spoil("mail", "host", "mail.example.org"), "mail", "FAIL", "everybody on the way", "starttls"),
    "a hook without a secret": (
        unset("HOOK_SECRET"), "hook", "FAIL", "HOOK_SECRET is not set", "openssl"),
    "an Apprise address that is none": (
        unset("APPRISE_URLS", "nonsense"), "apprise", "FAIL", "address 1 of 1", "publish.apprise"),
    "reminders by phone without a service": (
        spoil("reminders", "phone", True), "reminders: phone", "FAIL", "is not set", "reminders.phone"),
    "a phone service that is no address": (
        no_phone, "reminders: phone", "FAIL", "must hold {to}", "REMINDER_PHONE_URL"),
    "direct messages without a token": (
        only_letters, "discord: token", "FAIL", "DISCORD_TOKEN is not set", "DISCORD_TOKEN_FILE"),
    "mails without links": (
        spoil("web", "public_url", ""), "settings: links", "warn", "web.public_url", "docs/links.md"),
    "people who cannot ask each other where to meet": (
        spoil("program", "share_addresses", False),
        "settings: where to meet", "warn", "share_addresses is false", "program.meeting_link"),
    "reminders that nobody sends": (
        passed(LONG_AGO, SOON), "reminders", "warn", "7 hours ago", "timer for `remind`"),
    "a calendar that nobody follows": (
        passed(SOON, LONG_AGO), "calendar followed", "warn", "7 hours ago", "timer for `sync`"),
    "a calendar that is followed in vain": (
        passed(SOON, LONG_AGO, SOON), "calendar followed", "warn", "7 hours ago", "run `sync` to read why"),
    "a night without reminders ever since": (
        lambda world: world.booked(timedelta(hours=1)), "reminders", "warn", "never yet", "remind"),
    "forms without the secret of their posts": (
        unset("FORM_WEBHOOK_SECRET"), "form posts", "warn", "refused", "openssl"),
    "a bot without its key": (
        unset("BOT_SHARED_SECRET"), "bot: API key", "FAIL", "cannot log in", "openssl"),
    "a key that can be guessed": (
        unset("BOT_SHARED_SECRET", "short"), "bot: API key", "FAIL", "shorter than 32", "openssl"),
    "no server for the bot": (
        spoil("bot", "api_url", "http://127.0.0.1:9"), "bot: API", "warn", "nothing is ready", "serve"),
    "publishing is off": (
        spoil("publish", "enabled", False), "publishing", "off", "nothing leaves", "publish.enabled = true"),
    "an organizer nobody filled in": (
        spoil("program", "organizer_email", "staff@example.org"),
        "settings: organizer", "warn", "example.org", "address"),
    "a policy that makes no sense": (
        spoil("program", "meeting_link", "zoom"), "settings: program", "FAIL", "meeting_link", "matching.toml"),
    "a record others can read": (
        loose_folder, "record: privacy", "warn", "others can read", "chmod 700"),
    "a record nobody can write": (
        lambda world: Path("var").touch(), "record", "FAIL", "no folder", "state_dir"),
    "a damaged record": (
        damaged, "record", "FAIL", "cannot be used", "restore"),
    "tables that are behind": (
        lambda world: world.edit(
            "DELETE FROM django_migrations WHERE id = (SELECT MAX(id) FROM django_migrations WHERE app = 'record')"),
        "record: migrations", "warn", "still to be made", "backup"),
    "tables that are ahead": (
        lambda world: world.edit(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('record', '9999_later', '2026-01-01')"),
        "record: migrations", "FAIL", "newer version", "install that version"),
    "a timer that stopped": (
        lambda world: world.booked(timedelta(days=3)), "record", "warn", "the last for night", "timer"),
    "more messages than the guards allow": (
        too_many, "outbox: guards", "FAIL", "1 message to single people would go out", "run --approve"),
    "a night on an old reading": (
        lambda world: world.booked(timedelta(hours=3), stand_ins=("the students sheet could not be read",)),
        "last night", "warn", "could not be read", "sheet"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTS)
def test_each_planted_fault_is_named_with_its_fix(world: World, capsys: pytest.CaptureFixture[str], name: str) -> None:
    plant, check, health, words, fix = PLANTS[name]
    plant(world)
    world.write()
    capsys.readouterr()
    code, checks = told(capsys)
    found = checks[check]
    assert found["health"] == health
    assert words in found["detail"]
    assert fix in found["fix"]
    assert code == (Exit.ERROR if health == "FAIL" else Exit.DONE)


def test_a_form_link_without_its_place_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.settings["forms"]["students"] = "https://docs.google.com/forms/d/e/1/viewform"
    world.write()
    assert main(["doctor"]) == Exit.USAGE
    assert "{token}" in capsys.readouterr().err


def test_nothing_secret_is_shown(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write()
    main(["doctor"])
    shown = capsys.readouterr()
    for secret in (TOKEN, PASSWORD, LONG, "a-refresh-token"):
        assert secret not in shown.out + shown.err
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_program_that_only_keeps_its_schedule_in_a_spreadsheet_has_a_target(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.settings["publish"] = {"enabled": True, "schedule_sheet": "s"}
    world.settings.pop("mail")
    world.write()
    capsys.readouterr()
    _, checks = told(capsys)
    assert checks["publishing"]["health"] == "ok"
    assert "worksheet" in checks["publishing"]["detail"]


def test_jobs_that_were_just_at_work_are_well(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    passed(SOON, SOON)(world)
    world.write()
    capsys.readouterr()
    code, checks = told(capsys)
    assert code == Exit.DONE
    assert {checks[name]["health"] for name in ("reminders", "calendar followed")} == {"ok"}
