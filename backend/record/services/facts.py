"""What happened in a program, out of the record and without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, cast

from backend.analysis.facts import Facts, Meeting, MeetingState, NightFacts, Presence, Wish, WishState
from backend.record.models import (
    LedgerEntry,
    Membership,
    ProfessionalAvailability,
    Program,
    Rating,
    ReviewRequest,
    Run,
    ScheduledSession,
)
from backend.record.models.states import FormKind, Role, RunState
from ingest.answer import columns_of
from ingest.forms.fields import INDUSTRIES, industries_of
from ingest.forms.students import rules_table
from ingest.rules import ProgramRules
from ingest.sheet import Form, SourceError

INDUSTRY = "industry"


def facts_of(program: Program) -> Facts:
    """Without fields: what the measures of the whole program need."""
    return _facts(program, {}, {})


def facts_with_fields(program: Program, rules: ProgramRules) -> Facts:
    """With what each student aims at and each professional reviews, as the forms' options. Slower: answers are read."""
    return _facts(program, _wished(program, rules), _offered(program))


def _facts(program: Program, wished: Mapping[int, tuple[str, ...]], offered: Mapping[int, tuple[str, ...]]) -> Facts:
    students, professionals = _Numbers("S"), _Numbers("P")
    requests = list(
        ReviewRequest.objects.filter(program=program)
        .order_by("waiting_since", "pk")
        .values_list("pk", "student", "waiting_since", "state")
    )
    ids = {pk: f"R{number}" for number, (pk, *_) in enumerate(requests, start=1)}
    since = {pk: waiting for pk, _, waiting, _ in requests}
    stars = _stars(program)
    wishes = tuple(
        Wish(ids[pk], students[student], waiting, cast("WishState", state), wished.get(student, ()))
        for pk, student, waiting, state in requests
    )
    rows = ScheduledSession.objects.filter(program=program).order_by("starts_at", "key")
    meetings = tuple(
        Meeting(
            wish=ids.get(request, ""),
            student=students[student],
            professional=professionals[professional],
            starts_at=start,
            state=cast("MeetingState", state),
            assumed=assumed,
            asked_at=since.get(request),
            stars=stars.get(pk, ()),
            fields=wished.get(student, ()),
        )
        for pk, request, student, professional, start, state, assumed in rows.values_list(
            "pk", "request", "student", "professional", "starts_at", "state", "assumed"
        )
    )
    return Facts(program.zone, wishes, meetings, tuple(_presences(program, professionals, offered)), _nights(program))


class _Numbers(dict[Any, str]):
    """People by number, in the order in which they appear: nothing outside the facts leads back to them."""

    def __init__(self, letter: str) -> None:
        super().__init__()
        self._letter, self._numbers = letter, count(1)

    def __missing__(self, key: Any) -> str:
        self[key] = f"{self._letter}{next(self._numbers)}"
        return self[key]


def _presences(program: Program, numbers: _Numbers, offered: Mapping[int, tuple[str, ...]]) -> Iterable[Presence]:
    rows = LedgerEntry.objects.filter(run__program=program, run__state=RunState.BOOKED, role=Role.PROFESSIONAL)
    for person, code, night, as_of in rows.order_by("run__as_of", "code").values_list(
        "person", "code", "run__night", "run__as_of"
    ):
        yield Presence(numbers[person or code], night, as_of, offered.get(person, ()) if person else ())


def _nights(program: Program) -> tuple[NightFacts, ...]:
    rows = Run.objects.filter(program=program, state=RunState.BOOKED).order_by("as_of", "pk")
    return tuple(
        NightFacts(night, as_of, sessions, unmatched, earlier, tuple(sorted(outcome.get("stages", {}).items())))
        for night, as_of, sessions, unmatched, earlier, outcome in rows.values_list(
            "night", "as_of", "sessions_booked", "unmatched", "booked_earlier", "outcome"
        )
    )


def _stars(program: Program) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    rows = Rating.objects.filter(session__program=program).order_by("session", "person")
    for session, stars in rows.values_list("session", "stars"):
        found[session] = (*found.get(session, ()), stars)
    return found


def _wished(program: Program, rules: ProgramRules) -> dict[int, tuple[str, ...]]:
    """By student: the options that their latest request's answer means, or what was told of them when last booked."""
    table, texts = rules_table(rules), {}
    members = Membership.objects.filter(program=program, role=Role.STUDENT)
    for person, details in members.values_list("person", "details"):
        texts[person] = str(details.get("target_industry", ""))
    rows = ReviewRequest.objects.filter(program=program, response__isnull=False).order_by("waiting_since", "pk")
    for person, raw in rows.values_list("student", "response__raw").iterator():
        texts[person] = _text(raw, rules) or texts.get(person, "")
    return {person: industries_of(text, table)[0] for person, text in texts.items()}


def _text(raw: Mapping[str, str], rules: ProgramRules) -> str:
    """What an answer says under the title of the industry; "" when it was emptied or fits the form no longer."""
    if not raw:
        return ""
    try:
        columns = columns_of(Form(FormKind.STUDENTS.value), raw, rules)
    except SourceError:
        return ""
    return columns.cell(columns.sheet.rows[0], INDUSTRY).text


def _offered(program: Program) -> dict[int, tuple[str, ...]]:
    """By professional: every option they ever offered, in the form's order."""
    found: dict[int, set[str]] = {}
    rows = ProfessionalAvailability.objects.filter(membership__program=program)
    for person, industries in rows.values_list("membership__person", "industries"):
        found.setdefault(person, set()).update(industries)
    return {person: tuple(one for one in INDUSTRIES if one in options) for person, options in found.items()}
