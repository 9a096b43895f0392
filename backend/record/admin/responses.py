"""An answer as it came and as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from backend.record.admin.clock import moment
from backend.record.admin.pages import Cell, Page, state, to
from backend.record.admin.staff import said
from backend.record.admin.trail import trail
from backend.record.models import FormPost, FormResponse, Reading
from backend.report.view import pieces

PREVIEW = 4000


@dataclass(frozen=True)
class Read:
    """One text: `pieces` of it, True for what was not understood."""

    column: str
    pieces: tuple[tuple[str, bool], ...]
    echo: str
    status: Cell
    zone: str
    assumptions: tuple[str, ...]
    corrected: str


@dataclass(frozen=True)
class Shown:
    """An answer for the page: the questions with what was answered, and the readings."""

    title: str
    link: str
    status: Cell
    about: str
    answers: tuple[tuple[str, str], ...]
    readings: tuple[Read, ...]


def shown(row: FormResponse, request: HttpRequest) -> Shown:
    """As whoever looks may see it."""
    came = f"Submitted {moment(row.submitted_at) or 'at an unknown time'}, by {row.source}"
    came += f", row {row.sheet_row}" if row.sheet_row else ""
    answers = tuple((title, said(str(text), request)) for title, text in row.raw.items() if str(text).strip())
    readings = tuple(_read(one, request) for one in row.readings.all())
    about = f"{came}. {row.reason}".strip()
    return Shown(f"{row.form.capitalize()} form", to(row).link, state(row.state), about, answers, readings)


def _read(row: Reading, request: HttpRequest) -> Read:
    result: Mapping[str, Any] = row.result
    text = row.text or row.corrected_text
    cut = [(said(part, request), marked) for part, marked in pieces(text, _places(text, result.get("unparsed", [])))]
    sure = f"{row.status}, {100 * row.confidence:.0f} % sure"
    return Read(
        column=row.column,
        pieces=tuple(cut),
        echo=str(result.get("echo", "")),
        status=Cell(sure, tone=state(row.status).tone),
        zone=row.zone,
        assumptions=tuple(one["sentence"] for one in result.get("assumptions", [])),
        corrected=said(row.corrected_text, request),
    )


def _places(text: str, parts: list[str]) -> list[dict[str, int]]:
    """Where the parts that were not understood stand, looked for in their order."""
    found, at = [], 0
    for part in parts:
        start = text.find(part, at)
        if start >= 0 and part:
            at = start + len(part)
            found.append({"start": start, "end": at})
    return found


def response_page(row: FormResponse, request: HttpRequest) -> Page:
    """One answer."""
    facts = [
        ("Person", to(row.person) if row.person else Cell("nobody yet")),
        ("State", Cell(state(row.state).text, tone=state(row.state).tone, note=row.reason)),
        (
            "Verified",
            Cell("yes" if row.verified else "no", note="the way it came proves whose it is" if row.verified else ""),
        ),
        ("Submitted", Cell(moment(row.submitted_at))),
        ("Received", Cell(moment(row.received_at))),
        ("Came by", Cell(row.source, note=f"row {row.sheet_row}" if row.sheet_row else "")),
        ("Revision", Cell(str(row.revision))),
        ("Id in the form", Cell(row.response_id)),
    ]
    who = str(row.person) if row.person else "nobody yet"
    title = f"Answer of {who}"
    return Page(title, facts, [trail(row)], template="record/response.html", extra={"answers": [shown(row, request)]})


def post_page(row: FormPost, request: HttpRequest) -> Page:
    """A post; one that could not be understood shows what it held."""
    body = bytes(row.body).decode("utf-8", "replace")[:PREVIEW]
    facts = [
        ("Received", Cell(moment(row.received_at))),
        ("Form", Cell(row.form)),
        ("State", state(row.state)),
        ("Why refused", Cell(row.reason)),
        ("Became", to(row.response) if row.response else Cell("")),
        ("As it came", Cell(said(body, request) or "empty: its answer has it all")),
    ]
    return Page(f"Post {row.pk}", facts)
