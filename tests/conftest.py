"""The stand-ins of the outside services, checked at the end of each test that used them; nothing leaves the machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from tests.standins.discord_http import DiscordStandIn
from tests.standins.google_calendar import GoogleCalendarStandIn

HERE = frozenset({None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", socket.gethostname()})
NOBODY = "tests find nobody beyond this machine"


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    """Libraries ask by themselves too: google-auth, for one, in a thread, which regions an account may use."""
    find = socket.getaddrinfo

    def found(host: Any, *args: Any, **kwargs: Any) -> Any:
        if (host.decode() if isinstance(host, bytes) else host) not in HERE:
            raise socket.gaierror(socket.EAI_NONAME, NOBODY)
        return find(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", found)
        yield


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
