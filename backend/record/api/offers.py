"""`/api/professional-availability/`: what professionals offer. Writing is answering anew, in words."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.record.api.caller import ANYBODY, OWN, WRITERS
from backend.record.api.inputs import Input, PersonField, ZoneField, taken
from backend.record.api.problems import Problem
from backend.record.api.reading import frame
from backend.record.api.resource import Resource
from backend.record.api.session_shapes import PersonRef
from backend.record.api.site import now
from backend.record.models import AvailabilityWindow, Membership, Person, ProfessionalAvailability
from backend.record.models.states import AvailabilityState, Role
from backend.record.refusal import Reason, Refused
from backend.record.services.direct import Times, say_times
from backend.record.services.offers import withdraw
from ingest.availability import LONGEST_TEXT

FIRST, LAST = date(2000, 1, 1), date(2119, 12, 31)


class WindowShape(serializers.ModelSerializer[AvailabilityWindow]):
    """[starts_at, ends_at). `certainty`: 3 certain, 2 if needed, 1 read with doubt."""

    class Meta:
        model = AvailabilityWindow
        fields = ("starts_at", "ends_at", "certainty")
        read_only_fields = fields


class OfferShape(serializers.ModelSerializer[ProfessionalAvailability]):
    """What a professional offers. Dates are local to `zone`, both included."""

    id = serializers.CharField(source="public_id", read_only=True)
    professional = PersonRef(source="membership.person", read_only=True)
    formats = serializers.ListField(child=serializers.CharField(), read_only=True)
    industries = serializers.ListField(child=serializers.CharField(), read_only=True)
    levels = serializers.ListField(child=serializers.CharField(), read_only=True)
    understood = serializers.SerializerMethodField()
    windows = WindowShape(many=True, read_only=True)

    class Meta:
        model = ProfessionalAvailability
        fields = (
            "id", "professional", "state", "valid_from", "valid_until", "zone", "per_week", "formats", "industries",
            "levels", "understood", "windows", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_understood(self, row: ProfessionalAvailability) -> str:
        """How the specific times were read, in one line; "" when days and slots were ticked."""
        readings = list(row.response.readings.all()) if row.response else []
        return "; ".join(str(one.result["echo"]) for one in readings if one.result.get("echo"))


class TimesInput(Input):
    """When they are free, in words: "Mon and Wed 2-4pm, not on Dec 24"."""

    text = serializers.CharField(max_length=LONGEST_TEXT)
    zone = ZoneField(required=False, help_text="Of times that name none; default: theirs, or the program's.")
    valid_from = serializers.DateField(required=False)
    valid_until = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs.get("valid_from"), attrs.get("valid_until")
        for name, day in (("valid_from", first), ("valid_until", last)):
            if day and not FIRST <= day <= LAST:
                raise serializers.ValidationError({name: "lies too far away"})
        if first and last and last < first:
            raise serializers.ValidationError({"valid_until": "lies before valid_from"})
        return attrs


class NewOfferInput(TimesInput):
    """An offer; professionals may leave `professional` out, it is theirs."""

    professional = PersonField(Role.PROFESSIONAL, required=False)


class OfferFilters(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Of lists of offers."""

    state = django_filters.MultipleChoiceFilter(choices=AvailabilityState.choices)
    professional = django_filters.CharFilter(field_name="membership__person__public_id", max_length=14)


class Offers(Resource[ProfessionalAvailability]):
    """Offers: staff see the program's, professionals their own."""

    queryset = ProfessionalAvailability.objects.all()
    serializer_class = OfferShape
    filterset_class = OfferFilters
    who: ClassVar = {
        "list": ANYBODY,
        "retrieve": ANYBODY,
        "create": WRITERS | OWN,
        "partial_update": WRITERS | OWN,
        "destroy": WRITERS | OWN,
    }

    def rows(self) -> QuerySet[ProfessionalAvailability]:
        found = ProfessionalAvailability.objects.filter(
            membership__program=self.caller.program, membership__person__erased_at=None
        )
        if not self.caller.staff:
            found = found.filter(membership__person=self.caller.person)
        return found.select_related("membership__person", "response").prefetch_related("windows", "response__readings")

    @extend_schema(request=NewOfferInput, responses={201: OfferShape})
    def create(self, request: Request) -> Response:
        """Offer these times in place of those before."""
        given = taken(NewOfferInput, request, program=self.caller.program)
        return self.make(lambda: self._say(self._member(given.get("professional")), given))

    @extend_schema(request=TimesInput, responses=OfferShape)
    def partial_update(self, request: Request, **_path: str) -> Response:
        """Offer other times: the answer is the new offer, with an id of its own; this one is superseded."""
        given = taken(TimesInput, request)

        def replace(row: ProfessionalAvailability) -> ProfessionalAvailability:
            if row.state != AvailabilityState.ACTIVE:
                raise Refused(Reason.NOT_NOW, f"an offer that is {row.state} cannot be changed")
            return self._say(row.membership, given)

        return self.change(replace)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, **_path: str) -> Response:
        """Offer nothing any more. What is booked stands."""
        return self.remove(lambda row: withdraw(row, self.caller.actor, now()))

    def _member(self, named: Person | None) -> Membership:
        person = named or self.caller.person
        if not self.caller.staff and person != self.caller.person:
            raise Problem(403, "not-allowed", "You may offer your own time only: leave professional out.")
        if person is None:
            raise serializers.ValidationError({"professional": "is needed"})
        rows = Membership.objects.filter(program=self.caller.program, person=person, role=Role.PROFESSIONAL)
        member = rows.select_related("person", "program").first()
        if member is None:
            raise Problem(403, "not-allowed", "Only professionals of this program offer time.")
        return member

    def _say(self, member: Membership, given: dict[str, Any]) -> ProfessionalAvailability:
        """Raises `Refused` for a text in which no time could be read: it would take their offer away."""
        times = times_of(member, given)
        present = now()
        answer = say_times(member, times, frame(), self.caller.actor, present)
        offer = ProfessionalAvailability.objects.filter(
            response=answer.response, state=AvailabilityState.ACTIVE
        ).first()
        if offer is None or not offer.windows.exists():
            raise Refused(Reason.INVALID, "no time ahead can be read from this text; see /api/availability-preview/")
        return offer


def times_of(member: Membership, given: dict[str, Any]) -> Times:
    """What was sent, in the member's own zone unless it names another."""
    zone = given.get("zone") or member.person.zone or member.program.zone
    return Times(given["text"], zone, given.get("valid_from"), given.get("valid_until"))
