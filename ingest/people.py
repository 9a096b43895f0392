"""Who is who: keys, later answers in place of earlier ones, and the fate of every row."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from ingest.accounting import Fate
from ingest.columns import ColumnMap
from ingest.forms import Person, ProfessionalResponse, StudentResponse
from ingest.issues import Issue, Severity
from ingest.sheet import Form, Row

Response = TypeVar("Response", StudentResponse, ProfessionalResponse)
_PREFIX = {Form.STUDENTS: "s-", Form.PROFESSIONALS: "p-"}
_ID_LETTERS = 12
PERSON_ID = re.compile(rf"[sp]-[a-z2-7]{{{_ID_LETTERS}}}")
"""What `person_id` makes."""


def person_id(program: str, form: Form, email: str) -> str:
    """The pseudonym of a case-folded address in one program: "s-" or "p-" and 12 letters (60 bits)."""
    digest = hashlib.blake2b(email.encode(), key=program.encode(), digest_size=16).digest()
    return _PREFIX[form] + base64.b32encode(digest).decode().lower()[:_ID_LETTERS]


@dataclass(frozen=True)
class Standing(Generic[Response]):
    """A person of one sheet: the response that counts, and all their responses from the earliest on."""

    id: str
    current: Response
    history: tuple[Response, ...]


@dataclass(frozen=True)
class Settled(Generic[Response]):
    """A sheet's people in the order of their current rows, each row's fate, the person behind each row."""

    people: tuple[Standing[Response], ...]
    fates: dict[int, Fate]
    ids: dict[int, str]
    issues: tuple[Issue, ...]


def settle(columns: ColumnMap, responses: Sequence[Response], program: str, as_of: datetime) -> Settled[Response]:
    """Decide whose each response is and which one counts.

    The key is the e-mail address. A Discord id that another address brought first means that two keys name two
    people: the row is held, never merged. A later response replaces the earlier ones of the same person. Rows
    without a readable person are rejected; responses from after `as_of`, and rows that came as held, are held.
    """
    sheet = columns.sheet
    fates = {row.number: _before_reading(columns, row) for row in sheet.rows}
    rows = {row.number: row for row in sheet.rows}
    issues = [_waits(columns, row) for row in sheet.rows if row.held]
    owner: dict[str, str] = {}
    history: dict[str, list[Response]] = {}
    for response in sorted(responses, key=lambda one: (one.person.submitted, one.person.row)):
        person = response.person
        if rows[person.row].held:
            continue
        fault = _held(person, owner, as_of)
        if fault:
            fates[person.row] = Fate.HELD
            reason, fix = fault
            field = "timestamp" if person.submitted > as_of else "discord"
            text = columns.cell(rows[person.row], field).text
            issues.append(Issue(sheet.name, person.row, columns.title(field), text, reason, fix, Severity.ERROR))
            continue
        if person.discord_id:
            owner[person.discord_id] = person.email
        history.setdefault(person.email, []).append(response)
    people = [_standing(person_id(program, sheet.form, email), answers, fates) for email, answers in history.items()]
    people.sort(key=lambda standing: standing.current.person.row)
    ids = {one.person.row: person_id(program, sheet.form, one.person.email) for one in responses}
    return Settled(tuple(people), fates, ids, tuple(issues))


def _before_reading(columns: ColumnMap, row: Row) -> Fate:
    if row.held:
        return Fate.HELD
    return Fate.BLANK if columns.blank(row) else Fate.REJECTED


def _waits(columns: ColumnMap, row: Row) -> Issue:
    column, text = columns.title("email"), columns.cell(row, "email").text
    return Issue(columns.sheet.name, row.number, column, text, row.held, "staff decide about it", Severity.WARNING)


def _standing(name: str, answers: list[Response], fates: dict[int, Fate]) -> Standing[Response]:
    """The person of these answers, earliest first; notes what became of each row in `fates`."""
    for earlier, later in pairwise(answers):
        same = earlier.person.digest == later.person.digest
        fates[earlier.person.row] = Fate.DUPLICATE if same else Fate.SUPERSEDED
    fates[answers[-1].person.row] = Fate.CURRENT
    return Standing(name, answers[-1], tuple(answers))


def _held(person: Person, owner: dict[str, str], as_of: datetime) -> tuple[str, str] | None:
    """Why a response must wait for staff, and the fix; None when it need not."""
    if person.submitted > as_of:
        return "was submitted after the moment of this run, so it waits", "if it was not, check the sheet's time zone"
    if person.discord_id and owner.get(person.discord_id, person.email) != person.email:
        reason = "this Discord id came first with another address: two keys name two people, so the answer waits"
        return reason, "ask who it is, then correct the address or the Discord id"
    return None
