"""Lists of events on loopback: pages, sync tokens that grow old, and what may not be asked together with one."""

from __future__ import annotations

import copy
from typing import Any

from tests.standins.discovery_schema import Call
from tests.standins.loopback import Answer, Asked

_NOT_WITH_A_TOKEN = {
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"
}  # fmt: skip
_Event = dict[str, Any]


def google_error(status: int, reason: str, message: str = "", headers: dict[str, str] | None = None) -> Answer:
    """An error as Google words it."""
    details = {"domain": "global", "reason": reason, "message": message or reason}
    return Answer(status, {"error": {"errors": [details], "code": status, "message": message or reason}}, headers or {})


class Changes:
    """Which event changed when. `page_size` is the most that one page holds, whatever is asked for.

    Tokens from before `oldest_token` are answered with 410.
    """

    def __init__(self, events: dict[str, _Event]) -> None:
        self._events = events
        self._number = 0
        self._last: dict[str, int] = {}
        self.page_size = 250
        self.oldest_token = 0

    def note(self, event_id: str) -> int:
        """The event changed; the number of the change."""
        self._number += 1
        self._last[event_id] = self._number
        return self._number

    def expire(self) -> None:
        """Every token handed out so far is too old from now on."""
        self._number += 1
        self.oldest_token = self._number

    def listed(self, call: Call, asked: Asked) -> Answer:
        """`events.list`."""
        query = {name: values[0] for name, values in asked.query.items()}
        token = query.get("syncToken")
        if token is not None and _NOT_WITH_A_TOKEN & set(query):
            return google_error(400, "badRequest", "Sync token cannot be used with these filters.")
        if token is not None and int(token.removeprefix("sync-")) < self.oldest_token:
            return google_error(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
        since, upto, first = self._span(token, query.get("pageToken"))
        found = [key for key in self._events if since < self._last[key] <= upto]
        if token is None and query.get("showDeleted") != "true":
            found = [key for key in found if self._events[key]["status"] != "cancelled"]
        size = min(self.page_size, int(query.get("maxResults", 250)))
        body: dict[str, Any] = {
            "kind": "calendar#events",
            "etag": f'"p{self._number}"',
            "summary": "Resume reviews",
            "timeZone": "America/New_York",
            "accessRole": "owner",
            "defaultReminders": [],
            "items": [self._shown(key, token) for key in found[first : first + size]],
        }
        if first + size < len(found):
            body["nextPageToken"] = f"page-{since}-{upto}-{first + size}"
        else:
            body["nextSyncToken"] = f"sync-{upto}"
        return Answer(200, body)

    def _span(self, token: str | None, page: str | None) -> tuple[int, int, int]:
        if page is not None:
            since, upto, first = (int(part) for part in page.removeprefix("page-").split("-"))
            return since, upto, first
        return (int(token.removeprefix("sync-")) if token else 0), self._number, 0

    def _shown(self, key: str, token: str | None) -> _Event:
        """Of a deleted event only the id is sure to be there once somebody asks by token."""
        event = self._events[key]
        if token is not None and event["status"] == "cancelled":
            return {"kind": "calendar#event", "id": key, "status": "cancelled", "etag": event["etag"]}
        return copy.deepcopy(event)
