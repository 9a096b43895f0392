"""The real Google adapter, pointed at the stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from publish.google_calendar import GoogleCalendar
from tests.publish.publish_builders import connected
from tests.standins.google_calendar import GoogleCalendarStandIn


@pytest.fixture
def calendar(google: GoogleCalendarStandIn) -> Iterator[GoogleCalendar]:
    with connected(google) as adapter:
        yield adapter
