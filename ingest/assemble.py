"""From two sheets to tonight's question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ingest.assembly import Assembly
from ingest.availability import DEFAULT_CONVENTIONS, Conventions, Horizon
from ingest.columns import ColumnMap, match_columns
from ingest.fit import parts, requirements
from ingest.forms import ProfessionalResponse, StudentResponse, read_professionals, read_students
from ingest.issues import Issue, Severity
from ingest.line import Line, Night, offering_line, student_line
from ingest.offers import Clockwork, Offer
from ingest.people import settle
from ingest.rules import Ledger, ProgramRules, clock_minute
from ingest.sheet import Form, Sheet
from optimizer.domain import KeptSession, Problem, Professional, SlotGrid, Student, zone_info


def assemble(
    students: Sheet,
    professionals: Sheet,
    rules: ProgramRules,
    as_of: datetime,
    ledger: Ledger | None = None,
    conventions: Conventions = DEFAULT_CONVENTIONS,
) -> Assembly:
    """Read both sheets as of an aware moment.

    Raises `SourceError` (also as `ColumnError`) when a sheet as a whole cannot be read; anything wrong in a row
    becomes an issue. Raises `ValueError` for a naive `as_of`.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of must be an aware moment")
    horizon = Horizon(rules.horizon_first(as_of), rules.horizon_days)
    night = Night(rules, ledger or Ledger(), as_of, Clockwork(rules, horizon, conventions))
    columns = {
        Form.STUDENTS: match_columns(students, rules.renamed(Form.STUDENTS)),
        Form.PROFESSIONALS: match_columns(professionals, rules.renamed(Form.PROFESSIONALS)),
    }
    student_rows, student_issues = read_students(columns[Form.STUDENTS], rules)
    professional_rows, professional_issues = read_professionals(columns[Form.PROFESSIONALS], rules)
    asking = settle(columns[Form.STUDENTS], student_rows, rules.program, as_of)
    offering = settle(columns[Form.PROFESSIONALS], professional_rows, rules.program, as_of)
    asks = student_line(asking.people, columns[Form.STUDENTS], night)
    offers = offering_line(offering.people, columns[Form.PROFESSIONALS], night)
    issues = (
        *_in_order(columns[Form.STUDENTS], student_issues, asking.issues, asks.issues),
        *_in_order(columns[Form.PROFESSIONALS], professional_issues, offering.issues, offers.issues),
    )
    assembly = Assembly(
        problem=_problem(asks, offers, night),
        students=tuple(asks.people),
        professionals=tuple(offers.people),
        others=(*asks.others, *offers.others),
        unmatched=tuple(asks.unmatched),
        left_out=(*asks.left_out, *offers.left_out),
        waiting=asks.waiting,
        wanted=asks.wanted,
        readings=(*asks.readings, *offers.readings),
        issues=issues,
        fates={Form.STUDENTS: asking.fates, Form.PROFESSIONALS: offering.fates},
        ids={Form.STUDENTS: asking.ids, Form.PROFESSIONALS: offering.ids},
        sheets={Form.STUDENTS: students, Form.PROFESSIONALS: professionals},
        student_responses=tuple(student_rows),
        professional_responses=tuple(professional_rows),
    )
    assembly.conservation(())
    return assembly


def _in_order(columns: ColumnMap, *found: Sequence[Issue]) -> list[Issue]:
    """All issues of a sheet: about the file, about the header, then row by row."""
    sheet = columns.sheet
    about_file = [Issue(sheet.name, 0, "", "", note, "nothing to do", Severity.NOTE) for note in sheet.notes]
    by_row = sorted((issue for issues in found for issue in issues), key=lambda issue: issue.row)
    return [*about_file, *columns.issues, *by_row]


def _problem(
    asks: Line[StudentResponse, Student], offers: Line[ProfessionalResponse, Professional], night: Night
) -> Problem:
    rules = night.rules
    grid = SlotGrid.of_days(night.clockwork.horizon.first, rules.horizon_days, rules.session_minutes, rules.zone)
    limits = [
        one.capacity.limits(rules.horizon_days, rules.limit_per_day, rules.limit_per_week) for one in offers.responses
    ]
    day, week, horizon = np.array(limits, dtype=np.int64).reshape(-1, 3).T
    hosts = {person.id for person in offers.people}
    return Problem(
        students=tuple(person.id for person in asks.people),
        professionals=tuple(person.id for person in offers.people),
        grid=grid,
        student_free=_covered(asks.offers, grid),
        professional_free=_covered(offers.offers, grid),
        capacity_horizon=horizon,
        capacity_week=week,
        capacity_day=day,
        waiting_days=np.array([(night.as_of - asks.waiting[one.id]).days for one in asks.people], dtype=np.int64),
        bookable=bookable(grid, rules, night.as_of),
        requirements=requirements(asks.responses, offers.responses, rules),
        forbidden=_themselves(asks.responses, offers.responses),
        parts=parts(asks.responses, offers.responses),
        kept=tuple(
            KeptSession(kept.professional, kept.interval) for kept in night.ledger.kept if kept.professional in hosts
        ),
        student_windows=tuple(offer.intervals for offer in asks.offers),
        professional_windows=tuple(offer.intervals for offer in offers.offers),
    )


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
        allowed[cell] = start >= soonest and earliest <= minute and minute + rules.session_minutes <= latest
    return allowed


def _themselves(
    students: Sequence[StudentResponse], professionals: Sequence[ProfessionalResponse]
) -> frozenset[tuple[int, int]]:
    """Nobody reviews their own resume: pairs with the same address."""
    hosts = {one.person.email: j for j, one in enumerate(professionals)}
    emails = [one.person.email for one in students]
    return frozenset((i, hosts[email]) for i, email in enumerate(emails) if email in hosts)
