"""`/api/moment-preview/`: one time or day in words, before anything is done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.nightly.single_time import LONGEST, single_time
from backend.record.api.caller import MEMBERS, Caller
from backend.record.api.inputs import Input, ZoneField, taken
from backend.record.api.reading import frame
from backend.record.api.site import now
from optimizer.domain import zone_info


class MomentInput(Input):
    """One time ("Monday 2:00 PM") or one day ("Dec 7", "in 2 weeks")."""

    text = serializers.CharField(max_length=LONGEST)
    zone = ZoneField(required=False, help_text="Of a time that names none; default: one's own, or the program's.")


class MomentShape(serializers.Serializer[Any]):
    """`starts_at`: null when only a day is named. `day_begins_at`: midnight of that day in `zone`."""

    starts_at = serializers.DateTimeField(allow_null=True)
    day = serializers.DateField(help_text="The local date in `zone`.")
    day_begins_at = serializers.DateTimeField()
    weekday = serializers.CharField()
    local = serializers.CharField(help_text="The time on the clock of `zone`: 14:00; '' for a day.", allow_blank=True)
    zone = serializers.CharField(help_text="The one that the text names, else the one that was sent.")
    assumptions = serializers.ListField(child=serializers.CharField())


class Moments(APIView):
    """How one time in words would be read."""

    who: ClassVar = {"post": MEMBERS}

    @extend_schema(request=MomentInput, responses=MomentShape)
    def post(self, request: Request) -> Response:
        """The next such time ahead. Nothing is stored; what is doubtful, many times, or past is refused."""
        given = taken(MomentInput, request)
        caller: Caller = request.user  # type: ignore[assignment]  # ByTable lets nobody else in
        own = caller.person.zone if caller.person else ""
        found = single_time(given["text"], given.get("zone") or own or caller.program.zone, now(), frame().conventions)
        info = zone_info(found.zone)
        midnight = datetime(found.day.year, found.day.month, found.day.day, tzinfo=info)
        shown = {
            "starts_at": found.start,
            "day": found.day,
            "day_begins_at": midnight,
            "weekday": f"{found.day:%A}",
            "local": f"{found.start.astimezone(info):%H:%M}" if found.start else "",
            "zone": found.zone,
            "assumptions": list(found.assumptions),
        }
        return Response(MomentShape(shown).data)
