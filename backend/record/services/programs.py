"""The program that the settings describe."""

from __future__ import annotations

from typing import Any

from backend.record.models import Program
from backend.settings import Settings


def own_program(settings: Settings) -> Program:
    """The settings' program, its name and zone as they say today."""
    given = settings.program
    facts: dict[str, Any] = {
        "name": given.name,
        "zone": given.zone,
        "organizer_name": given.organizer_name,
        "organizer_email": given.organizer_email,
    }
    program = Program.objects.get_or_create(key=given.key, defaults=facts)[0]
    if any(getattr(program, name) != value for name, value in facts.items()):
        Program.objects.filter(pk=program.pk).update(**facts)
        program.refresh_from_db()
    return program
