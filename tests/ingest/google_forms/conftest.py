"""Databases of the record's tests: the scripts post to a real server."""

from __future__ import annotations

from pathlib import Path

from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure
from tests.standins.databases import SECRET

configure(configuration(database_of(Path("never-used"), None), SECRET))
