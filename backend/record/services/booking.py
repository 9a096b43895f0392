"""A night's sessions written into the record: runs, sessions, requests, pins, ledger and outbox in one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from backend.nightly.record import BookedSession, Parcel, People, RunEntry
from backend.record.actor import NIGHT
from backend.record.models import (
    AuditEntry,
    LedgerEntry,
    Membership,
    Person,
    Pin,
    Program,
    Pseudonym,
    ReviewRequest,
    Run,
    ScheduledSession,
)
from backend.record.models.states import ACTIVE_REQUEST, RequestState, Role, RunState
from backend.record.services.audit import Fact, entry, note
from backend.record.services.notices import add_items
from backend.record.services.sessions import facts
from optimizer.domain import Professional, Student
from publish.ports import Item

TOOLS = ("django", "numpy", "ortools")
KEYS = frozenset({"id", "name", "email", "discord_id"})
"""What a membership's details never repeat: the person has it."""

KEPT = (RunState.PLANNED, RunState.HELD)
"""Runs whose plan waits for staff."""


@dataclass(frozen=True)
class Booked:
    """What a night brings."""

    run: RunEntry
    sessions: Sequence[BookedSession]
    people: People
    items: Sequence[Item]
    parcel: Parcel | None
    held: bool = False


def write_night(program: Program, night: Booked, now: datetime, run: Run | None = None) -> Run:
    """All of it, into the run that was begun for this night unless another is named.

    Raises what the database refuses; call in a transaction.
    """
    people = _people(program, night)
    run = _run(program, night, now, run)
    rows = _sessions(program, run, night, people)
    _settle(program, rows, now)
    for row in rows:
        used = Pin.objects.filter(program=program, student=row.student, professional=row.professional, ended_at=None)
        used.update(ended_at=now)
    _ledger(run, night, people)
    add_items(program, night.items, run=run, held=night.held)
    AuditEntry.objects.bulk_create(entry(NIGHT, "book", row, now, program=program, after=facts(row)) for row in rows)
    told: dict[str, Fact] = {"night": run.night, "sessions": run.sessions_booked, "unmatched": run.unmatched}
    if night.held:
        told["held"] = len(night.items)
    note(NIGHT, "run", run, now, program=program, after=told)
    return run


def open_attempt(program: Program, night: str) -> Run | None:
    """The run of a night that was begun and neither booked nor ended otherwise."""
    return Run.objects.filter(program=program, night=night, state=RunState.STARTED).order_by("pk").last()


def run_of_plan(program: Program, night: Booked, now: datetime) -> Run:
    """Under which run a plan is kept: that of the same plan while it waits, else the one begun for its night.

    So staff may book a plan that a guard held by `run --approve` as well as in the admin. A new run is not saved yet.
    """
    attempt = open_attempt(program, night.run.night)
    same = Run.objects.select_for_update().filter(program=program, key=night.run.id, state__in=KEPT).first()
    if same is not None and attempt is not None:
        attempt.state, attempt.finished_at, attempt.outcome = RunState.HELD, now, {"reason": f"same as {same.key}"}
        attempt.save()
    return same or attempt or Run(program=program, night=night.run.night, started_at=now)


def fill(run: Run, night: Booked, now: datetime) -> None:
    """What the night was, into the columns of its run; the state and saving it are the caller's."""
    given, parcel = night.run, night.parcel
    run.key, run.as_of, run.inputs_hash = given.id, given.as_of, given.inputs_hash
    run.sessions_booked, run.unmatched, run.booked_earlier = given.sessions, given.unmatched, given.booked_earlier
    run.rows, run.offered, run.finished_at = dict(given.rows), dict(given.offered), now
    run.versions = {tool: version(tool) for tool in TOOLS}
    run.outcome = {"stages": dict(given.stages), "to_confirm": given.to_confirm, "stand_ins": list(given.stand_ins)}
    run.snapshot = run.problem = run.plan = run.witness = None
    if parcel is not None:
        run.problem, run.plan, run.witness, run.snapshot = parcel.problem, parcel.plan, parcel.witness, parcel.snapshot
        run.seed = json.loads(parcel.plan)["run"]["seed"]


def _run(program: Program, night: Booked, now: datetime, run: Run | None) -> Run:
    run = run or run_of_plan(program, night, now)
    fill(run, night, now)
    run.state = RunState.BOOKED
    run.save()
    return run


def _people(program: Program, night: Booked) -> dict[str, Person]:
    """Who is behind each pseudonym of the night; somebody the record does not know yet is entered."""
    found = Pseudonym.objects.filter(program=program).select_related("person")
    people = {row.code: row.person for row in found}
    sides: tuple[tuple[Role, Mapping[str, Student | Professional]], ...] = (
        (Role.STUDENT, night.people.students),
        (Role.PROFESSIONAL, night.people.professionals),
    )
    for role, told in sides:
        for code, one in told.items():
            if code not in people:
                people[code] = _entered(program, role, one)
            member, _ = Membership.objects.get_or_create(program=program, person=people[code], role=role)
            details = {**member.details, **_details(one)}
            if details != member.details:
                member.details = details
                member.save()
    return people


def _entered(program: Program, role: Role, one: Student | Professional) -> Person:
    values = {"name": one.name}
    person = Person.objects.get_or_create(email=one.email, defaults=values)[0] if one.email else Person(**values)
    person.save()
    Pseudonym.objects.create(program=program, code=one.id, role=role, person=person)
    return person


def _details(one: Student | Professional) -> dict[str, Any]:
    """What messages say beyond the name, as it was told on this night."""
    told = {field.name: getattr(one, field.name) for field in fields(one) if field.name not in KEYS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items() if value}


def _sessions(program: Program, run: Run, night: Booked, people: Mapping[str, Person]) -> list[ScheduledSession]:
    students = [people[one.session.student].pk for one in night.sessions]
    wishes = ReviewRequest.objects.filter(program=program, state__in=ACTIVE_REQUEST, student__in=students)
    requests = {one.student_id: one for one in wishes.select_for_update()}
    rows = [
        ScheduledSession(
            key=one.key,
            program=program,
            run=run,
            request=requests.get(people[one.session.student].pk),
            student=people[one.session.student],
            professional=people[one.session.professional],
            student_code=one.session.student,
            professional_code=one.session.professional,
            starts_at=one.session.start,
            ends_at=one.session.start + timedelta(minutes=one.session.minutes),
            state=one.state,
            revision=one.revision,
            incarnation=one.incarnation,
            student_incarnation=one.student_incarnation,
            why=one.why[:500],
            certainty=int(one.session.certainty),
            quality=one.session.quality,
            parts=[list(part) for part in one.session.parts],
            shared_minutes=one.session.shared_minutes,
        )
        for one in sorted(night.sessions, key=lambda one: one.key)
    ]
    return ScheduledSession.objects.bulk_create(rows, batch_size=30)


def _settle(program: Program, rows: Iterable[ScheduledSession], now: datetime) -> None:
    """Requests that have all their sessions now are scheduled; the others wait on."""
    requests = {row.request.pk: row.request for row in rows if row.request is not None}
    counted = Counter(
        ScheduledSession.objects.filter(request__in=requests, state__in=("scheduled", "completed")).values_list(
            "request_id", flat=True
        )
    )
    entries = []
    for request in requests.values():
        if counted[request.pk] >= request.wanted and request.state != RequestState.SCHEDULED:
            before, request.state = request.state, RequestState.SCHEDULED
            told: dict[str, Any] = {"before": {"state": str(before)}, "after": {"state": str(request.state)}}
            entries.append(entry(NIGHT, "request", request, now, program=program, **told))
    ReviewRequest.objects.bulk_update(requests.values(), ["state"], batch_size=200)
    AuditEntry.objects.bulk_create(entries)


def _ledger(run: Run, night: Booked, people: Mapping[str, Person]) -> None:
    hosted = Counter(one.session.professional for one in night.sessions)
    met = Counter(one.session.student for one in night.sessions)
    rows = [
        LedgerEntry(
            run=run, person=people.get(code), code=code, role=Role.PROFESSIONAL, offered=places, sessions=hosted[code]
        )
        for code, places in sorted(night.run.offered.items())
    ]
    rows += [
        LedgerEntry(
            run=run, person=people.get(code), code=code, role=Role.STUDENT, sessions=met[code], waited_days=max(0, days)
        )
        for code, days in sorted(night.run.waited.items())
    ]
    LedgerEntry.objects.bulk_create(rows, batch_size=200)
