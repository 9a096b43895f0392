"""One answer on its own, read exactly as its row in the sheet would be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ingest.availability import DEFAULT_CONVENTIONS, Conventions, Horizon
from ingest.columns import COLUMNS, ColumnError, ColumnMap, accepted_titles, match_columns, plain
from ingest.forms import ProfessionalResponse, StudentResponse, read_professionals, read_students
from ingest.forms.dates import DateError, moment_of
from ingest.issues import Issue
from ingest.offers import Clockwork, Offer, professional_offer, student_offer
from ingest.rules import ProgramRules
from ingest.sheet import DateOrder, Form, Row, Sheet, text_cell

TIMESTAMP, RESPONSE_ID, CODE = "Timestamp", "Response ID", "Verification Code"
"""`CODE`: the question that the link of `!resume` fills in with a signed token."""
LONGEST_TITLE = 60
_NO_ANSWER = frozenset({"timestamp", "response_id"})
_DATES = frozenset({"start", "end", "again_from"})


@dataclass(frozen=True)
class Answer:
    """`response` is None when no person or no time could be read; `offer` then too. `column`: the text's own title."""

    response: StudentResponse | ProfessionalResponse | None
    offer: Offer | None
    column: str
    issues: tuple[Issue, ...]


def read_answer(
    form: Form,
    answers: Mapping[str, str],
    rules: ProgramRules,
    as_of: datetime,
    conventions: Conventions = DEFAULT_CONVENTIONS,
) -> Answer:
    """Read title -> answer, with `Timestamp` among the titles. Questions left out count as unanswered.

    Raises `SourceError` when the titles do not fit the form, `ValueError` for a naive `as_of`. A question that cannot
    be done without and is missing, while one that nobody knows was answered, has been renamed: that does not fit.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of must be an aware moment")
    columns = columns_of(form, answers, rules)
    clockwork = Clockwork(rules, Horizon(rules.horizon_first(as_of), rules.horizon_days), conventions)
    if form is Form.STUDENTS:
        students, issues = read_students(columns, rules)
        said = [(one, student_offer(one, clockwork)) for one in students]
        return _answer(said, columns.title("availability"), issues)
    professionals, issues = read_professionals(columns, rules)
    offered = [(one, professional_offer(one, clockwork)) for one in professionals]
    return _answer(offered, columns.title("specific"), issues)


def columns_of(form: Form, answers: Mapping[str, str], rules: ProgramRules) -> ColumnMap:
    """The answer as a sheet of one row, under its titles. Raises `SourceError`."""
    renamed = rules.renamed(form)
    known = {plain(title) for title in answers}
    header, cells = list(answers), [text_cell(text) for text in answers.values()]
    titles_of = {column: accepted_titles(column, renamed.titles.get(column.field)) for column in COLUMNS[form]}
    every = {plain(title) for titles in titles_of.values() for title in titles} | {plain(CODE)}
    strange = sorted(title.strip() for title in answers if plain(title) not in every)
    for column, titles in titles_of.items():
        if not column.required or not titles or known & {plain(title) for title in titles}:
            continue
        if column.vital and strange:
            raise _renamed(form, titles[0], strange)
        header.append(titles[0])
        cells.append(text_cell(""))
    sheet = Sheet(f"{form} form", form, tuple(header), (Row(2, tuple(cells)),), rules.date_order)
    return match_columns(sheet, renamed)


def _renamed(form: Form, title: str, strange: list[str]) -> ColumnError:
    unknown = ", ".join(repr(one[:LONGEST_TITLE]) for one in strange[:3])
    hint = f"Correct the title in the form, or add it under [columns.{form}] in matching.toml."
    return ColumnError(f"{form} form: question {title!r} is missing; unknown: {unknown}. {hint}")


def content_hash(form: Form, answers: Mapping[str, str], rules: ProgramRules) -> str:
    """64 hex digits over what was answered, whenever, in whatever order and notation of dates.

    A row of the sheet and a post of the form with the same answers have the same. Time stamp and response id are no
    answers. Raises `SourceError` as `read_answer`.
    """
    columns = columns_of(form, answers, rules)
    return row_hash(columns, columns.sheet.rows[0], rules)


def row_hash(columns: ColumnMap, row: Row, rules: ProgramRules) -> str:
    """The `content_hash` of a row under its columns."""
    said: list[str] = []
    for field in sorted(set(columns.where) - _NO_ANSWER):
        texts = [cell.text.strip() for cell in columns.cells(row, field)]
        said += [f"{field}={_date(text, rules.date_order) if field in _DATES else text}" for text in texts]
    return hashlib.sha256("\x1f".join(said).encode("utf-8", "replace")).hexdigest()


def _date(text: str, order: DateOrder | None) -> str:
    try:
        return moment_of(text_cell(text), order or DateOrder.MONTH_FIRST).date().isoformat()
    except DateError:
        return text


def _answer(
    said: list[tuple[StudentResponse, Offer]] | list[tuple[ProfessionalResponse, Offer]],
    column: str,
    issues: list[Issue],
) -> Answer:
    response, offer = said[0] if said else (None, None)
    return Answer(response, offer, column, tuple(issues))
