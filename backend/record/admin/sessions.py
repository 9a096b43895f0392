"""A session's page, and sessions as a table."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from backend.record.admin.clock import moment, span
from backend.record.admin.pages import Cell, Page, Table, state, to
from backend.record.admin.trail import trail
from backend.record.api.site import matching, now
from backend.record.models import ScheduledSession

CERTAINTY = {3: "certain", 2: "if needed", 1: "doubtful reading"}
SHOWN = 50


def session_page(row: ScheduledSession, request: HttpRequest) -> Page:  # noqa: ARG001
    """One session: who, when, why this time, what became of it."""
    levels = matching().policy.levels
    parts = ", ".join(f"{name} {points}" for name, points in row.parts)
    facts = [
        ("When", Cell(span(row.starts_at, row.ends_at), note=f"{row.minutes} minutes")),
        ("State", _state(row)),
        ("Student", to(row.student)),
        ("Professional", to(row.professional)),
        ("Booked by", to(row.run, f"the night {row.run.night}") if row.run else Cell("hand")),
        ("Request", to(row.request) if row.request else Cell("")),
        ("Fit", Cell(f"{row.quality} of {levels}", note=parts)),
        ("Time both offered", Cell(CERTAINTY[row.certainty], note=f"{row.shared_minutes} minutes shared in all")),
        ("Changes", Cell(str(row.revision))),
        ("Meeting link", Cell(row.meeting_link)),
        ("Said they will come", Cell(_coming(row))),
        ("Asked whether it took place", Cell(moment(row.asked_at))),
        ("Reference", Cell(row.public_id, note=row.key)),
    ]
    title = f"{row.student} with {row.professional}"
    return Page(title, facts, [_history(row), _said(row), trail(row)], lede=row.why)


def _coming(row: ScheduledSession) -> str:
    """Who of the two confirmed the session as it stands."""
    said = row.acceptances.filter(revision=row.revision).select_related("person").order_by("said_at")
    return ", ".join(str(one.person) for one in said)


def sessions_table(rows: QuerySet[ScheduledSession], title: str) -> Table:
    """Sessions, the latest start first."""
    found = rows.select_related("student", "professional").order_by("-starts_at", "pk")[:SHOWN]
    cells = [
        (Cell(span(one.starts_at, one.ends_at), to(one).link), to(one.student), to(one.professional), _state(one))
        for one in found
    ]
    return Table(title, ("When", "Student", "Professional", "State"), cells, "No sessions.")


def _state(row: ScheduledSession) -> Cell:
    told = state(row.state)
    if row.assumed:
        return Cell("completed (assumed)", tone="warn")
    if row.state == "scheduled" and row.ends_at <= now():
        return Cell("to be confirmed", tone="warn")
    return Cell(told.text, tone=told.tone, note=f"the {row.absent} did not come" if row.absent else "")


def _history(row: ScheduledSession) -> Table:
    rows = [
        (Cell(str(one.revision)), Cell(span(one.starts_at, one.ends_at)), state(one.state), Cell(one.cause),
         Cell(f"{one.actor_kind} {one.actor_id}".strip()), Cell(moment(one.changed_at)))
        for one in row.revisions.order_by("-revision")
    ]  # fmt: skip
    headers = ("Revision", "It was", "State", "Changed because of", "By", "At")
    return Table("Earlier revisions", headers, rows, "It was never changed.")


def _said(row: ScheduledSession) -> Table:
    stars = {one.person_id: one.stars for one in row.ratings.all()}
    verdicts = {one.person_id: one for one in row.confirmations.all()}
    rows = []
    for person in (row.student, row.professional):
        told = verdicts.get(person.pk)
        if told or person.pk in stars:
            said = told.verdict.replace("_", " ") if told else ""
            rating = f"{stars[person.pk]} of 5" if person.pk in stars else ""
            rows.append((to(person), Cell(said), Cell(moment(told.said_at) if told else ""), Cell(rating)))
    return Table("What the two said", ("Who", "Took place", "Said at", "Rating"), rows, "Nothing yet.")
