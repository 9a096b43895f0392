"""A small HTTP server on 127.0.0.1 for stand-ins: remembers what was asked, and fails on order.

A stand-in gives `answer`; `Fault`s are planted by tests and come before it, or after it took effect (a lost reply).
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True)
class Asked:
    """A request as it came: `path` still percent-encoded and without the query, header names in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The parsed body, None if there is none; of a form with files its part `payload_json`."""
        fields = self.parts
        return json.loads(fields["payload_json"] if fields else self.body) if self.body else None

    @property
    def parts(self) -> Mapping[str, bytes]:
        """The parts of a form (multipart/form-data) by name, files by file name; empty for another body."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return {}
        form = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.body, policy=policy.HTTP)
        return {
            part.get_filename() or str(part.get_param("name", header="content-disposition")): bytes(
                part.get_payload(decode=True) or b""
            )
            for part in form.iter_parts()
        }


@dataclass(frozen=True)
class Answer:
    """A reply; `body` is sent as JSON unless None. `raw`: bytes that go out as they are, with their own type."""

    status: int = 200
    body: object | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of this method whose path holds `path`.

    `answer` instead of the real one; None closes the connection without a word. `after_commit`: the request takes
    effect first, so only the reply is lost or false. `skip` requests that match go well before it begins.
    """

    method: str
    path: str = ""
    answer: Answer | None = None
    after_commit: bool = False
    times: int = 1
    skip: int = 0

    def strikes(self, asked: Asked) -> bool:
        """Whether this request is hit, counting it."""
        if asked.method != self.method or self.path not in asked.path or self.times <= 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class _Server(ThreadingHTTPServer):
    """Says nothing about clients that hang up: some are killed on purpose."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Loopback:
    """Runs `answer` on a free port while the `with` block lasts. Requests are answered one at a time.

    `asked` lists every request, `faults` what is still to go wrong, `violations` what the stand-in found wrong with
    its clients or itself: a test ends by looking there.
    """

    def __init__(self, answer: Callable[[Asked], Answer | None]) -> None:
        self._answer = answer
        self._turn = threading.Lock()
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.violations: list[str] = []

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def _serve(self) -> None:
                loopback._handle(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                """Tests read `asked` instead."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def count(self, method: str, path: str = "") -> int:
        """How many requests of this method came whose path holds `path`."""
        return sum(1 for one in self.asked if one.method == method and path in one.path)

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        query = parse_qs(parts.query, keep_blank_values=True)
        asked = Asked(handler.command, parts.path, query, headers, handler.rfile.read(length))
        with self._turn:
            self.asked.append(asked)
            answer = self._faulty(asked)
        if answer is None:
            handler.close_connection = True
            return
        content = answer.raw if answer.body is None else json.dumps(answer.body).encode()
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.status not in _NO_BODY:
            if not answer.raw:
                handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _faulty(self, asked: Asked) -> Answer | None:
        fault = next((one for one in self.faults if one.strikes(asked)), None)
        if fault is None:
            return self._answer(asked)
        if fault.after_commit:
            self._answer(asked)
        return fault.answer
