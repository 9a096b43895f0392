"""A night of the sample data in the record: its people, their pseudonyms, its run."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from backend.nightly.night import Night, think
from backend.nightly.pull import pull
from backend.nightly.record import RecordState
from backend.record.models import Membership, Person, Program, Pseudonym, Run
from backend.record.models.states import Role, RunState
from backend.record.services.nights import keep_night
from tests.backend.record.api.callers import MATCHING

AS_OF = datetime(2026, 11, 23, 3, tzinfo=UTC)


@lru_cache(maxsize=1)
def sample_night() -> Night:
    sheets = pull(MATCHING, "sample_data/students.csv", "sample_data/professionals.csv")
    return think(MATCHING, sheets, RecordState(), AS_OF, lambda _line: None, approved=True)


def people_of(night: Night, program: Program) -> dict[str, Person]:
    """A person for everybody of the night, by pseudonym."""
    people = {}
    for role, named in ((Role.STUDENT, night.students), (Role.PROFESSIONAL, night.professionals)):
        for code, one in named.items():
            people[code] = Person.objects.create(name=one.name, email=f"{code}@example.org")
            Membership.objects.create(program=program, person=people[code], role=role)
            Pseudonym.objects.create(program=program, code=code, role=role, person=people[code])
    return people


def stored_run(night: Night, program: Program) -> Run:
    run = Run(
        key=night.run, program=program, night=night.key, as_of=night.as_of, state=RunState.BOOKED,
        inputs_hash=night.inputs_hash, started_at=night.as_of, finished_at=night.as_of,
    )  # fmt: skip
    keep_night(run, night)
    run.save()
    return run
