from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.forms.capacity import Capacity, CapacityError, capacity_of


@pytest.mark.parametrize(
    ("text", "count", "days"),
    [
        ("2", 2, 7), ("2.0", 2, 7), ("up to 3", 3, 7), ("Two", 2, 7), ("max 4 per week", 4, 7), ("1 per week", 1, 7),
        ("3 reviews", 3, 7), ("none", 0, 7), ("0", 0, 7), ("a couple", 2, 7), ("one or two", 1, 7), ("3-4", 3, 7),
        ("2 to 3 a week", 2, 7), ("1 per day", 1, 1), ("2/day", 2, 1), ("2 per month", 2, 30),
        ("1 every other week", 1, 14),
        ("5 max", 5, 7), ("10+", 10, 7), ("maybe 2?", 2, 7), ("no more than 3 sessions", 3, 7), ("once a week", 1, 7),
        ("no limit", None, 7), ("Unlimited!", None, 7), ("as many as needed", None, 7), ("any", None, 7),
    ],
)  # fmt: skip
def test_what_people_write(text: str, count: int | None, days: int) -> None:
    capacity = capacity_of(text)
    assert (capacity.count, capacity.days) == (count, days)


@pytest.mark.parametrize(
    "text",
    ["no max", "no limit per week", "any number of reviews", "as many as you like", "∞", "I can do unlimited reviews"],
)
def test_an_unlimited_phrase_alone_is_unlimited(text: str) -> None:
    assert capacity_of(text) == Capacity(None)


@pytest.mark.parametrize(
    "text",
    [
        "Many", "not too many", "depends on the company", "not unlimited", "unlimited?", "any day", "no idea", "a lot",
        "no limit on weekends", "none on Fridays", "starting May 5", "weekdays after 5", "not 5", "2 until 3/5",
        "no time limit", "call me at 5", "2 weeks", "2 or not, 3",
    ],
)  # fmt: skip
def test_words_that_state_no_one_number_are_not_read_as_one(text: str) -> None:
    with pytest.raises(CapacityError):
        capacity_of(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("not many, 2", 2), ("2 per company", 2), ("any 2", 2), ("2 reviews max, any day", 2), ("2, not unlimited", 2),
        ("no limit on weekends, otherwise 2", 2), ("no max but 3 preferred", 3), ("2 as a start", 2),
        ("2 max, none on Fridays", 2), ("2/company", 2), ("fewer than 3", 2),
    ],
)  # fmt: skip
def test_one_number_beside_other_words_counts_and_says_so(text: str, count: int) -> None:
    capacity = capacity_of(text)
    assert (capacity.count, capacity.days) == (count, 7)
    assert f"taken as {count}" in capacity.doubt


@pytest.mark.parametrize(
    "text",
    [
        "I can't do any", "I can’t do any", "cannot do any this month", "no capacity", "none", "No", "not available",
        "0 (no more capacity)", "no more", "Sorry, can't take any right now", "I don't have any capacity",
    ],
)  # fmt: skip
def test_a_refusal_is_zero_and_says_so(text: str) -> None:
    capacity = capacity_of(text)
    assert capacity.count == 0
    assert "no reviews" in capacity.doubt


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2 (two)", 2), ("max. two (2)", 2), ("five (5)", 5), ("can only do 2", 2), ("at least 2", 2),
        ("as many as 3", 3), ("I can't do more than 2", 2), ("a couple (2)", 2),
    ],
)  # fmt: skip
def test_one_number_said_in_other_ways(text: str, count: int) -> None:
    assert capacity_of(text).count == count


def test_a_negated_period_does_not_multiply_the_number() -> None:
    assert capacity_of("2 total, not per day").days == 7


@given(st.integers(0, 50), st.text(alphabet="abcdefghijklmnopqrstuvwxyz' ,", max_size=20))
def test_a_text_with_a_number_is_never_unlimited(count: int, words: str) -> None:
    with suppress(CapacityError):
        read = capacity_of(f"{words} {count}").count
        assert read is not None
        assert read <= count


@pytest.mark.parametrize(
    "text", ["lots", "depends", "2 hours", "30 min", "4/3/2026", "3-Apr", "-2", "2.5", "2, 3", "call me", "?", "99999"]
)
def test_what_is_no_number_of_reviews_is_refused(text: str) -> None:
    with pytest.raises(CapacityError):
        capacity_of(text)


def test_a_range_counts_as_its_lower_end_and_says_so() -> None:
    assert "lower number, 3" in capacity_of("3-4").doubt


@given(st.text(max_size=40))
def test_any_text_is_a_capacity_or_a_capacity_error(text: str) -> None:
    with suppress(CapacityError):
        count = capacity_of(text).count
        assert count is None or count >= 0


@pytest.mark.parametrize(
    ("capacity", "limits"),
    [
        (Capacity(2), (2, 2, 8)),
        (Capacity(None), (3, 5, 20)),
        (Capacity(50), (3, 5, 20)),
        (Capacity(0), (0, 0, 0)),
        (Capacity(1, days=1), (1, 5, 20)),
        (Capacity(2, days=30), (2, 2, 2)),
        (Capacity(1, days=14), (1, 1, 2)),
    ],
)
def test_limits_per_day_week_and_horizon_keep_the_programs_caps(
    capacity: Capacity, limits: tuple[int, int, int]
) -> None:
    assert capacity.limits(28, per_day=3, per_week=5) == limits
