from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.forms.zones import ambiguous, says_other, zone_in, zone_of
from optimizer.domain import zone_info


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Eastern Time (ET)", "America/New_York"), ("Central Time (CT)", "America/Chicago"),
        ("Mountain Time (MT)", "America/Denver"), ("Pacific Time (PT)", "America/Los_Angeles"),
        ("Hawaii Time (HT)", "Pacific/Honolulu"), ("Alaska Time (AT)", "America/Anchorage"), ("UTC", "UTC"),
        ("pst", "America/Los_Angeles"), ("EST", "America/New_York"), ("Europe/Berlin", "Europe/Berlin"),
        ("europe/london", "Europe/London"), ("UTC+5:30", "UTC+05:30"), ("GMT-3", "UTC-03:00"), ("UTC+0", "UTC"),
        ("India", "Asia/Kolkata"), ("Eastern Standard Time", "America/New_York"),
        ("america/new york", "America/New_York"),
    ],
)  # fmt: skip
def test_labels_abbreviations_names_and_offsets(text: str, zone: str) -> None:
    assert zone_of(text) == zone


@pytest.mark.parametrize("text", ["", "Mars", "Mars/Olympus", "UTC+25", "my zone", "Other (please specify in notes)"])
def test_unknown_zones_are_none(text: str) -> None:
    assert zone_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["Pakistan Standard Time (PST)", "Philippine Standard Time (PST)", "Arabia Standard Time (AST)", "Home (ET)"],
)
def test_an_american_abbreviation_does_not_overrule_the_long_name_before_it(text: str) -> None:
    assert zone_of(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Pacific Standard Time (PST)", "America/Los_Angeles"), ("US Eastern Time (ET)", "America/New_York"),
        ("Eastern Time US (ET)", "America/New_York"), ("Boston, MA (EST)", "America/New_York"),
        ("(GMT-05:00) Eastern Time", "America/New_York"), ("Central Europe (CET)", "Europe/Berlin"),
        ("I live in Berlin", "Europe/Berlin"),
    ],
)  # fmt: skip
def test_an_abbreviation_that_agrees_or_means_one_zone_alone_is_read(text: str, zone: str) -> None:
    assert zone_of(text) == zone


@pytest.mark.parametrize(
    ("notes", "zone"),
    [
        ("I am in Europe/London until May", "Europe/London"),
        ("My zone: UTC+2.", "UTC+02:00"),
        ("I live in Berlin, Germany", "Europe/Berlin"),
        ("no notes", None),
        ("between Berlin and Tokyo", None),
    ],
)
def test_other_takes_the_one_zone_that_the_notes_name(notes: str, zone: str | None) -> None:
    assert says_other("Other (please specify in notes)")
    assert zone_in(notes) == zone


def test_abbreviations_of_several_zones_are_known_as_such() -> None:
    assert ambiguous("CST")
    assert not ambiguous("ET")


@given(st.text(max_size=40))
def test_any_text_gives_a_real_zone_or_none(text: str) -> None:
    for zone in (zone_of(text), zone_in(text)):
        assert zone is None or zone_info(zone)
