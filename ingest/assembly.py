"""What `ingest` hands to the night: the question, the people behind it, and where every row went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from ingest.accounting import (
    Conservation,
    ConservationError,
    Count,
    Fate,
    ProfessionalOutcome,
    StudentOutcome,
    rows_count,
)
from ingest.availability import Reading
from ingest.forms import ProfessionalResponse, StudentResponse, response_table
from ingest.issues import Issue
from ingest.offers import Use
from ingest.sheet import Form, Sheet
from optimizer.domain import Problem, Professional, Student, Unmatched


@dataclass(frozen=True)
class ReadText:
    """One availability text of a person of tonight. `confirm` says why staff should ask back; "" when clear."""

    person: str
    form: Form
    row: int
    column: str
    reading: Reading
    use: Use
    confirm: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A current person who is not part of tonight's question, and why."""

    person: str
    outcome: StudentOutcome | ProfessionalOutcome
    reason: str


@dataclass(frozen=True, eq=False)
class Assembly:
    """Tonight's question and everything around it that must not be lost.

    `students` and `professionals` stand in the problem's order; `others` are the current people outside it.
    `unmatched`: students without a usable answer or without time in the horizon, settled before solving.
    `left_out`: everybody else outside the problem. `waiting`: since when each student has waited (aware UTC).
    `wanted`: sessions a student still wants. `readings`: the availability texts of all current people. `fates` and
    `ids` are by row number. `student_responses`, `professional_responses`: the typed form of each row that names a
    person, current or not; the raw row stays in `sheets` under the same number.
    """

    problem: Problem
    students: tuple[Student, ...]
    professionals: tuple[Professional, ...]
    others: tuple[Student | Professional, ...]
    unmatched: tuple[Unmatched, ...]
    left_out: tuple[LeftOut, ...]
    waiting: Mapping[str, datetime]
    wanted: Mapping[str, int]
    readings: tuple[ReadText, ...]
    issues: tuple[Issue, ...]
    fates: Mapping[Form, Mapping[int, Fate]]
    ids: Mapping[Form, Mapping[int, str]]
    sheets: Mapping[Form, Sheet]
    student_responses: tuple[StudentResponse, ...] = field(repr=False)
    professional_responses: tuple[ProfessionalResponse, ...] = field(repr=False)

    @property
    def to_confirm(self) -> tuple[ReadText, ...]:
        """The texts that staff should ask back about, in the sheets' order."""
        return tuple(text for text in self.readings if text.confirm)

    def table(self, form: Form) -> pd.DataFrame:
        """One row per response that names a person: typed columns, `fate` of the row, `person` id."""
        if form is Form.STUDENTS:
            return response_table(self.student_responses, self.fates[form], self.ids[form], StudentResponse)
        return response_table(self.professional_responses, self.fates[form], self.ids[form], ProfessionalResponse)

    def row_counts(self) -> tuple[Count, Count]:
        """The row equations of the students' and the professionals' sheet. Raises `ConservationError`."""
        students, professionals = (
            rows_count(f"rows in {form.value}", len(self.sheets[form].rows), self.fates[form])
            for form in (Form.STUDENTS, Form.PROFESSIONALS)
        )
        return students, professionals

    def conservation(self, matched: Iterable[str]) -> Conservation:
        """The night's whole equation, given the ids of students with a session tonight (once per session).

        Raises `ConservationError` when somebody vanished, was counted twice or is matched without having asked.
        """
        sessions: dict[str, int] = {}
        for student in matched:
            sessions[student] = sessions.get(student, 0) + 1
        strangers = sorted(set(sessions) - {student.id for student in self.students})
        if strangers:
            raise ConservationError(f"{strangers[0]} is matched but did not ask tonight")
        student_rows, professional_rows = self.row_counts()
        students = self._students(sessions)
        professionals = self._professionals()
        return Conservation(
            student_rows,
            professional_rows,
            Count.of("students", student_rows[Fate.CURRENT], StudentOutcome, students),
            Count.of("professionals", professional_rows[Fate.CURRENT], ProfessionalOutcome, professionals),
        )

    def _students(self, sessions: Mapping[str, int]) -> list[StudentOutcome]:
        outcomes = []
        for student in self.students:
            got = sessions.get(student.id, 0)
            part = StudentOutcome.MATCHED if got >= self.wanted[student.id] else StudentOutcome.PARTLY_MATCHED
            outcomes.append(part if got else StudentOutcome.UNMATCHED)
        outcomes += [StudentOutcome.UNMATCHED for _ in self.unmatched]
        return outcomes + [out.outcome for out in self.left_out if isinstance(out.outcome, StudentOutcome)]

    def _professionals(self) -> list[ProfessionalOutcome]:
        full = self.problem.kept_load >= self.problem.capacity_horizon
        outcomes = [ProfessionalOutcome.FULL if is_full else ProfessionalOutcome.OFFERED for is_full in full]
        return outcomes + [out.outcome for out in self.left_out if isinstance(out.outcome, ProfessionalOutcome)]
