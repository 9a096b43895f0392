"""A run's page: what it booked, how sure it is, who was left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from backend.nightly.keeping import StoredNight
from backend.nightly.sentences import what_a_tier_settled, why_unmatched
from backend.record.admin.clock import moment
from backend.record.admin.pages import Cell, Page, Table, link_of, state
from backend.record.admin.sessions import sessions_table
from backend.record.admin.trail import trail
from backend.record.api.site import matching
from backend.record.models import Pseudonym, Run
from backend.record.models.states import RunState
from backend.record.services.approval import certificate_of
from backend.record.services.nights import night_of
from backend.report.words import counted, short_day, verdict
from optimizer.domain import Session, zone_info

HEAVY = ("answers", "problem", "plan", "witness", "snapshot", "offered")
SHOWN = 300


def run_page(row: Run, request: HttpRequest) -> Page:  # noqa: ARG001
    """One run; the plan of one that waits is shown as it would be booked."""
    facts = _facts(row)
    if row.problem is None or row.snapshot is None:
        reason = str(row.outcome.get("reason", "")) or "It has no plan."
        return Page(f"Night {row.night}", facts, [trail(row)], lede=f"{reason[:1].upper()}{reason[1:]}")
    night = night_of(row, matching())
    people = links(row)
    headline, proof = certificate_words(row)
    waits = row.state in (RunState.PLANNED, RunState.HELD)
    tables = [
        _planned(night, people) if waits else sessions_table(row.sessions.all(), "Sessions it booked"),
        unmatched_table(night, people, SHOWN),
        _tiers(night),
        _left_out(night, people),
        trail(row),
    ]
    return Page(f"Night {row.night}", facts, tables, lede=f"{headline}. {proof}")


def _facts(row: Run) -> list[tuple[str, Cell]]:
    reason = str(row.outcome.get("reason", ""))
    told = state(row.state)
    rows = ", ".join(f"{number} {sheet}" for sheet, number in row.rows.items())
    return [
        ("State", Cell(told.text, tone=told.tone, note=reason)),
        ("Sessions", Cell(f"{row.sessions_booked:,}")),
        ("Unmatched", Cell(f"{row.unmatched:,}")),
        ("Booked earlier", Cell(f"{row.booked_earlier:,}")),
        ("As of", Cell(moment(row.as_of))),
        ("Finished", Cell(moment(row.finished_at), note=f"attempt {row.attempts}" if row.attempts > 1 else "")),
        ("Rows of the sheets", Cell(rows)),
        ("Run", Cell(row.key, note=f"seed {row.seed}")),
        ("Fingerprint of the inputs", Cell(row.inputs_hash)),
        ("Computed with", Cell(", ".join(f"{name} {number}" for name, number in sorted(row.versions.items())))),
    ]


def certificate_words(row: Run) -> tuple[str, str]:
    """A headline of a few words, and what is proven. What the checker rejects is never kept."""
    tiers = certificate_of(row)
    if not tiers:
        return "No plan", "It was stopped before it had one."
    proven = all(tier["status"] in ("proven", "witnessed") for tier in tiers)
    return verdict({"certificate": {"checker": "accepted", "proven": proven, "tiers": tiers, "reasons": []}})


def certificate_line(row: Run) -> str:
    """For lists."""
    return certificate_words(row)[0]


def links(row: Run) -> dict[str, Cell]:
    """Everybody by pseudonym, with a link to their page."""
    rows = Pseudonym.objects.filter(program=row.program).select_related("person")
    return {one.code: Cell(str(one.person), link_of(one.person)) for one in rows}


def unmatched_table(night: StoredNight, people: Mapping[str, Cell], most: int, more: Cell | None = None) -> Table:
    """Who has no session, the longest waiting first, and the one reason."""
    waited = dict(zip(night.problem.students, night.problem.waiting_days.tolist(), strict=True))
    left = sorted((*night.plan.unmatched, *night.assembly.unmatched), key=lambda one: (-one.waiting_days, one.student))
    rows = [
        (
            people.get(one.student, Cell(one.student)),
            Cell(counted(one.waiting_days, "day")),
            Cell(why_unmatched(one, night.names, waited), note=str(one.stage.value)),
        )
        for one in left[:most]
    ]
    note = f"{counted(len(left), 'student')} without a session." if left else ""
    title = "Unmatched, and why"
    return Table(title, ("Student", "Waiting", "Why"), rows, "Nobody was left out.", note, more)


def _planned(night: StoredNight, people: Mapping[str, Cell]) -> Table:
    levels = night.policy.levels
    rows = [
        (
            Cell(_when(one, night)),
            people.get(one.student, Cell(one.student)),
            people.get(one.professional, Cell(one.professional)),
            Cell(f"{one.quality} of {levels}"),
        )
        for one in sorted(night.plan.sessions, key=lambda one: (one.start, one.student))
    ]
    note = "Nothing of it is booked yet, and nobody was told."
    return Table("Sessions it would book", ("When", "Student", "Professional", "Fit"), rows, "None.", note)


def _when(session: Session, night: StoredNight) -> str:
    local = session.start.astimezone(zone_info(night.problem.grid.zone))
    return f"{short_day(local.date())} {local:%H:%M}, {session.minutes} min"


def _tiers(night: StoredNight) -> Table:
    rows = [
        (Cell(str(number)), Cell(tier.name), Cell(what_a_tier_settled(tier)), Cell(f"{tier.value:,}"),
         Cell(f"{tier.bound:,}"), Cell(str(tier.status.value), tone=_tone(str(tier.status.value))))
        for number, tier in enumerate(night.plan.tiers, start=1)
    ]  # fmt: skip
    note = "The rules of the program in their order: each was settled before the next was looked at."
    headers = ("", "Rule", "What it settled", "Value", "Bound", "Status")
    return Table("Certificate", headers, rows, "No plan.", note)


def _tone(status: str) -> str:
    return "good" if status in ("proven", "witnessed") else "warn"


def _left_out(night: StoredNight, people: Mapping[str, Cell]) -> Table:
    rows: Sequence[Any] = [
        (people.get(one.person, Cell(one.person)), Cell(one.outcome.value), Cell(one.reason))
        for one in night.assembly.left_out
    ]
    note = "Current people who took no part that night."
    return Table("Not part of the night", ("Person", "Outcome", "Why"), rows, "Nobody.", note)
