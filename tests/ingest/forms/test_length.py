from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.forms.length import LONGEST, LengthError, minutes_of


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45), ("45.0", 45), ("30 minutes", 30), ("30min", 30), ("30-minute", 30), ("15'", 15), ("1 hour", 60),
        ("1h", 60), ("1.5 hours", 90), ("1,5 h", 90), ("1 h 15", 75), ("1 hour and 15 minutes", 75), ("1:30", 90),
        ("Half an hour", 30), ("an hour", 60), ("0", 0), ("none", 0), ("~20 min", 20),
    ],
)  # fmt: skip
def test_what_people_write(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["", "30-45", "30 or 60", "long", "5 hours", "241", "7.5", "2 days", "1:75", "-5"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(LengthError):
        minutes_of(text)


@given(st.text(max_size=20))
def test_any_text_is_a_length_or_refused(text: str) -> None:
    with suppress(LengthError):
        assert 0 <= minutes_of(text) <= LONGEST
