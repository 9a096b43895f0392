"""One time or day out of what somebody typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.nightly.exits import Stop
from backend.nightly.single_time import single_time
from ingest.availability import DEFAULT_CONVENTIONS

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # Tuesday, 8:00 in New York
ZONE = "America/New_York"


def read(text: str, zone: str = ZONE, now: datetime = NOW) -> tuple[str, str]:
    found = single_time(text, zone, now, DEFAULT_CONVENTIONS)
    return (f"{found.start:%Y-%m-%dT%H:%M}" if found.start else "", found.day.isoformat())


@pytest.mark.parametrize(("text", "start"), [
    ("Monday 2:00 PM", "2026-11-30T19:00"), ("monday 2pm", "2026-11-30T19:00"), ("Tuesday 9am", "2026-11-24T14:00"),
    ("tomorrow 14:00", "2026-11-25T19:00"), ("Dec 2 2:00 PM", "2026-12-02T19:00"),
    ("2026-12-02 14:00", "2026-12-02T19:00"), ("2026-12-02T14:30", "2026-12-02T19:30"),
    ("2026-12-02T14:30+01:00", "2026-12-02T13:30"), ("Monday 2:00 PM Europe/Berlin", "2026-11-30T13:00"),
])  # fmt: skip
def test_a_time_is_the_next_one_ahead(text: str, start: str) -> None:
    assert read(text)[0] == start


def test_a_weekly_time_that_has_passed_today_is_next_weeks() -> None:
    assert read("Tuesday 7am") == ("2026-12-01T12:00", "2026-12-01")


@pytest.mark.parametrize(("text", "day"), [
    ("Dec 7", "2026-12-07"), ("until Dec 7", "2026-12-07"), ("2026-12-07", "2026-12-07"), ("12/7", "2026-12-07"),
    ("next Monday", "2026-11-30"), ("2 weeks", "2026-12-08"), ("in two weeks", "2026-12-08"),
    ("for a month", "2026-12-24"), ("January 5", "2027-01-05"),
])  # fmt: skip
def test_a_day_has_no_start(text: str, day: str) -> None:
    assert read(text) == ("", day)


@pytest.mark.parametrize("text", ["", "x", "Mon 2-4pm", "Mon, Wed 2pm", "today 7am", "Nov 23", "2026-11-23",
                                  "2026-11-24T07:00", "weekends", "5pm", "2027-03-14 02:30", "@everyone"])  # fmt: skip
def test_what_is_doubtful_many_or_past_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Stop) as stop:
        single_time(text, ZONE, NOW, DEFAULT_CONVENTIONS)
    assert "say it as" in stop.value.message or "clocks" in stop.value.message
