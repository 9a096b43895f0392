"""Facts as a text file, format "matching-history/1": one row a line, nobody named, so that it can be given away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from backend.analysis.facts import Facts, Meeting, NightFacts, Presence, Wish

FORMAT = "matching-history/1"
KINDS: dict[str, type[Any]] = {"wishes": Wish, "meetings": Meeting, "presences": Presence, "nights": NightFacts}
MOMENTS = frozenset({"asked_at", "starts_at", "as_of"})

Row = TypeVar("Row")


class HistoryFileError(Exception):
    """The text is no history; the message says where."""


def facts_to_text(facts: Facts) -> str:
    """The same text for the same facts. Instants are in UTC."""
    lines = [json.dumps({"format": FORMAT, "zone": facts.zone})]
    for kind, row in KINDS.items():
        names = [one.name for one in fields(row)]
        lines.append(json.dumps({kind: names}))
        for one in getattr(facts, kind):
            cells = [_out(getattr(one, name)) for name in names]
            lines.append(json.dumps(cells, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def facts_from_text(text: str) -> Facts:
    """Raises `HistoryFileError`."""
    lines = text.splitlines()
    place = 0
    try:
        head = json.loads(lines[0])
        if head["format"] != FORMAT:
            raise HistoryFileError(f"format {head['format']!r} is not {FORMAT!r}")
        found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        kind, names = "", list[str]()
        for line in lines[1:]:
            place += 1
            content = json.loads(line)
            if isinstance(content, dict):
                ((kind, names),) = content.items()
            else:
                found[kind].append(_row(KINDS[kind], names, content))
        return Facts(head["zone"], **{name: tuple(rows) for name, rows in found.items()})
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise HistoryFileError(f"line {place + 1} is no part of a history ({type(error).__name__})") from None


def _row(kind: type[Row], names: Iterable[str], cells: Iterable[Any]) -> Row:
    return kind(**{name: _in(name, cell) for name, cell in zip(names, cells, strict=True)})


def _out(value: Any) -> Any:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def _in(name: str, value: Any) -> Any:
    if name in MOMENTS and value is not None:
        return datetime.fromisoformat(value)
    if isinstance(value, list):
        return tuple(tuple(one) if isinstance(one, list) else one for one in value)
    return value
