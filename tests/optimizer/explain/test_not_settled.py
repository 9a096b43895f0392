"""Questions on nights that are no flow, or that were stopped: exact where it is known, else "not settled"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimizer_builders import certain, night, random_night, random_policy, with_features

from optimizer import Effect, Policy, explain_match, explain_unmatched, prepare, solve, suggest
from optimizer.checker.rules import RULES
from optimizer.domain import Session
from optimizer.explain.decisions import NOT_SETTLED
from optimizer.explain.prepared import Prepared


def knotted(seed: int) -> Prepared:
    rng = np.random.default_rng(seed)
    return prepare(with_features(rng, random_night(rng)), random_policy(rng))


def could_be_added(prepared: Prepared, student: str, professional: str, t: int) -> bool:
    """By the checker's rules: the session beside all others, and the student's own if they want more."""
    problem, plan = prepared.problem, prepared.plan
    own = [one for one in plan.sessions if one.student == student]
    i, j = prepared.student_index[student], prepared.professional_index[professional]
    stays = plan.sessions if len(own) < problem.demand[i] else [one for one in plan.sessions if one.student != student]
    cells = int(problem.session_cells[j])
    if t + cells > problem.grid.cells or not problem.start_certainty(*(np.array([index]) for index in (i, j, t)))[0]:
        return False
    new = Session(
        student, professional, problem.grid.starts[t], cells * problem.grid.cell_minutes, *_about(prepared, i, j, t)
    )
    sessions = tuple(sorted([*stays, new], key=lambda one: (one.start, one.professional, one.student)))
    left = tuple(one for one in plan.unmatched if one.student != student)
    changed = replace(plan, sessions=sessions, unmatched=left)
    return not any(broken for rule in RULES for broken in rule(problem, changed))


def _about(prepared: Prepared, i: int, j: int, t: int) -> tuple:
    tables = prepared.tables
    one = tuple(np.array([index]) for index in (i, j, t))
    shared = int(tables.quality.shared_cells(one[0], one[1])[0]) * prepared.problem.grid.cell_minutes
    certainty = type(prepared.plan.sessions[0].certainty)(int(prepared.problem.start_certainty(*one)[0]))
    return certainty, int(tables.levels[i, j]), tables.quality.parts(one[0], one[1])[0], shared


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_start_called_free_can_be_booked_beside_all_others_and_no_other_can(seed):
    prepared = knotted(seed)
    if prepared.by_flow or not prepared.plan.sessions or prepared.problem.minimum_is_hard.any():
        return
    grid = prepared.problem.grid
    for student in prepared.problem.students:
        for one in suggest(prepared, student):
            if one.effect in (Effect.NEAR, Effect.CLOSED):
                continue
            said = {t for t in range(grid.cells) if any(w.start <= grid.starts[t] < w.end for w in one.open_windows)}
            true = {t for t in range(grid.cells) if could_be_added(prepared, student, one.professional, t)}
            assert said == true, (student, one)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_everybody_gets_an_answer_that_claims_nothing_unsettled(seed):
    prepared = knotted(seed)
    for student in prepared.problem.students:
        effects = {one.effect for one in suggest(prepared, student)}
        assert not prepared.by_flow or Effect.UNSETTLED not in effects
        assert prepared.by_flow or not effects & {Effect.MOVES, Effect.COSTS}
        if student in prepared.session_of:
            assert prepared.by_flow or explain_match(prepared, student).matched_by == NOT_SETTLED
        else:
            told = explain_unmatched(prepared, student)
            assert told.changes_settled is prepared.by_flow


def test_a_night_that_was_stopped_explains_no_more_than_it_knows():
    problem = night(certain(np.ones((3, 2))), certain(np.ones((1, 2))))
    stopped = solve(problem, Policy(), stop=lambda: True)
    prepared = prepare(problem, Policy(), stopped)
    assert not prepared.by_flow
    assert explain_unmatched(prepared, "s0").decided_by in (NOT_SETTLED, "")
    (one,) = suggest(prepared, "s0")
    assert one.effect is Effect.FREE


def test_each_of_several_sessions_is_explained():
    problem = night(certain(np.ones((1, 4))), certain(np.ones((2, 4))), demand=[2])
    prepared = prepare(problem)
    sessions = prepared.sessions_of["s0"]
    assert len(sessions) == 2
    assert [explain_match(prepared, "s0", session=one).session for one in sessions] == list(sessions)


@pytest.mark.parametrize("buffer", [0, 1])
def test_a_break_after_a_session_closes_the_starts_it_covers(buffer):
    problem = night(certain([[1, 0, 0], [1, 1, 1]]), certain([[1, 1, 1]]), buffer_cells=[buffer], waiting_days=[9, 1])
    prepared = prepare(problem)
    (one,) = suggest(prepared, "s1")
    starts = [span.start for span in one.open_windows]
    assert starts == [problem.grid.starts[1 + buffer]]
