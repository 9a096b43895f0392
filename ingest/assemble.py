"""From two sheets to tonight's question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ingest.assembly import Assembly
from ingest.availability import DEFAULT_CONVENTIONS, Conventions, Horizon
from ingest.columns import ColumnMap, match_columns
from ingest.forms import read_professionals, read_students
from ingest.issues import Issue, Severity
from ingest.line import Night, offering_line, student_line
from ingest.offers import Clockwork
from ingest.people import settle
from ingest.question import question
from ingest.rules import Ledger, ProgramRules
from ingest.sheet import Form, Sheet


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
    ids = {Form.STUDENTS: asking.ids, Form.PROFESSIONALS: offering.ids}
    problem, of_staff = question(asks, offers, night, ids)
    issues = (
        *_in_order(columns[Form.STUDENTS], student_issues, asking.issues, asks.issues),
        *_in_order(columns[Form.PROFESSIONALS], professional_issues, offering.issues, offers.issues),
        *of_staff,
    )
    assembly = Assembly(
        problem=problem,
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
        ids=ids,
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
    if sheet.stand_in:
        fix = "run `doctor`: it says why"
        about_file.insert(0, Issue(sheet.name, 0, "", "", sheet.stand_in, fix, Severity.WARNING))
    by_row = sorted((issue for issues in found for issue in issues), key=lambda issue: issue.row)
    return [*about_file, *columns.issues, *by_row]
