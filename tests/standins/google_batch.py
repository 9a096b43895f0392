"""Google's batch endpoint on loopback: a multipart request of requests, answered part by part."""

from __future__ import annotations

import json
from collections.abc import Callable
from email import message_from_bytes, message_from_string, policy
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from tests.standins.loopback import Answer, Asked

BATCH_PATH = "/batch/calendar/v3"
MOST = 50
"""Google's own limit for Calendar."""
_BOUNDARY = "batch_of_the_stand_in"


def answer_batch(asked: Asked, answer: Callable[[Asked], Answer | None]) -> Answer | None:
    """All parts in their order, each through `answer`; None (a connection that breaks) when one of them gave None."""
    kind = asked.headers.get("content-type", "")
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + asked.body, policy=policy.HTTP)
    parts = list(whole.iter_parts())
    if not 0 < len(parts) <= MOST:
        return Answer(400, {"error": {"code": 400, "message": "The batch request could not be processed."}})
    answered = []
    for part in parts:
        found = answer(_request(part.get_content(), asked))
        if found is None:
            return None
        answered.append(_part(str(part["Content-ID"]), found))
    body = "".join(f"--{_BOUNDARY}\r\n{one}\r\n" for one in answered) + f"--{_BOUNDARY}--"
    return Answer(200, None, {"Content-Type": f"multipart/mixed; boundary={_BOUNDARY}"}, body.encode())


def _request(content: bytes | str, asked: Asked) -> Asked:
    text = content.decode() if isinstance(content, bytes) else content
    line, _, rest = text.partition("\n")
    method, target, _ = line.split(" ", 2)
    message = message_from_string(rest)
    headers = {name.lower(): value for name, value in message.items()}
    headers.setdefault("authorization", asked.headers.get("authorization", ""))
    parts = urlsplit(target)
    query = parse_qs(parts.query, keep_blank_values=True)
    return Asked(method, parts.path, query, headers, str(message.get_payload()).strip().encode())


def _part(name: str, answer: Answer) -> str:
    inner = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\n"
    inner += "".join(f"{header}: {value}\r\n" for header, value in answer.headers.items())
    inner += "Content-Type: application/json; charset=UTF-8\r\n\r\n"
    inner += "" if answer.body is None else json.dumps(answer.body)
    return f"Content-Type: application/http\r\nContent-ID: {name.replace('<', '<response-', 1)}\r\n\r\n{inner}"
