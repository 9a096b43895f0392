"""What a link means now: who acts on what, or why there is nothing to act on any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.record.actor import Actor
from backend.record.models import Membership, Person, Program, ScheduledSession
from backend.record.models.states import ActorKind, Channel, MembershipState, Role, SessionState
from backend.record.services.accepting import has_accepted
from backend.record.services.links import Link
from optimizer.domain import zone_info
from publish.booking import person_name, visible_reference
from publish.links import ABOUT_SESSION, LinkAct
from publish.mail import local_time

DONE, OVER, UNKNOWN = 200, 410, 404
NEWER = "The links in the newest invitation or message still work."


class ClosedError(Exception):
    """There is nothing to do here (any more): `title` and `lines` say why and what helps; `status` is for HTTP."""

    def __init__(self, title: str, *lines: str, status: int = OVER, standing: Standing | None = None) -> None:
        super().__init__(title)
        self.title, self.lines, self.status, self.standing = title, lines, status, standing


@dataclass(frozen=True)
class Standing:
    """A person in front of what their link is about. `role`: under which they hold it."""

    link: Link
    program: Program
    person: Person
    role: Role
    members: tuple[Membership, ...]
    session: ScheduledSession | None = None

    @property
    def actor(self) -> Actor:
        return Actor.participant(self.person, Channel.LINK)

    @property
    def zone(self) -> str:
        return self.person.zone or self.program.zone

    @property
    def member(self) -> Membership:
        """The membership under `role`."""
        return next(one for one in self.members if one.role == self.role)

    @property
    def row(self) -> ScheduledSession:
        """The session of a link that is about one."""
        assert self.session is not None
        return self.session

    def at(self, moment: datetime) -> str:
        """On the person's own clocks."""
        return local_time(moment, self.zone)

    def day(self, moment: datetime) -> str:
        """The same without naming the zone: Mon 2 March, 10:00."""
        at = moment.astimezone(zone_info(self.zone))
        return f"{at:%a} {at.day} {at:%B, %H:%M}"

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The session as both know it; nothing for links about the person alone."""
        if self.session is None or self.link.act not in (*ABOUT_SESSION, LinkAct.AFTER):
            return ()
        row = self.session
        other = row.professional if self.role is Role.STUDENT else row.student
        return (
            ("When", f"{self.at(row.starts_at)}, {row.minutes} minutes"),
            ("With", person_name(other.name)),
            ("Reference", visible_reference("session", self.program.key, row.key)),
        )


def standing_of(link: Link, program: Program, now: datetime) -> Standing:
    """Raises `ClosedError`."""
    person = _person(link)
    session = _session(link, program, person)
    rows = Membership.objects.filter(program=program, person=person).exclude(state=MembershipState.LEFT)
    members = tuple(rows.exclude(role=Role.STAFF).select_related("person", "program").order_by("-role"))
    roles = [Role(one.role) for one in members]
    wanted = _role(session, person) if session else next(iter(roles), None)
    if wanted is None or wanted not in roles:
        raise ClosedError("You are no longer part of this program", "So there is nothing to change here.")
    found = Standing(link, program, person, wanted, members, session)
    if link.act in ABOUT_SESSION:
        _refuse_changed_session(found, now)
    if link.act is LinkAct.AFTER:
        _refuse_not_over(found, now)
    if link.until <= now:
        raise ClosedError(
            "This link has expired", "Links work for a limited time.", NEWER, "Or write to the organizer."
        )
    return found


def _person(link: Link) -> Person:
    person = Person.objects.filter(public_id=link.person).first()
    while person is not None and person.merged_into is not None:
        person = person.merged_into
    if person is None or person.erased_at is not None:
        raise ClosedError("This link leads nowhere any more", "The data behind it were deleted.")
    return person


def _session(link: Link, program: Program, person: Person) -> ScheduledSession | None:
    """The session of a link, if it is about one; the person is one of the two."""
    if not link.session:
        return None
    rows = ScheduledSession.objects.filter(program=program, public_id=link.session)
    row = rows.select_related("student", "professional", "request", "run", "program").first()
    if row is None or person.pk not in (row.student_id, row.professional_id):
        raise ClosedError("This link leads nowhere any more", "There is no such session of yours.")
    return row


def _role(row: ScheduledSession, person: Person) -> Role:
    return Role.STUDENT if row.student_id == person.pk else Role.PROFESSIONAL


def _refuse_not_over(found: Standing, now: datetime) -> None:
    if found.row.state == SessionState.CANCELLED:
        raise ClosedError("This session was cancelled", "So there is nothing to say about it.", standing=found)
    if found.row.ends_at > now:
        raise ClosedError("This session is not over yet", "Open the link again afterwards.", standing=found)


def _refuse_changed_session(found: Standing, now: datetime) -> None:
    """Already done, cancelled, moved, or begun: in this order."""
    row = found.row
    if row.state == SessionState.CANCELLED:
        raise _cancelled(found)
    if row.revision != found.link.revision:
        raise _moved(found)
    if row.state != SessionState.SCHEDULED or row.starts_at <= now:
        raise ClosedError(
            "This session has begun or is over",
            "It can no longer be changed here. If you did not meet, please write to the organizer.",
            standing=found,
        )
    if found.link.act is LinkAct.CONFIRM and has_accepted(row, found.person):
        raise ClosedError("You have confirmed already", "Thank you, see you there.", status=DONE, standing=found)


def _cancelled(found: Standing) -> ClosedError:
    again = {
        Role.STUDENT: "If you still wish for a session, you keep your place in the queue, and every night looks again.",
        Role.PROFESSIONAL: "The student is matched anew. Your other times are as they were.",
    }[found.role]
    if _by_me(found):
        return ClosedError(
            "Already done: this session is cancelled", "You cancelled it, and the other person has been told.", again,
            status=DONE, standing=found,
        )  # fmt: skip
    return ClosedError("This session was cancelled meanwhile", "You need not do anything.", again, standing=found)


def _moved(found: Standing) -> ClosedError:
    start = f"It is now on {found.at(found.row.starts_at)}."
    if _by_me(found):
        return ClosedError("Already done: this session has a new time", start, NEWER, status=DONE, standing=found)
    return ClosedError(
        "This session was moved since", start, f"Your link is about the time before. {NEWER}", standing=found
    )


def _by_me(found: Standing) -> bool:
    """Whether the last change was this person's own."""
    last = found.row.revisions.order_by("revision").last()
    return last is not None and (last.actor_kind, last.actor_id) == (ActorKind.PARTICIPANT, found.person.public_id)
