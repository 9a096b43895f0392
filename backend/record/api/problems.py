"""Errors as `application/problem+json` (RFC 9457): a stable type, and a sentence that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from backend.nightly.exits import Exit, Stop
from backend.record.refusal import Reason, Refused

MEDIA_TYPE = "application/problem+json"
URN = "urn:matching:problem:"


class Problem(exceptions.APIException):
    """An answer that is no: `code` becomes the type, the sentence the detail."""

    def __init__(self, code: int, slug: str, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence, slug)
        self.status_code = code
        self.headers = dict(headers or {})


class FieldProblem(serializers.Serializer[Any]):
    """One thing that is wrong with what was sent."""

    field = serializers.CharField(help_text="Where: a field, a parameter, or '' for the whole.")
    detail = serializers.CharField()


class ProblemBody(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField(help_text="Stable name of the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened and what to do, for a person.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # the stubs: a base property


_REFUSALS = {
    Reason.CLASH: status.HTTP_409_CONFLICT,
    Reason.INVALID: status.HTTP_400_BAD_REQUEST,
    Reason.NOT_ALLOWED: status.HTTP_403_FORBIDDEN,
    Reason.NOT_NOW: status.HTTP_409_CONFLICT,
    Reason.UNKNOWN: status.HTTP_404_NOT_FOUND,
}
_STOPS = {Exit.USAGE: status.HTTP_400_BAD_REQUEST, Exit.TRY_LATER: status.HTTP_503_SERVICE_UNAVAILABLE}


def answer_problem(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """The framework's exception handler; None leaves a surprise to the server's log and `server_error`."""
    if isinstance(error, Refused):
        return _response(_REFUSALS[error.reason], error.reason.replace("_", "-"), _sentence(error.message))
    if isinstance(error, Stop):
        return _response(_STOPS.get(error.code, status.HTTP_409_CONFLICT), "refused", _sentence(error.message))
    if isinstance(error, Http404):
        return _response(status.HTTP_404_NOT_FOUND, "not-found", "There is nothing here that you may see.")
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return _response(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "too-large", "The request is too large.")
    if isinstance(error, exceptions.ValidationError):
        faults = [{"field": field, "detail": text} for field, text in _faults(error.detail)]
        detail = "; ".join(f"{one['field']}: {one['detail']}" if one["field"] else one["detail"] for one in faults)
        return _response(error.status_code, "invalid", detail, errors=faults)
    if isinstance(error, exceptions.APIException):
        return _response(error.status_code, _slug(error), str(error.detail), _headers(error))
    return None


def server_error(_request: HttpRequest) -> JsonResponse:
    """What strangers see of a surprise: nothing of its cause."""
    body = _body(HTTPStatus.INTERNAL_SERVER_ERROR, "server-error", "Something broke here; it was logged. Try later.")
    return JsonResponse(body, status=500, content_type=MEDIA_TYPE)


def _response(code: int, slug: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    return Response({**_body(code, slug, detail), **more}, code, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def _body(code: int, slug: str, detail: str) -> dict[str, Any]:
    return {"type": URN + slug, "title": HTTPStatus(code).phrase, "status": int(code), "detail": detail}


def _slug(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return str(codes).replace("_", "-") if isinstance(codes, str) else "invalid"


def _headers(error: exceptions.APIException) -> dict[str, str]:
    found = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        found["WWW-Authenticate"] = challenge
    if isinstance(error, exceptions.Throttled):
        found["Retry-After"] = str(int(getattr(error, "wait", None) or 0) + 1)
    return found


def _faults(detail: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each fault with its path; the framework's own "whole object" key is left out of it."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            inner = "" if name == "non_field_errors" else str(name)
            yield from _faults(part, ".".join(one for one in (place, inner) if one))
    elif isinstance(detail, list | tuple):
        for part in detail:
            yield from _faults(part, place)
    else:
        yield place, str(detail)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
