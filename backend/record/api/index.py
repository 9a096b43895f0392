"""`/api/`: where everything is, for whoever looks for the first time."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

RESOURCES = (
    "scheduled-sessions", "review-requests", "professional-availability", "professionals", "students", "people",
    "runs", "suggestions", "explanations", "whatif", "stats", "me",
)  # fmt: skip


class Index(APIView):
    """Addresses alone: it needs no key and says nothing about anybody."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def get(self, request: Request) -> Response:
        here = reverse("index")
        places = {name: request.build_absolute_uri(f"{here}{name}/") for name in RESOURCES}
        told = {name: request.build_absolute_uri(reverse(name)) for name in ("docs", "schema")}
        return Response({**told, "resources": places})
