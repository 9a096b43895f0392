"""Tonight's answers: what the sheets hold is stored first, then the sheets are built anew from what is stored.

A built sheet has the pulled rows under their numbers and below them the answers that came another way. An answer that
once stood in the sheet and no longer does was taken out by staff: it does not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.record.actor import NIGHT
from backend.record.models import FormResponse, Program, Reading, Run
from backend.record.models.states import FormKind, ResponseState, RunState, Source
from backend.record.refusal import one_step
from backend.record.services.answers import Said, response_id_of, take_apart
from backend.record.services.responses import Arrival, Frame, heuristic_id, read_again, take
from ingest.answer import columns_of
from ingest.columns import COLUMNS, Column
from ingest.forms.contact import discord_id
from ingest.rules import ProgramRules
from ingest.sheet import BLANK, Cell, DateOrder, Form, Row, Sheet, SourceError, text_cell
from optimizer.domain import zone_info

ERASED = "its person was erased: delete the row in the sheet too"
FORGOTTEN = "its text was deleted after its time: delete the row in the sheet too"
NOT_READ = "has not been read yet"
REJECTED = "was rejected by staff"
OVERRULED = "counts no longer: staff let an earlier answer stand"
NO_FORM = "its titles do not fit the form"
BEYOND = Cell("(more cells than titles)")
AT_ONCE = 50
"""Rows in one transaction: on SQLite nobody else writes meanwhile."""
TEXT_OF = {Form.STUDENTS: "availability", Form.PROFESSIONALS: "specific"}
Line = tuple[int, int | None, bool]
Places = Mapping[str, tuple[int, ...]] | None
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_OFF = (ResponseState.CURRENT, ResponseState.HELD)


@dataclass(frozen=True)
class Listed:
    """Which answers make up a sheet, without what they say: `lines` are (row number, response or None, spilled).

    `place`, `read_at` (ISO 8601): where and when the sheet itself was read; `stand_in`: see `ingest.sheet.Sheet`.
    """

    name: str
    notes: tuple[str, ...]
    titles: Mapping[str, str]
    order: str
    lines: tuple[Line, ...]
    place: str = ""
    read_at: str = ""
    stand_in: str = ""

    def as_record(self) -> dict[str, Any]:
        """JSON-able; names nobody."""
        return {**vars(self), "notes": list(self.notes), "lines": [list(line) for line in self.lines]}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Listed:
        lines = tuple((number, response, spilled) for number, response, spilled in record["lines"])
        return cls(**{**record, "notes": tuple(record["notes"]), "lines": lines})


def store_sheet(
    program: Program, sheet: Sheet, frame: Frame, now: datetime, read_at: datetime, *, verified_email: bool
) -> Listed:
    """Store what is new in a sheet, the earliest first, a few rows at a time. Raises `SourceError`.

    `now`: the moment it is stored for; `read_at`: when it was read.
    Broken off in between, it is gone on with by calling it again.
    """
    pulled = take_apart(sheet, frame.rules)
    shelf = _Shelf(program, FormKind(sheet.form.value))
    found: dict[int, int] = {}
    line = sorted(pulled.said, key=lambda one: (one.submitted or _NEVER, one.number))
    for first in range(0, len(line), AT_ONCE):
        with one_step():
            for said in line[first : first + AT_ONCE]:
                known = shelf.find(said)
                if known is None:
                    form, name = FormKind(sheet.form.value), response_id_of(said)
                    arrival = Arrival(
                        form, said.answers, Source.SHEET, name, said.number, email_verified=verified_email
                    )
                    known = take(program, arrival, frame, NIGHT, now).response
                    shelf.add(known)
                elif said.person is not None and known.state == ResponseState.REJECTED and known.person_id is None:
                    read_again(known, frame, NIGHT, now)
                found[said.number] = known.pk
    shelf.note_rows(found)
    rows: list[Line] = [(number, pk, False) for number, pk in found.items()]
    rows += [(number, None, True) for number in pulled.spilled] + [(number, None, False) for number in pulled.blank]
    end = max((row.number for row in sheet.rows), default=1)
    lines, notes = _completed(rows, end, shelf, sheet.notes)
    order = pulled.order or ""
    return Listed(sheet.name, notes, dict(pulled.titles), order, lines, sheet.place, read_at.isoformat())


def listed_again(program: Program, form: Form, earlier: Listed, now: datetime, zone: str) -> Listed:
    """The answers of an earlier reading once more, with those that came another way until now."""
    shelf = _Shelf(program, FormKind(form.value))
    standing = [
        (number, pk, spilled)
        for number, pk, spilled in earlier.lines
        if pk is None or (pk in shelf.by_pk and shelf.by_pk[pk].sheet_row is not None)
    ]
    end = max((number for number, _, _ in standing), default=1)
    lines, notes = _completed(standing, end, shelf, ())
    read_at = datetime.fromisoformat(earlier.read_at)
    told = read_at.astimezone(zone_info(zone))
    stand_in = (
        f"the {form.value} sheet could not be read: its answers of {told:%a} {told.day} {told:%b %H:%M} stand in "
        f"({_age(now - read_at)} old); what was typed there since is missing"
    )
    return replace(earlier, notes=notes, lines=lines, stand_in=stand_in)


def _age(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 60:
        return f"{round(minutes / 60)} h"
    return "less than a minute" if minutes == 0 else "1 minute" if minutes == 1 else f"{minutes} minutes"


class _Shelf:
    """The stored answers of a form, to find a row's among them without asking the database for each."""

    def __init__(self, program: Program, form: FormKind) -> None:
        self.form = form
        rows = FormResponse.objects.filter(program=program, form=form).defer("raw")
        self.by_pk = {row.pk: row for row in rows}
        self._by_id: dict[tuple[str, str], FormResponse] = {}
        self._by_second: dict[tuple[datetime | None, str], FormResponse] = {}
        for row in sorted(self.by_pk.values(), key=lambda one: -one.pk):
            self.add(row)

    def add(self, row: FormResponse) -> None:
        self.by_pk[row.pk] = row
        self._by_id[row.response_id, row.content_hash] = row
        self._by_second[row.submitted_at, row.content_hash] = row

    def find(self, said: Said) -> FormResponse | None:
        """As `responses.take` would find it."""
        name, second = response_id_of(said), said.submitted
        guessed = (heuristic_id(self.form, second, said.digest), said.digest)
        if name:
            return self._by_id.get((name, said.digest)) or (self._by_id.get(guessed) if second else None)
        return self._by_second.get((second, said.digest)) if second else self._by_id.get(guessed)

    def note_rows(self, found: Mapping[int, int]) -> None:
        """Remember where each answer stands in the sheet."""
        moved = []
        for number, pk in found.items():
            if self.by_pk[pk].sheet_row != number:
                self.by_pk[pk].sheet_row = number
                moved.append(self.by_pk[pk])
        FormResponse.objects.bulk_update(moved, ["sheet_row"], batch_size=200)


def _completed(
    lines: list[Line], end: int, shelf: _Shelf, notes: Iterable[str]
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The rows of a sheet, and below them the answers that came another way; with what there is to say about it."""
    here = {pk for _, pk, _ in lines}
    others = [row for pk, row in shelf.by_pk.items() if pk not in here]
    elsewhere = sorted(
        (row for row in others if row.sheet_row is None), key=lambda one: (one.submitted_at or _NEVER, one.pk)
    )
    gone = sum(row.sheet_row is not None and row.state in _OFF for row in others)
    added = [(end + n, row.pk, False) for n, row in enumerate(elsewhere, start=1)]
    told = list(notes)
    if elsewhere:
        told.append(f"rows from {end + 1} on came another way (form post, bot, staff) and stand in no sheet")
    if gone:
        told.append(f"{gone} answers that once stood in this sheet no longer do: they do not count tonight")
    return tuple(sorted([*lines, *added])), tuple(told)


def listed_of(run: Run) -> dict[Form, Listed]:
    """Which answers a run's sheets were made of; nothing for one that noted none."""
    noted = json.loads(bytes(run.answers)) if run.answers is not None else {}
    return {Form(name): Listed.from_record(one) for name, one in noted.items()}


def last_reading(program: Program, form: Form, place: str) -> Listed | None:
    """What the last booked run read at this place, or the reading that stood in for it.

    A run that a guard stopped may have read an emptied sheet, and one that broke off was not asked yet: neither counts.
    """
    booked = Run.objects.filter(program=program, state__in=(RunState.BOOKED, RunState.UNDONE), answers__isnull=False)
    run = booked.order_by("pk").only("answers").last()
    listed = listed_of(run).get(form) if run is not None else None
    return listed if listed is not None and listed.place == place and listed.read_at else None


def sheet_of(program: Program, form: Form, listed: Listed, rules: ProgramRules) -> Sheet:
    """The sheet that these answers make, as they are known today: under one address each, with staff's corrections."""
    stored = FormResponse.objects.filter(program=program, form=form.value).select_related("person")
    responses = stored.in_bulk([pk for _, pk, _ in listed.lines if pk is not None])
    readings = Reading.objects.filter(response__program=program, response__form=form.value).exclude(corrected_text="")
    corrected = dict(readings.values_list("response_id", "corrected_text"))
    where = _places(responses.values(), form, rules)
    fields = {pk: _fields(row, form, where[tuple(row.raw)], corrected.get(pk, "")) for pk, row in responses.items()}
    columns = _columns(form, rules, fields.values(), listed.titles)
    header = tuple(_title(column, rules.renamed(form).titles, listed.titles) for column in columns)
    held = _held_back(responses, listed) | {
        number: NO_FORM for number, pk, _ in listed.lines if pk in responses and where[tuple(responses[pk].raw)] is None
    }
    rows = []
    for number, pk, spilled in listed.lines:
        if pk is None:
            rows.append(Row(number, (*(BLANK,) * len(header), BEYOND) if spilled else ()))
        elif pk in responses:
            cells = tuple(text_cell(fields[pk].get(column.field, "")) for column in columns)
            rows.append(Row(number, cells, held[number]))
    order = DateOrder(listed.order) if listed.order else None
    return Sheet(listed.name, form, header, tuple(rows), date_order=order, notes=listed.notes, stand_in=listed.stand_in)


def _columns(
    form: Form, rules: ProgramRules, seen: Iterable[Mapping[str, str]], titles: Mapping[str, str]
) -> list[Column]:
    """The form's columns that anybody answered or the sheet has, and those it must have."""
    answered = {field for fields in seen for field in fields} | set(titles)
    own = rules.renamed(form).titles
    return [
        column
        for column in COLUMNS[form]
        if own.get(column.field) != "" and (column.required or column.field in answered)
    ]


def _title(column: Column, own: Mapping[str, str], titles: Mapping[str, str]) -> str:
    return titles.get(column.field) or own.get(column.field) or column.title


def _fields(row: FormResponse, form: Form, where: Places, corrected: str) -> dict[str, str]:
    """Field -> text of a stored answer."""
    texts = [str(text) for text in row.raw.values()]
    fields: dict[str, str] = {}
    for field, places in (where or {}).items():
        said = [texts[place] for place in places if place < len(texts) and texts[place].strip()]
        if said:
            fields[field] = "\n".join(said) if field == "availability" else said[-1]
    person = row.person
    if person is not None and row.raw:
        fields["email"] = person.email or fields.get("email", "")
        if person.discord_id or discord_id(Cell(fields.get("discord", "")))[0]:
            fields["discord"] = person.discord_id or ""
    if corrected:
        fields[TEXT_OF[form]] = corrected
    return fields


def _places(responses: Iterable[FormResponse], form: Form, rules: ProgramRules) -> dict[tuple[str, ...], Places]:
    """Where each field stands among the titles of these answers; None where they do not fit the form."""
    found: dict[tuple[str, ...], Places] = {}
    for titles in {tuple(row.raw): None for row in responses}:
        try:
            found[titles] = columns_of(form, dict.fromkeys(titles, ""), rules).where
        except SourceError:
            found[titles] = None
    return found


def _held_back(responses: Mapping[int, FormResponse], listed: Listed) -> dict[int, str]:
    """Why each row must not count, "" when it may."""
    placed = [(number, responses[pk]) for number, pk, _ in listed.lines if pk is not None and pk in responses]
    current = {
        row.person_id: (row.submitted_at or _NEVER, number)
        for number, row in placed
        if row.state == ResponseState.CURRENT
    }
    return {number: _why_held(row, (row.submitted_at or _NEVER, number), current) for number, row in placed}


def _why_held(row: FormResponse, place: Any, current: Mapping[int | None, Any]) -> str:
    if row.person is not None and row.person.erased_at is not None:
        return ERASED
    if not row.raw:
        return FORGOTTEN
    if row.state == ResponseState.HELD:
        return row.reason or NOT_READ
    if row.state == ResponseState.RECEIVED:
        return NOT_READ
    if row.state == ResponseState.REJECTED and row.person_id is not None:
        return REJECTED
    if row.state in (ResponseState.SUPERSEDED, ResponseState.DUPLICATE) and row.person_id in current:
        return OVERRULED if place > current[row.person_id] else ""
    return ""
