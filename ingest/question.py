"""Tonight's question as the optimizer takes it: matrices, capacities and rules from the two lines of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ingest import decisions
from ingest.decisions import Tonight
from ingest.fit import parts, requirements
from ingest.forms import ProfessionalResponse, StudentResponse
from ingest.forms.capacity import Capacity
from ingest.issues import Issue
from ingest.line import Line, Night
from ingest.offers import Offer
from ingest.rules import ProgramRules, clock_minute
from ingest.sheet import Form
from optimizer.domain import KeptSession, Problem, Professional, SlotGrid, Student, zone_info

Students = Line[StudentResponse, Student]
Professionals = Line[ProfessionalResponse, Professional]
Ints = NDArray[np.int64]


def question(
    asks: Students, offers: Professionals, night: Night, ids: Mapping[Form, Mapping[int, str]]
) -> tuple[Problem, list[Issue]]:
    """The problem, and what of staff's decisions does not bind tonight. `ids`: the person behind each sheet row."""
    rules = night.rules
    grid = SlotGrid.of_days(night.clockwork.horizon.first, rules.horizon_days, rules.cell_minutes, rules.zone)
    named = {name for by_row in ids.values() for name in by_row.values()}
    students, professionals = [one.id for one in asks.people], [one.id for one in offers.people]
    tonight = Tonight(students, professionals, named, grid)
    pins, of_pins = decisions.pins(night, tonight)
    apart, of_pairs = decisions.forbidden(night, tonight)
    pinned = {pin.student for pin in pins}
    wanted = decisions.demand(
        (asks.wanted[name] for name in students), (name in pinned for name in students), rules.sessions_per_night
    )
    opened = bookable(grid, rules, night.as_of)
    free = _covered(offers.offers, grid)
    day, week, horizon = _capacities(offers, night)
    problem = Problem(
        students=tuple(students),
        professionals=tuple(professionals),
        grid=grid,
        student_free=_covered(asks.offers, grid),
        professional_free=free,
        capacity_horizon=horizon,
        capacity_week=week,
        capacity_day=day,
        waiting_days=_ints([(night.as_of - asks.waiting[name]).days for name in students]),
        seniority_class=_ints([night.ledger.priority.get(name, 0) for name in students]),
        minimum_load=np.minimum(_minimum(offers.responses, (free > 0) & opened, grid), horizon),
        minimum_is_hard=np.full(len(professionals), rules.minimum_binding),
        bookable=opened,
        busy=_busy(night, professionals, grid),
        requirements=requirements(asks.responses, offers.responses, rules),
        forbidden=apart | _themselves(asks.responses, offers.responses),
        parts=parts(asks.responses, offers.responses, rules, _met(night, students, professionals)),
        kept=_kept(night, set(professionals)),
        pins=pins,
        session_cells=_ints([rules.cells(one.session_minutes or rules.session_minutes) for one in offers.responses]),
        buffer_cells=_ints([_buffer(one, rules) for one in offers.responses]),
        demand=_ints(wanted),
        repeats_allowed=rules.repeats_allowed,
        student_windows=tuple(offer.intervals for offer in asks.offers),
        professional_windows=tuple(offer.intervals for offer in offers.offers),
    )
    return problem, [*of_pins, *of_pairs]


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _kept(night: Night, hosts: set[str]) -> tuple[KeptSession, ...]:
    return tuple(
        KeptSession(kept.professional, kept.interval, kept.student)
        for kept in night.ledger.kept
        if kept.professional in hosts
    )


def _met(night: Night, students: Sequence[str], professionals: Sequence[str]) -> set[tuple[int, int]]:
    """Pairs, by index, that had a session on an earlier night."""
    rows, hosts = ({name: k for k, name in enumerate(names)} for names in (students, professionals))
    return {
        (rows[kept.student], hosts[kept.professional])
        for kept in night.ledger.kept
        if kept.student in rows and kept.professional in hosts
    }


def _busy(night: Night, professionals: Sequence[str], grid: SlotGrid) -> NDArray[np.bool_]:
    """P x T: cells in which a professional is taken elsewhere for any instant."""
    busy = np.zeros((len(professionals), grid.cells), dtype=bool)
    for j, name in enumerate(professionals):
        for interval in night.ledger.busy.get(name, ()):
            busy[j, grid.touched(interval.start, interval.end)] = True
    return busy


def _capacities(offers: Professionals, night: Night) -> tuple[Ints, Ints, Ints]:
    """Reviews a day, a week and in the horizon (P each); what staff allow a professional replaces their answer."""
    rules, allowed = night.rules, night.ledger.per_week
    stated = [
        Capacity(allowed[one.id]) if one.id in allowed else answer.capacity
        for one, answer in zip(offers.people, offers.responses, strict=True)
    ]
    limits = [one.limits(rules.horizon_days, rules.limit_per_day, rules.limit_per_week) for one in stated]
    day, week, horizon = np.array(limits, dtype=np.int64).reshape(-1, 3).T
    return day, week, horizon


def _minimum(answers: Sequence[ProfessionalResponse], free: NDArray[np.bool_], grid: SlotGrid) -> Ints:
    """P: reviews wished for at least, over the days from the first to the last with time that can be booked."""
    least = []
    for answer, cells in zip(answers, free, strict=True):
        days = grid.day[cells]
        span = int(days[-1] - days[0]) + 1 if days.size else 0
        least.append(answer.minimum.least(span) if answer.minimum and span else 0)
    return _ints(least)


def _buffer(answer: ProfessionalResponse, rules: ProgramRules) -> int:
    stated = answer.buffer_minutes
    return rules.cells(rules.buffer_minutes if stated is None else stated)


def _covered(offers: Sequence[Offer], grid: SlotGrid) -> NDArray[np.uint8]:
    rows = [grid.covered(offer.windows) for offer in offers]
    return np.array(rows, dtype=np.uint8).reshape(len(rows), grid.cells)


def bookable(grid: SlotGrid, rules: ProgramRules, as_of: datetime) -> NDArray[np.bool_]:
    """Cells that begin after the notice time and lie inside the program's hours of their local day."""
    soonest = as_of + timedelta(hours=rules.notice_hours)
    earliest, latest = clock_minute(rules.earliest), clock_minute(rules.latest)
    zone = zone_info(rules.zone)
    allowed = np.zeros(grid.cells, dtype=bool)
    for cell, start in enumerate(grid.starts):
        local = start.astimezone(zone)
        minute = local.hour * 60 + local.minute
        allowed[cell] = start >= soonest and earliest <= minute and minute + grid.cell_minutes <= latest
    return allowed


def _themselves(
    students: Sequence[StudentResponse], professionals: Sequence[ProfessionalResponse]
) -> frozenset[tuple[int, int]]:
    """Nobody reviews their own resume: pairs with the same address."""
    hosts = {one.person.email: j for j, one in enumerate(professionals)}
    emails = [one.person.email for one in students]
    return frozenset((i, hosts[email]) for i, email in enumerate(emails) if email in hosts)
