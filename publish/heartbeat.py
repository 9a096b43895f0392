"""A heartbeat: an outside watcher hears that the night's job began, ended well or failed, and misses it if neither.

The addresses are those of healthchecks.io and its like: the check's own address, and it with `/start` or `/fail`.
Nothing but the request itself is told.
"""

from __future__ import annotations

import http.client
import ssl
from enum import Enum
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Beat(Enum):
    """What is told, by the ending of the address."""

    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


def beat(url: str, what: Beat, *, timeout: float = 5.0) -> bool:
    """Tell it once, without following redirects; whether it was heard. Never raises; `timeout` in seconds."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        path = parts.path.rstrip("/") + what.value or "/"
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            tls = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=tls)
        elif parts.scheme == "http" and host in LOOPBACK:
            connection = http.client.HTTPConnection(host, port, timeout=timeout)
        else:
            return False
        try:
            connection.request("GET", f"{path}?{parts.query}" if parts.query else path)
            return 200 <= connection.getresponse().status < 300
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        return False
