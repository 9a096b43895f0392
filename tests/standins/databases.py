"""Databases for tests of the record: a fresh one per test, on SQLite and on a PostgreSQL of our own.

Both are copied from a migrated template, so tests may commit, use threads and start processes as the real thing does.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from django.db import connections
from psycopg import sql

from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure, migrate

SECRET = "only-for-tests-" * 4
MISSING = "PostgreSQL is not installed, so this runs on SQLite only: apt-get install postgresql"
START_SECONDS = 30
Answer = TypeVar("Answer")


def point_at(database: dict[str, Any]) -> None:
    """Make this the record's database."""
    configure(configuration(database, SECRET))


def sqlite_template(folder: Path) -> Path:
    """A migrated, empty SQLite file."""
    database = database_of(folder, None)
    point_at(database)
    migrate(folder)
    connections.close_all()
    return Path(database["NAME"])


def sqlite_copy(template: Path, folder: Path) -> dict[str, Any]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = database_of(folder, None)
    shutil.copy(template, database["NAME"])
    return database


class Server:
    """A PostgreSQL server on a socket in its own folder. `url(name)` is what DATABASE_URL would hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def template(self) -> str:
        """The name of a migrated, empty database."""
        self.run(sql.SQL("CREATE DATABASE migrated"))
        point_at(database_of(self.folder, self.url("migrated")))
        with tempfile.TemporaryDirectory() as folder:
            migrate(Path(folder))
        connections.close_all()
        return "migrated"

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The URL of a fresh database, dropped at the end."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield self.url(name)
        finally:
            connections.close_all()
            self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def program_path(name: str) -> str | None:
    """Where a PostgreSQL program lies; Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(found[0]) if found else None)


@contextmanager
def postgres_server() -> Iterator[Server | None]:
    """A running server, or None where PostgreSQL is not installed. It refuses to run as root, so `postgres` runs it."""
    initdb, postgres = program_path("initdb"), program_path("postgres")
    if initdb is None or postgres is None:
        yield None
        return
    root = os.geteuid() == 0
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if root:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = str(folder / "data")
    made = [initdb, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-U", "postgres", "-D", data]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **who)
    quick = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=80")
    started = [postgres, "-D", data, "-k", str(folder), *(part for one in quick for part in ("-c", one))]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(started, stdout=log, stderr=log, cwd=folder, **who)
    try:
        _wait_for(Server(folder), server)
        yield Server(folder)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(START_SECONDS)
        shutil.rmtree(folder)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 20):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(server.url("postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((server.folder / "log").read_text())


def at_once(count: int, act: Callable[[int], Answer]) -> list[Answer]:
    """What `act(0)` .. `act(count - 1)` gave, run in as many threads with a connection each."""

    def one(number: int) -> Answer:
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
