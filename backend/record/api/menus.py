"""What else a cancellation makes possible: the menu of least change over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from backend.nightly.replanning import Step, steps
from backend.record.api.etags import etag_of
from backend.record.api.inputs import Input
from backend.record.api.problems import Problem
from backend.record.models.states import Cause
from backend.record.services.least_change import Choice
from optimizer.domain import Session

CAUSES = (Cause.STAFF.value, Cause.STUDENT.value, Cause.PROFESSIONAL.value)


class PlaceShape(serializers.Serializer[Any]):
    """Who hosts, and when."""

    professional = serializers.CharField()
    starts_at = serializers.DateTimeField()


class StepShape(serializers.Serializer[Any]):
    """One change. `before` null: a session for a student who had none."""

    student = serializers.CharField()
    before = PlaceShape(allow_null=True)
    after = PlaceShape()


class OptionShape(serializers.Serializer[Any]):
    """`sessions` in all with `moved` people moved; a proven plan."""

    number = serializers.IntegerField()
    moved = serializers.IntegerField()
    sessions = serializers.IntegerField()
    steps = StepShape(many=True)


class MenuShape(serializers.Serializer[Any]):
    """Fewest people moved first. `why`: why there is no menu, or "". `seen`: to be sent back with a choice."""

    why = serializers.CharField(allow_blank=True)
    options = OptionShape(many=True)
    more = serializers.IntegerField(help_text="Options in between the last two that are not listed.")
    seen = serializers.CharField()


class ChoiceInput(Input):
    """One option of the menu that was seen."""

    cause = serializers.ChoiceField(CAUSES, default=Cause.STAFF.value, help_text="Who cannot come.")
    choose = serializers.IntegerField(min_value=1, max_value=100)
    seen = serializers.CharField(max_length=64, help_text="Of the menu that was read.")


def menu_document(found: Choice) -> dict[str, Any]:
    """The menu under people's names of today; see `MenuShape`."""
    options = found.menu.options if found.menu else ()
    listed = [
        {
            "number": number,
            "moved": option.moved,
            "sessions": option.matched,
            "steps": [_step(step, found.names) for step in steps(option)],
        }
        for number, option in enumerate(options, start=1)
    ]
    told = {"why": found.why, "options": listed, "more": found.menu.more if found.menu else 0}
    shown: dict[str, Any] = dict(MenuShape({**told, "seen": ""}).data)
    return {**shown, "seen": etag_of(shown).strip('"')}


def refuse_other_menu(found: Choice, seen: str) -> None:
    """Raises `Problem` when the menu is not the one that was seen: its numbers mean something else now."""
    if menu_document(found)["seen"] != seen:
        raise Problem(412, "precondition-failed", "The menu has changed since you read it: read it again, then choose.")


def _step(step: Step, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "student": _name(names, step.after.student),
        "before": _place(step.before, names) if step.before else None,
        "after": _place(step.after, names),
    }


def _place(session: Session, names: Mapping[str, str]) -> dict[str, Any]:
    return {"professional": _name(names, session.professional), "starts_at": session.start}


def _name(names: Mapping[str, str], code: str) -> str:
    return names.get(code) or code
