"""Small nights with long sessions, buffers and several sessions a student, whose best plan is plain to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from optimizer_builders import SUNDAY_NOON, certain, eligible_only, night

from optimizer import Policy, Problem, solve, verify
from optimizer.domain import SHARED_TIME, Certainty, Interval, KeptSession, PairPoints, Stage
from optimizer.domain.starts import packed, starts_of
from optimizer.room import Room

FIT = "fit"
ONLY_FIT = {SHARED_TIME: 0, FIT: 1}
POINTS = {1: 0, 2: 40, 3: 100}
"""Points that give level 1, 2 and 3 of 3."""
CELL = timedelta(hours=4)


def meetings(problem: Problem, policy: Policy | None = None) -> set[tuple[str, str, int]]:
    """(student, professional, cell) of the plan, once the checker has accepted it."""
    policy = policy or Policy()
    solution = solve(problem, policy)
    verdict = verify(problem, policy, solution.plan, solution.witness)
    assert verdict.accepted, verdict.reasons
    return {(one.student, one.professional, problem.grid.cell_of(one.start)) for one in solution.plan.sessions}


def kept(professional: str, cell: int, student: str | None = None, cells: int = 1) -> KeptSession:
    start = SUNDAY_NOON + cell * CELL
    return KeptSession(professional, Interval(start, start + cells * CELL), student)


def test_two_juniors_go_before_a_senior_who_stands_between_them_and_the_senior_before_one():
    """No matroid: sessions of two cells, the senior only from cell 1, the juniors from cell 0 and from cell 2."""
    free = certain([[0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    problem = night(free, certain([[1, 1, 1, 1]]), session_cells=[2], waiting_days=[30, 1, 1])
    assert meetings(problem) == {("s1", "p0", 0), ("s2", "p0", 2)}
    alone = replace(problem, student_free=certain([[0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]))
    assert meetings(alone) == {("s0", "p0", 1)}


def test_everybody_gets_a_first_session_before_the_senior_gets_a_second():
    """Distinct hosts and distinct times at once: weights alone would serve the senior twice and one other nobody."""
    free = certain([[0, 1], [1, 1], [1, 0]])
    pairs = {(0, 0), (1, 0), (1, 1), (2, 1)}
    problem = night(
        free,
        certain([[1, 1], [1, 0]]),
        forbidden=eligible_only(pairs, 3, 2),
        demand=[2, 2, 2],
        waiting_days=[3, 4, 2],
    )
    assert meetings(problem) == {("s0", "p0", 1), ("s1", "p0", 0), ("s2", "p1", 0)}


def test_a_student_is_in_one_place_at_a_time_though_the_hosts_are_two():
    problem = night(certain([[1]]), certain([[1], [1]]), demand=[2])
    assert len(meetings(problem)) == 1
    long = night(certain([[1, 1, 0]]), certain([[1, 1, 0], [0, 1, 0]]), demand=[2], session_cells=[2, 1])
    assert len(meetings(long)) == 1


@pytest.mark.parametrize("repeats", [False, True])
def test_the_same_two_meet_twice_only_where_repeats_are_allowed(repeats):
    problem = night(certain([[1, 1]]), certain([[1, 1]]), demand=[2], repeats_allowed=repeats)
    assert len(meetings(problem)) == 1 + repeats


def test_a_published_session_keeps_its_student_from_the_hour_and_from_the_same_professional():
    free = certain([[1, 1, 1]])
    problem = night(free, certain([[1, 1, 1], [0, 1, 1]]), kept=(kept("p0", 1, "s0"),))
    assert meetings(problem) == {("s0", "p1", 2)}
    assert meetings(replace(problem, repeats_allowed=True, minimum_load=np.array([2, 0]))) == {("s0", "p0", 0)}


@pytest.mark.parametrize(("buffer", "served"), [(0, 3), (1, 2), (2, 1)])
def test_a_buffer_lies_between_two_sessions_of_a_professional(buffer, served):
    problem = night(certain(np.eye(3)), certain([[1, 1, 1]]), buffer_cells=[buffer], capacity_day=[9])
    assert len(meetings(problem)) == served


def test_a_buffer_lies_before_and_after_a_published_session_too():
    problem = night(certain(np.eye(5)), certain(np.ones((1, 5))), buffer_cells=[1], kept=(kept("p0", 2),))
    assert {start for _, _, start in meetings(problem)} == {0, 4}


def test_two_students_may_meet_others_during_the_buffer():
    problem = night(certain([[1, 1], [1, 1]]), certain([[1, 1], [1, 1]]), buffer_cells=[1, 1], demand=[2, 2])
    assert len(meetings(problem)) == 2, "each professional once: the second cell is the buffer"


def test_long_sessions_in_gaps_of_their_length_are_a_flow_and_proven():
    free = certain([[1, 1, 0, 0, 1, 1], [1, 1, 0, 0, 1, 1]])
    problem = night(free, certain([[1, 1, 0, 0, 1, 1]]), session_cells=[2])
    assert problem.flow_case
    assert {start for _, _, start in meetings(problem)} == {0, 4}
    assert solve(problem).plan.proven


def test_a_session_is_as_sure_as_its_least_sure_hour():
    problem = night([[3, 2, 3]], [[3, 3, 1]], session_cells=[2])
    (session,) = solve(problem).plan.sessions
    assert (session.start, session.certainty, session.minutes) == (SUNDAY_NOON, Certainty.IF_NEEDED, 480)
    doubtful = night([[0, 2, 3]], [[3, 3, 1]], session_cells=[2])
    assert solve(doubtful).plan.sessions[0].certainty is Certainty.LOW_CONFIDENCE


def test_common_hours_that_are_too_short_are_told_as_such():
    problem = night(certain([[1, 0, 1]]), certain([[1, 0, 1]]), session_cells=[2])
    (left,) = solve(problem).plan.unmatched
    assert left.stage is Stage.OFF_GRID


def test_welfare_counts_sessions_and_not_the_sum_a_student_gets():
    """Levels 2 and 2 or 1 and 3: one sum for the student, but alpha 1 looks at each session."""
    levels = {0: 1, 1: 3, 2: 2, 3: 2}
    points = PairPoints(FIT, {(0, j): POINTS[level] for j, level in levels.items()})
    hosts = certain([[1, 0, 0], [0, 1, 1], [0, 1, 0], [0, 0, 1]])
    problem = night(certain([[1, 1, 1]]), hosts, session_cells=[1, 2, 1, 1], demand=[2], parts=(points,))
    assert meetings(problem, Policy(ONLY_FIT, levels=3, alpha=1)) == {("s0", "p2", 1), ("s0", "p3", 2)}
    assert meetings(problem, Policy(ONLY_FIT, levels=3, alpha="leximin")) == {("s0", "p2", 1), ("s0", "p3", 2)}
    assert meetings(problem, Policy(ONLY_FIT, levels=3, alpha=0)) == {("s0", "p0", 0), ("s0", "p1", 1)}, "earlier"


def test_what_fits_into_a_day_is_packed_from_the_earliest_start_on():
    free = np.array([[3, 3, 3, 3, 3, 0, 3]], dtype=np.uint8)
    starts = starts_of(free, 2)
    assert (starts > 0).tolist() == [[True, True, True, True, False, False, False]]
    assert packed(starts > 0, np.array([2])).tolist() == [2]
    assert packed(starts > 0, np.array([3])).tolist() == [2]
    assert packed(starts > 0, np.array([4])).tolist() == [1]
    problem = night(certain(np.ones((4, 3))), certain(np.ones((1, 3))), session_cells=[2])
    assert Room.of(problem).most.tolist() == [1], "three cells of a day hold one session of two"
