"""No test asks anybody beyond this machine."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from tests.conftest import NOBODY


@pytest.mark.parametrize("host", ["www.googleapis.com", b"discord.com", "192.0.2.1"])
def test_nobody_is_found_elsewhere(host: str | bytes) -> None:
    with pytest.raises(socket.gaierror, match=NOBODY):
        socket.getaddrinfo(host, 443)


def test_libraries_find_nobody_either_and_the_stand_ins_are_found() -> None:
    with pytest.raises(requests.ConnectionError, match=NOBODY):
        requests.get("https://www.googleapis.com/", timeout=1)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        socket.create_connection(("localhost", server.server_port), timeout=10).close()
