"""A night as four parcels of bytes without names or texts, so that questions about it can be answered later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from backend.nightly.document import Document, as_json, document_of, instant
from backend.nightly.frame import policy_from
from backend.nightly.night import Night
from backend.nightly.planfile import plan_of
from backend.nightly.record import BookedSession, Parcel, RecordState
from backend.settings import PolicySettings, Settings
from ingest.accounting import ProfessionalOutcome, StudentOutcome
from ingest.assembly import LeftOut
from optimizer import Policy, Witness
from optimizer.domain import Certainty, Plan, Problem, Professional, Session, Stage, Student, Unmatched
from optimizer.problem_file import problem_from_bytes, problem_to_bytes

_SESSION = ("student", "professional", "start", "minutes", "certainty", "quality", "parts", "shared_minutes")
_UNMATCHED = ("student", "stage", "waiting_days", "rivals", "hosts", "places")


@dataclass(frozen=True)
class Outside:
    """Who was current but not part of the question."""

    unmatched: tuple[Unmatched, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, eq=False)
class StoredNight:
    """A night out of its parcel, with the names that people have now. What a `Desk` needs of a `Night`."""

    settings: Settings
    as_of: datetime
    key: str
    run: str
    inputs_hash: str
    problem: Problem
    policy: Policy
    plan: Plan
    witness: Witness
    assembly: Outside
    state: RecordState
    students: Mapping[str, Student]
    professionals: Mapping[str, Professional]

    @cached_property
    def names(self) -> dict[str, str]:
        """Names by pseudonym; who was erased is called by it."""
        people: Mapping[str, Student | Professional] = {**self.students, **self.professionals}
        return {code: person.name or code for code, person in people.items()}


def parcel_of(night: Night) -> Parcel:
    """The same bytes for the same night."""
    document = document_of(night)
    plan = {
        "sessions": [_only(one, _SESSION) for one in document["sessions"]],
        "unmatched": [_only(one, _UNMATCHED) for one in document["unmatched"]],
        "certificate": {"tiers": document["certificate"]["tiers"]},
        "run": _only(document["run"], ("engine", "seed")),
    }
    assembly = night.assembly
    coming = [one for one in night.state.active() if one.interval.end > night.as_of]
    snapshot = {
        "run": _only(document["run"], ("id", "night", "as_of", "inputs_hash")),
        "policy": night.settings.policy.model_dump(mode="json"),
        "outside": [[one.student, one.stage.value, one.waiting_days] for one in assembly.unmatched],
        "left_out": [[one.person, one.outcome.value, one.reason] for one in assembly.left_out],
        "kept": [[one.key, one.run, one.revision, _session_entry(one.session)] for one in coming],
    }
    return Parcel(
        problem_to_bytes(night.problem), as_json(plan).encode(), night.witness.to_bytes(), as_json(snapshot).encode()
    )


def stored_night(
    parcel: Parcel,
    settings: Settings,
    students: Mapping[str, Student],
    professionals: Mapping[str, Professional],
) -> StoredNight:
    """The night again, judged by the policy of that night. Raises `Stop` or `ArchiveError` when it is damaged."""
    snapshot = json.loads(parcel.snapshot)
    policy = PolicySettings.model_validate(snapshot["policy"])
    outside = Outside(
        tuple(Unmatched(student, Stage(stage), days) for student, stage, days in snapshot["outside"]),
        tuple(LeftOut(person, _outcome(person, value), reason) for person, value, reason in snapshot["left_out"]),
    )
    kept = tuple(
        BookedSession(key, run, _session(entry), revision=revision) for key, run, revision, entry in snapshot["kept"]
    )
    then = settings.model_copy(update={"policy": policy})
    return StoredNight(
        settings=then,
        as_of=datetime.fromisoformat(snapshot["run"]["as_of"]),
        key=snapshot["run"]["night"],
        run=snapshot["run"]["id"],
        inputs_hash=snapshot["run"]["inputs_hash"],
        problem=problem_from_bytes(parcel.problem),
        policy=policy_from(then),
        plan=plan_of(json.loads(parcel.plan), frozenset(one.student for one in outside.unmatched)),
        witness=Witness.from_bytes(parcel.witness),
        assembly=outside,
        state=RecordState(sessions=kept),
        students=students,
        professionals=professionals,
    )


def _only(entry: Mapping[str, Any], names: tuple[str, ...]) -> Document:
    return {name: entry[name] for name in names}


def _session_entry(session: Session) -> Document:
    return {
        "student": session.student,
        "professional": session.professional,
        "start": instant(session.start),
        "minutes": session.minutes,
        "certainty": int(session.certainty),
        "quality": session.quality,
        "parts": [[name, points] for name, points in session.parts],
        "shared_minutes": session.shared_minutes,
    }


def _session(entry: Mapping[str, Any]) -> Session:
    return Session(
        entry["student"],
        entry["professional"],
        datetime.fromisoformat(entry["start"]),
        entry["minutes"],
        Certainty(entry["certainty"]),
        entry["quality"],
        tuple((name, points) for name, points in entry["parts"]),
        entry["shared_minutes"],
    )


def _outcome(person: str, value: str) -> StudentOutcome | ProfessionalOutcome:
    return StudentOutcome(value) if person.startswith("s-") else ProfessionalOutcome(value)
