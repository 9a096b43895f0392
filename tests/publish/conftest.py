"""The stand-ins, checked at the end of each test that used them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standins.google_calendar import GoogleCalendarStandIn


@pytest.fixture
def google() -> Iterator[GoogleCalendarStandIn]:
    with GoogleCalendarStandIn() as stand_in:
        yield stand_in
    assert stand_in.violations == []
