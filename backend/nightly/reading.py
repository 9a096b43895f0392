"""The reader's numbers from the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from rapidfuzz import process

from backend.nightly.exits import Exit, Stop
from backend.settings import Settings
from ingest.availability import DEFAULT_CONVENTIONS, Conventions

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)$")


def conventions_from(settings: Settings) -> Conventions:
    """The reading conventions with the overrides of `[reading.conventions]`. Raises `Stop(USAGE)`.

    Times may be minutes or "HH:MM"; `parts` and `holidays` are tables whose entries replace single entries.
    """
    known = {field.name for field in fields(Conventions)}
    changes: dict[str, Any] = {}
    for name, value in settings.reading.conventions.items():
        if name not in known:
            near = process.extractOne(name, sorted(known))
            raise Stop(Exit.USAGE, f"reading.conventions.{name}: unknown number; the nearest known is {near[0]!r}")
        default = getattr(DEFAULT_CONVENTIONS, name)
        table = isinstance(default, Mapping)
        changes[name] = {**default, **_values(value)} if table else _value(value)
    try:
        return replace(DEFAULT_CONVENTIONS, **changes)
    except (TypeError, ValueError) as error:
        raise Stop(Exit.USAGE, f"reading.conventions: {error}") from None


def _values(table: Any) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        raise Stop(Exit.USAGE, f"reading.conventions: {table!r} should be a table")
    return {name: _value(value) for name, value in table.items()}


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(part) for part in value)
    if isinstance(value, str) and (clock := _CLOCK.match(value)):
        return int(clock[1]) * 60 + int(clock[2])
    return value
