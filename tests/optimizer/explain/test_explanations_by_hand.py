"""Small nights whose explanations can be worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from optimizer_builders import SUNDAY_NOON, certain, night

from optimizer import Audience, Effect, explain_match, explain_unmatched, prepare, suggest
from optimizer.domain import Interval, KeptSession, Pin, Requirement, SlotGrid, Stage, TagFit
from optimizer.explain.changes import ANY_TAG, MoreTags, MoreTime
from optimizer.explain.decisions import SEED


def cell(t: int, cells: int = 1) -> Interval:
    start = SUNDAY_NOON + timedelta(hours=4 * t)
    return Interval(start, start + timedelta(hours=4 * cells))


def tags(*values: int):
    return np.array(values, dtype=np.uint64)


def test_a_professional_nobody_needs_is_free() -> None:
    (one,) = suggest(prepare(night(certain([[1, 1]]), certain([[1, 1], [0, 0]]))), "s0")
    assert (one.effect, one.professional, one.windows) == (Effect.PLANNED, "p0", (cell(0, 2),))
    assert one.open_windows == (cell(0, 2),)
    assert (one.load, one.room, one.shared_minutes) == (1, 1, 480)


def test_the_student_in_the_slot_would_have_to_make_way() -> None:
    prepared = prepare(night(certain([[1, 0], [1, 0]]), certain([[1, 0]]), waiting_days=[5, 1]))
    (one,) = suggest(prepared, "s1")
    assert (one.effect, one.displaces, one.open_windows) == (Effect.COSTS, ("s0",), ())


def test_whoever_can_move_loses_nothing() -> None:
    prepared = prepare(night(certain([[1, 1], [1, 0], [0, 0]]), certain([[1, 1]])))
    own = {one.student: one for one in prepared.plan.sessions}
    assert own["s0"].start == cell(1).start
    (one,) = suggest(prepared, "s0")
    assert one.effect is Effect.PLANNED
    assert explain_match(prepared, "s0").start_by == "coverage and seniority"


def test_everyone_of_a_full_day_could_make_way() -> None:
    free = certain([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    prepared = prepare(night(free, certain([[1, 1, 1]]), capacity_day=[2], waiting_days=[3, 2, 1]))
    (one,) = suggest(prepared, "s2")
    assert (one.effect, one.displaces) == (Effect.COSTS, ("s0", "s1"))


def test_common_time_under_booked_sessions_is_closed() -> None:
    kept = KeptSession("p0", Interval(cell(0).start, cell(0).start + timedelta(hours=1)))
    prepared = prepare(night(certain([[1, 1]]), certain([[1, 1]]), kept=(kept,), capacity_horizon=[1]))
    (one,) = suggest(prepared, "s0")
    assert (one.effect, one.start, one.windows) == (Effect.CLOSED, None, (cell(1),))
    assert explain_unmatched(prepared, "s0").stage is Stage.ALL_FULL


def test_a_near_miss_is_marked_and_comes_last() -> None:
    grid = SlotGrid(SUNDAY_NOON, 30, 4)
    prepared = prepare(night(certain([[1, 0, 0, 0]]), certain([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]]), grid=grid))
    found = suggest(prepared, "s0")
    assert [(one.professional, one.effect, one.gap_minutes) for one in found] == [
        ("p2", Effect.PLANNED, 0),
        ("p0", Effect.NEAR, 60),
    ]
    assert suggest(prepared, "s0", most=1) == found[:1]


def test_the_better_fit_decides_between_equals() -> None:
    fit = TagFit("field", tags(1, 2), tags(1, 2))
    told = explain_match(prepare(night(certain([[1], [1]]), certain([[1], [1]]), parts=(fit,))), "s0")
    assert told.session.professional == "p0"
    assert (told.matched_by, told.pair_by, told.start_by) == ("coverage and seniority", "fit", "coverage and seniority")
    (other,) = told.alternatives
    assert (other.professional, other.worse, other.displaces) == ("p1", "fit", ("s1",))
    assert other.by > 0


def test_between_equals_the_seed_decides() -> None:
    prepared = prepare(night(certain([[1], [1]]), certain([[1], [1]])))
    told = explain_match(prepared, "s0")
    assert (told.pair_by, told.session_by, told.start_by) == (SEED, SEED, "coverage and seniority")
    assert [(one.worse, one.by) for one in told.alternatives] == [(SEED, 0)]


def test_a_pin_is_a_decision_of_staff() -> None:
    pin = Pin("s0", "p1", cell(0).start)
    told = explain_match(prepare(night(certain([[1]]), certain([[1], [1]]), pins=(pin,))), "s0")
    assert {told.session_by, told.pair_by, told.matched_by} == {"commitments"}
    assert told.alternatives == ()


def test_the_loser_hears_the_set_and_what_would_help() -> None:
    free = certain([[1, 0, 0], [1, 0, 0], [0, 1, 0]])
    prepared = prepare(night(free, certain([[1, 1, 1]]), waiting_days=[4, 1, 9]))
    told = explain_unmatched(prepared, "s1")
    assert (told.stage, told.decided_by, told.waiting_days) == (Stage.LOST, "coverage and seniority", 1)
    assert told.competition is not None
    assert (told.competition.size, told.competition.places, told.competition.rivals) == (2, 1, ("s0",))
    assert (told.competition.all_as_senior, told.competition.all_waited) == (True, True)
    assert (told.competition.ahead, told.competition.nights) == (1, 1)
    (place,) = told.competition.hosts
    assert (place.professional, place.places, place.windows) == ("p0", 1, (cell(0),))
    assert told.changes == (MoreTime(cell(2), ("p0",), 240, others_move=False),)


def test_time_that_needs_others_to_move_is_said_so() -> None:
    free = certain([[0, 0, 1], [1, 1, 0]])
    prepared = prepare(night(free, certain([[1, 1, 0]]), capacity_horizon=[2]))
    held = prepared.session_of["s1"].start
    changes = [one for one in explain_unmatched(prepared, "s0").changes if isinstance(one, MoreTime)]
    assert {(one.window.start == held, one.others_move) for one in changes} == {(True, True), (False, False)}


@pytest.mark.parametrize(("offered", "tag", "professionals"), [((2, 0), 1, ("p0",)), ((0, 0), ANY_TAG, ("p0", "p1"))])
def test_one_more_tag_or_none_at_all(offered, tag, professionals) -> None:
    formats = Requirement("format", tags(1), tags(*offered))
    prepared = prepare(night(certain([[1]]), certain([[1], [1]]), requirements=(formats,)))
    assert explain_unmatched(prepared, "s0").changes == (MoreTags("format", tag, professionals, others_move=False),)


def test_private_forbids_are_for_staff_alone() -> None:
    prepared = prepare(night(certain([[1, 1]]), certain([[1, 0]]), forbidden=frozenset({(0, 0)})))
    for audience in (Audience.STUDENT, Audience.PROFESSIONAL):
        told = explain_unmatched(prepared, "s0", audience)
        assert (told.stage, told.forbidden, told.changes) == (Stage.NOBODY_ELIGIBLE, (), ())
    assert explain_unmatched(prepared, "s0").forbidden == ("p0",)


def test_rivals_are_named_to_staff_alone() -> None:
    prepared = prepare(night(certain([[1], [1]]), certain([[1]]), waiting_days=[4, 1]))
    told = explain_unmatched(prepared, "s1", Audience.STUDENT)
    assert told.competition is not None
    assert (told.competition.size, told.competition.rivals) == (2, ())


@pytest.mark.parametrize("ask", [suggest, explain_match, explain_unmatched])
def test_strangers_are_a_key_error(ask) -> None:
    with pytest.raises(KeyError):
        ask(prepare(night(certain([[1]]), certain([[1]]))), "nobody")


def test_the_matched_have_no_left_out_story_and_the_other_way_round() -> None:
    prepared = prepare(night(certain([[1], [0]]), certain([[1]])))
    with pytest.raises(KeyError):
        explain_unmatched(prepared, "s0")
    with pytest.raises(KeyError):
        explain_match(prepared, "s1")
