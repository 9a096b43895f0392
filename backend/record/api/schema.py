"""The OpenAPI document: every answer that can come, refusals included."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from backend.record.api.problems import MEDIA_TYPE, ProblemBody

_ALWAYS = (400, 401, 403, 404, 406, 429)
_WRITES = (409, 412, 413, 415, 422, 428)
_UPDATES = ("PUT", "PATCH", "DELETE")


def _header(name: str, text: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=text, **more)


class Described(AutoSchema):
    """Adds what all operations share: the headers of bots, of updates and of creates, and the problem answers.

    A view's `also` names further codes.
    """

    def get_override_parameters(self) -> list[Any]:
        if getattr(self.view, "bare", False):
            return []
        found = [
            _header("X-Discord-Member", "Bots only: the Discord id of the member for whom the bot calls."),
            _header("X-Discord-Roles", "Bots only: that member's role ids, with commas."),
        ]
        if self.method in _UPDATES and self._is_row():
            found.append(_header("If-Match", "The ETag of what you read; without it the answer is 428."))
        if self.method == "POST":
            found.append(_header("Idempotency-Key", "Your own name for this request; repeats answer the same."))
        return found

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and part != "api"]
        return [parts[0] if parts else "api"]

    def _is_row(self) -> bool:
        return self.path.endswith("{id}/")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response" or getattr(self.view, "bare", False):
            return bodies
        codes = [*_ALWAYS, *(_WRITES if self.method != "GET" else ()), *getattr(self.view, "also", ())]
        for code in codes:
            if str(code) not in bodies:
                bodies[str(code)] = self._problem(code)
        if self.method == "GET" and self._is_row():
            bodies["304"] = {"description": "You have it already (If-None-Match)."}
        return dict(sorted(bodies.items()))

    def _problem(self, code: int) -> Any:
        return self._get_response_for_code(ProblemBody, str(code), media_types=[MEDIA_TYPE])  # type: ignore[no-untyped-call]


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the document describes it."""

    target_class = "backend.record.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "description": "A key of scope read, write, bot or self."}


def closed_inputs(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """What is sent may hold the named fields only; see `inputs.Input`."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("InputRequest") and schema.get("type") == "object":
            schema["additionalProperties"] = False
    return result
