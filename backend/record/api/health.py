"""Whether the server lives and can work, and what is not there."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.record.models import Run


def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """The record answers and its tables are up to date; 503 otherwise. Says when a night last finished."""
    try:
        executor = MigrationExecutor(connection)
        behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        last = None if behind else Run.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "the record cannot be reached"}, status=503)
    if behind:
        return JsonResponse({"status": "unavailable", "reason": "the record must be migrated"}, status=503)
    return JsonResponse({"status": "ok", "last_run": last.finished_at if last else None})


class Missing(APIView):
    """Addresses that do not exist, in the API's own words."""

    authentication_classes = ()
    permission_classes = ()

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:  # noqa: ARG002
        raise Http404
