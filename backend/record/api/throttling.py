"""How often somebody may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from backend.record.api.caller import Caller

if TYPE_CHECKING:  # the framework loads this file while it loads that one
    from rest_framework.views import APIView


class PerCaller(SimpleRateThrottle):
    """By key; by person or bot member; by address without a key. A view's `rate` names another rate for strangers.

    Counted in this process: several servers allow as many times as much.
    """

    def __init__(self) -> None:
        """The rate depends on who calls, so it is settled in `allow_request`."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller = request.user
        if isinstance(caller, Caller):
            personal = caller.discord_id or caller.person
            self.scope = "member" if personal else "key"
        else:
            self.scope = getattr(view, "rate", "stranger")
        self.rate = settings.API_RATES[self.scope]
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: APIView) -> str:  # noqa: ARG002
        caller = request.user
        ident = caller.name if isinstance(caller, Caller) else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
