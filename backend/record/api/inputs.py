"""What may be sent: exactly the fields named, everything else is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from backend.record.models import Membership, Person, Program
from backend.record.models.ids import LENGTH, LETTERS
from backend.record.models.states import MembershipState, Role
from optimizer.domain import ZoneError, zone_info


class Input(serializers.Serializer[Any]):
    """A body. Unknown fields are errors, so nobody can set what is not theirs to set, nor believe they did."""

    def to_internal_value(self, data: Any) -> Any:
        strange = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if strange:
            known = ", ".join(self.fields) or "none"
            raise serializers.ValidationError(
                {str(one)[:80]: f"cannot be set here (known: {known})" for one in strange}
            )
        return super().to_internal_value(data)


class Nothing(Input):
    """No fields: {}."""


def taken(kind: type[Input], request: Request, **context: Any) -> dict[str, Any]:
    """The checked body. Raises `ValidationError`."""
    given = kind(data=request.data, context=context)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class ZoneField(serializers.CharField):
    """An IANA zone."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=64, **given)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        try:
            zone_info(name)
        except ZoneError:
            raise serializers.ValidationError(
                "is no time zone; write it as America/New_York or Europe/Berlin"
            ) from None
        return name


@extend_schema_field({"type": "string", "pattern": f"^[{LETTERS}]{{{LENGTH}}}$"})
class PersonField(serializers.Field[Person, str, str, Any]):
    """A member of the program under one role, by the person's id. Give the program in the context."""

    def __init__(self, role: Role, **given: Any) -> None:
        super().__init__(**given)
        self.role = role

    def to_internal_value(self, data: Any) -> Person:
        if not isinstance(data, str) or len(data) != LENGTH or "\0" in data:
            raise serializers.ValidationError("is no id of a person")
        program: Program = self.context["program"]
        found = (
            Membership.objects.filter(program=program, role=self.role, person__public_id=data, person__erased_at=None)
            .exclude(state=MembershipState.LEFT)
            .select_related("person")
            .first()
        )
        if found is None:
            raise serializers.ValidationError(f"is no {self.role} of this program")
        return found.person
