"""Settings of the REST framework and of the OpenAPI writer: plain values, so that Django's settings may hold them."""

from __future__ import annotations

from typing import Any

HERE = "backend.record.api"
MAX_BODY = 64 * 1024
"""Bytes of a request that are read at all, webhooks apart."""

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [f"{HERE}.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [f"{HERE}.permissions.ByTable"],
    "DEFAULT_THROTTLE_CLASSES": [f"{HERE}.throttling.PerCaller"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [f"{HERE}.parsing.StrictJson"],
    "DEFAULT_FILTER_BACKENDS": [f"{HERE}.filtering.KnownFilters"],
    "DEFAULT_PAGINATION_CLASS": f"{HERE}.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": f"{HERE}.schema.Described",
    "EXCEPTION_HANDLER": f"{HERE}.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
    "SEARCH_PARAM": "q",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Matching",
    "VERSION": "1",
    "DESCRIPTION": (
        "Students, professionals and their sessions. Send `Authorization: Bearer KEY`. Times are ISO 8601 with an "
        "offset. Errors are `application/problem+json` (RFC 9457). Updates need `If-Match` with the `ETag` of what you "
        "read; creates take an `Idempotency-Key`, and the same key gives the same answer again."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        f"{HERE}.schema.closed_inputs",
    ],
    "ENUM_NAME_OVERRIDES": {
        "SessionState": "backend.record.models.states.SessionState",
        "RequestState": "backend.record.models.states.RequestState",
        "MembershipState": "backend.record.models.states.MembershipState",
        "AvailabilityState": "backend.record.models.states.AvailabilityState",
        "RunState": "backend.record.models.states.RunState",
        "Role": "backend.record.models.states.Role",
        "Side": [("student", "student"), ("professional", "professional")],
    },
}
API_RATES = {
    "key": "1200/minute",
    "member": "240/minute",
    "stranger": "120/minute",
    "form": "600/minute",
    "link": "60/minute",
}
"""How often: one key, one person or bot member, one address without a key, one at the webhooks, one person's links."""
