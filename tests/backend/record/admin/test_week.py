"""Times drawn as a week: on the right day and hour of the zone, cut at midnight, on both days the clocks change."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from backend.record.admin.week import Block, blocks_of, week

NEW_YORK = "America/New_York"
MONDAY = date(2026, 11, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_time_stands_on_its_day_and_hour() -> None:
    found = blocks_of(at("2026-11-24T23:00"), at("2026-11-25T00:30"), "sure", MONDAY, NEW_YORK)
    assert found == [Block(1, 18 * 60, 19 * 60 + 30)]


def test_a_time_over_midnight_is_cut() -> None:
    found = blocks_of(at("2026-11-25T04:00"), at("2026-11-25T06:00"), "sure", MONDAY, NEW_YORK)
    assert found == [Block(1, 23 * 60, 24 * 60), Block(2, 0, 60)]


def test_a_time_that_ends_at_midnight_leaves_nothing_on_the_next_day() -> None:
    assert blocks_of(at("2026-11-25T04:00"), at("2026-11-25T05:00"), "sure", MONDAY, NEW_YORK) == [
        Block(1, 23 * 60, 24 * 60)
    ]


def test_other_weeks_are_left_out() -> None:
    assert blocks_of(at("2026-12-01T15:00"), at("2026-12-01T16:00"), "sure", MONDAY, NEW_YORK) == []


def test_clocks_that_change_keep_the_local_hour() -> None:
    spring, autumn = date(2026, 3, 2), date(2026, 10, 26)
    assert blocks_of(at("2026-03-08T14:00"), at("2026-03-08T15:00"), "sure", spring, NEW_YORK) == [Block(6, 600, 660)]
    assert blocks_of(at("2026-11-01T15:00"), at("2026-11-01T16:00"), "sure", autumn, NEW_YORK) == [Block(6, 600, 660)]


starts = st.integers(0, 14 * 48).map(lambda half: at("2026-11-20T00:00") + timedelta(minutes=30 * half))


@given(st.lists(st.tuples(starts, st.integers(1, 100)), max_size=8))
def test_any_times_draw_a_whole_picture(spans: list[tuple[datetime, int]]) -> None:
    blocks = [
        block
        for start, halves in spans
        for block in blocks_of(start, start + timedelta(minutes=30 * halves), "maybe", MONDAY, NEW_YORK)
    ]
    drawing = week(blocks, "A <week>", "w", MONDAY)
    root = ElementTree.fromstring(str(drawing))
    height = float(str(root.get("viewBox")).split()[3])
    rects = root.findall("rect")
    assert len(rects) == len(blocks)
    assert all(float(str(one.get("y"))) + float(str(one.get("height"))) <= height for one in rects)
    assert root.findtext("title") == "A <week>"


def test_a_week_without_times_says_so() -> None:
    assert re.search(r"<desc[^>]*>No times.</desc>", week([], "Empty", "w"))
