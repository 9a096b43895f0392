"""Rows with plain defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from backend.record.models import Membership, Person, Program, ReviewRequest, ScheduledSession

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
TEN = datetime(2026, 11, 25, 10, tzinfo=UTC)
_numbers = count(1)


def program(key: str = "demo", **given: Any) -> Program:
    return Program.objects.get_or_create(key=key, defaults={"name": key.title(), **given})[0]


def person(name: str = "Ana", **given: Any) -> Person:
    return Person.objects.create(**{"name": name, "email": f"{name.lower()}{next(_numbers)}@example.org", **given})


def member(who: Person, role: str = "student", where: Program | None = None) -> Membership:
    return Membership.objects.create(program=where or program(), person=who, role=role)


def request_of(student: Person, where: Program | None = None, **given: Any) -> ReviewRequest:
    return ReviewRequest.objects.create(
        **{"program": where or program(), "student": student, "waiting_since": NOW, **given}
    )


def session_of(
    student: Person, professional: Person, start: datetime = TEN, minutes: int = 30, **given: Any
) -> ScheduledSession:
    number = next(_numbers)
    values: dict[str, Any] = {
        "key": f"k-{number}",
        "program": program(),
        "student": student,
        "professional": professional,
        "student_code": f"s-{student.pk}",
        "professional_code": f"p-{professional.pk}",
        "starts_at": start,
        "ends_at": start + timedelta(minutes=minutes),
    }
    return ScheduledSession.objects.create(**{**values, **given})
