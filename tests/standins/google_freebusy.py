"""Free/busy on loopback: the calendars that were shared, and an error for every other."""

from __future__ import annotations

from typing import Any

from tests.standins.loopback import Answer

MOST = 50


class FreeBusyDesk:
    """`shared`: busy (start, end) by calendar id, as Google writes instants. Any other calendar is not found."""

    def __init__(self) -> None:
        self.shared: dict[str, list[tuple[str, str]]] = {}
        self.broken: set[str] = set()

    def query(self, body: dict[str, Any]) -> Answer:
        """`freebusy.query`."""
        names = [item["id"] for item in body.get("items", [])]
        calendars = {name: self._calendar(name, len(names)) for name in names}
        return Answer(
            200,
            {
                "kind": "calendar#freeBusy",
                "timeMin": body["timeMin"],
                "timeMax": body["timeMax"],
                "calendars": calendars,
            },
        )

    def _calendar(self, name: str, asked: int) -> dict[str, Any]:
        reason = ""
        if asked > MOST:
            reason = "tooManyCalendarsRequested"
        elif name in self.broken:
            reason = "internalError"
        elif name not in self.shared:
            reason = "notFound"
        if reason:
            return {"errors": [{"domain": "global", "reason": reason}], "busy": []}
        return {"busy": [{"start": start, "end": end} for start, end in self.shared[name]]}
