"""What earlier nights left, in the types of the nightly job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from backend.nightly.record import BookedSession, People, Reach, RecordState, RunEntry, SessionState
from backend.record.models import Membership, Person, Program, Pseudonym, Run, ScheduledSession, SessionRevision
from backend.record.models.states import Role, RunState
from backend.record.models.states import SessionState as StoredState
from backend.record.services.booking import KEYS
from backend.record.services.codes import Codes
from backend.record.services.decided import decided
from backend.record.services.notices import matched
from optimizer.domain import Professional, Student
from publish.booking import Recipient

Human = TypeVar("Human", Student, Professional)
_HEAVY = ("answers", "problem", "plan", "witness", "snapshot")


@dataclass(frozen=True)
class _Change:
    """When a session was last moved, from which start, and when it was cancelled."""

    moved_from: datetime | None = None
    moved_at: datetime | None = None
    cancelled_at: datetime | None = None


UNCHANGED = _Change()


def record_state(program: Program) -> RecordState:
    """Everything, under today's pseudonyms."""
    codes = Codes(program)
    rows = ScheduledSession.objects.filter(program=program).select_related("run", "student", "professional")
    sessions = list(rows.order_by("pk"))
    acted = Run.objects.filter(program=program, state__in=(RunState.BOOKED, RunState.UNDONE))
    runs = list(acted.defer(*_HEAVY).order_by("pk"))
    changes = _changes(program, sessions)
    return RecordState(
        runs=tuple(_run(program, one, codes) for one in runs if one.state == RunState.BOOKED),
        undone=tuple(_undone(_run(program, one, codes)) for one in runs if one.state == RunState.UNDONE),
        sessions=tuple(_booked(one, codes, changes.get(one.pk, UNCHANGED)) for one in sessions),
        people=_people(program, sessions, codes),
        decided=decided(program, codes),
    )


def booked_session(program: Program, key: str) -> tuple[BookedSession, People] | None:
    """One session with its two people, as they are now."""
    rows = ScheduledSession.objects.filter(program=program, key=key).select_related("run", "student", "professional")
    found = rows.first()
    if found is None:
        return None
    codes = Codes(program, (found.student_id, found.professional_id))
    return _booked(found, codes), _people(program, [found], codes)


def awaits_session(program: Program, code: str, after: datetime) -> bool:
    """Whether a session of whom this pseudonym means today ends after this moment, and was not cancelled."""
    theirs = Pseudonym.objects.filter(program=program, code=code).values("person")
    ahead = ScheduledSession.objects.filter(program=program, student__in=theirs, ends_at__gt=after)
    return ahead.exclude(state=StoredState.CANCELLED).exists()


def reach_of(program: Program, code: str) -> Reach | None:
    """The ways to a person: a Discord id only when it was proven, since others may have typed it."""
    row = Pseudonym.objects.filter(program=program, code=code).select_related("person").first()
    return _reach(row.person, program) if row else None


def seat_of(program: Program, key: str, recipient: Recipient) -> Reach | None:
    """The ways to one of the two people of a session; None when there is no such session."""
    row = ScheduledSession.objects.filter(program=program, key=key).select_related("student", "professional").first()
    if row is None:
        return None
    return _reach(row.student if recipient is Recipient.STUDENT else row.professional, program)


def _reach(person: Person, program: Program) -> Reach:
    proven = person.discord_id if person.discord_verified_at else None
    zone = person.zone or program.zone
    return Reach(person.name, person.email or "", proven or "", zone, person.reminders, person.phone)


def _run(program: Program, run: Run, codes: Codes) -> RunEntry:
    return RunEntry(
        id=run.key,
        program=program.key,
        night=run.night,
        as_of=run.as_of,
        inputs_hash=run.inputs_hash,
        sessions=run.sessions_booked,
        unmatched=run.unmatched,
        rows=run.rows,
        offered={codes.today(code): places for code, places in run.offered.items()},
        booked_earlier=run.booked_earlier,
        stages=run.outcome.get("stages", {}),
        to_confirm=run.outcome.get("to_confirm", 0),
        stand_ins=tuple(run.outcome.get("stand_ins", ())),
    )


def _undone(run: RunEntry) -> RunEntry:
    """A run as it stands after it was taken back: everybody it had matched waits again."""
    return replace(run, sessions=0, unmatched=run.unmatched + run.sessions, stages={})


def _booked(row: ScheduledSession, codes: Codes, change: _Change = UNCHANGED) -> BookedSession:
    session = replace(
        matched(row),
        student=codes.of(row.student, Role.STUDENT, row.student_code),
        professional=codes.of(row.professional, Role.PROFESSIONAL, row.professional_code),
    )
    return BookedSession(
        key=row.key,
        run=row.run.key if row.run else "",
        session=session,
        why=row.why,
        state=cast(SessionState, row.state),
        revision=row.revision,
        incarnation=row.incarnation,
        moved_from=change.moved_from,
        moved_at=change.moved_at,
        cancelled_at=change.cancelled_at,
        student_incarnation=row.student_incarnation,
        meeting_link=row.meeting_link,
    )


def _changes(program: Program, sessions: list[ScheduledSession]) -> dict[int, _Change]:
    """Of each session that changed."""
    rows = SessionRevision.objects.filter(session__program=program).order_by("session", "revision")
    told: dict[int, list[tuple[datetime, str, datetime]]] = {}
    for session, start, state, moment in rows.values_list("session_id", "starts_at", "state", "changed_at"):
        told.setdefault(session, []).append((start, state, moment))
    return {one.pk: _change(told[one.pk], one) for one in sessions if one.pk in told}


def _change(before: list[tuple[datetime, str, datetime]], now: ScheduledSession) -> _Change:
    found = UNCHANGED
    after = [*((start, state) for start, state, _ in before[1:]), (now.starts_at, now.state)]
    for (start, state, moment), (next_start, next_state) in zip(before, after, strict=True):
        if start != next_start:
            found = replace(found, moved_from=start, moved_at=moment)
        if next_state == "cancelled" != state:
            found = replace(found, cancelled_at=moment)
    return found


def _people(program: Program, sessions: list[ScheduledSession], codes: Codes) -> People:
    """Everybody who has or had a session."""
    members = Membership.objects.filter(program=program)
    if len(sessions) == 1:
        members = members.filter(person__in=(sessions[0].student_id, sessions[0].professional_id))
    details = {(person, role): told for person, role, told in members.values_list("person_id", "role", "details")}
    students: dict[str, Student] = {}
    professionals: dict[str, Professional] = {}
    for row in sessions:
        code = codes.of(row.student, Role.STUDENT, row.student_code)
        if code not in students:
            told = details.get((row.student_id, Role.STUDENT.value), {})
            students[code] = _human(Student, code, row.student, told, program)
        code = codes.of(row.professional, Role.PROFESSIONAL, row.professional_code)
        if code not in professionals:
            told = details.get((row.professional_id, Role.PROFESSIONAL.value), {})
            professionals[code] = _human(Professional, code, row.professional, told, program)
    return People(students, professionals)


def _human(kind: type[Human], code: str, person: Person, details: Mapping[str, Any], program: Program) -> Human:
    """Details may hold more than messages show (what staff noted): that stays behind."""
    known = {one.name for one in fields(kind)} - KEYS
    told: dict[str, Any] = {name: value for name, value in details.items() if name in known}
    for name, value in told.items():
        told[name] = tuple(value) if isinstance(value, list) else value
    told["zone"] = person.zone or told.get("zone") or program.zone
    if kind is Student:
        told["discord_id"] = person.discord_id or ""
    return kind(id=code, name=person.name, email=person.email or "", **told)
