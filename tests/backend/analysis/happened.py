"""Small histories for tests: rows with plain defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from backend.analysis.facts import Facts, Meeting, Presence, Wish

MAY = datetime(2026, 5, 10, 12, tzinfo=UTC)
JUNE = datetime(2026, 6, 10, 12, tzinfo=UTC)


def wish(number: int, at: datetime = MAY, **given: Any) -> Wish:
    return Wish(**{"id": f"R{number}", "student": f"S{number}", "asked_at": at, "state": "scheduled", **given})


def meeting(number: int, at: datetime = MAY + timedelta(days=4), **given: Any) -> Meeting:
    plain = {
        "wish": f"R{number}",
        "student": f"S{number}",
        "professional": "P1",
        "starts_at": at,
        "state": "completed",
        "asked_at": MAY,
    }
    return Meeting(**{**plain, **given})


def presence(professional: str, at: datetime = MAY, **given: Any) -> Presence:
    return Presence(**{"professional": professional, "night": f"{at:%Y-%m-%d}", "as_of": at, **given})


def facts(*rows: Wish | Meeting | Presence, zone: str = "America/New_York") -> Facts:
    def only(kind: type) -> Any:
        return tuple(one for one in rows if isinstance(one, kind))

    return Facts(zone, only(Wish), only(Meeting), only(Presence))
