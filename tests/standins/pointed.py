"""The real clients of Google and Discord, pointed at stand-ins: nothing they send can leave this machine.

In process: `point(google, discord, monkeypatch.setattr)`. As a process of its own, with the stand-ins' addresses in
STANDIN_GOOGLE and STANDIN_DISCORD: `python -m tests.standins.pointed COMMAND ...` is `run_matching.py COMMAND ...`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import discord
import requests
from requests.adapters import HTTPAdapter

from ingest.sources.google_source import PatientClient
from publish.google_transport import PinnedHttp

_SHEETS = "https://sheets.googleapis.com"
Setter = Callable[[Any, str, Any], None]


class ToLoopback(HTTPAdapter):
    """Sends what is meant for Google to the stand-in, and nothing anywhere else."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        assert request.url is not None
        assert request.url.startswith((_SHEETS, self.url)), "something reached for the internet"
        request.url = request.url.replace(_SHEETS, self.url)
        return super().send(request, **kwargs)


def point(google: str, discord_base: str, set_attribute: Setter = setattr) -> None:
    """From now on the clients talk to these addresses."""
    pinned, patient = PinnedHttp.__init__, PatientClient.__init__

    def to_google(self: PinnedHttp, timeout: float, stand_in: str = "") -> None:
        pinned(self, timeout, stand_in or google)

    def with_adapter(self: PatientClient, auth: Any, session: requests.Session | None = None) -> None:
        patient(self, auth, session)
        self.session.mount("https://", ToLoopback(google))

    set_attribute(PinnedHttp, "__init__", to_google)
    set_attribute(PatientClient, "__init__", with_adapter)
    set_attribute(discord.http.Route, "BASE", discord_base)


if __name__ == "__main__":
    from run_matching import main, start_bot

    point(os.environ["STANDIN_GOOGLE"], os.environ["STANDIN_DISCORD"])
    raise SystemExit(main(start_bot=start_bot))
