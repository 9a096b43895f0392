"""What people decided since earlier nights, as the nightly job must respect it: everybody under today's pseudonym."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from backend.record.models import (
    Attendance,
    CalendarFlag,
    ForbiddenPair,
    FormResponse,
    Membership,
    Person,
    Pin,
    Program,
    ReviewRequest,
    ScheduledSession,
    SessionRevision,
)
from backend.record.models.states import (
    ACTIVE_REQUEST,
    ActorKind,
    FlagKind,
    FlagOutcome,
    FormKind,
    MembershipState,
    RequestState,
    ResponseState,
    Role,
    SessionState,
)
from backend.record.services.codes import FORM_OF, Codes
from ingest.rules import NO_END, Decision, Ledger
from optimizer.domain import Interval, zone_info

GONE = "has left the program"
OFFER_BACK = "took the offer back"
NO_WISH = "has no open request; a new answer opens one"


def decided(program: Program, codes: Codes) -> Ledger:
    """Everything of the ledger but the sessions."""
    rows = Membership.objects.filter(program=program, role__in=FORM_OF, person__erased_at=None)
    members = list(rows.select_related("person"))
    names = {(one.person_id, Role(one.role)): codes.of(one.person, Role(one.role)) for one in members}
    students = {person: name for (person, role), name in names.items() if role is Role.STUDENT}
    wishes = _Wishes(program)
    withdrawn = {names[key]: reason for key, reason in _withdrawn(program).items() if key in names}
    withdrawn |= {students[person]: NO_WISH for person in wishes.taken_back if person in students}
    left = (one for one in members if one.state == MembershipState.LEFT)
    withdrawn |= {names[one.person_id, Role(one.role)]: GONE for one in left}
    return Ledger(
        paused_until={
            names[one.person_id, Role(one.role)]: _back_on(one, program.zone)
            for one in members
            if one.state == MembershipState.PAUSED
        },
        pins=_pins(program, codes),
        forbidden=_forbidden(program, codes),
        priority={students[person]: one.priority for person, one in wishes.active.items() if person in students},
        per_week={
            names[one.person_id, Role(one.role)]: one.capacity_per_week
            for one in members
            if one.capacity_per_week is not None and one.role == Role.PROFESSIONAL
        },
        busy=_busy(program, names),
        withdrawn=withdrawn,
        waiting_since={
            students[person]: one.waiting_since for person, one in wishes.active.items() if person in students
        },
        wanted={students[person]: number for person, number in wishes.wanted.items() if person in students},
    )


class _Wishes:
    """Students' requests, by person.

    `wanted` counts all sessions that were not cancelled, as the job takes away all of them: so what a request does not
    count itself (sessions of earlier requests, by hand, or missed by the professional) is added to it.
    """

    def __init__(self, program: Program) -> None:
        requests: dict[int, list[ReviewRequest]] = defaultdict(list)
        for one in ReviewRequest.objects.filter(program=program).order_by("pk"):
            requests[one.student_id].append(one)
        self.active = {
            person: next(one for one in of_person if one.state in ACTIVE_REQUEST)
            for person, of_person in requests.items()
            if any(one.state in ACTIVE_REQUEST for one in of_person)
        }
        current = FormResponse.objects.filter(program=program, form=FormKind.STUDENTS, state=ResponseState.CURRENT)
        answers = dict(current.values_list("person_id", "pk"))
        sessions = self._sessions(program)
        everything = Counter(student for student, _ in sessions)
        counted = Counter(sessions)
        self.taken_back: list[int] = []
        self.wanted: dict[int, int] = {}
        for person, of_person in requests.items():
            active, answered = self.active.get(person), {one.response_id for one in of_person}
            if active is not None:
                self.wanted[person] = active.wanted + everything[person] - counted[person, active.pk]
            elif answers.get(person) not in answered:
                self.wanted[person] = 1 + everything[person]
            elif of_person[-1].state == RequestState.CANCELLED:
                self.taken_back.append(person)
            else:
                self.wanted[person] = everything[person]

    @staticmethod
    def _sessions(program: Program) -> list[tuple[int, int | None]]:
        """Student and the request that counts it, of every session that was not cancelled."""
        rows = ScheduledSession.objects.filter(program=program).exclude(state=SessionState.CANCELLED)
        told = rows.values_list("student_id", "request_id", "state")
        return [(student, None if state == SessionState.NO_SHOW else request) for student, request, state in told]


def _withdrawn(program: Program) -> dict[tuple[int, Role], str]:
    """Who answered once and has no answer that counts any more, those aside whom staff still have to look at."""
    states: dict[tuple[int, Role], set[str]] = defaultdict(set)
    rows = FormResponse.objects.filter(program=program, person__isnull=False)
    for person, form, state in rows.values_list("person_id", "form", "state").distinct():
        assert person is not None
        states[person, Role.STUDENT if form == FormKind.STUDENTS else Role.PROFESSIONAL].add(state)
    replaced = {ResponseState.SUPERSEDED.value, ResponseState.DUPLICATE.value}
    return {
        key: OFFER_BACK if key[1] is Role.PROFESSIONAL else NO_WISH
        for key, seen in states.items()
        if ResponseState.CURRENT.value not in seen and seen & replaced
    }


def _back_on(member: Membership, zone: str) -> date:
    """The first whole local day after the pause."""
    if member.paused_until is None:
        return NO_END
    local = member.paused_until.astimezone(zone_info(zone))
    midnight = datetime.combine(local.date(), datetime.min.time(), local.tzinfo)
    return min(NO_END, local.date() if local == midnight else local.date() + timedelta(days=1))


def _pins(program: Program, codes: Codes) -> tuple[Decision, ...]:
    rows = Pin.objects.filter(program=program, ended_at=None).select_related("student", "professional")
    return tuple(Decision(*_pair(codes, one), one.starts_at, f"pin {one.public_id}") for one in rows)


def _forbidden(program: Program, codes: Codes) -> tuple[Decision, ...]:
    rows = ForbiddenPair.objects.filter(program=program, ended_at=None).select_related("student", "professional")
    return tuple(Decision(*_pair(codes, one), None, f"forbidden pair {one.public_id}") for one in rows)


def _pair(codes: Codes, row: Pin | ForbiddenPair) -> tuple[str, str]:
    return codes.of(row.student, Role.STUDENT), codes.of(row.professional, Role.PROFESSIONAL)


def _given_up(program: Program) -> dict[int, list[Interval]]:
    """Times of sessions that one of the two cancelled or moved, for that one, until they say anew when they are free.

    Declined in the calendar counts too when staff took it over. Else the next night might offer them the very same hour
    again.
    """
    rows = SessionRevision.objects.filter(session__program=program, actor_kind=ActorKind.PARTICIPANT)
    answers = FormResponse.objects.filter(program=program, state=ResponseState.CURRENT, person__isnull=False)
    said = dict(answers.order_by("received_at").values_list("person_id", "received_at"))
    found: dict[int, list[Interval]] = defaultdict(list)
    told = rows.values_list(
        "starts_at", "ends_at", "actor_id", "changed_at", "session__student", "session__professional"
    )
    taken = CalendarFlag.objects.filter(program=program, kind=FlagKind.DECLINED, outcome=FlagOutcome.TAKEN)
    for flag in taken.exclude(session=None).select_related("session").order_by("session__starts_at", "pk"):
        row = flag.session
        if row is None or flag.closed_at is None:
            continue
        whose = row.student_id if flag.recipient == Role.STUDENT else row.professional_id
        if not (whose in said and said[whose] > flag.closed_at):
            found[whose].append(Interval(row.starts_at, row.ends_at))
    names = dict(Person.objects.filter(memberships__program=program).values_list("public_id", "pk"))
    for start, end, actor, changed, *pair in told.order_by("starts_at", "pk"):
        person = names.get(actor)
        if person in pair and not (person in said and said[person] > changed):
            found[person].append(Interval(start, end))
    return found


def _busy(program: Program, names: dict[tuple[int, Role], str]) -> dict[str, tuple[Interval, ...]]:
    """Sessions of the same people in other programs, and times here that they gave up themselves."""
    elsewhere = _given_up(program)
    here = Person.objects.filter(memberships__program=program)
    rows = Attendance.objects.filter(active=True, person__in=here).exclude(session__program=program)
    for person, start, end in rows.order_by("starts_at").values_list("person_id", "starts_at", "ends_at"):
        elsewhere[person].append(Interval(start, end))
    return {name: tuple(elsewhere[person]) for (person, _), name in names.items() if person in elsewhere}
