"""What staff and everybody read of a night."""

from __future__ import annotations

import pytest

from publish.message import units
from publish.staff_news import (
    FreePlace,
    StaffFlag,
    StaffNight,
    flag_messages,
    place_messages,
    staff_messages,
    summary_messages,
)
from tests.publish.publish_builders import PROGRAM, START


def night(**changes: object) -> StaffNight:
    given: dict[str, object] = {"sessions": 12, "students": 12, "professionals": 8, "unmatched": 5, **changes}
    return StaffNight(PROGRAM, "2026-03-01", **given)  # type: ignore[arg-type]


def test_staff_read_counts_stages_and_what_waits_for_them() -> None:
    told = night(
        stages={"no common time": 2, "lost the competition": 3},
        to_confirm=1,
        given_up=2,
        booked_earlier=4,
        report="https://reports.example/2026-03-01",
    )
    (message,) = staff_messages(told, "2")
    assert message.text.split("\n")[:-1] == [
        "**Resume reviews: Spring Cohort, night of 2026-03-01**",
        "12 sessions booked for 12 students with 8 professionals; 4 students booked earlier.",
        "5 students without a session:",
        "• 3: lost the competition",
        "• 2: no common time",
        "**To do:** 1 reading of free text to confirm.",
        "**To do:** 2 messages could not be delivered; try again or drop them (`run_matching.py outbox list`).",
        "Report: <https://reports.example/2026-03-01>",
    ]
    assert message.text.endswith(message.reference)


def test_the_summary_holds_neither_stages_nor_links_nor_things_to_do() -> None:
    told = night(stages={"no common time": 5}, to_confirm=1, given_up=2, report="https://reports.example/x")
    (message,) = summary_messages(told, "3")
    assert all(word not in message.text for word in ("no common time", "http", "To do", "confirm"))
    assert "12 sessions booked" in message.text


def test_messages_of_one_night_are_found_apart_and_stay_the_same_when_the_counts_change() -> None:
    staff, summary = staff_messages(night(), "2")[0], summary_messages(night(), "2")[0]
    later = staff_messages(night(given_up=1), "2")[0]
    assert len({staff.reference, summary.reference}) == 2
    assert (later.key, later.reference) == (staff.key, staff.reference)
    assert later.text != staff.text


def test_however_many_stages_it_fits_and_a_bad_link_is_left_out() -> None:
    messages = staff_messages(
        night(stages={f"stage {n} " + "x" * 50: n for n in range(90)}, report="javascript:x"), "2"
    )
    assert len(messages) > 1
    assert all(units(message.text) <= 2000 for message in messages)
    assert all("javascript" not in message.text for message in messages)


@pytest.mark.parametrize(("takers", "who"), [(1, "1 student who waits could"), (2, "2 students who wait could")])
def test_a_free_place_says_how_many_could_take_it(takers: int, who: str) -> None:
    (message,) = place_messages(PROGRAM, FreePlace("x", START, takers), "2")
    assert f"\n{who} take it. Nobody gets it" in message.text


@pytest.mark.parametrize(
    ("still_open", "begins"),
    [
        (True, "**A session that begins soon needs you.** The professional declined: #AHKG88, "),
        (False, "Settled: the professional declined: #AHKG88, "),
    ],
)
def test_an_urgent_flag_is_a_sentence(still_open: bool, begins: str) -> None:
    flag = StaffFlag("1", "the professional declined", "#AHKG88", START, urgent=True, open=still_open)
    (message,) = flag_messages(PROGRAM, [flag], "2")
    assert message.text.startswith(begins)
