"""Instants are real: wall clocks meet daylight saving, intervals are half-open."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.domain import Certainty, Interval, SlotGrid, Window, ZoneError, wall_interval, zone_info
from optimizer.domain.time import intersect, merge, subtract

EPOCH = datetime(2026, 11, 1, tzinfo=UTC)
CHANGE_DAYS = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Los_Angeles", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Sydney", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]


def interval(start: int, end: int) -> Interval:
    return Interval(EPOCH + timedelta(minutes=start), EPOCH + timedelta(minutes=end))


@st.composite
def intervals(draw: st.DrawFn) -> list[Interval]:
    pairs = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8))
    return [interval(start, start + length) for start, length in pairs]


def minutes(many: list[Interval] | tuple[Interval, ...]) -> set[int]:
    offset = [(one.start - EPOCH, one.end - EPOCH) for one in many]
    return {m for a, b in offset for m in range(int(a.total_seconds() // 60), int(b.total_seconds() // 60))}


@pytest.mark.parametrize(("zone", "day"), CHANGE_DAYS)
def test_nine_to_eleven_is_two_real_hours_on_change_days(zone: str, day: date) -> None:
    window = wall_interval(day, 9 * 60, 11 * 60, zone)
    assert window is not None
    assert window.minutes == 120
    assert window.start.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "09:00"


@pytest.mark.parametrize(("zone", "day"), CHANGE_DAYS)
def test_a_change_day_has_its_real_length(zone: str, day: date) -> None:
    window = wall_interval(day, 0, 1440, zone)
    tomorrow = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    today = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    assert window is not None
    assert window.minutes == (tomorrow - today).total_seconds() / 60 != 1440


def test_a_wall_clock_that_does_not_exist_offers_no_time() -> None:
    assert wall_interval(date(2026, 3, 8), 120, 180, "America/New_York") is None


def test_a_window_over_midnight_reaches_into_the_next_day() -> None:
    window = wall_interval(date(2026, 11, 24), 22 * 60, 24 * 60 + 30, "America/New_York")
    assert window is not None
    assert window.minutes == 150


def test_touching_intervals_do_not_overlap() -> None:
    assert not interval(0, 30).overlaps(interval(30, 60))
    assert interval(0, 31).overlaps(interval(30, 60))


@pytest.mark.parametrize("bad", [(0, 0), (5, 1)])
def test_an_interval_ends_after_it_starts(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        interval(*bad)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Interval(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "UTC+99:00", "EST5EDT4"])
def test_an_unknown_zone_is_a_clear_error(name: str) -> None:
    with pytest.raises(ZoneError):
        zone_info(name)


def test_fixed_offsets_are_zones() -> None:
    assert zone_info("UTC+05:30").utcoffset(EPOCH) == timedelta(hours=5, minutes=30)
    assert zone_info("UTC-03:00").utcoffset(EPOCH) == -timedelta(hours=3)


@given(intervals(), intervals())
def test_interval_arithmetic_is_set_arithmetic(one: list[Interval], other: list[Interval]) -> None:
    assert minutes(merge(one)) == minutes(one)
    assert minutes(subtract(one, other)) == minutes(one) - minutes(other)
    assert minutes(intersect(one, other)) == minutes(one) & minutes(other)


@given(intervals())
def test_merged_intervals_neither_touch_nor_overlap(many: list[Interval]) -> None:
    merged = merge(many)
    assert all(a.end < b.start for a, b in itertools.pairwise(merged))


@pytest.mark.parametrize(("zone", "day"), CHANGE_DAYS)
def test_a_grid_over_a_change_day_covers_each_instant_once(zone: str, day: date) -> None:
    grid = SlotGrid.of_days(day - timedelta(days=1), 3, 30, zone)
    assert all(b - a == timedelta(minutes=30) for a, b in zip(grid.starts, grid.starts[1:], strict=False))
    assert {grid.local_days[0], grid.local_days[-1]} == {day - timedelta(days=1), day + timedelta(days=1)}
    window = wall_interval(day, 9 * 60, 11 * 60, zone)
    assert window is not None
    assert grid.covered([Window(window)]).astype(bool).sum() == 4


def test_a_window_covers_only_whole_cells() -> None:
    grid = SlotGrid(EPOCH, 30, 4)
    assert grid.covered([Window(interval(10, 100))]).tolist() == [0, 3, 3, 0]
    assert grid.covered([Window(interval(-100, 500), Certainty.IF_NEEDED)]).tolist() == [2, 2, 2, 2]


def test_the_better_certainty_wins_in_a_cell() -> None:
    grid = SlotGrid(EPOCH, 30, 2)
    windows = [Window(interval(0, 60), Certainty.LOW_CONFIDENCE), Window(interval(30, 60))]
    assert grid.covered(windows).tolist() == [1, 3]


def test_a_start_has_its_cell_and_others_have_none() -> None:
    grid = SlotGrid(EPOCH, 30, 4)
    assert grid.cell_of(EPOCH + timedelta(minutes=60)) == 2
    assert grid.cell_of(EPOCH + timedelta(minutes=61)) is None
    assert grid.cell_of(EPOCH + timedelta(minutes=120)) is None
    assert grid.touched(EPOCH + timedelta(minutes=29), EPOCH + timedelta(minutes=61)) == slice(0, 3)


def test_weeks_start_on_monday_in_the_grids_zone() -> None:
    grid = SlotGrid.of_days(date(2026, 11, 22), 2, 60, "America/New_York")
    assert date.fromordinal(int(grid.week[0])) == date(2026, 11, 16)
    assert date.fromordinal(int(grid.week[-1])) == date(2026, 11, 23)
