"""The stand-ins of the outside services, checked at the end of each test that used them."""

from __future__ import annotations

from collections.abc import Iterator

import discord
import pytest

from tests.standins.discord_http import DiscordStandIn
from tests.standins.google_calendar import GoogleCalendarStandIn


@pytest.fixture
def google() -> Iterator[GoogleCalendarStandIn]:
    with GoogleCalendarStandIn() as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def discord_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DiscordStandIn]:
    with DiscordStandIn() as stand_in:
        monkeypatch.setattr(discord.http.Route, "BASE", stand_in.base)
        yield stand_in
    assert stand_in.violations == []
