"""`backup` and `restore`: what was there comes back, whole and private, and nothing is replaced unasked."""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections

from backend.commands import main
from backend.nightly.exits import Exit
from backend.nightly.lock import only_run
from backend.nightly.record import People, RunEntry
from backend.record.opening import open_record
from backend.settings import Settings
from tests.standins.databases import MISSING, Server, sqlite_copy

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.fixture
def place(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a record that knows one night."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    sqlite_copy(migrated_file, Path("var"))
    night("r-1")
    yield tmp_path
    connections.close_all()


def night(name: str) -> None:
    record = open_record(Settings(), lambda: NOW)
    record.commit(RunEntry(name, "program", f"night of {name}"[:10], NOW, "ff", 0, 0), [], People(), [])


def nights() -> list[str]:
    return [run.id for run in open_record(Settings(), lambda: NOW).state().runs]


def test_what_was_there_comes_back_while_the_record_is_open(place: Path) -> None:
    assert main(["backup", "-o", "b.tar.gz"]) == Exit.DONE
    key = Path("var/secret_key").read_bytes()
    night("r-2")
    Path("var/secret_key").write_text("another")
    assert nights() == ["r-1", "r-2"]
    assert main(["restore", "b.tar.gz", "--yes"]) == Exit.DONE
    assert nights() == ["r-1"]
    assert Path("var/secret_key").read_bytes() == key
    (kept,) = Path("var").glob("before-restore-*")
    assert main(["restore", str(kept), "--yes"]) == Exit.DONE
    assert nights() == ["r-1", "r-2"]


def test_only_the_owner_can_read_any_of_it(place: Path) -> None:
    main(["backup", "-o", "b.tar.gz"])
    with tarfile.open("b.tar.gz") as archive:
        assert {info.mode for info in archive.getmembers()} == {0o600}
    main(["restore", "b.tar.gz", "--yes"])
    files = [Path("b.tar.gz"), *(one for one in Path("var").iterdir() if one.suffix != ".lock")]
    assert {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in files} == {0}


def test_nothing_is_replaced_unasked(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["backup", "-o", "b.tar.gz"])
    before = Path("b.tar.gz").read_bytes()
    assert main(["backup", "-o", "b.tar.gz"]) == Exit.USAGE
    assert main(["restore", "b.tar.gz"]) == Exit.USAGE
    assert capsys.readouterr().err.count("--yes") == 2
    assert Path("b.tar.gz").read_bytes() == before


def test_on_a_new_machine_it_is_simply_put_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["backup", "-o", "b.tar.gz"])
    (place / "new").mkdir()
    monkeypatch.chdir(place / "new")
    assert main(["restore", "../b.tar.gz"]) == Exit.DONE
    assert nights() == ["r-1"]


def test_a_damaged_record_is_set_aside(place: Path) -> None:
    main(["backup", "-o", "b.tar.gz"])
    connections.close_all()
    for part in Path("var").glob("record.sqlite3*"):
        part.write_bytes(b"no database" * 500)
    assert main(["restore", "b.tar.gz", "--yes"]) == Exit.DONE
    assert nights() == ["r-1"]
    assert list(Path("var").glob("damaged-*/record.sqlite3"))


@pytest.mark.parametrize("spoilt", ["text", "cut", "other"])
def test_what_is_no_backup_changes_nothing(place: Path, capsys: pytest.CaptureFixture[str], spoilt: str) -> None:
    main(["backup", "-o", "b.tar.gz"])
    data = Path("b.tar.gz").read_bytes()
    Path("b.tar.gz").write_bytes({"text": b"hello", "cut": data[: len(data) // 2], "other": b""}[spoilt])
    if spoilt == "other":
        with tarfile.open("b.tar.gz", "w:gz") as archive:
            archive.add("var/secret_key", arcname="../../secret_key")
    assert main(["restore", "b.tar.gz", "--yes"]) == Exit.USAGE
    assert "is no backup" in capsys.readouterr().err
    assert nights() == ["r-1"]
    assert not list(Path("var").glob("before-*"))


def test_not_while_a_night_is_running(place: Path) -> None:
    main(["backup", "-o", "b.tar.gz"])
    with only_run(Path("var")):
        assert main(["restore", "b.tar.gz", "--yes"]) == Exit.LOCK_HELD


def test_without_a_record_there_is_nothing_to_back_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["backup"]) == Exit.USAGE


def test_postgresql_by_its_own_tools(
    place: Path, migrated_server: tuple[Server, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if migrated_server is None:
        pytest.skip(MISSING)
    server, template = migrated_server
    with server.copy(template) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        night("r-1")
        assert main(["backup", "-o", "p.tar.gz"]) == Exit.DONE
        night("r-2")
        connections.close_all()
        assert main(["restore", "p.tar.gz", "--yes"]) == Exit.DONE
        assert nights() == ["r-1"]
        connections.close_all()
    monkeypatch.delenv("DATABASE_URL")
    assert main(["restore", "p.tar.gz", "--yes"]) == Exit.USAGE
