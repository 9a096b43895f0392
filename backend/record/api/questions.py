"""`/api/suggestions/`, `/api/explanations/` and `/api/whatif/`: answers about the last night. They change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, ClassVar

from django.db import connection
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.explanations.answer import Answer
from backend.nightly.asking import Desk, answer_document
from backend.nightly.keeping import StoredNight
from backend.record.api.caller import ANYBODY, VIEWERS, Caller
from backend.record.api.filtering import refuse_unknown
from backend.record.api.inputs import Input, ZoneField, taken
from backend.record.api.problems import Problem
from backend.record.api.site import matching
from backend.record.models import Membership, Person, Program, Pseudonym, Run
from backend.record.models.states import MembershipState, Role
from backend.record.services.nights import codes_of, last_run, night_of, people_of
from optimizer import Audience

LONGEST_CHANGES = 500
ZONE = OpenApiParameter("zone", str, description="Zone of the times in the sentences; default: the program's.")


class EntryShape(serializers.Serializer[Any]):
    """One of several things an answer lists."""

    title = serializers.CharField(allow_blank=True)
    sentences = serializers.ListField(child=serializers.CharField())


class AnswerShape(serializers.Serializer[Any]):
    """An answer in sentences, in the order in which to show them. `data` and `names` are for staff alone."""

    kind = serializers.CharField()
    title = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())
    heading = serializers.CharField(allow_blank=True)
    entries = EntryShape(many=True)
    data = serializers.JSONField(allow_null=True)  # type: ignore[assignment]  # the stubs: a base property
    names = serializers.DictField(child=serializers.CharField(), help_text="Of everybody in `data`, by its codes.")
    people = serializers.DictField(child=serializers.CharField(), help_text="Their ids in this API, by those codes.")
    run = serializers.CharField()
    night = serializers.CharField()


class Thinking:
    """The last night thought through, once for all who ask; a new run replaces it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: tuple[object, Desk] | None = None

    def desk(self, program: Program, zone: str, audience: Audience) -> Desk:
        """Raises `Problem` 409 while no night was planned. Names are read anew, so nobody erased is named."""
        run = last_run(program)
        if run is None:
            raise Problem(409, "no-night", "No night has been planned yet; ask again after the nightly run.")
        base = self._prepared(run)
        night = base.night
        assert isinstance(night, StoredNight)
        return base.seen_by(zone, audience, _renamed(night, run))

    def _prepared(self, run: Run) -> Desk:
        which = (str(connection.settings_dict["NAME"]), run.pk, run.attempts, run.state, run.inputs_hash)
        with self._lock:
            if self._known is None or self._known[0] != which:
                desk = Desk(night_of(run, matching()), run.program.zone)
                desk.prepared  # noqa: B018 - thought through here, under the lock, once
                self._known = (which, desk)
            return self._known[1]


THINKING = Thinking()


class Suggestions(APIView):
    """Whom a student could meet."""

    who: ClassVar = {"get": VIEWERS}
    also = (409,)

    @extend_schema(
        parameters=[
            OpenApiParameter("student", str, required=True, description="The student's id."),
            OpenApiParameter("most", int, description="So many at most, 1 to 50; default 5."),
            ZONE,
        ],
        responses=AnswerShape,
    )
    def get(self, request: Request) -> Response:
        """The best professionals for a student, with times, fit, load and what booking would displace. Read-only."""
        refuse_unknown(request, {"student", "most", "zone"})
        caller: Caller = request.user  # type: ignore[assignment]  # ByTable lets nobody else in
        student = _person(request, "student", caller.program, Role.STUDENT)
        most = request.query_params.get("most", "5")
        if not most.isascii() or not most.isdecimal() or not 1 <= int(most[:4]) <= 50:
            raise ValidationError({"most": "is a number from 1 to 50"})
        desk = THINKING.desk(caller.program, _zone(request, caller), Audience.STAFF)
        code = _code(desk, caller.program, student, desk.prepared.student_index)
        return _answered(desk.suggest(code, int(most)), desk, caller)


class Explanations(APIView):
    """Why somebody has this session, or none."""

    who: ClassVar = {"get": ANYBODY}
    also = (409,)

    @extend_schema(
        parameters=[
            OpenApiParameter("person", str, description="The person's id; participants may leave it out: themselves."),
            ZONE,
        ],
        responses=AnswerShape,
    )
    def get(self, request: Request) -> Response:
        """Why, and the smallest change that would help. Participants ask about themselves; staff about anybody."""
        refuse_unknown(request, {"person", "zone"})
        caller: Caller = request.user  # type: ignore[assignment]  # ByTable lets nobody else in
        asked = request.query_params.get("person", "")
        if caller.staff:
            person, audience = _person(request, "person", caller.program, None), Audience.STAFF
        else:
            assert caller.person is not None
            if asked not in ("", caller.person.public_id):
                raise Problem(404, "not-found", "You may ask about yourself only: leave person out.")
            person = caller.person
            student = Role.STUDENT in caller.roles
            audience = Audience.STUDENT if student else Audience.PROFESSIONAL
        desk = THINKING.desk(caller.program, _zone(request, caller), audience)
        known = {**desk.prepared.student_index, **desk.prepared.professional_index}
        return _answered(desk.explain(_code(desk, caller.program, person, known)), desk, caller)


class WhatIfInput(Input):
    """Changes of the night: "Maria +Tue 18-19; Ana out; John cap 3"."""

    text = serializers.CharField(max_length=LONGEST_CHANGES)
    zone = ZoneField(required=False)


class WhatIf(APIView):
    """The night with some changes."""

    who: ClassVar = {"post": VIEWERS}

    @extend_schema(request=WhatIfInput, responses=AnswerShape)
    def post(self, request: Request) -> Response:
        """Who would gain, lose or move if the last night had been so, solved in full. Nothing is stored."""
        given = taken(WhatIfInput, request)
        caller: Caller = request.user  # type: ignore[assignment]  # ByTable lets nobody else in
        own = caller.person.zone if caller.person else ""
        desk = THINKING.desk(caller.program, given.get("zone") or own or caller.program.zone, Audience.STAFF)
        return _answered(desk.whatif(given["text"]), desk, caller)


def _answered(answer: Answer, desk: Desk, caller: Caller) -> Response:
    document = answer_document(answer, desk.voice)
    names = document["names"] if caller.staff else {}
    shown = {
        **{name: document[name] for name in ("kind", "title", "sentences", "heading", "entries")},
        "data": document["data"] if caller.staff else None,
        "names": names,
        "people": _ids(caller.program, names),
        "run": desk.night.run,
        "night": desk.night.key,
    }
    return Response(AnswerShape(shown).data)


def _ids(program: Program, names: Mapping[str, str]) -> dict[str, str]:
    rows = Pseudonym.objects.filter(program=program, code__in=list(names)).select_related("person")
    return {row.code: row.person.public_id for row in rows}


def _code(desk: Desk, program: Program, person: Person, known: Mapping[str, int]) -> str:
    """The pseudonym under which that night knew the person, or any for who took no part."""
    codes = codes_of(program, person.pk)
    named = desk.night.names
    found = next((code for code in codes if code in known), None) or next((one for one in codes if one in named), None)
    if found is None:
        sentence = f"The night of {desk.night.key} does not know this person yet; ask again after the next run."
        raise Problem(409, "not-in-night", sentence)
    return found


def _person(request: Request, name: str, program: Program, role: Role | None) -> Person:
    given = request.query_params.get(name, "")
    if not given:
        raise ValidationError({name: "is needed"})
    members = Membership.objects.filter(program=program, person__public_id=given[:20].replace("\0", " "))
    members = members.filter(role=role) if role else members.exclude(role=Role.STAFF)
    found = members.exclude(state=MembershipState.LEFT).select_related("person").first()
    if found is None:
        raise ValidationError({name: f"is no {role or 'member'} of this program"})
    return found.person


def _zone(request: Request, caller: Caller) -> str:
    given = request.query_params.get("zone", "")
    if not given:
        return (caller.person.zone if caller.person else "") or caller.program.zone
    try:
        return str(ZoneField().run_validation(given))
    except serializers.ValidationError as error:
        raise ValidationError({"zone": error.detail}) from None


def _renamed(night: StoredNight, run: Run) -> StoredNight:
    students, professionals = people_of(run.program)
    return replace(night, students=students, professionals=professionals)
