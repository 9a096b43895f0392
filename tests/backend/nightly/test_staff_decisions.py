"""Pins and forbidden pairs of the settings reach the plan; what contradicts itself holds the night."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import decisions_from
from backend.nightly.night import Night, session_keys
from backend.settings import from_mapping
from ingest.people import person_id
from ingest.sheet import Form
from tests.backend.nightly.nights import make_night, make_settings, make_sheets

ANA, JOHN, EVE = "ana@example.org", "john@example.com", "eve@example.com"
SHEETS = make_sheets(professionals=[{}, {"Email Address": EVE, "Full Name": "Eve Ray"}])
PROGRAM = {"key": "demo", "name": "Demo Program"}


def hosts(night: Night) -> list[str]:
    return [night.names[session.professional] for session in night.plan.sessions]


def test_a_pin_by_address_decides_whom_a_student_meets() -> None:
    for email, name in ((JOHN, "John Doe"), (EVE, "Eve Ray")):
        settings = from_mapping({"program": PROGRAM, "pins": [{"student": ANA.upper(), "professional": email}]})
        assert hosts(make_night(settings, SHEETS)) == [name]


def test_a_start_without_offset_is_on_the_programs_clock() -> None:
    start = datetime(2026, 12, 2, 14, 30)  # noqa: DTZ001 - as TOML gives a local date-time
    pin = {"student": ANA, "professional": EVE, "start": start}
    settings = from_mapping({"program": PROGRAM, "pins": [pin]})
    (session,) = make_night(settings, SHEETS).plan.sessions
    assert session.start == datetime(2026, 12, 2, 19, 30, tzinfo=UTC)


def test_a_forbidden_pair_never_meets_and_may_be_named_by_ids() -> None:
    pair = {"student": ANA, "professional": person_id("demo", Form.PROFESSIONALS, JOHN)}
    settings = from_mapping({"program": PROGRAM, "forbidden": [pair]})
    assert hosts(make_night(settings, SHEETS)) == ["Eve Ray"]


def test_decisions_that_contradict_each_other_hold_the_night_and_are_named() -> None:
    pair = {"student": ANA, "professional": JOHN}
    settings = from_mapping({"program": PROGRAM, "pins": [pair], "forbidden": [pair]})
    with pytest.raises(Stop) as stopped:
        make_night(settings, SHEETS)
    assert stopped.value.code is Exit.GATE_REFUSED
    assert "pin of Ana Gomez to John Doe" in stopped.value.message


def test_what_is_neither_address_nor_id_is_a_fault_of_the_settings() -> None:
    settings = from_mapping({"pins": [{"student": "Ana Gomez", "professional": JOHN}]})
    with pytest.raises(Stop, match="pins, entry 1: is not an e-mail address, nor is it an id"):
        decisions_from(settings)


def test_several_sessions_of_a_student_in_one_run_have_names_of_their_own() -> None:
    (session,) = make_night(make_settings(), SHEETS).plan.sessions
    first, second = session_keys("r-1", (session, session))
    assert first == f"r-1.{session.student}"
    assert second == f"r-1.{session.student}.2"
