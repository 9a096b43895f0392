"""A seeded program, made once and copied for each test, behind the real API, with the real bot connected to both."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure
from tests.standins.databases import SECRET, point_at, sqlite_copy, sqlite_template

configure(configuration(database_of(Path("never-used"), None), SECRET))

from tests.bot.people import FIRST, MATCHING, PRESENT, Cast, fill, members  # noqa: E402 - models, only now
from tests.bot.wire import Clock, Wire  # noqa: E402
from tests.standins.api_server import api_server  # noqa: E402


@dataclass(frozen=True)
class Seeded:
    """A database file, and who is in it."""

    file: Path
    cast: Cast


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    database = sqlite_copy(sqlite_template(tmp_path_factory.mktemp("bot-migrated")), tmp_path_factory.mktemp("bot"))
    point_at(database)
    clock = Clock(FIRST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", clock)
        cast = fill(clock)
    connections.close_all()
    return Seeded(Path(database["NAME"]), cast)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(PRESENT)
    monkeypatch.setattr("django.utils.timezone.now", made)
    return made


@pytest.fixture
def cast(seeded: Seeded, tmp_path: Path, clock: Clock) -> Iterator[Cast]:
    """The record of this test, and who is in it."""
    point_at(sqlite_copy(seeded.file, tmp_path / "var"))
    settings.MATCHING = MATCHING
    cache.clear()
    yield Cast(dict(seeded.cast.ids), copy.deepcopy(members()), seeded.cast.key)
    connections.close_all()


@pytest.fixture
def api(cast: Cast) -> Iterator[str]:
    with api_server() as base:
        yield base


@pytest.fixture
def wire(api: str, cast: Cast, clock: Clock) -> Iterator[Wire]:
    """The bot, connected. At the end nothing it sent broke a limit, pinged, or showed an address to many."""
    made = Wire(api, cast.key, clock, cast.members)
    try:
        yield made
        assert made.discord.violations == []
    finally:
        made.close()
