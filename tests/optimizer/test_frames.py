"""Two DataFrames in, a problem out."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from optimizer import Policy, ProblemError, problem_from_frames, solve, verify
from optimizer.domain import Certainty, Interval, Pin, Window


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def students(**columns) -> pd.DataFrame:
    plain = {"id": ["ana", "ben"], "free": [[(at(9), at(11))], [(at(10), at(11))]]}
    return pd.DataFrame({**plain, **columns})


def professionals(**columns) -> pd.DataFrame:
    return pd.DataFrame({"id": ["kim"], "free": [[(at(9), at(11))]], **columns})


def test_the_example_of_the_docstring():
    problem = problem_from_frames(
        students(waiting_days=[3, 9], field=["law", "art"]),
        professionals(capacity=[2], field=[["law"]]),
        should_share=["field"],
    )
    solution = solve(problem, Policy())
    assert [(one.student, one.professional) for one in solution.plan.sessions] == [("ana", "kim"), ("ben", "kim")]
    assert verify(problem, Policy(), solution.plan, solution.witness)


def test_columns_that_must_share_a_value_forbid_pairs_that_do_not():
    problem = problem_from_frames(
        students(format=["zoom", None]), professionals(format=[["phone"]]), must_share=["format"]
    )
    assert [one.student for one in solve(problem, Policy()).plan.sessions] == ["ben"]


def test_an_absent_capacity_is_no_limit_and_an_empty_one_too():
    assert len(solve(problem_from_frames(students(), professionals(capacity=[None])), Policy()).plan.sessions) == 2


def test_windows_bring_their_certainty():
    free = [[Window(Interval(at(9), at(11)), Certainty.IF_NEEDED)], []]
    (session,) = solve(problem_from_frames(students(free=free), professionals()), Policy()).plan.sessions
    assert session.certainty is Certainty.IF_NEEDED


def test_touching_windows_hold_a_cell_together():
    free = [[(at(9), at(9, 45)), (at(9, 45), at(10))], []]
    problem = problem_from_frames(students(free=free), professionals(), cell_minutes=30)
    assert problem.student_free.sum() == 2 * Certainty.CERTAIN


def test_lengths_and_breaks_are_cut_into_cells():
    hosts = pd.DataFrame({
        "id": ["kim", "lee"], "free": [[(at(9), at(11))]] * 2,
        "session_minutes": [None, 40], "buffer_minutes": [10, None],
    })  # fmt: skip
    problem = problem_from_frames(students(demand=[2, 1]), hosts, cell_minutes=15, session_minutes=30)
    assert problem.session_cells.tolist() == [2, 3]
    assert problem.buffer_cells.tolist() == [1, 0]
    assert problem.demand.tolist() == [2, 1]
    assert problem_from_frames(students(), hosts.drop(columns="session_minutes")).session_cells.tolist() == [1, 1]


def test_pins_forbidden_pairs_and_binding_minima_of_frames():
    hosts = pd.DataFrame({
        "id": ["kim", "lee"], "free": [[(at(9), at(11))]] * 2, "minimum_load": [1, 0], "minimum_is_hard": [1, 0],
    })  # fmt: skip
    problem = problem_from_frames(students(), hosts, forbidden=[("ana", "kim")], pins=[Pin("ana", "lee", at(10))])
    plan = solve(problem, Policy()).plan
    assert {one.student: one.start for one in plan.sessions}["ana"] == at(10)
    assert {one.student: one.professional for one in plan.sessions} == {"ana": "lee", "ben": "kim"}


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (lambda: (students().drop(columns="free"), professionals()), "no column 'free'"),
        (lambda: (students(waiting_days=["long", "short"]), professionals()), "no whole number"),
        (lambda: (students(free=[[(at(9), at(9))], []]), professionals()), "must end after it starts"),
        (lambda: (students(free=[[(datetime(2026, 3, 2), at(9))], []]), professionals()), "aware"),  # noqa: DTZ001
        (lambda: (students(free=[[], []]), professionals(free=[[]])), "nobody is ever free"),
        (lambda: (students(id=["ana", "ana"]), professionals()), "not unique: ana"),
    ],
)
def test_bad_frames_are_refused_in_words(frames, said):
    with pytest.raises(ProblemError, match=said):
        problem_from_frames(*frames())


def test_a_forbidden_pair_must_be_in_the_frames():
    with pytest.raises(ProblemError, match="names ana and kit, who are not both in the frames"):
        problem_from_frames(students(), professionals(), forbidden=[("ana", "kit")])


def test_tag_columns_must_exist_and_hold_texts():
    with pytest.raises(ProblemError, match="no column 'field'"):
        problem_from_frames(students(), professionals(), should_share=["field"])
    with pytest.raises(ProblemError, match="neither a text"):
        problem_from_frames(students(field=[3, 4]), professionals(field=["law"]), should_share=["field"])
