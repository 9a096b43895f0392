"""A real CalDAV server, Radicale, on 127.0.0.1, with one user and one calendar; answers can be ordered in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import radicale
import radicale.config

USER, PASSWORD = "program", "calendar-password-of-the-tests"
CALENDAR = f"/{USER}/sessions/"


class CalDavServer:
    """`asked`: method and path of each request that carried a password. `ordered`: (method, what to do), once each.

    "503" and its like are answered in Radicale's place; "lost" drops the answer after Radicale did its work.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        users, rights = folder / "users", folder / "rights"
        users.write_text(f"{USER}:{PASSWORD}\n")
        rights.write_text(f"[all]\nuser: .+\ncollection: .*\npermissions: {'Rr' if read_only else 'RWrw'}\n")
        self.asked: list[tuple[str, str]] = []
        self.ordered: list[tuple[str, str]] = []
        self.before: Callable[[str], None] = lambda _method: None
        self.files = folder / "store" / "collection-root" / USER / "sessions"
        self.files.mkdir(parents=True)
        (self.files / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
        config = radicale.config.load()
        config.update(
            {
                "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain",
                         "delay": "0"},
                "rights": {"type": "from_file", "file": str(rights)},
                "storage": {"filesystem_folder": str(folder / "store")},
                "logging": {"level": "critical"},
            },
            "test",
        )  # fmt: skip
        self._radicale = radicale.Application(config)
        self.server: WSGIServer = make_server("127.0.0.1", 0, self._answer, _Server, _Quiet)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{CALENDAR}"

    def events(self) -> list[str]:
        return [path.read_text() for path in sorted(self.files.glob("*.ics"))]

    def changes(self) -> list[str]:
        return [method for method, _ in self.asked if method != "GET"]

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if "HTTP_AUTHORIZATION" not in environ:
            return self._radicale(environ, start)
        self.asked.append((method, environ["PATH_INFO"]))
        order = self.ordered.pop(0)[1] if self.ordered and self.ordered[0][0] == method else ""
        if order and order != "lost":
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start(f"{order} ordered", [("Content-Length", "0"), ("Retry-After", "90")])
            return [b""]
        self.before(method)
        done = self._radicale(environ, start if not order else lambda *_: None)
        if order:
            raise ConnectionAbortedError
        return done


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A lost answer is meant."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr."""

    def get_stderr(self) -> Any:
        return _Nowhere()


class _Nowhere:
    def write(self, _text: str) -> None:
        """Gone."""

    def flush(self) -> None:
        """Nothing to do."""


@contextmanager
def caldav_server(folder: Path, *, read_only: bool = False) -> Iterator[CalDavServer]:
    """A running one."""
    made = CalDavServer(folder, read_only=read_only)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
