"""Meet links on loopback: asked for with an event, made at once or after some looks, or never."""

from __future__ import annotations

from typing import Any


class Rooms:
    """`looks`: how often an event is looked at before its room is there (0: at once). `fails`: none is ever made."""

    def __init__(self) -> None:
        self.looks = 0
        self.fails = False
        self.made = 0
        self._waits: dict[str, int] = {}

    def settle(self, event: dict[str, Any], understood: bool) -> None:
        """After a write: without conferenceDataVersion=1 Google drops what it was told about a conference."""
        asked = event.get("conferenceData", {}).get("createRequest")
        if asked is None or "status" in asked:
            return
        if not understood:
            del event["conferenceData"]
            return
        asked["status"] = {"statusCode": "pending"}
        self._waits[event["id"]] = self.looks
        self._resolve(event)

    def looked_at(self, event: dict[str, Any]) -> bool:
        """Whether the event changed because its room is there now."""
        if event["id"] not in self._waits:
            return False
        self._waits[event["id"]] -= 1
        return self._resolve(event)

    def _resolve(self, event: dict[str, Any]) -> bool:
        if self._waits[event["id"]] > 0:
            return False
        del self._waits[event["id"]]
        conference = event["conferenceData"]
        if self.fails:
            conference["createRequest"]["status"] = {"statusCode": "failure"}
            return True
        self.made += 1
        code = f"aaa-bbbb-{self.made:03d}"
        conference["createRequest"]["status"] = {"statusCode": "success"}
        conference |= {
            "conferenceId": code,
            "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
            "entryPoints": [
                {
                    "entryPointType": "video",
                    "uri": f"https://meet.google.com/{code}",
                    "label": f"meet.google.com/{code}",
                }
            ],
        }
        event["hangoutLink"] = f"https://meet.google.com/{code}"
        return True
