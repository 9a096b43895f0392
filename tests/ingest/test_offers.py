from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ingest.availability import DEFAULT_CONVENTIONS, Horizon
from ingest.columns import Renamed, match_columns
from ingest.forms import read_professionals, read_students
from ingest.offers import Clockwork, Offer, Use, professional_offer, student_offer
from ingest.rules import ProgramRules
from ingest.sheet import Form
from optimizer.domain import Certainty, zone_info
from tests.sheets import SLOTS, professional, sheet_of, student

RULES = ProgramRules("demo")
WEEK = Horizon(date(2026, 11, 23), 7)


def clockwork(horizon: Horizon = WEEK, rules: ProgramRules = RULES) -> Clockwork:
    return Clockwork(rules, horizon, DEFAULT_CONVENTIONS)


def offered(horizon: Horizon = WEEK, **fields: str) -> Offer:
    columns = match_columns(sheet_of(Form.PROFESSIONALS, [professional(**fields)]), Renamed({}))
    responses, _ = read_professionals(columns, RULES)
    return professional_offer(responses[0], clockwork(horizon))


def asked(availability: str, rules: ProgramRules = RULES, horizon: Horizon = WEEK, **fields: str) -> Offer:
    columns = match_columns(sheet_of(Form.STUDENTS, [student(availability, **fields)]), Renamed({}))
    responses, _ = read_students(columns, rules)
    return student_offer(responses[0], clockwork(horizon, rules))


def local(offer: Offer, zone: str = "America/New_York") -> list[str]:
    info = zone_info(zone)
    return [f"{one.start.astimezone(info):%a %d %H:%M}-{one.end.astimezone(info):%H:%M}" for one in offer.intervals]


def test_ticks_are_days_times_slots_and_slots_that_touch_are_one_window() -> None:
    assert local(offered(days="Monday, Saturday", slots=f"{SLOTS[0]}, {SLOTS[1]}, {SLOTS[11]}")) == [
        "Mon 23 09:00-11:00", "Mon 23 20:00-21:00", "Sat 28 09:00-11:00", "Sat 28 20:00-21:00",
    ]  # fmt: skip


def test_ticks_stand_on_the_clock_of_the_chosen_zone() -> None:
    offer = offered(days="Monday", slots=SLOTS[0], zone="Pacific Time (PT)")
    assert offer.intervals[0].start == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_nothing_is_offered_outside_the_start_and_end_dates() -> None:
    days = "Monday, Tuesday, Wednesday, Thursday, Friday"
    offer = offered(days=days, slots=SLOTS[0], start="11/25/2026", end="11/26/2026")
    assert local(offer) == ["Wed 25 09:00-10:00", "Thu 26 09:00-10:00"]
    specific = offered(specific="Mon-Fri 10-11am", start="11/25/2026", end="11/26/2026")
    assert local(specific) == ["Wed 25 10:00-11:00", "Thu 26 10:00-11:00"]


@pytest.mark.parametrize(
    "fields", [{"end": "soon"}, {"start": "2/30/2026"}, {"start": "12/20/2026", "end": "12/1/2026"}]
)
def test_bad_dates_offer_nothing_instead_of_four_weeks(fields: dict[str, str]) -> None:
    assert offered(WEEK, **fields).windows == ()


def test_specific_times_read_without_doubt_replace_the_ticks() -> None:
    offer = offered(specific="Tuesday 10-11 AM, Friday 1-2 PM")
    assert offer.use is Use.REPLACES
    assert local(offer) == ["Tue 24 10:00-11:00", "Fri 27 13:00-14:00"]
    assert "outside the ticked" in offer.confirm


def test_specific_times_inside_the_ticks_need_no_confirmation() -> None:
    offer = offered(specific="Monday 2-3 PM")
    assert (local(offer), offer.confirm) == (["Mon 23 14:00-15:00"], "")


def test_only_exclusions_subtract_from_the_ticks() -> None:
    offer = offered(specific="not Mondays")
    assert offer.use is Use.SUBTRACTS
    assert local(offer) == ["Wed 25 14:00-16:00"]


@pytest.mark.parametrize("specific", ["Tuesday evenings, ask my assistant", "see calendar"])
def test_what_is_not_fully_understood_keeps_the_ticks_and_is_listed(specific: str) -> None:
    offer = offered(specific=specific)
    assert offer.use is Use.TICKS_STAY
    assert local(offer) == ["Mon 23 14:00-16:00", "Wed 25 14:00-16:00"]
    assert "not understood" in offer.confirm


@pytest.mark.parametrize("specific", ["", "n/a", "N/A", "None", "-", "No", "see above"])
def test_nothing_specific_keeps_the_ticks_without_a_question(specific: str) -> None:
    offer = offered(specific=specific)
    assert (len(offer.windows), offer.confirm) == (2, "")


@pytest.mark.parametrize("specific", ["any time", "Anytime.", "flexible", "any"])
def test_any_time_keeps_the_ticks_but_is_an_offer_of_its_own_where_ticks_are_missing(specific: str) -> None:
    assert local(offered(specific=specific)) == ["Mon 23 14:00-16:00", "Wed 25 14:00-16:00"]
    free = offered(specific=specific, days="", slots="", start="11/24/2026", end="11/25/2026")
    days = {one.start.astimezone(zone_info("America/New_York")).day for one in free.intervals}
    assert (free.use, days) == (Use.REPLACES, {24, 25})
    assert local(offered(specific=specific, days="", slots=SLOTS[0], start="11/24/2026", end="11/25/2026")) == [
        "Tue 24 09:00-10:00", "Wed 25 09:00-10:00",
    ]  # fmt: skip
    no_slots = offered(specific=specific, days="Monday", slots="")
    assert {one.start.astimezone(zone_info("America/New_York")).day for one in no_slots.intervals} == {23}


def test_saying_there_is_no_time_offers_nothing_and_asks_back() -> None:
    offer = offered(specific="not available")
    assert offer.windows == ()
    assert "no time" in offer.confirm


def test_without_dates_an_offer_begins_with_the_answer_and_expires() -> None:
    four_weeks = Horizon(date(2026, 11, 23), 28)
    offer = offered(four_weeks, start="", end="", days="Monday", slots=SLOTS[0], stamp="11/16/2026 10:00:00")
    assert local(offer) == ["Mon 23 09:00-10:00", "Mon 30 09:00-10:00", "Mon 07 09:00-10:00", "Mon 14 09:00-10:00"]


@pytest.mark.parametrize(
    ("monday", "utc_hours"), [(date(2026, 10, 26), (13, 14)), (date(2026, 3, 2), (14, 13))], ids=["autumn", "spring"]
)
def test_a_slot_keeps_its_wall_clock_over_a_change_of_the_clocks(monday: date, utc_hours: tuple[int, int]) -> None:
    offer = offered(
        Horizon(monday, 14), days="Monday", slots=SLOTS[0], start="1/1/2026", end="12/31/2026", stamp="1/1/2026 8:00:00"
    )
    before, after = offer.intervals
    assert (before.start.hour, after.start.hour) == utc_hours
    assert (before.minutes, after.minutes) == (60, 60)


def test_the_day_of_the_change_itself_is_read_in_real_hours() -> None:
    change = Horizon(date(2026, 11, 1), 1)
    offer = asked("Sunday 9-11am", horizon=change, stamp="10/25/2026 10:00:00")
    assert [one.minutes for one in offer.intervals] == [120]
    assert offer.intervals[0].start == datetime(2026, 11, 1, 14, tzinfo=UTC)


def test_relative_words_count_from_the_submission_not_from_the_run() -> None:
    offer = asked("tomorrow 2-3pm", stamp="11/23/2026 23:30:00")
    assert local(offer) == ["Tue 24 14:00-15:00"]
    assert local(asked("tomorrow 2-3pm", stamp="2026-11-10 10:00:00")) == []


def test_the_submissions_local_date_is_that_of_the_persons_zone() -> None:
    offer = asked("tomorrow 2-3pm", stamp="11/23/2026 23:30:00", zone="Europe/Berlin")
    assert local(offer, "Europe/Berlin") == ["Wed 25 14:00-15:00"]


def test_friday_afternoon_is_not_saturday_afternoon() -> None:
    assert local(asked("Friday afternoon")) == ["Fri 27 12:00-17:00"]
    assert local(asked("Saturday afternoon")) == ["Sat 28 12:00-17:00"]


def test_single_letters_in_other_words_are_no_days() -> None:
    assert local(asked("Thursday 10am-11am")) == ["Thu 26 10:00-11:00"]


def test_partly_read_text_gives_what_was_understood_and_is_listed() -> None:
    offer = asked("Tue 2-4pm, or when the moon is full")
    assert local(offer) == ["Tue 24 14:00-16:00"]
    assert "not understood" in offer.confirm


def test_a_doubtful_reading_gives_low_confidence_windows() -> None:
    doubting = replace(RULES, low_confidence_below=1.0)
    assert {window.certainty for window in asked("Tue 7-9", doubting).windows} == {Certainty.LOW_CONFIDENCE}


def test_no_answer_gives_no_windows() -> None:
    assert asked("n/a").use is Use.NOTHING
    assert asked("").windows == ()
