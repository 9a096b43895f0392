"""Nights in the record: kept with their run, and out again for questions."""

from __future__ import annotations

from backend.nightly.keeping import StoredNight, parcel_of, stored_night
from backend.nightly.night import Night
from backend.nightly.record import Parcel
from backend.record.models import Program, Pseudonym, Run
from backend.record.models.states import Role, RunState
from backend.settings import Settings
from optimizer.domain import Professional, Student

ASKABLE = (RunState.PLANNED, RunState.HELD, RunState.BOOKED)


def keep_night(run: Run, night: Night) -> None:
    """Fill the run's columns; the caller saves it, in its own transaction."""
    parcel = parcel_of(night)
    run.problem, run.plan, run.witness, run.snapshot = parcel.problem, parcel.plan, parcel.witness, parcel.snapshot


def last_run(program: Program) -> Run | None:
    """The latest run of the program whose night can be asked about, without its heavy columns."""
    heavy = ("answers", "problem", "plan", "witness", "snapshot")
    rows = Run.objects.filter(program=program, state__in=ASKABLE, problem__isnull=False, snapshot__isnull=False)
    return rows.defer(*heavy).order_by("-pk").first()


def night_of(run: Run, settings: Settings) -> StoredNight:
    """The night of a run, under the names that people have now."""
    row = Run.objects.get(pk=run.pk)
    assert row.problem is not None
    assert row.plan is not None
    assert row.witness is not None
    assert row.snapshot is not None
    parcel = Parcel(bytes(row.problem), bytes(row.plan), bytes(row.witness), bytes(row.snapshot))
    return stored_night(parcel, settings, *people_of(row.program))


def people_of(program: Program) -> tuple[dict[str, Student], dict[str, Professional]]:
    """Everybody with a pseudonym, under the names they have now; without addresses, which no answer needs."""
    rows = Pseudonym.objects.filter(program=program).values_list("code", "role", "person__name", "person__zone")
    students: dict[str, Student] = {}
    professionals: dict[str, Professional] = {}
    for code, role, name, zone in rows:
        if role == Role.STUDENT:
            students[code] = Student(code, name, "", zone or program.zone)
        elif role == Role.PROFESSIONAL:
            professionals[code] = Professional(code, name, "", zone or program.zone)
    return students, professionals


def codes_of(program: Program, person_id: int) -> tuple[str, ...]:
    """The pseudonyms of a person, the latest first."""
    rows = Pseudonym.objects.filter(program=program, person_id=person_id).order_by("-pk")
    return tuple(rows.values_list("code", flat=True))
