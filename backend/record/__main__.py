"""Django's own commands for developers: `python -m backend.record makemigrations record`."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure

if __name__ == "__main__":
    configure(configuration(database_of(Path("var"), None), "only for commands that sign nothing"))
    execute_from_command_line(sys.argv)
