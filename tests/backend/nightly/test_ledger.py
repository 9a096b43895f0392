"""Loads across nights: fair shares by capacity, newcomers at the mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.nightly.ledger import debts, ledger_of
from backend.nightly.record import BookedSession, RecordState, RunEntry
from optimizer.domain import Certainty, Session

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def booked(run: str, professional: str, number: int = 0, days: int = 2, state: str = "scheduled") -> BookedSession:
    start = NOW + timedelta(days=days, minutes=30 * number)
    session = Session(f"s-{run}-{professional}-{number}", professional, start, 30, Certainty.CERTAIN, 10, (), 60)
    return BookedSession(f"{run}.{professional}.{number}", run, session, state=state)  # type: ignore[arg-type]


def night(name: str, **offered: int) -> RunEntry:
    return RunEntry(name, "demo", name, NOW, "ff", 0, 0, {}, offered)


def test_who_did_more_than_their_share_is_in_debt() -> None:
    state = RecordState((night("r1", ana=2, bo=2),), (booked("r1", "ana"), booked("r1", "ana", 1)))
    assert debts(state, "demo", ["ana", "bo"]) == {"ana": 100, "bo": -100}


def test_shares_follow_capacity() -> None:
    state = RecordState(
        (night("r1", ana=3, bo=1),), (*tuple(booked("r1", "ana", n) for n in range(3)), booked("r1", "bo"))
    )
    assert debts(state, "demo", ["ana", "bo"]) == {"ana": 0, "bo": 0}


def test_newcomers_start_at_the_mean_of_those_present() -> None:
    state = RecordState((night("r1", ana=1, bo=1),), (booked("r1", "ana"), booked("r1", "ana", 1)))
    assert debts(state, "demo", ["ana", "cy"]) == {"ana": 100, "cy": 100}
    assert debts(state, "demo", ["ana", "bo", "cy"])["cy"] == 0


def test_cancelled_sessions_and_other_programs_do_not_count() -> None:
    state = RecordState((night("r1", ana=1, bo=1),), (booked("r1", "ana", state="cancelled"),))
    assert debts(state, "demo", ["ana", "bo"]) == {"ana": 0, "bo": 0}
    assert debts(state, "other", ["ana", "bo"]) == {"ana": 0, "bo": 0}


def test_a_first_night_owes_nothing() -> None:
    assert debts(RecordState(), "demo", ["ana"]) == {"ana": 0}


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 4), st.integers(0, 4)), max_size=5))
def test_debts_of_people_always_present_sum_to_zero(nights: list[tuple[int, int, int, int]]) -> None:
    runs, sessions = [], []
    for number, (ana, bo, by_ana, by_bo) in enumerate(nights):
        runs.append(night(f"r{number}", ana=ana, bo=bo))
        sessions += [booked(f"r{number}", "ana", n) for n in range(by_ana)]
        sessions += [booked(f"r{number}", "bo", n) for n in range(by_bo)]
    owed = debts(RecordState(tuple(runs), tuple(sessions)), "demo", ["ana", "bo"])
    assert abs(sum(owed.values())) <= 1


def test_sessions_to_come_stand_and_sessions_over_count_as_served() -> None:
    over, coming, gone = booked("r1", "ana", days=-2), booked("r1", "bo"), booked("r1", "cy", state="cancelled")
    ledger = ledger_of(RecordState((), (over, coming, gone)), NOW)
    assert {kept.professional for kept in ledger.kept} == {"ana", "bo"}
    assert dict(ledger.served) == {over.session.student: 1}
