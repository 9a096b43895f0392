"""`/api/review-requests/`: students' wishes."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.record.api.caller import ANYBODY, OWN, WRITERS
from backend.record.api.inputs import Input, PersonField, taken
from backend.record.api.problems import Problem
from backend.record.api.resource import Resource
from backend.record.api.session_shapes import PersonRef
from backend.record.api.site import now
from backend.record.models import Person, Reading, ReviewRequest
from backend.record.models.states import RequestState, Role
from backend.record.refusal import Reason, Refused
from backend.record.services.requests import active_request, cancel_request, change_request, open_request

MOST_WANTED = 20


class RequestShape(serializers.ModelSerializer[ReviewRequest]):
    """A wish. `availability`: how the student's times were understood, in one line."""

    id = serializers.CharField(source="public_id", read_only=True)
    student = PersonRef(read_only=True)
    waiting_days = serializers.SerializerMethodField()
    availability = serializers.SerializerMethodField()

    class Meta:
        model = ReviewRequest
        fields = (
            "id", "state", "student", "priority", "wanted", "waiting_since", "waiting_days", "availability",
            "created_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_waiting_days(self, row: ReviewRequest) -> int:
        return max(0, ((row.closed_at or now()) - row.waiting_since).days)

    def get_availability(self, row: ReviewRequest) -> str:
        readings: list[Reading] = list(row.response.readings.all()) if row.response else []
        return "; ".join(str(one.result.get("echo", "")) for one in readings if one.result.get("echo"))


class NewRequestInput(Input):
    """A wish; students may leave `student` out, it is theirs."""

    student = PersonField(Role.STUDENT, required=False)
    wanted = serializers.IntegerField(min_value=1, max_value=MOST_WANTED, default=1)
    priority = serializers.IntegerField(min_value=0, max_value=100, required=False, help_text="Staff: larger first.")


class RequestInput(Input):
    """What may change."""

    wanted = serializers.IntegerField(min_value=1, max_value=MOST_WANTED, required=False)
    priority = serializers.IntegerField(min_value=0, max_value=100, required=False, help_text="Staff: larger first.")


class RequestFilters(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Of lists of wishes."""

    state = django_filters.MultipleChoiceFilter(choices=RequestState.choices)
    student = django_filters.CharFilter(field_name="student__public_id", max_length=14)
    q = django_filters.CharFilter(
        field_name="student__name", lookup_expr="icontains", max_length=120, label="in a name"
    )
    readable = django_filters.BooleanFilter(
        field_name="response__readings__status", method="with_times", label="with times that could be read"
    )
    order = django_filters.OrderingFilter(
        fields={"waiting_since": "waiting_since", "student__name": "name", "priority": "priority"}
    )

    def with_times(self, rows: QuerySet[ReviewRequest], _name: str, wanted: bool) -> QuerySet[ReviewRequest]:
        readable = Reading.objects.filter(status__in=("ok", "partial")).values("response")
        return rows.filter(response__in=readable) if wanted else rows.exclude(response__in=readable)


class Requests(Resource[ReviewRequest]):
    """Wishes: staff see the program's, students their own; the longest waiting first."""

    queryset = ReviewRequest.objects.all()
    serializer_class = RequestShape
    filterset_class = RequestFilters
    who: ClassVar = {
        "list": ANYBODY,
        "retrieve": ANYBODY,
        "create": WRITERS | OWN,
        "partial_update": WRITERS | OWN,
        "destroy": WRITERS | OWN,
    }

    def rows(self) -> QuerySet[ReviewRequest]:
        found = ReviewRequest.objects.filter(program=self.caller.program)
        if not self.caller.staff:
            found = found.filter(student=self.caller.person)
        readings = Prefetch("response__readings", Reading.objects.order_by("pk"))
        return found.select_related("student", "response").prefetch_related(readings)

    @extend_schema(request=NewRequestInput, responses={201: RequestShape})
    def create(self, request: Request) -> Response:
        """Wish for sessions. A student has one active wish: change that one if there is."""
        given = taken(NewRequestInput, request, program=self.caller.program)
        return self.make(lambda: self._open(self._student(given), given))

    def _student(self, given: dict[str, Any]) -> Person:
        if self.caller.staff:
            if "student" not in given:
                raise serializers.ValidationError({"student": "is needed"})
            named: Person = given["student"]
            return named
        if "priority" in given:
            raise Problem(403, "not-allowed", "Only staff set the priority of a request.")
        if self.caller.person is None or Role.STUDENT not in self.caller.roles:
            raise Problem(403, "not-allowed", "Only students of this program wish for sessions.")
        if given.get("student", self.caller.person) != self.caller.person:
            raise Problem(403, "not-allowed", "You may wish for yourself only: leave student out.")
        return self.caller.person

    def _open(self, student: Person, given: dict[str, Any]) -> ReviewRequest:
        present = now()
        if active_request(self.caller.program, student) is not None:
            raise Refused(Reason.CLASH, "this student has an active request already")
        return open_request(
            self.caller.program,
            student,
            present,
            self.caller.actor,
            present,
            wanted=given["wanted"],
            priority=given.get("priority", 0),
        )

    @extend_schema(request=RequestInput, responses=RequestShape)
    def partial_update(self, request: Request, **_path: str) -> Response:
        """Another number of sessions; staff also set the priority. Nobody loses their place in the queue."""
        given = taken(RequestInput, request)
        return self.change(lambda row: change_request(row, self.caller.actor, now(), **given))

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_path: str) -> Response:
        """No longer wished for. The row stays, as cancelled."""
        return self.remove(lambda row: cancel_request(row, self.caller.actor, now()))
