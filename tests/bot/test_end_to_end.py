"""From a form to a session and back: link, signed post, night, status, cancellation, next night."""

from __future__ import annotations

import json
import re
import urllib.request
from datetime import timedelta

import pytest
from django.conf import settings

from backend.record.api.webhooks import SIGNATURE, STAMP, sign
from backend.record.models import AuditEntry, Person, ScheduledSession
from tests.bot.people import night_of, wish_of
from tests.bot.test_own_commands import only
from tests.bot.wire import Clock, Wire

SECRET = "form-secret-" * 4


def answer_form(base: str, clock: Clock, code: str) -> None:
    """What the form's script sends."""
    body = json.dumps({
        "response_id": "r-eli-1",
        "timestamp": clock.at.isoformat(),
        "responses": {
            "Full Name": "Eli Park", "Email Address": "eli@example.org", "Target Industry": "fintech",
            "Target Role": "Data analyst", "Experience Level": "Entry Level (0-2 years)",
            "Availability": "Mon, Tue, Wed and Thu 10am-8pm", "Time Zone": "Eastern Time (ET)",
            "Verification Code": code,
        },
    }).encode()  # fmt: skip
    stamp = str(int(clock.at.timestamp()))
    headers = {STAMP: stamp, SIGNATURE: sign(SECRET, stamp, body), "Content-Type": "application/json"}
    request = urllib.request.Request(f"{base}/api/form-submission/", body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["state"] == "current"


def run_night(clock: Clock) -> None:
    night_of(clock, clock.at.replace(hour=3, minute=0, second=0) + timedelta(days=1))
    clock.at += timedelta(hours=9)


def test_from_the_form_to_a_session_and_after_a_cancellation_to_the_next(
    wire: Wire, api: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FORM_WEBHOOK_SECRET", SECRET)
    link = re.search(r"entry\.1=(\S+)", only(wire.say("stranger", "!resume")).text)
    assert link is not None
    answer_form(api, clock, link[1])
    waiting = only(wire.say("stranger", "!review_status"))
    assert "Where you stand, Eli Park" in waiting.text
    assert "Mon 10:00-20:00" in waiting.text
    assert "Waiting since" in waiting.text

    run_night(clock)
    first = ScheduledSession.objects.get(student__name="Eli Park", state="scheduled")
    status = only(wire.say("stranger", "!review_status"))
    assert f"<t:{int(first.starts_at.timestamp())}:F>" in status.text
    assert first.professional.name in status.text
    since = wish_of("Eli Park").waiting_since

    wire.press("stranger", only(wire.press("stranger", status, "Cancel #")), "Cancel it")
    first.refresh_from_db()
    assert first.state == "cancelled"
    assert AuditEntry.objects.get(action="cancel").actor_id == Person.objects.get(name="Eli Park").public_id
    again = only(wire.say("stranger", "!review_status"))
    assert "Waiting since" in again.text
    assert wish_of("Eli Park").waiting_since == since

    run_night(clock)
    second = ScheduledSession.objects.get(student__name="Eli Park", state="scheduled")
    assert f"<t:{int(second.starts_at.timestamp())}:F>" in only(wire.say("stranger", "!review_status")).text
