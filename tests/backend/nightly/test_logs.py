"""Logs never hold a person."""

from __future__ import annotations

import io
import json
import sys

import pytest
import structlog

from backend.nightly.logs import configure


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
