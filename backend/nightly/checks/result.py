"""How a check stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.settings import Settings


class Health(StrEnum):
    """How a check stands. `OFF`: not used by this program."""

    GOOD = "ok"
    WARNING = "warn"
    BROKEN = "FAIL"
    OFF = "off"


@dataclass(frozen=True)
class Check:
    """One line of `doctor`."""

    name: str
    health: Health
    detail: str
    fix: str = ""


def grave(settings: Settings) -> Health:
    """How bad it is that something cannot be sent: while publishing is off, there is time to put it right."""
    return Health.BROKEN if settings.publish.enabled else Health.WARNING
