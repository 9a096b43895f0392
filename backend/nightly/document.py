"""The night document: one JSON-able dict from which plan files, reports, terminals and notebooks are made.

Format "matching-night/1". Nothing in it depends on the wall clock, and it holds no e-mail address. Names and the texts
people typed are in it, so it is for staff.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from backend.nightly.calendars import NO_CALENDARS
from backend.nightly.night import Night
from backend.nightly.sentences import what_a_tier_settled, why_unmatched
from ingest.accounting import Count, Fate
from ingest.assembly import ReadText
from ingest.forms import ProfessionalResponse, StudentResponse
from ingest.issues import Issue
from ingest.people import person_id
from ingest.sheet import Form
from optimizer.domain import Certainty, Session, Unmatched, zone_info
from publish.booking import Booking

if TYPE_CHECKING:
    from backend.nightly.keeping import StoredNight

FORMAT = "matching-night/1"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Document = dict[str, Any]


def document_of(night: Night) -> Document:
    """The document of a night."""
    changes = changes_of(night)
    said = Counter(one["kind"] for one in changes)
    diff = {
        "new": len(night.plan.sessions),
        "moved": said["moved"],
        "cancelled": said["cancelled"],
        "kept": sum(1 for _ in _kept(night)) - said["moved"],
        "unmatched": len(night.unmatched),
    }
    return {
        "format": FORMAT,
        "run": _run(night),
        "counts": _counts(night),
        "sessions": [_session(night, booking) for booking in night.bookings],
        "kept": list(_kept(night)),
        "unmatched": [_unmatched(night, left) for left in night.unmatched],
        "others": list(_others(night)),
        "loads": list(_loads(night)),
        "certificate": _certificate(night),
        "policy": night.policy.describe().split("\n"),
        "quality_levels": night.policy.levels,
        "issues": [_issue(issue) for issue in night.assembly.issues],
        "to_confirm": [_to_confirm(night, text) for text in night.assembly.to_confirm],
        "heat": heat_of(night),
        "diff": diff,
        "changes": changes,
    }


def as_json(document: Document) -> str:
    """The document as text: stable order, readable, one final newline."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _run(night: Night) -> Document:
    program, grid = night.settings.program, night.problem.grid
    return {
        "id": night.run,
        "program": program.key,
        "program_name": program.name,
        "night": night.key,
        "as_of": instant(night.as_of),
        "zone": program.zone,
        "seed": night.plan.seed,
        "engine": night.plan.engine,
        "inputs_hash": night.inputs_hash,
        "session_minutes": night.settings.matching.session_minutes,
        "horizon_first": grid.local_days[0].isoformat() if grid.cells else "",
        "horizon_days": night.settings.matching.horizon_days,
        "stand_ins": list(night.sheets.stand_ins),
        "own_calendars": night.calendars.sentence if night.calendars != NO_CALENDARS else "",
    }


def _counts(night: Night) -> Document:
    told = night.conservation
    return {
        name: _count(count)
        for name, count in (
            ("student_rows", told.student_rows),
            ("professional_rows", told.professional_rows),
            ("students", told.students),
            ("professionals", told.professionals),
        )
    }


def _count(count: Count) -> Document:
    return {"total": count.total, "parts": dict(count.parts)}


def _session(night: Night, booking: Booking) -> Document:
    session = booking.session
    weights = night.policy.weights
    return {
        "key": booking.session_key,
        "reference": booking.reference,
        "student": session.student,
        "student_name": night.names[session.student],
        "professional": session.professional,
        "professional_name": night.names[session.professional],
        "start": instant(session.start),
        "end": instant(session.interval.end),
        "minutes": session.minutes,
        "certainty": certainty_word(session),
        "quality": session.quality,
        "parts": [{"name": name, "points": points, "weight": weights.get(name, 1)} for name, points in session.parts],
        "shared_minutes": session.shared_minutes,
    }


def certainty_word(session: Session) -> str:
    """The certainty in words: certain, if needed, low confidence."""
    return Certainty(session.certainty).name.lower().replace("_", " ")


def _kept(night: Night) -> Iterator[Document]:
    """Sessions of earlier nights that are still to come."""
    coming = [booked for booked in night.state.active() if booked.interval.end > night.as_of]
    for booked in sorted(coming, key=lambda one: (one.interval, one.key)):
        session = booked.session
        yield {
            "student": session.student,
            "student_name": night.names.get(session.student, session.student),
            "professional": session.professional,
            "professional_name": night.names.get(session.professional, session.professional),
            "start": instant(session.start),
            "end": instant(session.interval.end),
        }


def changes_of(night: Night) -> list[Document]:
    """What became of earlier nights' sessions since the last run: moved and still to come, or cancelled.

    A session cancelled after it was moved is cancelled. Without an earlier run, or a record that keeps no history,
    there is nothing to tell.
    """
    runs = [run for run in night.state.runs if run.program == night.settings.program.key]
    if not runs:
        return []
    since = runs[-1].as_of
    told = []
    for booked in sorted(night.state.sessions, key=lambda one: (one.interval, one.key)):
        gone = booked.state == "cancelled"
        moment = booked.cancelled_at if gone else booked.moved_at
        if moment is None or moment <= since or (not gone and booked.interval.end <= night.as_of):
            continue
        session = booked.session
        told.append(
            {
                "kind": "cancelled" if gone else "moved",
                "student": session.student,
                "student_name": night.names.get(session.student, session.student),
                "professional": session.professional,
                "professional_name": night.names.get(session.professional, session.professional),
                "start": instant(session.start),
                "was": instant(booked.moved_from) if booked.moved_from and not gone else "",
            }
        )
    return told


def _unmatched(night: Night, left: Unmatched) -> Document:
    return {
        "student": left.student,
        "name": night.names.get(left.student, left.student),
        "stage": left.stage.value,
        "sentence": why_unmatched(left, night.names, night.waited),
        "waiting_days": left.waiting_days,
        "rivals": list(left.rivals),
        "hosts": list(left.hosts),
        "places": left.places,
    }


def _others(night: Night) -> Iterator[Document]:
    rows = {name: response.person.row for form in Form for name, response in _current(night, form)}
    for out in night.assembly.left_out:
        student = out.person in night.students
        yield {
            "person": out.person,
            "name": night.names.get(out.person, out.person),
            "kind": "student" if student else "professional",
            "outcome": out.outcome.value,
            "reason": out.reason,
            "sheet": (Form.STUDENTS if student else Form.PROFESSIONALS).value,
            "row": rows.get(out.person, 0),
        }


def _current(night: Night, form: Form) -> Iterator[tuple[str, StudentResponse | ProfessionalResponse]]:
    """The response in force of each current person, by id."""
    assembly = night.assembly
    students: tuple[StudentResponse | ProfessionalResponse, ...] = assembly.student_responses
    for response in students if form is Form.STUDENTS else assembly.professional_responses:
        if assembly.fates[form][response.person.row] is Fate.CURRENT:
            yield person_id(night.settings.program.key, form, response.person.email), response


def _loads(night: Night) -> Iterator[Document]:
    problem = night.problem
    got = dict.fromkeys(problem.professionals, 0)
    for session in night.plan.sessions:
        got[session.professional] += 1
    industries = {name: response.industries for name, response in _current(night, Form.PROFESSIONALS)}
    for j, name in enumerate(problem.professionals):
        yield {
            "professional": name,
            "name": night.names[name],
            "sessions": got[name],
            "kept": int(problem.kept_load[j]),
            "capacity": int(problem.capacity_horizon[j]),
            "industries": list(industries.get(name, ())),
        }


def _certificate(night: Night) -> Document:
    return {
        "proven": night.plan.proven and night.verdict.accepted,
        "checker": "accepted" if night.verdict.accepted else "rejected",
        "reasons": list(night.verdict.reasons),
        "witness_sha256": hashlib.sha256(night.witness.to_bytes()).hexdigest(),
        "tiers": [
            {
                "name": tier.name,
                "value": tier.value,
                "bound": tier.bound,
                "gap": tier.gap,
                "status": tier.status.value,
                "left_choice": tier.left_choice,
                "sentence": what_a_tier_settled(tier),
            }
            for tier in night.plan.tiers
        ],
    }


def _issue(issue: Issue) -> Document:
    return {
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "text": issue.text,
        "reason": issue.reason,
        "fix": issue.fix,
        "severity": issue.severity.value,
    }


def _to_confirm(night: Night, text: ReadText) -> Document:
    reading = text.reading
    return {
        "person": text.person,
        "name": night.names.get(text.person, text.person),
        "sheet": text.form.value,
        "row": text.row,
        "column": text.column,
        "why": text.confirm,
        "use": text.use.value,
        "text": reading.text,
        "echo": reading.echo,
        "status": reading.status,
        "confidence": reading.confidence,
        "unparsed": [{"start": span.start, "end": span.end, "text": span.text} for span in reading.unparsed],
        "assumptions": [{"code": one.code, "sentence": one.sentence} for one in reading.assumptions],
    }


def heat_of(night: Night | StoredNight) -> Document:
    """How many people are free in an hour of the week, on average over the horizon, in the program's zone."""
    grid = night.problem.grid
    info = zone_info(grid.zone)
    local = [start.astimezone(info) for start in grid.starts]
    places = np.array([moment.weekday() * 24 + moment.hour for moment in local], dtype=np.int64)
    cells = np.bincount(places, minlength=168)
    busy_hours = range(*_hours(night))
    return {
        "zone": grid.zone,
        "days": list(DAYS),
        "hours": list(busy_hours),
        "demand": _mean(night.problem.student_free, places, cells, busy_hours),
        "supply": _mean(night.problem.professional_free, places, cells, busy_hours),
    }


def _hours(night: Night | StoredNight) -> tuple[int, int]:
    matching = night.settings.matching
    last_hour, last_minute = (int(part) for part in matching.latest.split(":"))
    return int(matching.earliest.split(":")[0]), last_hour + (last_minute > 0)


def _mean(free: NDArray[np.uint8], places: NDArray[np.int64], cells: NDArray[np.int64], hours: range) -> Any:
    people = np.bincount(places, weights=(free > 0).sum(axis=0), minlength=168)
    mean = np.where(cells > 0, people / np.maximum(cells, 1), 0.0)
    return [[round(float(mean[day * 24 + hour]), 1) for hour in hours] for day in range(7)]
