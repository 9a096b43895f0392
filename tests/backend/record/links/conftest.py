"""Ana and John have a session from a real night, Ben waits; their links, and a browser that keeps no cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client

from backend.nightly.act import book
from backend.nightly.night import think
from backend.record.api.configuration import API_RATES
from backend.record.django_record import DjangoRecord
from backend.record.models import AuditEntry, Membership, Person, ScheduledSession
from backend.record.services.links import session_links
from publish.booking import Recipient
from publish.links import LABELS, LinkAct
from publish.mail import Mail
from publish.ports import Receipt
from tests.backend.nightly.nights import AS_OF, make_settings, make_sheets
from tests.standins.databases import point_at, sqlite_copy

BASE = "https://program.example"
MATCHING = make_settings(web={"public_url": BASE})
BEN = {"Email Address": "ben@example.org", "Full Name": "Ben Okafor", "Discord Username": "ben"}
SHEETS = make_sheets([{}, {**BEN, "Availability": "Tue 2-4pm"}])


@dataclass
class Clock:
    """The present; stands in for `django.utils.timezone.now`."""

    at: datetime = AS_OF + timedelta(hours=9)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Doors:
    """The site as the two of a session reach it."""

    clock: Clock = field(default_factory=Clock)

    @property
    def session(self) -> ScheduledSession:
        return ScheduledSession.objects.select_related("student", "professional", "request", "program").get()

    @property
    def ana(self) -> Person:
        return Person.objects.get(name="Ana Gomez")

    @property
    def john(self) -> Person:
        return Person.objects.get(name="John Doe")

    def member(self, person: Person) -> Membership:
        return Membership.objects.get(person=person)

    def path(self, act: LinkAct, whose: Recipient = Recipient.STUDENT) -> str:
        row = self.session
        return urlsplit(session_links(row.program, row.key, BASE)[whose][LABELS[act]]).path

    def call(self, method: str, path: str, data: Any = None) -> Any:
        """A request of a browser that never keeps a cookie."""
        client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
        return getattr(client, method)(path, data or {})

    def press(self, path: str, **data: str) -> Any:
        """Look at the page, then press its button."""
        return self.call("post", path, {"seal": self.seal(path), **data})

    def seal(self, path: str) -> str:
        found = re.search(r'name="seal" value="([^"]+)"', self.call("get", path).content.decode())
        return found.group(1) if found else ""

    def last_note(self) -> AuditEntry:
        entry = AuditEntry.objects.order_by("pk").last()
        assert entry is not None
        return entry


class Kept:
    """A mailer that takes everything."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> Receipt:
        self.mails.append(mail)
        return Receipt(mail.message_id)


def text(answer: Any) -> str:
    """A page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&quot;", '"')


def everything() -> list[Any]:
    """All rows of the database."""
    rows = {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in apps.get_models()}
    return [(label, [tuple(bytes(c) if isinstance(c, memoryview) else c for c in row) for row in found])
            for label, found in rows.items()]  # fmt: skip


def book_one_night() -> None:
    record = DjangoRecord(MATCHING, lambda: AS_OF)
    tonight = record.open_night("n0", AS_OF, lambda: SHEETS)
    book(think(MATCHING, tonight.sheets, tonight.state, AS_OF, lambda _: None), record, approved=True)


@pytest.fixture(scope="session")
def booked_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = sqlite_copy(migrated_file, tmp_path_factory.mktemp("booked"))
    point_at(database)
    book_one_night()
    connections.close_all()
    return Path(database["NAME"])


def _opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    doors = Doors()
    settings.MATCHING, settings.API_RATES = MATCHING, {**API_RATES, "link": "100000/minute"}
    cache.clear()
    monkeypatch.setattr("django.utils.timezone.now", doors.clock)
    yield doors
    connections.close_all()


@pytest.fixture
def doors(record_db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    """On both databases."""
    book_one_night()
    yield from _opened(monkeypatch)


@pytest.fixture
def small_doors(booked_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    """On SQLite alone, for what does not depend on the database."""
    point_at(sqlite_copy(booked_file, tmp_path / "var"))
    yield from _opened(monkeypatch)
