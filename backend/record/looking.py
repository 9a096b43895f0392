"""The record as it stands, without making or changing it: for `doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, OperationalError

from backend.nightly.exits import Exit, Stop
from backend.record.django_settings import SQLITE_FILE, DatabaseUrlError, configuration, database_of
from backend.record.setup import DATABASE_URL, SECRET_KEY, configure, place_of_record, way_out
from backend.secrets import SecretError, secret
from backend.settings import Settings

ONLY_LOOKING = "only looks, and signs nothing"


@dataclass(frozen=True)
class Tables:
    """`pending`: changes of the tables that the next command makes; `newer`: made by a later version than this."""

    pending: int
    newer: int


def look_at_tables(settings: Settings) -> Tables | None:
    """How the tables stand; None where there is no record yet. Raises `Stop`: it cannot be reached or is damaged."""
    folder = Path(settings.state_dir)
    try:
        url = secret(DATABASE_URL)
        secret(SECRET_KEY)
        database = database_of(folder, url)
    except (SecretError, DatabaseUrlError) as error:
        raise Stop(Exit.USAGE, str(error)) from None
    configure(configuration(database, ONLY_LOOKING, matching=settings))
    if url is None and not (folder / SQLITE_FILE).exists():
        return None
    try:
        return _tables()
    except OperationalError:
        raise Stop(Exit.TRY_LATER, f"{place_of_record()} cannot be reached; {way_out()}") from None
    except DatabaseError as error:
        raise Stop(Exit.ERROR, f"{place_of_record()} cannot be used: {type(error).__name__}; {way_out()}") from None


def _tables() -> Tables:
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if cursor.fetchone() != ("ok",):
                raise Stop(Exit.ERROR, f"{place_of_record()} is damaged; restore it from a backup")
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    known = executor.loader.disk_migrations or {}
    newer = [one for one in executor.loader.applied_migrations or {} if one[0] == "record" and one not in known]
    return Tables(len(pending), len(newer))
