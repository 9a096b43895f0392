"""Sessions as they are shown and asked for."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.record.api.filtering import InstantField
from backend.record.api.inputs import Input, PersonField
from backend.record.models import Person, ScheduledSession
from backend.record.models.states import Role, SessionState, Verdict
from publish.booking import visible_reference


class PersonRef(serializers.ModelSerializer[Person]):
    """Somebody, by id and name."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Person
        fields = ("id", "name")
        read_only_fields = fields


class Part(serializers.Serializer[Any]):
    """One part of the fit and its points."""

    name = serializers.CharField()
    points = serializers.IntegerField()


class SessionShape(serializers.ModelSerializer[ScheduledSession]):
    """A session as this caller sees it. `quality`, `parts` and `certainty` are null to all but staff."""

    id = serializers.CharField(source="public_id", read_only=True)
    reference = serializers.SerializerMethodField(help_text="The mark in its messages and invitations: #K3F9QX.")
    student = PersonRef(read_only=True)
    professional = PersonRef(read_only=True)
    minutes = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(SessionState.choices, read_only=True)
    absent = serializers.CharField(read_only=True, help_text="Who did not come: student, professional or nobody ('').")
    run = serializers.CharField(source="run.key", read_only=True, allow_null=True, default=None)
    request = serializers.CharField(source="request.public_id", read_only=True, allow_null=True, default=None)
    my_rating = serializers.SerializerMethodField()
    quality = serializers.SerializerMethodField()
    certainty = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()

    class Meta:
        model = ScheduledSession
        fields = (
            "id", "reference", "state", "starts_at", "ends_at", "minutes", "student", "professional",
            "meeting_link", "why", "shared_minutes", "assumed", "absent", "revision", "run", "request",
            "created_at", "closed_at", "my_rating", "quality", "certainty", "parts",
        )  # fmt: skip
        read_only_fields = fields

    def get_reference(self, row: ScheduledSession) -> str:
        program = self.context["request"].user.program
        return visible_reference("session", program.key, row.key)

    def get_my_rating(self, row: ScheduledSession) -> int | None:
        me = self.context["request"].user.person
        return next((one.stars for one in row.ratings.all() if me and one.person_id == me.pk), None)

    def get_quality(self, row: ScheduledSession) -> int | None:
        return row.quality if self._staff else None

    def get_certainty(self, row: ScheduledSession) -> int | None:
        return row.certainty if self._staff else None

    def get_parts(self, row: ScheduledSession) -> list[dict[str, Any]] | None:
        return [{"name": str(name), "points": int(points)} for name, points in row.parts] if self._staff else None

    @property
    def _staff(self) -> bool:
        return bool(self.context["request"].user.staff)


class SlotInput(Input):
    """When, and how long."""

    starts_at = InstantField()
    minutes = serializers.IntegerField(min_value=10, max_value=240, default=None, allow_null=True)
    override = serializers.BooleanField(default=False, help_text="Owners: beyond the professional's limits.")


class NewSessionInput(SlotInput):
    """A session by hand."""

    student = PersonField(Role.STUDENT)
    professional = PersonField(Role.PROFESSIONAL)


class MoveInput(Input):
    """Staff name the new time. A participant names none: the time is freed and their place in the queue kept."""

    starts_at = InstantField(required=False)
    minutes = serializers.IntegerField(min_value=10, max_value=240, required=False)
    override = serializers.BooleanField(default=False)


class AbsenceInput(Input):
    """Who did not come; a participant says so of the other."""

    absent = serializers.ChoiceField([Role.STUDENT.value, Role.PROFESSIONAL.value])


class VerdictInput(Input):
    """What became of it."""

    verdict = serializers.ChoiceField(Verdict.choices)


class RatingInput(Input):
    """1 to 5."""

    stars = serializers.IntegerField(min_value=1, max_value=5)
