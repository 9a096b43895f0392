"""What the database itself refuses, beyond what Django's constraints can say on both databases.

Overlapping attendance, sessions of impossible length, ratings by outsiders, a wait that starts anew. On PostgreSQL
these are constraints and triggers, on SQLite triggers. Django rebuilds SQLite tables when it alters them, and that
loses their triggers: so they are set aside before each migration and put back after it.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from backend.record import guards_postgresql, guards_sqlite


def install(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """The migration's step forward. On SQLite `restore` puts them in place once all migrations are through."""
    if editor.connection.vendor == "postgresql":
        run(editor.connection, guards_postgresql.INSTALL)


def remove(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """The migration's step back."""
    vendor = editor.connection.vendor
    run(editor.connection, guards_postgresql.REMOVE if vendor == "postgresql" else guards_sqlite.REMOVE)


def set_aside(using: str, **_signal: Any) -> None:
    """Before a migration: SQLite cannot rebuild a table that a trigger names."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        run(connection, guards_sqlite.REMOVE)


def restore(using: str, **_signal: Any) -> None:
    """After a migration."""
    connection = connections[using]
    if connection.vendor == "sqlite" and set(connection.introspection.table_names()) >= guards_sqlite.TABLES:
        run(connection, guards_sqlite.INSTALL)


def run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
