"""Idempotency-Key: the same request again gives the same answer and no second effect.

The answer is stored in the transaction of its effect, so either both exist or neither. Refusals are not stored: the
same key may try again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from backend.record.api.caller import Caller
from backend.record.api.problems import Problem
from backend.record.api.site import now
from backend.record.models import StoredAnswer

HEADER = "Idempotency-Key"
KEPT = timedelta(days=2)
_KEY = re.compile(r"[\x21-\x7e]{1,100}")


def once(request: Request, act: Callable[[], Response]) -> Response:
    """`act()`, or what it answered when this key came first. Everything happens in one transaction."""
    given = request.headers.get(HEADER)
    caller = request.user
    if given is None or not isinstance(caller, Caller):
        with transaction.atomic():
            return act()
    if not _KEY.fullmatch(given):
        raise Problem(400, "invalid", f"{HEADER} is 1 to 100 visible ASCII characters.")
    with transaction.atomic():
        StoredAnswer.objects.filter(created_at__lt=now() - KEPT).delete()
        row, replayed = _claim(caller, given, _fingerprint(request))
        return _replay(row) if replayed else _keep(row, act())


def _claim(caller: Caller, given: str, fingerprint: str) -> tuple[StoredAnswer, bool]:
    """The key's row, and whether it was there. A twin that is still at work is waited for by the database."""
    try:
        with transaction.atomic():
            row = StoredAnswer.objects.create(
                key=caller.key,
                holder=caller.name,
                idempotency_key=given,
                fingerprint=fingerprint,
                created_at=now(),
            )
    except IntegrityError:
        row = StoredAnswer.objects.get(holder=caller.name, idempotency_key=given)
        if row.fingerprint != fingerprint:
            sentence = f"This {HEADER} came with another request; use a new one."
            raise Problem(422, "key-reused", sentence) from None
        return row, True
    return row, False


def _keep(row: StoredAnswer, answer: Response) -> Response:
    row.status = answer.status_code
    row.headers = {name: answer[name] for name in ("ETag", "Location") if name in answer}
    row.body = {} if answer.data is None else json.loads(json.dumps(answer.data, cls=JSONEncoder))
    row.save()
    return answer


def _replay(row: StoredAnswer) -> Response:
    body = None if row.status == 204 else row.body
    return Response(body, row.status, headers={**row.headers, "Idempotency-Replayed": "true"})


def _fingerprint(request: Request) -> str:
    parts = [request.method, request.get_full_path(), request.data]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
