"""How often a link may be opened: by person where it is one of ours, by address where it is not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle

from backend.record.services.links import Link


class _Rate(SimpleRateThrottle):
    """Counted in this process, as the API's are."""

    def __init__(self, link: Link | None) -> None:
        self._link = link
        self.scope = "link"
        self.rate = settings.API_RATES[self.scope]
        self.num_requests, self.duration = self.parse_rate(self.rate)

    def get_cache_key(self, request: Any, view: Any) -> str:  # noqa: ARG002
        ident = self._link.person if self._link else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


def too_often(request: HttpRequest, link: Link | None) -> bool:
    """Whether this request is one too many. Counts it."""
    return not _Rate(link).allow_request(request, None)  # type: ignore[arg-type]  # only headers are looked at
