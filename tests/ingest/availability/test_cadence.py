"""Every other week means the same weeks on every night."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.availability import Horizon, read, resolve

ZONE = "America/New_York"
SUBMITTED = date(2026, 11, 22)


def mondays(text: str, first: date) -> set[date]:
    horizon = Horizon(first, 28)
    reading = read(text, reference=SUBMITTED, zone=ZONE, horizon=horizon)
    return {window.interval.start.astimezone(ZoneInfo(ZONE)).date() for window in resolve(reading, horizon)}


@pytest.mark.parametrize("text", ["every other Monday 2-4pm", "every other Monday starting Nov 30, 2-4pm"])
def test_the_weeks_stay_as_the_horizon_moves_on(text: str) -> None:
    tonight = mondays(text, SUBMITTED + timedelta(days=1))
    for nights in range(1, 15):
        later = mondays(text, SUBMITTED + timedelta(days=1 + nights))
        shared_until = SUBMITTED + timedelta(days=28)
        assert {day for day in later if day <= shared_until} <= tonight, f"{nights} nights later"
