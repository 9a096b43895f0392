"""What staff decide from a shell: pairs, pauses, sessions by hand, erasure. Each is audited as done by the owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.nightly.finding import find
from backend.nightly.record import People
from backend.record.opening import opened
from backend.settings import Settings
from optimizer.domain import Professional, Student
from publish.booking import visible_reference

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import Person, Program, ScheduledSession

WHERE = "in the record"


@dataclass(frozen=True)
class Told:
    """What was done, in a sentence for staff, and as data."""

    says: str
    data: dict[str, str | int | None]


@dataclass(frozen=True)
class Desk:
    """The program's people, to find who is meant."""

    program: Program
    people: People
    persons: dict[str, Person]

    def student(self, text: str) -> Person:
        return self.persons[find(self.people, text, students_only=True, where=WHERE).id]

    def professional(self, text: str) -> Person:
        return self.persons[find(People({}, self.people.professionals), text, where=WHERE).id]

    def anybody(self, text: str) -> Person:
        return self.persons[find(self.people, text, where=WHERE).id]

    def session(self, text: str, now: datetime) -> ScheduledSession:
        """A session by its key, id, visible reference (#K3F9QX), or the one that somebody has before them.

        Raises `Stop(USAGE)`.
        """
        from backend.record.models import ScheduledSession

        rows = ScheduledSession.objects.filter(program=self.program).select_related("student", "professional")
        wanted = text.strip().upper()
        for row in rows.order_by("-pk"):
            reference = visible_reference("session", self.program.key, row.key)
            if text in (row.key, row.public_id) or wanted in (reference, reference.removeprefix("#")):
                return row
        person = self.anybody(text)
        coming = [
            row
            for row in rows.filter(state="scheduled", ends_at__gt=now).order_by("starts_at")
            if person.pk in (row.student_id, row.professional_id)
        ]
        if len(coming) != 1:
            listed = ", ".join(f"{visible_reference('session', self.program.key, row.key)}" for row in coming[:8])
            ending = f"say which: {listed}" if coming else "nothing to change"
            raise Stop(Exit.USAGE, f"{person.name or person.public_id} has {len(coming)} sessions to come; {ending}")
        return coming[0]


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    """The record with its people. Raises `Stop`, also for what the record refuses inside."""
    with opened(settings):
        from backend.record.models import Membership
        from backend.record.models.states import MembershipState, Role
        from backend.record.services.codes import FORM_OF, Codes
        from backend.record.services.programs import own_program

        program = own_program(settings)
        codes = Codes(program)
        rows = Membership.objects.filter(program=program, role__in=FORM_OF, person__erased_at=None)
        people, persons = People({}, {}), {}
        students, professionals = {}, {}
        for row in rows.exclude(state=MembershipState.LEFT).select_related("person"):
            one, role = row.person, Role(row.role)
            code = codes.of(one, role)
            persons[code] = one
            if role is Role.STUDENT:
                name = str(row.details.get("discord_name", ""))
                told = Student(code, one.name, one.email or "", "", discord_id=one.discord_id or "", discord_name=name)
                students[code] = told
            else:
                professionals[code] = Professional(code, one.name, one.email or "", "")
        people = People(students, professionals)
        yield Desk(program, people, persons)


def pin_pair(settings: Settings, student: str, professional: str, start: datetime | None, now: datetime) -> Told:
    """They get a session with each other from the next night on, at `start` if one is given."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.services.requests import pin

        one, other = at.student(student), at.professional(professional)
        row = pin(at.program, one, other, CONSOLE, now, starts_at=start)
        when = f" at {start:%Y-%m-%d %H:%M} UTC" if start else ""
        return Told(f"pinned {one.name} to {other.name}{when}, from the next night on", {"pin": row.public_id})


def forbid_pair(settings: Settings, student: str, professional: str, now: datetime) -> Told:
    """They never meet. Only staff learn of it."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.services.requests import forbid

        one, other = at.student(student), at.professional(professional)
        row = forbid(at.program, one, other, CONSOLE, now)
        return Told(f"{one.name} and {other.name} are kept apart, from the next night on", {"forbidden": row.public_id})


def end_pair(settings: Settings, student: str, professional: str, *, pinned: bool, now: datetime) -> Told:
    """Take a pin or a forbidden pair back."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.models import ForbiddenPair, Pin
        from backend.record.services.requests import end_wish

        one, other = at.student(student), at.professional(professional)
        table = Pin if pinned else ForbiddenPair
        rows = table._default_manager.filter(program=at.program, student=one, professional=other, ended_at=None)
        row = rows.first()
        what = "pinned" if pinned else "kept apart"
        if row is None:
            raise Stop(Exit.USAGE, f"{one.name} and {other.name} are not {what}")
        end_wish(row, CONSOLE, now)
        return Told(f"{one.name} and {other.name} are no longer {what}", {"ended": row.public_id})


def pause_person(settings: Settings, person: str, until: datetime | None, now: datetime, *, over: bool) -> Told:
    """Not matched until then (None: until taken back), under every role; `over` takes a pause back."""
    with desk(settings) as at:
        from backend.record.actor import CONSOLE
        from backend.record.models import Membership
        from backend.record.models.states import MembershipState
        from backend.record.services.requests import pause, resume

        one = at.anybody(person)
        rows = Membership.objects.filter(program=at.program, person=one).exclude(state=MembershipState.LEFT)
        for row in rows:
            resume(row, CONSOLE, now) if over else pause(row, until, CONSOLE, now)
        if over:
            return Told(f"{one.name} is matched again from the next night on", {"person": one.public_id})
        when = f"until {until:%Y-%m-%d %H:%M} UTC" if until else "until you take it back"
        return Told(f"{one.name} is paused {when}; booked sessions stand", {"person": one.public_id})


def erase_person(settings: Settings, person: str, now: datetime) -> Told:
    """Names, keys and texts of somebody are gone for good; sessions to come are cancelled."""
    with opened(settings):
        from backend.record.actor import CONSOLE
        from backend.record.models import Person
        from backend.record.services.erasing import erase

        rows = Person.objects.filter(erased_at=None, merged_into=None)
        one = rows.filter(public_id=person).first() or rows.filter(email=person.casefold()).first()
        if one is None:
            raise Stop(Exit.USAGE, "nobody in the record has this id or e-mail address; names are not enough here")
        erase(one, CONSOLE, now)
        return Told(f"erased {one.public_id}; delete their rows in the sheets too", {"person": one.public_id})
