"""What the running server knows beyond the record: the program's settings and the present."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from backend.record.models import Program
from backend.record.services.programs import own_program as program_of
from backend.settings import Settings


def matching() -> Settings:
    """`matching.toml`, as the server was started with."""
    found: Settings = settings.MATCHING
    return found


def own_program() -> Program:
    """The program this server runs; made when it is not there yet."""
    return program_of(matching())


def now() -> datetime:
    """The present, aware UTC: read here and handed down."""
    return timezone.now()
