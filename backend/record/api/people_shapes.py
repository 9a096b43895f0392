"""People as they are shown and asked for. Addresses go in and never come out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.record.api.filtering import InstantField
from backend.record.api.inputs import Input, ZoneField
from backend.record.models.states import MembershipState, RequestState, Role
from ingest.forms.contact import EmailError, email_address

DETAILS = ("title", "company", "specialties")


class MemberShape(serializers.Serializer[Any]):
    """A person under one role. `discord_id` is null to all but staff and themselves."""

    id = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(MembershipState.choices)
    paused_until = serializers.DateTimeField(allow_null=True)
    zone = serializers.CharField(help_text="IANA zone; '' when they never named one.")
    discord_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class ProfessionalShape(MemberShape):
    """A professional, with their load."""

    title = serializers.CharField()
    company = serializers.CharField()
    specialties = serializers.CharField()
    capacity_per_week = serializers.IntegerField(allow_null=True, help_text="What staff allow; null: the form's.")
    upcoming = serializers.IntegerField(help_text="Sessions still to come.")
    held = serializers.IntegerField(help_text="Sessions that took place.")
    next_free = serializers.DateTimeField(allow_null=True, help_text="The next time they offer and that is open.")


class RequestRef(serializers.Serializer[Any]):
    """A student's wish, in short."""

    id = serializers.CharField()
    state = serializers.ChoiceField(RequestState.choices)
    waiting_since = serializers.DateTimeField()


class StudentShape(MemberShape):
    """A student, with their wish."""

    target_industry = serializers.CharField()
    target_role = serializers.CharField()
    level = serializers.CharField()
    held = serializers.IntegerField()
    upcoming = serializers.IntegerField()
    request = RequestRef(allow_null=True)


class FoundPerson(serializers.Serializer[Any]):
    """Somebody whom a text may mean. `exact`: their name, id or Discord id is that text."""

    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField([Role.STUDENT.value, Role.PROFESSIONAL.value])
    exact = serializers.BooleanField()


class FoundPeople(serializers.Serializer[Any]):
    """The best first, 25 at most."""

    results = FoundPerson(many=True)


class EmailField(serializers.CharField):
    """An address, case-folded as the person's key."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=254, **given)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return email_address(text) if text else ""
        except EmailError as error:
            raise serializers.ValidationError(str(error)) from None


class _Named(Input):
    name = serializers.CharField(max_length=120)
    zone = ZoneField(required=False)


class NewStudentInput(_Named):
    """Somebody whom staff add."""

    email = EmailField(required=False, allow_blank=True, default="")


class NewProfessionalInput(NewStudentInput):
    """A volunteer whom staff add."""

    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    company = serializers.CharField(max_length=200, required=False, allow_blank=True)
    specialties = serializers.CharField(max_length=500, required=False, allow_blank=True)
    capacity_per_week = serializers.IntegerField(min_value=0, max_value=1000, required=False)


class StudentInput(Input):
    """What may change. Participants: their zone alone."""

    name = serializers.CharField(max_length=120, required=False)
    zone = ZoneField(required=False)


class ProfessionalInput(StudentInput):
    """What may change. `capacity_per_week` null leaves it to the form."""

    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    company = serializers.CharField(max_length=200, required=False, allow_blank=True)
    specialties = serializers.CharField(max_length=500, required=False, allow_blank=True)
    capacity_per_week = serializers.IntegerField(min_value=0, max_value=1000, required=False, allow_null=True)


class PauseInput(Input):
    """Until when; null: until they resume."""

    until = InstantField(allow_null=True, default=None)
