"""A fresh database for each test of the record.

    def test_something(record_db: str) -> None:      # runs twice: "sqlite" and "postgresql"
    def test_something(embedded_db: Path) -> None:   # once, on SQLite; the state folder it lies in

Either fixture leaves Django set up and pointed at an empty, migrated database of the test's own. Nothing wraps the
test in a transaction: commit, use threads (`tests.standins.databases.at_once`) and `django.test.Client` freely. This
file configures Django before test files are collected, so they may import models at their top.
Rows with plain defaults come from `tests/backend/record/rows.py`. pytest-django is not used: it knows one database.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure
from tests.standins.databases import MISSING, SECRET, Server, point_at, postgres_server, sqlite_copy, sqlite_template

configure(configuration(database_of(Path("never-used"), None), SECRET))
from tests.backend.record.followed import world  # noqa: E402, F401 - a fixture; its models need the line above


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def migrated_server() -> Iterator[tuple[Server, str] | None]:
    with postgres_server() as server:
        yield (server, server.template()) if server else None


@pytest.fixture
def embedded_db(migrated_file: Path, tmp_path: Path) -> Iterator[Path]:
    state_dir = tmp_path / "var"
    point_at(sqlite_copy(migrated_file, state_dir))
    yield state_dir
    connections.close_all()


@pytest.fixture
def postgresql_db(migrated_server: tuple[Server, str] | None) -> Iterator[None]:
    if migrated_server is None:
        pytest.skip(MISSING)
    server, template = migrated_server
    with server.copy(template) as url:
        point_at(database_of(Path("never-used"), url))
        assert connection.vendor == "postgresql"
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def record_db(request: pytest.FixtureRequest) -> str:
    vendor = str(request.param)
    request.getfixturevalue("embedded_db" if vendor == "sqlite" else "postgresql_db")
    return vendor
