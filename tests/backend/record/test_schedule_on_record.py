"""The night's schedule in a spreadsheet: written when it changed, and never more than staff may read there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.night import think
from backend.nightly.scheduling import DAYS_BACK, schedule_of
from backend.record.actor import CONSOLE
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem, ScheduledSession
from backend.record.models.states import Cause
from backend.record.services.sessions import cancel_session
from backend.settings import SettingsError, from_mapping
from publish.google_transport import credentials_from
from publish.schedule_sheet import SCOPES, GoogleScheduleSheet
from tests.backend.nightly.nights import AS_OF, crowd, make_settings, make_sheets
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet, Value, sheets_error
from tests.standins.google_token import service_account_json
from tests.standins.loopback import Fault

SETTINGS = make_settings(publish={"enabled": True, "schedule_sheet": "one#Plan"})


@pytest.fixture
def sheets() -> Iterator[GoogleSheetsStandIn]:
    with GoogleSheetsStandIn({"one": Spreadsheet({"Form Responses 1": [["Timestamp"]]})}) as stand_in:
        yield stand_in
        assert stand_in.violations == []


def record_at(moment: datetime = AS_OF) -> DjangoRecord:
    return DjangoRecord(SETTINGS, lambda: moment)


def booked(students: int = 2, *, hold: bool = False) -> None:
    record = record_at()
    tonight = record.keep(make_sheets(crowd(students)), AS_OF)
    night = think(SETTINGS, tonight.sheets, tonight.state, AS_OF, lambda _: None)
    book(night, record, approved=False, hold=hold)


def sent(sheets: GoogleSheetsStandIn, moment: datetime = AS_OF) -> Delivery:
    with GoogleScheduleSheet(
        "one", "Plan", credentials_from(service_account_json(), SCOPES), stand_in=sheets.url
    ) as sheet:
        return work_off(
            SETTINGS, record_at(moment), Channels(schedule=sheet), lambda: moment, lambda _: None, approved=True
        )


def lines(sheets: GoogleSheetsStandIn) -> list[list[Value]]:
    return sheets.spreadsheets["one"].worksheets.get("Plan", [])


def schedule_states() -> list[str]:
    return list(OutboxItem.objects.filter(channel="schedule").order_by("pk").values_list("state", flat=True))


def test_a_night_writes_it_once_and_a_repeat_asks_google_nothing(record_db: str, sheets: GoogleSheetsStandIn) -> None:
    booked()
    assert sent(sheets).sent == 1
    found = lines(sheets)
    assert len(found) == 3
    assert [line[4] for line in found[1:]] == ["Student", "Student"]
    assert {line[5] for line in found[1:]} == {"John D."}
    assert {line[6] for line in found[1:]} == {"scheduled"}
    assert not any(mark in str(found) for mark in ("@", "http", "Nurse", "Elmo"))
    asked = len(sheets.asked)
    assert sent(sheets).sent == 0
    assert len(sheets.asked) == asked
    connections.close_all()


def test_a_cancellation_changes_it(embedded_db: Path, sheets: GoogleSheetsStandIn) -> None:
    booked()
    sent(sheets)
    cancel_session(ScheduledSession.objects.order_by("starts_at")[0], Cause.STAFF, CONSOLE, AS_OF)
    assert sent(sheets).sent == 1
    assert [line[6] for line in lines(sheets)] == ["State", "cancelled", "scheduled"]
    assert schedule_states() == ["sent", "sent"]


def test_what_was_not_sent_in_time_is_outdated_and_nobody_has_to_look(
    embedded_db: Path, sheets: GoogleSheetsStandIn
) -> None:
    booked()
    sheets.faults.append(Fault("POST", ":batchUpdate", sheets_error(503, "UNAVAILABLE")))
    assert sent(sheets).exit is Exit.PARTIAL
    cancel_session(ScheduledSession.objects.order_by("starts_at")[0], Cause.STAFF, CONSOLE, AS_OF)
    delivery = sent(sheets, AS_OF + timedelta(hours=1))
    assert (delivery.sent, delivery.exit) == (1, Exit.DONE)
    assert schedule_states() == ["dead", "sent"]
    assert record_at().given_up() == 0
    assert lines(sheets)[1][6] == "cancelled"


def test_a_missing_right_is_a_dead_letter_that_staff_can_retry(embedded_db: Path, sheets: GoogleSheetsStandIn) -> None:
    sheets.spreadsheets["one"].writable = False
    booked()
    delivery = sent(sheets)
    assert (delivery.dead, delivery.exit) == (1, Exit.PARTIAL)
    assert "as an editor" in delivery.problems[0]
    assert record_at().given_up() == 1


def test_a_night_that_staff_hold_back_is_not_shown(embedded_db: Path, sheets: GoogleSheetsStandIn) -> None:
    booked(hold=True)
    assert sent(sheets).sent == 0
    assert lines(sheets) == []


def test_sessions_of_the_last_thirty_days_stay(embedded_db: Path, sheets: GoogleSheetsStandIn) -> None:
    booked(1)
    start = ScheduledSession.objects.get().starts_at
    last = start + timedelta(days=DAYS_BACK)
    assert len(schedule_of(SETTINGS, record_at(), last).rows) == 1
    assert schedule_of(SETTINGS, record_at(), last + timedelta(days=1)).rows == ()


@pytest.mark.parametrize("place", ["two words", "https://docs.google.com/spreadsheets/d/x", "#Plan"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(SettingsError, match=r"publish\.schedule_sheet: should be SPREADSHEET_ID"):
        from_mapping({"publish": {"schedule_sheet": place}})
