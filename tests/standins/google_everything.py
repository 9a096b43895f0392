"""All of Google that this program uses under one address: sign-in, Sheets and Calendar with one desk for tokens."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn, google_error
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet
from tests.standins.loopback import Answer, Asked, Loopback

_LOOKED_AT = re.compile(r"/calendar/v3/calendars/[^/]+/events")


class GoogleStandIn(Loopback):
    """`sheets` and `calendar` hold the state. `role` and `zone`: the calendar as the credentials see it."""

    def __init__(self, spreadsheets: dict[str, Spreadsheet]) -> None:
        super().__init__(self._reply)
        self.sheets = GoogleSheetsStandIn(spreadsheets)
        self.calendar = GoogleCalendarStandIn()
        self.tokens = self.calendar.tokens = self.sheets.tokens
        self.role, self.zone = "writer", "America/New_York"

    @property
    def found_wrong(self) -> list[str]:
        """What the parts found wrong with their clients."""
        return self.violations + self.sheets.violations + self.calendar.violations

    def _reply(self, asked: Asked) -> Answer | None:
        if asked.path.startswith("/v4/"):
            return self.sheets._reply(asked)
        if asked.path == "/o/oauth2/auth":  # the consent page, where somebody agrees at once
            there = self.tokens.agreed(f"/?{urlencode(asked.query, doseq=True)}")
            return Answer(302, None, {"Location": there})
        if asked.path == "/generate_204":
            return Answer(204)
        if "fields" in asked.query and _LOOKED_AT.fullmatch(asked.path) and self.tokens.knows(asked):
            return self._looked_at(asked)
        return self.calendar._reply(asked)

    def _looked_at(self, asked: Asked) -> Answer:
        """`events.list` when somebody asks for no more than what the calendar is to them."""
        call = self.calendar._api.call(asked.method, asked.path)
        assert call is not None
        self.calendar._api.check_request(call.method, asked.query, asked.json)
        if call.path["calendarId"] not in self.known:
            return google_error(404, "notFound", "Not Found")
        return Answer(200, {"accessRole": self.role, "timeZone": self.zone})

    @property
    def known(self) -> tuple[str, ...]:
        """The calendar, unless nobody shared it with the credentials."""
        return (CALENDAR_ID,) if self.role else ()
