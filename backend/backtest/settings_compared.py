"""Which settings differ between two files, and which of them a stored night can answer for.

A stored night is the question after reading: who is free when, who may meet whom, waits, limits. Another policy judges
the same question; whatever changes the question itself would need the answers of that night, read again as of then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.settings import Settings

JUDGED = ("policy.",)
"""Settings that a stored question can be solved under."""
WITHOUT_EFFECT = (
    "publish.",
    "google.",
    "mail.",
    "reminders.",
    "forms.",
    "discord.",
    "bot.",
    "guards.",
    "retention.",
    "state_dir",
    "out_dir",
    "program.name",
    "program.organizer",
    "program.meet",
    "program.share_addresses",
    "sources.students",
    "sources.professionals",
    "sources.stand_in_hours",
)
"""Settings that change no plan, whatever they are. Everything unknown counts as one that does."""


@dataclass(frozen=True)
class Change:
    """A key of matching.toml with both values."""

    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key}: {self.before} -> {self.after}"


@dataclass(frozen=True)
class Changes:
    """`judged`: replayed. `unanswerable`: they change the question, so a stored night cannot tell."""

    judged: tuple[Change, ...]
    unanswerable: tuple[Change, ...]


def changes_between(before: Settings, after: Settings) -> Changes:
    """Every key that differs, those without effect on a plan aside."""
    then, now = (dict(_flat(side.model_dump(mode="json"))) for side in (before, after))
    changed = [Change(key, then.get(key), now.get(key)) for key in sorted(then.keys() | now.keys())]
    changed = [one for one in changed if one.before != one.after and not one.key.startswith(WITHOUT_EFFECT)]
    judged = tuple(one for one in changed if one.key.startswith(JUDGED))
    return Changes(judged, tuple(one for one in changed if one not in judged))


def _flat(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
