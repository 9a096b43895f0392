"""`/api/scheduled-sessions/`."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from backend.record.api.caller import ANYBODY, OWN, VIEWERS, WRITERS, Caller
from backend.record.api.filtering import InstantFilter, refuse_unknown
from backend.record.api.inputs import Nothing, taken
from backend.record.api.menus import CAUSES, ChoiceInput, MenuShape, menu_document, refuse_other_menu
from backend.record.api.problems import Problem
from backend.record.api.resource import Resource
from backend.record.api.session_shapes import (
    AbsenceInput,
    MoveInput,
    NewSessionInput,
    RatingInput,
    SessionShape,
    SlotInput,
    VerdictInput,
)
from backend.record.api.site import matching, now
from backend.record.models import Person, ScheduledSession
from backend.record.models.states import ActorKind, Cause, Role, SessionState, Verdict
from backend.record.refusal import Reason, Refused
from backend.record.services.closing import complete, confirm, no_show, rate
from backend.record.services.least_change import cancel_and_rebook, menu_of
from backend.record.services.limits import Limits, refuse_over_limits
from backend.record.services.sessions import Slot, book_session, cancel_session, reschedule_session
from publish.booking import visible_reference


class SessionFilters(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Of lists of sessions."""

    state = django_filters.MultipleChoiceFilter(choices=SessionState.choices)
    student = django_filters.CharFilter(field_name="student__public_id", max_length=14)
    professional = django_filters.CharFilter(field_name="professional__public_id", max_length=14)
    run = django_filters.CharFilter(field_name="run__key", max_length=64)
    reference = django_filters.CharFilter(method="named", max_length=8, label="the mark in its messages: K3F9QX")
    q = django_filters.CharFilter(method="of_somebody", max_length=120, label="in the name of one of the two")
    starts_after = InstantFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = InstantFilter(field_name="starts_at", lookup_expr="lt")
    order = django_filters.OrderingFilter(fields=("starts_at", "created_at"))

    def named(self, rows: QuerySet[ScheduledSession], _name: str, wanted: str) -> QuerySet[ScheduledSession]:
        mark = "#" + wanted.strip().lstrip("#").upper()
        keys = rows.values_list("pk", "program__key", "key")
        return rows.filter(
            pk__in=[pk for pk, program, key in keys if visible_reference("session", program, key) == mark]
        )

    def of_somebody(self, rows: QuerySet[ScheduledSession], _name: str, part: str) -> QuerySet[ScheduledSession]:
        return rows.filter(Q(student__name__icontains=part) | Q(professional__name__icontains=part))


class Sessions(Resource[ScheduledSession]):
    """Sessions: staff see the program's, participants their own."""

    queryset = ScheduledSession.objects.all()
    serializer_class = SessionShape
    filterset_class = SessionFilters
    who: ClassVar = {
        "list": ANYBODY,
        "retrieve": ANYBODY,
        "create": WRITERS,
        "partial_update": WRITERS,
        "destroy": WRITERS | OWN,
        "cancel": WRITERS | OWN,
        "menu": VIEWERS,
        "choose": WRITERS,
        "reschedule": WRITERS | OWN,
        "complete": WRITERS | OWN,
        "no_show": WRITERS | OWN,
        "confirm": OWN,
        "rate": ANYBODY,
    }

    def rows(self) -> QuerySet[ScheduledSession]:
        return (
            sessions_of(self.caller)
            .select_related("student", "professional", "run", "request")
            .prefetch_related("ratings")
        )

    @extend_schema(request=NewSessionInput, responses={201: SessionShape})
    def create(self, request: Request) -> Response:
        """Book by hand. Both are told; limits hold unless an owner overrides them."""
        given = taken(NewSessionInput, request, program=self.caller.program)

        def book() -> ScheduledSession:
            slot = self._slot(given)
            self._refuse_full(given["professional"], slot, given["override"], None)
            return book_session(
                self.caller.program, given["student"], given["professional"], slot, self.caller.actor, now()
            )

        return self.make(book)

    @extend_schema(request=SlotInput, responses=SessionShape)
    def partial_update(self, request: Request, **_path: str) -> Response:
        """Another time for the same two people."""
        given = taken(SlotInput, request)
        return self.change(lambda row: self._move(row, given))

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_path: str) -> Response:
        """Cancel it. The row stays, as cancelled."""
        return self.remove(self._cancel)

    @extend_schema(request=Nothing, responses=SessionShape)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_path: str) -> Response:
        """Cancel it: both are told, and the student waits again from when they always did."""
        taken(Nothing, request)
        return self.act(self._cancel)

    @extend_schema(
        parameters=[OpenApiParameter("cause", str, enum=CAUSES, description="Who cannot come; default: staff.")],
        responses=MenuShape,
    )
    @action(detail=True, methods=["get"])
    def menu(self, request: Request, **path: str) -> Response:
        """What else would be possible if it were cancelled: more sessions for few people moved. Changes nothing."""
        refuse_unknown(request, {"cause"})
        cause = request.query_params.get("cause", Cause.STAFF.value)
        if cause not in CAUSES:
            raise ValidationError({"cause": f"is one of {', '.join(CAUSES)}"})
        row = get_object_or_404(self.get_queryset(), public_id=path["id"])
        return Response(menu_document(menu_of(row, Cause(cause), matching(), now())))

    @extend_schema(request=ChoiceInput, responses=SessionShape)
    @menu.mapping.post
    def choose(self, request: Request, **_path: str) -> Response:
        """Cancel it and do all that an option of the menu says, in one step; 412 when the menu has changed."""
        given = taken(ChoiceInput, request)
        cause = Cause(given["cause"])

        def chosen(row: ScheduledSession) -> ScheduledSession:
            present = now()
            refuse_other_menu(menu_of(row, cause, matching(), present), given["seen"])
            return cancel_and_rebook(row, cause, given["choose"], matching(), self.caller.actor, present)[0]

        return self.act(chosen)

    @extend_schema(request=MoveInput, responses=SessionShape)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, **_path: str) -> Response:
        """Staff move it. A participant frees its time and is matched again, with their old place in the queue."""
        given = taken(MoveInput, request)
        if self.caller.kind is ActorKind.PARTICIPANT:
            if "starts_at" in given:
                raise Problem(403, "not-allowed", "Only staff set a time; without one you are matched again.")
            return self.act(self._cancel)
        if "starts_at" not in given:
            raise Problem(400, "invalid", "starts_at: is needed.")
        return self.act(lambda row: self._move(row, given))

    @extend_schema(request=Nothing, responses=SessionShape)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, **_path: str) -> Response:
        """It took place."""
        taken(Nothing, request)
        person = self._participant()
        if person is not None:
            return self.act(lambda row: self._confirm(row, person, Verdict.HELD))
        return self.act(lambda row: complete(row, self.caller.actor, now()))

    @extend_schema(request=AbsenceInput, responses=SessionShape)
    @action(detail=True, methods=["post"], url_path="no-show")
    def no_show(self, request: Request, **_path: str) -> Response:
        """Somebody did not come: staff decide it; a participant's word is kept for staff to look at."""
        absent = Role(taken(AbsenceInput, request)["absent"])
        person = self._participant()
        if person is None:
            return self.act(lambda row: no_show(row, absent, self.caller.actor, now()))

        def told(row: ScheduledSession) -> ScheduledSession:
            if _place(row, person) is absent:
                raise Refused(Reason.INVALID, "say that you did not come by verdict not_held")
            return self._confirm(row, person, Verdict.NO_SHOW)

        return self.act(told)

    @extend_schema(request=VerdictInput, responses=SessionShape)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **_path: str) -> Response:
        """A participant says what became of it."""
        verdict = Verdict(taken(VerdictInput, request)["verdict"])
        person = self._participant()
        if person is None:
            raise Refused(Reason.NOT_ALLOWED, "only the two people of a session may say that")
        return self.act(lambda row: self._confirm(row, person, verdict))

    @extend_schema(request=RatingInput, responses=SessionShape)
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, **_path: str) -> Response:
        """Rate it 1 to 5: only the two people in it."""
        stars = taken(RatingInput, request)["stars"]
        person = self.caller.person
        if person is None:
            raise Refused(Reason.NOT_ALLOWED, "only the two people of a session may say that")

        def rated(row: ScheduledSession) -> ScheduledSession:
            rate(row, person, stars, self.caller.actor.channel, now())
            return row

        return self.act(rated)

    def _participant(self) -> Person | None:
        return self.caller.person if self.caller.kind is ActorKind.PARTICIPANT else None

    def _confirm(self, row: ScheduledSession, person: Person, verdict: Verdict) -> ScheduledSession:
        confirm(row, person, verdict, self.caller.actor.channel, now())
        return row

    def _cancel(self, row: ScheduledSession) -> ScheduledSession:
        place = _place(row, self._participant())
        cause = Cause(place.value) if place else Cause.STAFF
        return cancel_session(row, cause, self.caller.actor, now())

    def _move(self, row: ScheduledSession, given: dict[str, Any]) -> ScheduledSession:
        slot = self._slot({"minutes": row.minutes, **{k: v for k, v in given.items() if v is not None}})
        self._refuse_full(row.professional, slot, given["override"], row)
        return reschedule_session(row, slot, self.caller.actor, now())

    def _slot(self, given: dict[str, Any]) -> Slot:
        return Slot(given["starts_at"], given["minutes"] or matching().matching.session_minutes)

    def _refuse_full(self, professional: Person, slot: Slot, override: bool, moved: ScheduledSession | None) -> None:
        if override and self.caller.kind is not ActorKind.OWNER:
            raise Problem(403, "not-allowed", "Only an owner may go beyond a professional's limits.")
        if not override:
            rules = matching().matching
            limits = Limits(rules.limit_per_day, rules.limit_per_week, rules.default_per_week)
            refuse_over_limits(self.caller.program, professional, slot, limits, now(), without=moved)


def sessions_of(caller: Caller) -> QuerySet[ScheduledSession]:
    """The sessions that a caller reaches."""
    found = ScheduledSession.objects.filter(program=caller.program)
    if caller.staff:
        return found
    return found.filter(Q(student=caller.person) | Q(professional=caller.person)) if caller.person else found.none()


def _place(row: ScheduledSession, person: Person | None) -> Role | None:
    if person is None:
        return None
    return Role.STUDENT if row.student_id == person.pk else Role.PROFESSIONAL
