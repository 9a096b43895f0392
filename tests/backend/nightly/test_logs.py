"""Logs never hold a person."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
import structlog

from backend.nightly.logs import configure
from tests.standins.loopback import Answer, Loopback


def test_values_under_unknown_keys_are_withheld() -> None:
    stream = io.StringIO()
    configure(stream)
    structlog.get_logger().warning("read", rows=3, email="ana@example.org", text="any time after 5")
    entry = json.loads(stream.getvalue())
    assert entry["rows"] == 3
    assert entry["email"] == entry["text"] == "<str withheld>"
    assert "example.org" not in stream.getvalue()


def test_talk_is_silent_unless_asked() -> None:
    quiet, loud = io.StringIO(), io.StringIO()
    configure(quiet)
    structlog.get_logger().info("phase", phase="solve")
    configure(loud, verbose=True)
    structlog.get_logger().info("phase", phase="solve")
    assert quiet.getvalue() == ""
    assert json.loads(loud.getvalue())["phase"] == "solve"


def test_a_stderr_that_was_replaced_and_closed_breaks_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    then, now = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", then)
    configure()
    monkeypatch.setattr(sys, "stderr", now)
    then.close()
    structlog.get_logger().warning("read", rows=3)
    assert json.loads(now.getvalue())["rows"] == 3


TALKATIVE = """
import sys
from backend.nightly.logs import configure

configure()
import requests
from publish.caldav_calendar import CalDavCalendar
from publish.ports import PublishError
from publish.texting import Texter
from tests.publish.publish_builders import AS_OF, make_booking

with CalDavCalendar(sys.argv[1], "us", "secret") as calendar:
    try:
        calendar.put(make_booking().invitations[0], AS_OF)
    except PublishError:
        pass

class Refused:
    status_code, content, headers, text = 400, b"{}", {}, "{}"

requests.post = lambda *a, **k: Refused()
Texter("twilio://AC" + "a" * 32 + ":" + "b" * 32 + "@+15555550101/{to}").send("+4915112345678", "Reminder")
"""


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/x-vcalendar", b"BEGIN:VCALENDAR\r\nSUMMARY:Resume review: Ana Lopez with Bob\r\nEND:VCALENDAR\r\n"),
        ("text/html", b"<html><br>Bad gateway</html>"),
    ],
)
def test_what_libraries_log_of_answers_and_numbers_goes_nowhere(kind: str, body: bytes) -> None:
    with Loopback(lambda _: Answer(200, None, {"Content-Type": kind}, body)) as server:
        command = [sys.executable, "-c", TALKATIVE, f"{server.url}/dav/"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stderr
    assert not any(secret in said for secret in ("Ana Lopez", "Bad gateway", "4915112345678")), said
