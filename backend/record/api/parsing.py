"""Bodies: small, strict JSON objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from backend.record.api.configuration import MAX_BODY
from backend.record.api.problems import Problem


class StrictJson(BaseParser):
    """One JSON object of at most `MAX_BODY` bytes, without NaN and without text that no database can keep."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise Problem(413, "too-large", f"The request is larger than {MAX_BODY // 1024} KiB.")
        return json_object(body)


def json_object(body: bytes) -> dict[str, Any]:
    """Raises `ParseError`."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()  # half of a character pair cannot be written
    except (ValueError, RecursionError):
        raise ParseError("The body is not valid JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise ParseError("The body must be a JSON object: {...}.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
