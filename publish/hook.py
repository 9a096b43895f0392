"""Other systems hear of things by a signed POST: a points system that a session took place.

Every attempt carries the item's own id, so that a receiver who hears twice can tell. The signature is HMAC-SHA256 over
the time stamp, a full stop and the body, with the secret that both sides know.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from publish.outbox import Sender
from publish.ports import Item, Outcome, PublishError, Receipt
from publish.waiting import asked_to_wait

HOOK = "hook"
SESSION_COMPLETED = "session.completed"
TIMESTAMP, SIGNATURE, DELIVERY = "X-Matching-Timestamp", "X-Matching-Signature", "X-Matching-Delivery"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LATER = frozenset({408, 425, 429})
_ANSWER_READ = 64 * 1024


class HookError(ValueError):
    """The address or the secret cannot be used. The message holds neither."""


@dataclass(frozen=True)
class Event:
    """What is told. `facts` are JSON-able and name nobody: ids alone."""

    id: str
    name: str
    facts: Mapping[str, str | int | bool | None]

    def body(self) -> bytes:
        """The same bytes for the same event."""
        return json.dumps({"event": self.name, "id": self.id, **self.facts}, sort_keys=True).encode()


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What the receiver computes and compares, in constant time."""
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Hook:
    """POSTs events to one address; `timeout` in seconds.

    Raises `HookError` for an address that is not https (http on loopback alone) or an empty secret.
    """

    def __init__(self, url: str, secret: str, *, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or (parts.scheme != "https" and not local):
            raise HookError("the hook's address must begin with https://")
        if not secret:
            raise HookError("the hook needs a secret to sign with")
        self._parts, self._secret, self._timeout = parts, secret, timeout

    def post(self, event: Event, now: datetime) -> Receipt:
        """Tell it once. Redirects are not followed. Raises `PublishError`."""
        body, stamp = event.body(), str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: stamp,
            SIGNATURE: signature(self._secret, stamp, body),
            DELIVERY: event.id,
        }
        path = self._parts.path or "/"
        connection = self._connection()
        try:
            connection.request("POST", f"{path}?{self._parts.query}" if self._parts.query else path, body, headers)
            answer = connection.getresponse()
            answer.read(_ANSWER_READ)
        except (OSError, http.client.HTTPException) as error:
            kind = type(error).__name__
            raise PublishError(f"the hook was not reached ({kind})", permanent=False, uncertain=True) from None
        finally:
            connection.close()
        return _receipt(event, answer.status, answer.getheader("Retry-After", ""))

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=ssl.create_default_context())


def hook_sender(hook: Hook, event_of: Callable[[Item], Event], clock: Callable[[], datetime]) -> Sender:
    """Carries hook items; `event_of` finds the facts behind the payload, or raises `PublishError`."""

    def post(item: Item) -> Outcome:
        try:
            return hook.post(event_of(item), clock())
        except PublishError as error:
            return error

    return Sender(lambda items: [post(item) for item in items])


def _receipt(event: Event, status: int, retry_after: str) -> Receipt:
    if 200 <= status < 300:
        return Receipt(event.id)
    message = f"the hook answered HTTP {status}"
    if status in _LATER or status >= 500:
        wait = asked_to_wait(retry_after)
        raise PublishError(message, permanent=False, retry_after=wait, blocks_channel=status == 429)
    refused = status in (401, 403)
    raise PublishError(message, permanent=True, blocks_channel=refused)
