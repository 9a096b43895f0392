"""`/api/professionals/`, `/api/students/`, and `/api/people/` to find somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
from django.db.models import Count, F, Prefetch, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.record.api.caller import ANYBODY, OWN, VIEWERS, WRITERS
from backend.record.api.filtering import refuse_unknown
from backend.record.api.inputs import Input, Nothing, taken
from backend.record.api.people_shapes import (
    DETAILS,
    FoundPeople,
    NewProfessionalInput,
    NewStudentInput,
    PauseInput,
    ProfessionalInput,
    ProfessionalShape,
    StudentInput,
    StudentShape,
)
from backend.record.api.resource import Resource
from backend.record.api.site import now
from backend.record.models import Membership, ProfessionalAvailability, ReviewRequest, ScheduledSession
from backend.record.models.states import (
    ACTIVE_REQUEST,
    AvailabilityState,
    MembershipState,
    Role,
    SessionState,
)
from backend.record.services.members import Changes, add_member, change_member, leave
from backend.record.services.requests import is_paused, pause, resume
from optimizer.domain import Interval, merge, subtract

FOUND = 25
SEARCHED = (Role.STUDENT.value, Role.PROFESSIONAL.value)


class MemberFilters(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Of lists of people."""

    q = django_filters.CharFilter(field_name="person__name", lookup_expr="icontains", max_length=120, label="in a name")
    state = django_filters.MultipleChoiceFilter(choices=MembershipState.choices)
    order = django_filters.OrderingFilter(fields={"person__name": "name", "created_at": "created_at"})


class Members(Resource[Membership]):
    """People under one role: staff see all, participants themselves."""

    role: ClassVar[Role]
    new_input: ClassVar[type[Input]]
    input: ClassVar[type[Input]]
    queryset = Membership.objects.all()
    filterset_class = MemberFilters
    lookup_field = "person__public_id"
    who: ClassVar = {
        "list": ANYBODY,
        "retrieve": ANYBODY,
        "create": WRITERS,
        "partial_update": WRITERS | OWN,
        "destroy": WRITERS,
        "pause": WRITERS | OWN,
        "resume": WRITERS | OWN,
    }

    def rows(self) -> QuerySet[Membership]:
        found = Membership.objects.filter(program=self.caller.program, role=self.role, person__erased_at=None)
        if not self.caller.staff:
            found = found.filter(person=self.caller.person)
        return found.select_related("person").order_by("person__name", "pk")

    def add(self, request: Request) -> Response:
        given = taken(self.new_input, request)
        return self.make(
            lambda: add_member(
                self.caller.program,
                self.role,
                given["name"],
                self.caller.actor,
                now(),
                email=given["email"],
                details=_changes({**given, "name": None}),
            )
        )

    def edit(self, request: Request) -> Response:
        changes = _changes(taken(self.input, request))
        return self.change(lambda row: change_member(row, changes, self.caller.actor, now()))

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_path: str) -> Response:
        """They leave the program. Refused while a session of theirs is booked."""
        return self.remove(lambda row: leave(row, self.caller.actor, now()))

    def pausing(self, request: Request) -> Response:
        until = taken(PauseInput, request)["until"]
        return self.act(lambda row: pause(row, until, self.caller.actor, now()))

    def resuming(self, request: Request) -> Response:
        taken(Nothing, request)
        return self.act(lambda row: resume(row, self.caller.actor, now()))

    def common(self, row: Membership) -> dict[str, Any]:
        paused = is_paused(row, now())
        resumed = row.state == MembershipState.PAUSED and not paused
        return {
            "id": row.person.public_id,
            "name": row.person.name,
            "state": MembershipState.ACTIVE if resumed else row.state,
            "paused_until": row.paused_until if paused else None,
            "zone": row.person.zone,
            "discord_id": row.person.discord_id,
            "created_at": row.created_at,
            "held": row.held,  # type: ignore[attr-defined]  # annotated
            "upcoming": row.upcoming,  # type: ignore[attr-defined]  # annotated
        }


class Professionals(Members):
    """Volunteers."""

    role = Role.PROFESSIONAL
    serializer_class = ProfessionalShape
    new_input, input = NewProfessionalInput, ProfessionalInput

    def rows(self) -> QuerySet[Membership]:
        offers = ProfessionalAvailability.objects.filter(state=AvailabilityState.ACTIVE).prefetch_related("windows")
        coming = ScheduledSession.objects.filter(state=SessionState.SCHEDULED, ends_at__gt=now())
        return _counted(super().rows(), "person__sessions_as_professional").prefetch_related(
            Prefetch("availabilities", offers, to_attr="offers"),
            Prefetch("person__sessions_as_professional", coming, to_attr="coming"),
        )

    @extend_schema(request=NewProfessionalInput, responses={201: ProfessionalShape})
    def create(self, request: Request) -> Response:
        """Add a volunteer. They get a form link to say when they are free."""
        return self.add(request)

    @extend_schema(request=ProfessionalInput, responses=ProfessionalShape)
    def partial_update(self, request: Request, **_path: str) -> Response:
        """Staff change anything here; professionals their own zone."""
        return self.edit(request)

    @extend_schema(request=PauseInput, responses=ProfessionalShape)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **_path: str) -> Response:
        """Not matched until then; what is booked stands."""
        return self.pausing(request)

    @extend_schema(request=Nothing, responses=ProfessionalShape)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **_path: str) -> Response:
        """Matched again from the next night on."""
        return self.resuming(request)

    def shown(self, row: Membership) -> Any:
        offers: list[ProfessionalAvailability] = row.offers  # type: ignore[attr-defined]  # prefetched
        coming: list[ScheduledSession] = row.person.coming  # type: ignore[attr-defined]  # prefetched
        facts = {
            **self.common(row),
            **{name: str(row.details.get(name, "")) for name in DETAILS},
            "capacity_per_week": row.capacity_per_week,
            "next_free": _next_free(offers, coming),
        }
        return ProfessionalShape(facts).data


class Students(Members):
    """People who wish for sessions."""

    role = Role.STUDENT
    serializer_class = StudentShape
    new_input, input = NewStudentInput, StudentInput

    def rows(self) -> QuerySet[Membership]:
        wishes = ReviewRequest.objects.filter(program=self.caller.program, state__in=ACTIVE_REQUEST)
        return _counted(super().rows(), "person__sessions_as_student").prefetch_related(
            Prefetch("person__requests", wishes, to_attr="wishes")
        )

    @extend_schema(request=NewStudentInput, responses={201: StudentShape})
    def create(self, request: Request) -> Response:
        """Add a student. They are matched once they say when they are free."""
        return self.add(request)

    @extend_schema(request=StudentInput, responses=StudentShape)
    def partial_update(self, request: Request, **_path: str) -> Response:
        """Staff change anything here; students their own zone."""
        return self.edit(request)

    @extend_schema(request=PauseInput, responses=StudentShape)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **_path: str) -> Response:
        """Not matched until then; what is booked stands."""
        return self.pausing(request)

    @extend_schema(request=Nothing, responses=StudentShape)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **_path: str) -> Response:
        """Matched again from the next night on."""
        return self.resuming(request)

    def shown(self, row: Membership) -> Any:
        wishes: list[ReviewRequest] = row.person.wishes  # type: ignore[attr-defined]  # prefetched
        wish = (
            {"id": wishes[0].public_id, "state": wishes[0].state, "waiting_since": wishes[0].waiting_since}
            if wishes
            else None
        )
        details = {name: str(row.details.get(name, "")) for name in ("target_industry", "target_role", "level")}
        return StudentShape({**self.common(row), **details, "request": wish}).data


class Finder(APIView):
    """Whom a text may mean: for completing names, and for asking back when several fit."""

    who: ClassVar = {"get": VIEWERS}

    @extend_schema(
        parameters=[
            OpenApiParameter("text", str, description="Words of a name, an id or a Discord id."),
            OpenApiParameter("role", str, enum=SEARCHED),
        ],
        responses=FoundPeople,
    )
    def get(self, request: Request) -> Response:
        """People by words of their name, by id or Discord id; the exact ones first."""
        refuse_unknown(request, {"text", "role"})
        text = " ".join(request.query_params.get("text", "").replace("\0", " ").split())[:120]
        role = request.query_params.get("role", "")
        if role not in ("", *SEARCHED):
            raise ValidationError({"role": f"is one of {', '.join(SEARCHED)}"})
        members = Membership.objects.filter(program=request.user.program, person__erased_at=None)  # type: ignore[union-attr]
        members = members.filter(role=role) if role else members.exclude(role=Role.STAFF)
        members = members.exclude(state=MembershipState.LEFT).select_related("person")
        named = Q()
        for word in text.split():
            named &= Q(person__name__icontains=word)
        keys = Q(person__public_id=text) | Q(person__discord_id=text)
        results = sorted((_found(row, text) for row in members.filter(named | keys)[: 20 * FOUND]), key=_rank)
        return Response({"results": results[:FOUND]})


def _found(row: Membership, text: str) -> dict[str, Any]:
    keys = (row.person.name.casefold(), row.person.public_id, row.person.discord_id)
    return {"id": row.person.public_id, "name": row.person.name, "role": row.role, "exact": text.casefold() in keys}


def _rank(found: dict[str, Any]) -> tuple[bool, str, str]:
    return not found["exact"], found["name"].casefold(), found["id"]


def _changes(given: dict[str, Any]) -> Changes:
    capacity = given.get("capacity_per_week", ...)
    return Changes(
        name=given.get("name"),
        zone=given.get("zone"),
        capacity=None if capacity is ... else -1 if capacity is None else capacity,
        details=tuple((name, given[name]) for name in DETAILS if name in given),
    )


def _counted(rows: QuerySet[Membership], sessions: str) -> QuerySet[Membership]:
    state, here = f"{sessions}__state", Q(**{f"{sessions}__program": F("program")})
    coming = Q(**{state: SessionState.SCHEDULED, f"{sessions}__ends_at__gt": now()})
    return rows.annotate(
        held=Count(sessions, here & Q(**{state: SessionState.COMPLETED}), distinct=True),
        upcoming=Count(sessions, here & coming, distinct=True),
    )


def _next_free(offers: Iterable[ProfessionalAvailability], coming: Iterable[ScheduledSession]) -> Any:
    present = now()
    offered = merge(
        Interval(max(one.starts_at, present), one.ends_at)
        for offer in offers
        for one in offer.windows.all()
        if one.ends_at > present
    )
    left = subtract(offered, merge(Interval(one.starts_at, one.ends_at) for one in coming))
    return left[0].start.replace(microsecond=0) if left else None
