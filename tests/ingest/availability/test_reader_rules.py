"""Rules one by one: conventions, windows in UTC, assumptions, exclusions, overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from availability_scoring import HORIZON, REFERENCE, ZONE, read_here

from ingest.availability import (
    DEFAULT_CONVENTIONS,
    Conventions,
    Horizon,
    overlap,
    read,
    resolve,
    resolve_exclusions,
)
from optimizer.domain.time import Certainty, Interval


def rows(text: str, conventions: Conventions = DEFAULT_CONVENTIONS) -> list[list[str]]:
    reading = read(text, reference=REFERENCE, zone=ZONE, horizon=HORIZON, conventions=conventions)
    return reading.as_record()["weekly"]  # type: ignore[return-value]


def codes(text: str) -> list[str]:
    return sorted({a.code for a in read_here(text).assumptions})


def test_the_classic_pair_shares_three_hours_on_monday_and_one_on_wednesday():
    student = read_here("Monday afternoon, Wednesday 2-3 PM")
    professional = read_here("Monday 1-4 PM, Wednesday afternoon")
    shared = overlap(student, professional, Horizon(date(2026, 11, 23), 7))
    assert shared.minutes == ((date(2026, 11, 23), 180), (date(2026, 11, 25), 60))
    assert shared.total == 240
    assert shared.score == 67


def test_readings_that_never_meet_score_zero():
    shared = overlap(read_here("Mon 2-4"), read_here("Tue 2-4"), HORIZON)
    assert (shared.minutes, shared.total, shared.score) == ((), 0, 0)


def test_other_conventions_give_other_intervals_by_the_same_rules():
    late = replace(DEFAULT_CONVENTIONS, day=(540, 1320), point_minutes=30)
    assert rows("Friday", late) == [["fri", "09:00", "22:00"]]
    assert rows("Friday after 2pm", late) == [["fri", "14:00", "22:00"]]
    assert rows("Friday at 3pm", late) == [["fri", "15:00", "15:30"]]
    parts = dict(DEFAULT_CONVENTIONS.parts, morning=(420, 660))
    assert rows("Mon mornings", replace(DEFAULT_CONVENTIONS, parts=parts)) == [["mon", "07:00", "11:00"]]


def test_the_order_of_numeric_dates_is_a_convention():
    european = replace(DEFAULT_CONVENTIONS, month_first=False)
    reading = read("3/12 2-4pm", reference=REFERENCE, zone=ZONE, horizon=HORIZON, conventions=european)
    assert [w.day for w in reading.dated] == [date(2026, 12, 3)]


@pytest.mark.parametrize(
    "change",
    [
        {"day": (1260, 480)},
        {"week_start": 7},
        {"point_minutes": 0},
        {"parts": {}},
        {"earliest": 600},
        {"ampm_doubt": 0},
    ],
)
def test_conventions_that_contradict_themselves_are_refused(change):
    with pytest.raises(ValueError):
        Conventions(**change)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("after 5pm", "no-day"),
        ("not Mondays", "implied-base"),
        ("Mon 7-9", "ampm"),
        ("next Wednesday 2pm", "next-weekday"),
        ("Mon 2-4 next week", "week-boundary"),
        ("next week after 3pm", "week-without-days"),
        ("every other Mon 2-4pm", "alternate-phase"),
        ("Mon PM", "PM-as-noun"),
        ("Mon 2-4pm CST", "zone"),
        ("Mon 2-4, Wed", "lone-day"),
        ("maybe Mon 2-4", "tentative"),
        ("Mon around 3pm", "approximate"),
        ("I'm flexible", "flexible"),
        ("Mon after dinner", "dinner"),
        ("thrusday 2-4pm", "typo"),
    ],
)
def test_each_guess_is_named_and_lowers_the_confidence(text, code):
    assert code in codes(text)
    assert read_here(text).confidence < read_here("Monday 2pm-4pm").confidence


def test_an_assumption_points_at_its_words():
    reading = read_here("Free on Mon 7-9 then")
    (guess,) = [a for a in reading.assumptions if a.code == "ampm"]
    assert guess.span.text == "7-9"
    assert "7-9" in guess.sentence


@pytest.mark.parametrize(
    "text", ["Fri after class", "Tue 25:00", "Wed when my sister is home", "Monday: TBD", "Thu 13pm"]
)
def test_a_day_whose_time_was_not_understood_is_never_all_day(text):
    reading = read_here(text)
    assert reading.status == "unparseable"
    assert reading.weekly == ()


@pytest.mark.parametrize("text", ["Nov 20 at 4pm", "Feb 30", "Nov 31 2-4pm", "11/19"])
def test_past_and_impossible_dates_are_reported_and_never_moved(text):
    reading = read_here(text)
    assert reading.dated == ()
    assert reading.unparsed


def test_a_date_after_the_horizon_is_kept_and_noted():
    reading = read_here("Jan 5 2-4pm")
    assert [w.day for w in reading.dated] == [date(2027, 1, 5)]
    assert reading.notes == ("outside horizon: 2027-01-05",)
    assert resolve(reading, HORIZON) == ()


def test_friday_and_saturday_afternoon_are_not_the_same_day():
    assert rows("Friday afternoon") == [["fri", "12:00", "17:00"]]
    assert rows("Saturday afternoon") == [["sat", "12:00", "17:00"]]


def test_am_is_not_monday():
    assert rows("Tue 9 am to 11 am") == [["tue", "09:00", "11:00"]]


def test_windows_are_utc_and_keep_their_wall_clock_over_the_change_of_the_clocks():
    reading = read("Sundays 1pm-3pm", reference=date(2026, 10, 20), zone=ZONE, horizon=Horizon(date(2026, 10, 24), 10))
    starts = [w.interval.start for w in resolve(reading, Horizon(date(2026, 10, 24), 10))]
    assert starts == [datetime(2026, 10, 25, 17, tzinfo=UTC), datetime(2026, 11, 1, 18, tzinfo=UTC)]


def test_a_day_of_23_hours_loses_the_hour_that_does_not_exist():
    horizon = Horizon(date(2026, 3, 8), 1)
    reading = read("Sun 00:00-06:00", reference=date(2026, 3, 7), zone=ZONE, horizon=horizon)
    (window,) = resolve(reading, horizon)
    assert window.interval.minutes == 300


def test_tentative_windows_are_offered_only_if_needed():
    windows = resolve(read_here("Mon 2-4pm, maybe Mon 3-6pm"), Horizon(date(2026, 11, 23), 1))
    assert [(w.certainty, w.interval.minutes) for w in windows] == [
        (Certainty.CERTAIN, 120),
        (Certainty.IF_NEEDED, 120),
    ]


def test_doubtful_readings_give_low_confidence_windows():
    reading = read_here("Mon 7-9")
    assert {w.certainty for w in resolve(reading, HORIZON, low_confidence_below=0.99)} == {Certainty.LOW_CONFIDENCE}
    assert {w.certainty for w in resolve(reading, HORIZON, low_confidence_below=0.1)} == {Certainty.CERTAIN}


def test_answers_that_only_exclude_hand_out_what_they_exclude():
    reading = read_here("can't do Tuesday mornings")
    assert reading.only_excludes
    taken = resolve_exclusions(reading, Horizon(date(2026, 11, 23), 7))
    assert taken == (Interval(datetime(2026, 11, 24, 5, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC)),)
    assert resolve_exclusions(read_here("Tue 2-4"), HORIZON) == ()


def test_this_week_is_the_week_under_way_unless_it_ends_today():
    horizon = Horizon(date(2026, 11, 19), 28)
    wednesday = read("this Friday 2pm", reference=date(2026, 11, 18), zone=ZONE, horizon=horizon)
    assert [w.day for w in wednesday.dated] == [date(2026, 11, 20)]
    sunday = read_here("this Friday 2pm")
    assert [w.day for w in sunday.dated] == [date(2026, 11, 27)]


def test_offsets_point_into_the_original_despite_wide_and_combining_characters():
    text = "Ｍｏｎ ２-４pm 👩‍🚀 — bring your réſumé"
    reading = read_here(text)
    assert reading.as_record()["weekly"] == [["mon", "14:00", "16:00"]]
    assert [span.text for span in reading.unparsed] == ["bring your réſumé"]
