"""What each measure counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.analysis.facts import Facts
from backend.analysis.groups import NO_FIELD, SMALL_FIELDS, grouped, whole
from backend.analysis.measures import measure
from backend.analysis.table import row
from tests.backend.analysis.happened import JUNE, MAY, facts, meeting, presence, wish

DAY = timedelta(days=1)


def test_a_program_without_anything_has_measures_of_nothing() -> None:
    told = measure(Facts("UTC"))
    assert (told.asked, told.matched_share, told.completion_share, told.rating_mean) == (0, None, None, None)
    assert (told.load.professionals, told.load.mean, told.load.gini) == (0, None, None)
    assert grouped(Facts("UTC"), "month") == grouped(Facts("UTC"), "field") == ()


def test_matched_are_students_whose_request_has_a_session_to_come_or_held() -> None:
    told = measure(
        facts(
            *(wish(number) for number in range(3)),
            wish(3, state="pending"),
            meeting(0),
            meeting(1, state="scheduled"),
            meeting(2, state="no_show"),
            meeting(3, state="cancelled"),
        )
    )
    assert (told.asked, told.matched, told.waiting, told.matched_share) == (4, 2, 1, 0.5)


def test_assumed_sessions_are_held_but_kept_apart() -> None:
    told = measure(facts(meeting(0), meeting(1, assumed=True), meeting(2, assumed=True), meeting(3, state="no_show")))
    assert (told.completed, told.assumed) == (1, 2)
    assert (told.completion_share, told.confirmed_share, told.no_show_share) == (0.75, 0.25, 0.25)


def test_time_to_session_is_from_the_first_asking_and_not_of_cancelled_ones() -> None:
    told = measure(
        facts(meeting(0, MAY + 2 * DAY), meeting(1, MAY + 8 * DAY), meeting(2, MAY + 90 * DAY, state="cancelled"))
    )
    assert (told.to_session.count, told.to_session.median, told.to_session.longest) == (2, 5.0, 8.0)


def test_load_counts_those_who_offered_and_met_nobody() -> None:
    told = measure(facts(meeting(0), meeting(1), presence("P1"), presence("P2"), presence("P2", MAY + DAY)))
    assert (told.load.professionals, told.load.mean, told.load.most, told.load.gini) == (2, 1.0, 2, 0.5)


def test_a_request_of_may_that_is_met_in_june_is_matched_in_may_and_held_in_june() -> None:
    may, june = grouped(facts(wish(0), meeting(0, JUNE)), "month", 1)
    assert (may.name, may.measures.matched_share, may.measures.completed) == ("2026-05", 1.0, 0)
    assert (june.name, june.measures.matched_share, june.measures.completed) == ("2026-06", None, 1)


def test_months_are_those_of_the_programs_clock_and_a_gap_is_a_row() -> None:
    midnight = MAY.replace(month=8, day=1, hour=2)
    names = [one.name for one in grouped(facts(wish(0), wish(1, midnight)), "month", 1)]
    assert names == ["2026-05", "2026-06", "2026-07"]


def test_who_names_two_fields_counts_in_both_and_small_fields_are_one() -> None:
    rows = [wish(number, fields=("Law", "Art")) for number in range(5)]
    told = grouped(facts(*rows, wish(5, fields=("Art",)), wish(6, fields=("Sea",)), wish(7)), "field", 5)
    assert [(one.name, one.measures.asked) for one in told] == [("Art", 6), ("Law", 5), (SMALL_FIELDS, 2)]
    assert [one.hidden for one in told] == [False, False, True]
    assert NO_FIELD in [one.name for one in grouped(facts(wish(7)), "field", 1)]


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_of_few_people_only_how_many_asked_is_told(people: int, shown: bool) -> None:
    rows = [one for number in range(people) for one in (wish(number), meeting(number, stars=(4,)))]
    told = row(whole(facts(*rows)))
    assert told.pop("asked") == people
    untold = {name for name, value in told.items() if value is None}
    of_one_professional = {"load_mean", "load_most", "load_gini"}
    assert untold == (of_one_professional if shown else told.keys())


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60), st.booleans()), max_size=30))
def test_months_add_up_to_the_whole(rows: list[tuple[int, int, bool]]) -> None:
    happened = [
        one
        for number, (asked, later, held) in enumerate(rows)
        for one in (
            wish(number, MAY + asked * DAY),
            meeting(number, MAY + (asked + later) * DAY, state="completed" if held else "no_show"),
        )
    ]
    parts, total = grouped(facts(*happened), "month", 1), measure(facts(*happened))
    for name in ("asked", "matched", "completed", "assumed"):
        assert sum(getattr(one.measures, name) for one in parts) == getattr(total, name)
    assert sum(one.measures.to_session.count for one in parts) == total.to_session.count
