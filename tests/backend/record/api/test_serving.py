"""`serve`, `keys` and `staff`: one command starts all of it, and nothing is open by default."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from backend.commands import main
from backend.record.django_settings import configuration, database_of
from backend.record.models import ApiKey, AuditEntry, Program
from backend.record.services.keys import seed_bot_key
from backend.record.setup import configure
from tests.standins.databases import SECRET
from tests.standins.serving import get, served

BOT, FORM = "b" * 40, "f" * 40


def test_one_command_starts_everything(tmp_path: Path) -> None:
    with served(tmp_path, BOT_SHARED_SECRET=BOT, FORM_WEBHOOK_SECRET=FORM) as base:
        assert get(f"{base}/healthz") == (200, b'{"status": "ok"}')
        assert get(f"{base}/api/docs/")[0] == 200
        assert get(f"{base}/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js")[0] == 200
        assert get(f"{base}/admin/login/")[0] == 200
        assert get(f"{base}/api/stats/")[0] == 401
        bot = {"Authorization": f"Bearer {BOT}", "X_Discord_Member": "123456789012345678"}
        code, body = get(f"{base}/api/me/", **bot)
        assert (code, json.loads(body)["acts_as"]) == (200, "bot")
    told = (tmp_path / "log").read_text()
    assert f"{base}/api/docs/" in told
    assert BOT not in told
    assert (tmp_path / "var" / "record.sqlite3").stat().st_mode & 0o077 == 0


def program_file(folder: Path) -> list[str]:
    place = folder / "matching.toml"
    place.write_text(f'state_dir = "{folder / "var"}"\n[program]\nkey = "demo"\n')
    return ["--settings", str(place)]


def test_a_key_is_made_shown_once_listed_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = program_file(tmp_path)
    assert main(["keys", "create", "--scope", "read", "--name", "dashboard", *given]) == 0
    token = capsys.readouterr().out.strip()
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
    assert client.get("/api/stats/").status_code == 200
    assert main(["keys", "list", *given]) == 0
    listed = capsys.readouterr().out
    assert token[:18] in listed
    assert token not in listed
    assert main(["keys", "create", "--scope", "write", "--name", "dashboard", *given]) == 2
    assert main(["keys", "create", "--scope", "self", "--name", "phone", *given]) == 2
    assert main(["keys", "create", "--scope", "self", "--name", "phone", "--person", "nobody", *given]) == 2
    assert main(["keys", "revoke", "dashboard", *given]) == 0
    assert client.get("/api/stats/").status_code == 401
    assert main(["keys", "revoke", "dashboard", *given]) == 2
    assert [row.action for row in AuditEntry.objects.order_by("pk")] == ["create_key", "revoke_key"]


def test_staff_accounts_need_a_good_password_and_begin_with_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = program_file(tmp_path)

    def add(password: str, level: str = "owner") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return main(["staff", "add", "maria", "--level", level, "--password-stdin", *given])

    assert add("password") == 2
    assert not User.objects.exists()
    assert add("correct horse battery staple") == 0
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, [one.name for one in user.groups.all()]) == (True, False, ["owner"])
    assert add("correct horse battery staple", "viewer") == 0
    assert [one.name for one in User.objects.get().groups.all()] == ["viewer"]
    assert main(["staff", "remove", "maria", *given]) == 0
    assert not User.objects.get().is_active
    assert main(["staff", "remove", "maria", *given]) == 2


def test_weak_secrets_and_open_addresses_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = program_file(tmp_path)
    monkeypatch.setenv("BOT_SHARED_SECRET", "short")
    assert main(["serve", "--port", "0", *given]) == 2
    assert "BOT_SHARED_SECRET is shorter than 32" in capsys.readouterr().err
    assert main(["serve", "--public-url", "http://example.org", *given]) == 2


def test_another_bot_secret_revokes_the_one_before(embedded_db: Path) -> None:
    program, now = Program.objects.create(key="demo", name="Demo"), datetime.now(UTC)
    first = seed_bot_key("a" * 40, program, now)
    assert seed_bot_key("a" * 40, program, now).pk == first.pk
    seed_bot_key("c" * 40, program, now)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert ApiKey.objects.filter(revoked_at=None, scope="bot").count() == 1


def test_a_server_for_the_open_web_passes_djangos_own_checks(embedded_db: Path) -> None:
    configure(configuration(database_of(embedded_db, None), SECRET * 2, "https://match.example.org"))
    call_command("check", deploy=True, fail_level="WARNING")


def test_plain_http_is_sent_to_https_behind_a_proxy(embedded_db: Path) -> None:
    configure(configuration(database_of(embedded_db, None), SECRET, "https://match.example.org"))
    assert Client(SERVER_NAME="match.example.org").get("/healthz").status_code == 301
    told = Client(SERVER_NAME="match.example.org", headers={"X-Forwarded-Proto": "https"}).get("/healthz")
    assert (told.status_code, "max-age" in told["Strict-Transport-Security"]) == (200, True)


def test_readiness_fails_when_the_tables_are_behind(embedded_db: Path) -> None:
    call_command("migrate", "record", "0003", verbosity=0)
    answer = Client(SERVER_NAME="localhost").get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the record must be migrated")
