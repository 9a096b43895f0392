"""`/api/runs/` and `/api/stats/`: what the nights did and how the program is doing, for staff."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.record.api.caller import VIEWERS
from backend.record.api.filtering import refuse_unknown
from backend.record.api.problems import Problem
from backend.record.api.resource import Resource
from backend.record.api.site import now
from backend.record.models import Run
from backend.record.models.states import RunState
from backend.record.services.statistics import statistics


class RunShape(serializers.ModelSerializer[Run]):
    """One execution of the nightly job. `outcome`: what it says of itself, its certificate included."""

    id = serializers.CharField(source="key", read_only=True)
    outcome = serializers.DictField(read_only=True)
    versions = serializers.DictField(read_only=True)
    rows = serializers.DictField(read_only=True, help_text="Data rows per sheet.")

    class Meta:
        model = Run
        fields = (
            "id", "night", "as_of", "state", "attempts", "inputs_hash", "seed", "versions", "sessions_booked",
            "unmatched", "booked_earlier", "rows", "outcome", "started_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields


class TierShape(serializers.Serializer[Any]):
    """One rule of the policy. Whole numbers may exceed 2^53, so they are texts. `gap` "0": no plan does better."""

    name = serializers.CharField()
    status = serializers.CharField()
    value = serializers.CharField()
    bound = serializers.CharField(allow_null=True)
    gap = serializers.CharField(allow_null=True)
    sentence = serializers.CharField()


class CertificateShape(serializers.Serializer[Any]):
    """The stored certificate of a run's plan; `runs replay` checks it once more."""

    engine = serializers.CharField()
    proven = serializers.BooleanField(help_text="Every rule, each before the next.")
    tiers = TierShape(many=True)


class RunFilters(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """Of lists of runs."""

    state = django_filters.MultipleChoiceFilter(choices=RunState.choices)
    night = django_filters.CharFilter(max_length=10)


class Runs(Resource[Run]):
    """The latest first."""

    queryset = Run.objects.all()
    serializer_class = RunShape
    filterset_class = RunFilters
    lookup_field = "key"
    lookup_value_regex = "[A-Za-z0-9._-]{1,64}"
    who: ClassVar = {"list": VIEWERS, "retrieve": VIEWERS, "certificate": VIEWERS}

    def rows(self) -> QuerySet[Run]:
        heavy = ("answers", "snapshot", "problem", "plan", "witness", "offered")
        return Run.objects.filter(program=self.caller.program).defer(*heavy).order_by("-pk")

    @extend_schema(responses=CertificateShape)
    @action(detail=True, methods=["get"])
    def certificate(self, request: Request, **_path: str) -> Response:
        """How good its plan is, and how sure that is: each rule in order, with its value and the proven bound."""
        refuse_unknown(request, set())
        row = self.get_object()
        if row.plan is None:
            raise Problem(409, "no-night", "This run kept no plan, so there is no certificate.")
        kept = json.loads(bytes(row.plan))
        tiers = kept["certificate"]["tiers"]
        shown = {
            "engine": kept["run"]["engine"],
            "proven": all(tier["status"] == "proven" for tier in tiers),
            "tiers": tiers,
        }
        return Response(CertificateShape(shown).data)


class SpreadShape(serializers.Serializer[Any]):
    """Days; null where there is nothing to measure."""

    count = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    longest = serializers.FloatField(allow_null=True)


class LoadShape(serializers.Serializer[Any]):
    """A professional's sessions."""

    id = serializers.CharField()
    name = serializers.CharField()
    upcoming = serializers.IntegerField()
    held = serializers.IntegerField()


class StatisticsShape(serializers.Serializer[Any]):
    """How the program is doing; shares are of 1, null without anything to share."""

    students = serializers.IntegerField()
    professionals = serializers.IntegerField()
    asked = serializers.IntegerField(help_text="Students who ever asked.")
    matched_share = serializers.FloatField(allow_null=True, help_text="Of them, those with a session booked or held.")
    waiting = SpreadShape(help_text="Of those who wait now.")
    to_session = SpreadShape(help_text="From asking to the session.")
    sessions = serializers.DictField(child=serializers.IntegerField(), help_text="By state.")
    completed = serializers.IntegerField(help_text="Confirmed by somebody.")
    assumed = serializers.IntegerField(help_text="Taken for held, since nobody said otherwise.")
    completion_share = serializers.FloatField(allow_null=True)
    no_show_share = serializers.FloatField(allow_null=True)
    ratings = serializers.DictField(child=serializers.IntegerField(), help_text="Stars to how many.")
    rating_mean = serializers.FloatField(allow_null=True)
    loads = LoadShape(many=True)
    outbox = serializers.DictField(
        child=serializers.IntegerField(), help_text="By state. Dead ones need staff; dropped and outdated ones do not."
    )


class Stats(APIView):
    """Computed when asked."""

    who: ClassVar = {"get": VIEWERS}

    @extend_schema(responses=StatisticsShape)
    def get(self, request: Request) -> Response:
        """How the program is doing now."""
        refuse_unknown(request, set())
        found = statistics(request.user.program, now())  # type: ignore[union-attr]
        return Response(StatisticsShape(asdict(found)).data)
