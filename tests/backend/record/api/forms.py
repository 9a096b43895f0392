"""Posts of the form scripts."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from backend.record.api.webhooks import sign
from tests.backend.record.api.callers import FORM_SECRET

STUDENTS, PROFESSIONALS = "/api/form-submission/", "/api/forms/professional-availability/"
STUDENT_ANSWERS: dict[str, Any] = {
    "Full Name": "Cleo Park",
    "Email Address": "Cleo@Example.org",
    "Discord Username": "100000000000000077",
    "Resume Link": "https://example.org/cv.pdf",
    "Target Industry": "fintech",
    "Target Role": "Data analyst",
    "Experience Level": "Entry Level (0-2 years)",
    "Availability": "Mon and Wed 2-4pm",
    "Time Zone": "Eastern Time (ET)",
}
PROFESSIONAL_ANSWERS: dict[str, Any] = {
    "Full Name": "Rae Stone",
    "Email Address": "rae@example.com",
    "Professional Title": "Director",
    "Company/Organization": "Acme",
    "Industry Specializations": "banking, fintech",
    "Availability Start Date": datetime.now(UTC).date().isoformat(),
    "Availability End Date": datetime.now(UTC).date().replace(month=12, day=31).isoformat(),
    "Preferred Days of the Week": ["Monday", "Friday"],
    "Preferred Time Slots (Select all that work for you)": ["9:00 AM - 10:00 AM", "2:00 PM - 3:00 PM"],
    "Your Time Zone": "Pacific Time (PT)",
    "Experience Levels You Prefer to Review": ["No preference - all levels"],
    "Industries You Can Review": ["Finance/Banking"],
    "Meeting Format Preferences": ["Video Call (Google Meet/Zoom)"],
    "Maximum Reviews Per Week": "up to 3",
    "Confirmation": ["I confirm"],
}


def form_post(answers: dict[str, Any], name: str = "r-1", at: datetime | None = None, **more: Any) -> dict[str, Any]:
    moment = (at or datetime.now(UTC)).isoformat()
    return {"response_id": name, "timestamp": moment, "respondent_email": "", "responses": answers, **more}


def send(path: str, post: Any, *, secret: str = FORM_SECRET, stamp: str = "", signature: str | None = None) -> Any:
    body = post if isinstance(post, bytes) else json.dumps(post).encode()
    stamp = stamp or str(int(time.time()))
    headers = {
        "X-Form-Timestamp": stamp,
        "X-Form-Signature": sign(secret, stamp, body) if signature is None else signature,
    }
    return Client(SERVER_NAME="localhost").generic("POST", path, body, "application/json", headers=headers)
