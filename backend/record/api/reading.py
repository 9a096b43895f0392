"""How a text of availability is understood: shown before it is stored, and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rest_framework import serializers

from backend.nightly.frame import rules_from
from backend.nightly.reading import conventions_from
from backend.record.api.site import matching, now
from backend.record.services.responses import Frame
from ingest.availability import LONGEST_TEXT, Horizon, read
from optimizer.domain import zone_info


class ReadingShape(serializers.Serializer[Any]):
    """One text. `echo` says in one line how it is understood; `assumptions` what was guessed."""

    column = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(["ok", "partial", "none", "unparseable"])
    confidence = serializers.FloatField()
    zone = serializers.CharField()
    echo = serializers.CharField(allow_blank=True)
    assumptions = serializers.ListField(child=serializers.CharField())
    not_understood = serializers.ListField(child=serializers.CharField())


def reading_shape(column: str, text: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """From `Reading.as_record()`."""
    return {
        "column": column,
        "text": text,
        "status": record["status"],
        "confidence": record["confidence"],
        "zone": record["tz"],
        "echo": record["echo"],
        "assumptions": [one["sentence"] for one in record["assumptions"]],
        "not_understood": record["unparsed"],
    }


def frame() -> Frame:
    """How the program reads answers."""
    given = matching()
    return Frame(rules_from(given), conventions_from(given))


def preview(text: str, zone: str) -> dict[str, Any]:
    """How a text written now would be understood; nothing is stored."""
    rules = frame().rules
    today = now().astimezone(zone_info(zone)).date()
    horizon = Horizon(today + timedelta(days=1), rules.horizon_days)
    found = read(text[: LONGEST_TEXT + 1], reference=today, zone=zone, horizon=horizon, conventions=frame().conventions)
    return reading_shape("", text, found.as_record())
