"""Pseudonyms: what people are called in problems, plans, snapshots and outbox payloads."""

from __future__ import annotations

from collections.abc import Iterable

from backend.record.models import Membership, Person, Program, Pseudonym
from backend.record.models.ids import public_id
from backend.record.models.states import Role
from ingest.people import person_id
from ingest.sheet import Form

FORM_OF = {Role.STUDENT: Form.STUDENTS, Role.PROFESSIONAL: Form.PROFESSIONALS}


def current_code(program: Program, person: Person, role: Role) -> str:
    """What the nights of now on call somebody; "" for who has no address, and so takes no part in them."""
    return person_id(program.key, FORM_OF[role], person.email) if person.email else ""


def kept_code(program: Program, person: Person, role: Role) -> str:
    """The latest pseudonym of somebody, made if there is none."""
    known = Pseudonym.objects.filter(program=program, person=person, role=role).order_by("pk").last()
    if known is None:
        code = current_code(program, person, role) or f"{role[0]}-{public_id()}"
        known = Pseudonym.objects.update_or_create(
            program=program, code=code, defaults={"role": role, "person": person}
        )[0]
    return known.code


def keep_codes(program: Program) -> None:
    """See that everybody's current pseudonym is in the table. An address that changed hands takes its code along."""
    known = dict(Pseudonym.objects.filter(program=program).values_list("code", "person_id"))
    rows = Membership.objects.filter(program=program, role__in=FORM_OF, person__email__isnull=False)
    new = []
    for member in rows.select_related("person"):
        role = Role(member.role)
        code = current_code(program, member.person, role)
        if code not in known:
            new.append(Pseudonym(program=program, code=code, role=role, person=member.person))
        elif known[code] != member.person_id:
            Pseudonym.objects.filter(program=program, code=code).update(person=member.person)
    Pseudonym.objects.bulk_create(new)


class Codes:
    """The pseudonyms of a program, or of a few people in it. Who had several is one person under the current one."""

    def __init__(self, program: Program, people: Iterable[int] | None = None) -> None:
        self._program = program
        self._current: dict[str, str] = {}
        self._latest: dict[tuple[int, str], str] = {}
        rows = Pseudonym.objects.filter(program=program).select_related("person").order_by("pk")
        for row in rows if people is None else rows.filter(person__in=people):
            self._latest[row.person_id, row.role] = row.code
            self._current[row.code] = current_code(program, row.person, Role(row.role))

    def of(self, person: Person, role: Role, then: str = "") -> str:
        """The current pseudonym of somebody; `then`, what a night called them, when the record knows no better."""
        latest = self._latest.get((person.pk, role), "")
        return current_code(self._program, person, role) or latest or then or f"{role[0]}-{person.public_id}"

    def today(self, code: str) -> str:
        """The current pseudonym of who was called `code` on an earlier night; `code` itself for the erased."""
        return self._current.get(code) or code
