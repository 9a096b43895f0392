"""Make Django and its database ready, once and only when somebody needs the record."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, OperationalError
from filelock import FileLock

from backend.nightly.exits import Exit, Stop
from backend.record.django_settings import DatabaseUrlError, configuration, database_of
from backend.secrets import SecretError, secret
from backend.settings import Settings

DATABASE_URL = "DATABASE_URL"
SECRET_KEY = "SECRET_KEY"  # noqa: S105 - the name of a variable, not a secret
_KEY_BYTES = 50
_ADVISORY_LOCK = 7_216_001  # any number that other users of the same server do not use


def ready(state_dir: Path, *, public_url: str = "", matching: Settings | None = None, form_secret: str = "") -> None:
    """Make the record of `state_dir` (or of DATABASE_URL) usable: configure, connect, migrate.

    `matching` and `form_secret`: see `configuration`. May be called again, for another folder too. Raises `Stop`: the
    database cannot be reached or used, or a secret is not safe.
    """
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        url, key = secret(DATABASE_URL), secret(SECRET_KEY)
        database = database_of(state_dir, url)
        key = key or _kept_key(state_dir)
    except (SecretError, DatabaseUrlError) as error:
        raise Stop(Exit.USAGE, str(error)) from None
    configure(configuration(database, key, public_url, matching=matching, form_secret=form_secret))
    migrate(state_dir)


def configure(values: Mapping[str, Any]) -> None:
    """Give Django these settings; the first call starts its apps, later ones may change hosts, secrets, database."""
    if not settings.configured:
        settings.configure(**values)
        django.setup()
        return
    for name, value in values.items():
        setattr(settings, name, value)
    wanted = connections.configure_settings({DEFAULT_DB_ALIAS: dict(values["DATABASES"][DEFAULT_DB_ALIAS])})
    if wanted[DEFAULT_DB_ALIAS] != connections.settings[DEFAULT_DB_ALIAS]:
        use(wanted[DEFAULT_DB_ALIAS])


def use(database: dict[str, Any]) -> None:
    """Point the record at another database. The calling thread's connection to the old one is closed."""
    connections[DEFAULT_DB_ALIAS].close()
    connections.settings[DEFAULT_DB_ALIAS] = database
    del connections[DEFAULT_DB_ALIAS]


def migrate(state_dir: Path) -> None:
    """Bring the tables up to date; of several processes that start together, one does it. Raises `Stop`."""
    with FileLock(state_dir / "migrate.lock"):
        _private_file()
        try:
            connections[DEFAULT_DB_ALIAS].ensure_connection()
            with _one_migrator():
                _apply()
        except OperationalError:
            raise Stop(Exit.TRY_LATER, f"{place_of_record()} cannot be reached; {way_out()}") from None
        except DatabaseError as error:
            raise Stop(Exit.ERROR, f"{place_of_record()} cannot be used: {type(error).__name__}; {way_out()}") from None


def _apply() -> None:
    from django.core.management import call_command

    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _one_migrator() -> Iterator[None]:
    """On PostgreSQL other machines may start at the same time, which a file lock does not hold back."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def _private_file() -> None:
    """SQLite would make its file readable by others."""
    database = connections.settings[DEFAULT_DB_ALIAS]
    if database["ENGINE"].endswith("sqlite3"):
        os.close(os.open(database["NAME"], os.O_WRONLY | os.O_CREAT, 0o600))


def place_of_record() -> str:
    """Where the record lies, for messages."""
    database = connections.settings[DEFAULT_DB_ALIAS]
    if database["ENGINE"].endswith("sqlite3"):
        return f"the record {database['NAME']}"
    return f"the database of {DATABASE_URL} at {database['HOST'] or 'the local socket'}"


def way_out() -> str:
    """What to do when it cannot be used."""
    if connections.settings[DEFAULT_DB_ALIAS]["ENGINE"].endswith("sqlite3"):
        return "restore it from a backup, or see that nobody else holds it"
    return f"start it, correct {DATABASE_URL}, or unset it to use the embedded SQLite"


def _kept_key(state_dir: Path) -> str:
    """The key that signs cookies and links: made once, kept in a file that only its owner can read."""
    path = state_dir / "secret_key"
    with FileLock(state_dir / "secret_key.lock"):
        if not path.exists():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(_KEY_BYTES))
    key = secret(SECRET_KEY, {f"{SECRET_KEY}_FILE": str(path)})
    if key is None:
        raise SecretError(f"{path} is empty")
    return key
