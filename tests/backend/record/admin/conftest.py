"""A seeded program, made once and copied for each test, at a fixed moment; and one browser session per role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connections
from django.test import Client

from backend.record.models import AuditEntry, Program, Run
from tests.backend.record.admin.seeded import MATCHING, PRESENT, Clock, seed
from tests.standins.databases import point_at, sqlite_copy


@dataclass
class Desk:
    """The admin as staff see it; `clients` by role, and "anonymous"."""

    clients: dict[str, Client]
    clock: Clock

    @property
    def program(self) -> Program:
        return Program.objects.get(key="demo")

    @property
    def plan(self) -> Run:
        return Run.objects.get(state="planned")

    def get(self, role: str, path: str, **given: Any) -> Any:
        return self.clients[role].get(path, **given)

    def do(self, row: Any, act: str, role: str = "coordinator", **data: Any) -> Any:
        """Submit an act's form."""
        return self.clients[role].post(f"{place(row)}do/{act}/", data)

    def last_note(self) -> AuditEntry:
        entry = AuditEntry.objects.order_by("pk").last()
        assert entry is not None
        return entry


def place(row: Any) -> str:
    return f"/admin/record/{row._meta.model_name}/{row.pk}/"


@pytest.fixture(scope="session")
def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    database = sqlite_copy(migrated_file, folder)
    point_at(database)
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", clock)
        seed(clock)
    connections.close_all()
    return Path(database["NAME"])


@pytest.fixture
def desk(seeded_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    point_at(sqlite_copy(seeded_file, tmp_path / "var"))
    yield from open_desk(monkeypatch)


def open_desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    settings.MATCHING = MATCHING
    clock = Clock(PRESENT)
    monkeypatch.setattr("django.utils.timezone.now", clock)
    cache.clear()
    clients = {"anonymous": Client(SERVER_NAME="localhost")}
    for user in User.objects.order_by("pk"):
        clients[user.username] = Client(SERVER_NAME="localhost")
        clients[user.username].force_login(user)
    yield Desk(clients, clock)
    connections.close_all()
