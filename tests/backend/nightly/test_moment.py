"""as_of and night keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.nightly.exits import Exit, Stop
from backend.nightly.moment import as_of_from, instant_from, night_key, reference_date, wall_hours_later

ZONE = "America/New_York"
NOW = datetime(2026, 11, 23, 3, 12, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_default_is_a_full_hour_never_in_the_past(now: datetime) -> None:
    as_of = as_of_from(None, ZONE, now)
    assert timedelta(0) <= as_of - now < timedelta(hours=1)
    assert (as_of.minute, as_of.second, as_of.microsecond) == (0, 0, 0)


def test_a_wall_clock_is_the_programs() -> None:
    assert as_of_from("2026-11-22T22:00", ZONE, NOW) == datetime(2026, 11, 23, 3, tzinfo=UTC)


def test_an_offset_is_kept() -> None:
    assert as_of_from("2026-11-22T22:00+01:00", ZONE, NOW) == datetime(2026, 11, 22, 21, tzinfo=UTC)


def test_a_date_alone_is_its_midnight() -> None:
    assert as_of_from("2026-11-22", ZONE, NOW) == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert reference_date("2026-11-22", ZONE, NOW) == date(2026, 11, 22)


def test_nonsense_is_a_usage_error() -> None:
    with pytest.raises(Stop, match="is no instant") as caught:
        as_of_from("tomorrow", ZONE, NOW)
    assert caught.value.code is Exit.USAGE


def test_a_night_spans_midnight_and_turns_at_noon() -> None:
    late, early = as_of_from("2026-11-22T22:00", ZONE, NOW), as_of_from("2026-11-23T02:00", ZONE, NOW)
    assert night_key(late, ZONE) == night_key(early, ZONE) == "2026-11-22"
    assert night_key(as_of_from("2026-11-23T12:00", ZONE, NOW), ZONE) == "2026-11-23"


@pytest.mark.parametrize(
    ("day", "reached"),
    [("2026-10-31", "2026-11-01T08:00"), ("2026-11-01", "2026-11-02T08:00"), ("2027-03-13", "2027-03-14T07:00")],
)
def test_hours_on_the_wall_reach_the_hour_a_timer_means(day: str, reached: str) -> None:
    """From 21:00 six hours on is 3:00, also in the nights in which New York changes its clocks."""
    evening = instant_from(f"{day}T21:00", ZONE, "--as-of")
    assert wall_hours_later(evening, 6, ZONE) == datetime.fromisoformat(f"{reached}Z")
