"""A mail server on 127.0.0.1 that keeps what it takes, and refuses, delays or drops on order (RFC 5321)."""

from __future__ import annotations

import base64
import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

PASSWORD = "mail-password-of-the-tests"


@dataclass(frozen=True)
class Taken:
    """A mail the server answered for, or took before its answer was lost."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class SmtpServer:
    """`answers` holds what MAIL, RCPT, DATA or "." get instead of 250, first come first served; "drop" hangs up.

    For "." a "drop" comes after the mail was taken. With `login` only the right password may send.
    """

    def __init__(self, *, login: bool = False) -> None:
        self.taken: list[Taken] = []
        self.answers: dict[str, list[str]] = {}
        self.login = login
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        keeper = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 10

            def handle(self) -> None:
                keeper.connections += 1
                _Talk(keeper, self).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def ordered(self, verb: str) -> str:
        waiting = self.answers.get(verb, [])
        return waiting.pop(0) if waiting else ""


class _Talk:
    def __init__(self, server: SmtpServer, wire: socketserver.StreamRequestHandler) -> None:
        self.server, self.wire = server, wire
        self.sender, self.known = "", not server.login
        self.recipients: list[str] = []

    def run(self) -> None:
        self.say("220 test")
        while line := self.wire.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            ordered = self.server.ordered(verb)
            if ordered == "drop":
                return
            if ordered:
                self.say(ordered)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            elif verb == "DATA":
                if not self.take():
                    return
            else:
                self.answer(verb, line)

    def answer(self, verb: str, line: str) -> None:
        if verb == "EHLO":
            self.say("250-test\r\n250-8BITMIME" + ("\r\n250 AUTH PLAIN" if self.server.login else "\r\n250 HELP"))
        elif verb == "AUTH":
            self.known = base64.b64decode(line.rsplit(maxsplit=1)[-1]).endswith(b"\0" + PASSWORD.encode())
            self.say("235 welcome" if self.known else "535 no")
        elif verb == "MAIL" and not self.known:
            self.say("530 authenticate first")
        elif verb == "MAIL":
            self.sender, self.recipients = _address(line), []
            self.say("250 ok")
        elif verb == "RCPT":
            self.recipients.append(_address(line))
            self.say("250 ok")
        else:
            self.say("250 ok")

    def take(self) -> bool:
        self.say("354 go on")
        content = b""
        while (line := self.wire.rfile.readline()) not in (b".\r\n", b""):
            content += line.removeprefix(b".")
        ordered = self.server.ordered(".")
        if not ordered or ordered == "drop":
            self.server.taken.append(Taken(self.sender, tuple(self.recipients), content))
        if ordered != "drop":
            self.say(ordered or "250 taken")
        return ordered != "drop"

    def say(self, line: str) -> None:
        self.wire.wfile.write(line.encode() + b"\r\n")


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
