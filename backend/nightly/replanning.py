"""The re-plan menu for a night that was booked: what can still be had for how many people moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from backend.nightly.keeping import StoredNight
from backend.nightly.record import RecordState
from optimizer.domain import Interval, KeptSession, Problem, Session
from optimizer.explain.alterations import Alteration, Out, TakeTime
from optimizer.explain.replan import Menu, Option, replan


@dataclass(frozen=True)
class Step:
    """One thing that an option does. `before` None: a session for somebody who had none."""

    before: Session | None
    after: Session


def menu_for(
    night: StoredNight,
    state: RecordState,
    cancelled: Session,
    present: datetime,
    *,
    cannot: Collection[str] = (),
) -> Menu:
    """What can be had when a session of the night does not take place; its student asks anew.

    The night is taken as it stands now: people who paused or left since are out, and so is who got a session some
    other way; sessions of others stay untouched if they begin before the notice time is over. `cannot`: who of the two
    cannot come at that time. Raises `ContradictionError` when not everybody who has a session can keep one.
    """
    soonest = present + timedelta(hours=night.settings.matching.notice_hours)
    away = {*state.decided.withdrawn, *state.decided.paused_until}
    active = [one.session for one in state.active() if one.interval.end > night.as_of]
    others = [one for one in active if _place(one) != _place(cancelled)]
    planned = {_place(one) for one in _standing(night, state)}
    movable = [one for one in others if _place(one) in planned and one.start >= soonest and not {*_pair(one)} & away]
    elsewhere = {one.student for one in others if one not in movable}
    free = [one for one in movable if one.student not in elsewhere]
    coming = [one for one in others if one not in free]
    done = tuple(pin for pin in night.problem.pins if (pin.student, pin.professional) != _pair(cancelled))
    problem = _as_of_now(replace(night.problem, pins=done), soonest, coming)  # their pin was kept, so it ended
    everybody = (*problem.students, *problem.professionals)
    out = away | {one.student for one in coming}
    changes: list[Alteration] = [Out(person) for person in everybody if person in out]
    changes += [TakeTime(person, (cancelled.interval,)) for person in everybody if person in {*cannot} - out]
    asks = {cancelled.student} & set(problem.students) - out
    return replan(problem, night.policy, free, changes=changes, cancelled=asks)


def steps(option: Option) -> tuple[Step, ...]:
    """Moves, then new sessions; each by start."""
    moves = sorted(option.moves, key=lambda one: (one.after.start, one.after.student))
    placed = sorted(option.placed, key=lambda one: (one.start, one.student))
    return (*(Step(one.before, one.after) for one in moves), *(Step(None, one) for one in placed))


def _standing(night: StoredNight, state: RecordState) -> list[Session]:
    """The night's sessions that are still as it planned them."""
    booked = {_place(one.session) for one in state.sessions if one.run == night.run and one.state == "scheduled"}
    return [one for one in night.plan.sessions if _place(one) in booked]


def _pair(session: Session) -> tuple[str, str]:
    return session.student, session.professional


def _place(session: Session) -> tuple[str, str, Interval]:
    return (*_pair(session), session.interval)


def _as_of_now(problem: Problem, soonest: datetime, coming: Iterable[Session]) -> Problem:
    """The question without times that are too soon by now; sessions there, and since, are promises nothing moves."""
    open_still = np.array([start >= soonest for start in problem.grid.starts], dtype=bool)
    hosts = set(problem.professionals)
    kept = tuple(
        KeptSession(one.professional, one.interval, one.student if one.student in problem.students else None)
        for one in sorted(coming, key=_place)
        if one.professional in hosts
    )
    pins = tuple(pin for pin in problem.pins if pin.start is None or pin.start >= soonest)
    return replace(problem, bookable=problem.bookable & open_still, kept=kept, pins=pins)
