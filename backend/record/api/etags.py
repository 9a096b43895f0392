"""ETag and If-Match (RFC 9110): nobody overwrites what they have not seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from backend.record.api.problems import Problem

CLOCKWORK = frozenset({"next_free", "waiting_days"})
"""What changes by itself as time passes, and is nobody's change."""


def etag_of(data: Any) -> str:
    """The tag of a representation."""
    if isinstance(data, Mapping):
        data = {name: value for name, value in data.items() if name not in CLOCKWORK}
    text = json.dumps(data, sort_keys=True, cls=JSONEncoder)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(request: Request, data: Any) -> Response:
    """The representation with its tag; 304 when the caller has it already."""
    tag = etag_of(data)
    if tag in _tags(request, "If-None-Match"):
        return Response(None, 304, headers={"ETag": tag})
    return Response(data, headers={"ETag": tag})


def refuse_unseen(request: Request, data: Any, *, needed: bool = True) -> None:
    """`data` is what the row looks like now. Raises `Problem` 428 without If-Match (if `needed`), 412 for another tag.

    Call it with the row locked, in the transaction that changes it.
    """
    seen = _tags(request, "If-Match")
    if not seen:
        if needed:
            sentence = "Read it first and send its ETag as If-Match, so that you change what you have seen."
            raise Problem(428, "precondition-required", sentence)
        return
    if "*" not in seen and etag_of(data) not in seen:
        sentence = "It has changed since you read it: read it again, then decide again."
        raise Problem(412, "precondition-failed", sentence, {"ETag": etag_of(data)})


def _tags(request: Request, header: str) -> list[str]:
    return [tag.strip() for tag in request.headers.get(header, "").split(",") if tag.strip()]
