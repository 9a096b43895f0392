"""A person lets this program act for them at Google: the flow for installed apps, with PKCE and a loopback redirect.

What comes back is stored by the caller; nothing of it is ever in an error's words.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

HOST = "127.0.0.1"
_DONE = "Done. You can close this page and go back to the terminal."
_REFUSED = "Nothing was allowed. You can close this page; the terminal says more."
_ELSEWHERE = "This page is only for the answer of Google."


class ConsentError(Exception):
    """No consent came of it; the message says what to do."""


@dataclass(frozen=True)
class Asking:
    """What is asked for, and where. `port` 0: any free one. `seconds`: how long somebody may take to answer."""

    scopes: Sequence[str]
    port: int = 0
    seconds: float = 600.0


def consent(client_json: str, asking: Asking, show: Callable[[str], None]) -> str:
    """The credentials of whoever agreed, as JSON of type authorized_user, without a token that will have expired.

    `client_json`: what the Google console gave for a client of type "Desktop app". `show` gets the address that the
    person has to open. Raises `ConsentError`.
    """
    flow = _flow(client_json, asking.scopes)
    with _Redirect(asking.port) as redirect:
        flow.redirect_uri = redirect.uri
        address, state = flow.authorization_url(access_type="offline", prompt="consent")
        show(address)
        code = redirect.code(state, asking.seconds)
    _fetch(flow, code)
    info = json.loads(flow.credentials.to_json(strip=("token", "expiry", "account")))
    if not info.get("refresh_token"):
        raise ConsentError(
            "Google gave no refresh token: remove this app under myaccount.google.com > Security, and try again"
        )
    return json.dumps({"type": "authorized_user", **info}, indent=1) + "\n"


def _flow(client_json: str, scopes: Sequence[str]) -> Any:
    try:
        client = json.loads(client_json)
        if not isinstance(client, dict) or "installed" not in client:
            kind = "a web application" if isinstance(client, dict) and "web" in client else "something else"
            kind = "a service account" if isinstance(client, dict) and client.get("type") else kind
            raise ConsentError(f'the client file is of {kind}: in the Google console make one of type "Desktop app"')
        return Flow.from_client_config(client, scopes=list(scopes))
    except (ValueError, KeyError):
        raise ConsentError("the client file is not the JSON that the Google console offers for download") from None


def _fetch(flow: Any, code: str) -> None:
    try:
        flow.fetch_token(code=code, timeout=30)
    except Warning:  # oauthlib's way to say that other scopes were granted than were asked for
        raise ConsentError("not everything that was asked for was allowed: try again and tick every box") from None
    except OAuth2Error as error:
        raise ConsentError(f"Google did not take the answer ({error.error}): check the client file") from None
    except requests.RequestException as error:
        raise ConsentError(f"Google was not reached ({type(error).__name__}): try again later") from None


class _Redirect:
    """A page on loopback that waits for the browser to bring Google's answer; anything else is turned away."""

    def __init__(self, port: int) -> None:
        self._answers: list[dict[str, str]] = []
        answers = self._answers

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                given = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/" and "state" in given:
                    answers.append(given)
                    _say(self, 200, _DONE if "code" in given else _REFUSED)
                else:
                    _say(self, 404, _ELSEWHERE)

            def log_message(self, format: str, *args: Any) -> None:
                """The address holds the code: it is not logged."""

        try:
            self._server = HTTPServer((HOST, port), Handler)
        except OSError as error:
            raise ConsentError(f"port {port} cannot be had ({error.strerror}); choose another") from None

    def __enter__(self) -> _Redirect:
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.server_close()

    @property
    def uri(self) -> str:
        return f"http://{HOST}:{self._server.server_port}/"

    def code(self, state: str, seconds: float) -> str:
        """The code that belongs to `state`. Raises `ConsentError` when somebody refused, or nobody came in time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._server.timeout = left
            self._server.handle_request()
            for answer in self._answers:
                if answer["state"] != state:
                    continue
                if "code" in answer:
                    return answer["code"]
                raise ConsentError("nothing was allowed, so nothing was stored; run it again to change your mind")
            self._answers.clear()
        raise ConsentError(f"nobody answered within {seconds:.0f} seconds; run it again")


def _say(handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
    page = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Matching</title><p>{text}</p></html>'.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(page)))
    handler.send_header("Cache-Control", "no-store")
    handler.end_headers()
    handler.wfile.write(page)
