from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from email.utils import formatdate
from typing import Any

import gspread
import pytest
from google.oauth2.service_account import Credentials

from ingest.sheet import DateOrder, Form, SourceError
from ingest.sources.google_source import MOST_TRIES, GoogleSource
from tests.sheets import PROFESSIONAL_TITLES, STUDENT_TITLES, professional, student
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet, sheets_error
from tests.standins.google_token import authorized_user_json, service_account_json
from tests.standins.loopback import Answer, Fault
from tests.standins.pointed import ToLoopback

STAMP = datetime(2026, 11, 22, 21, 5, 33)  # noqa: DTZ001


@pytest.fixture
def google() -> Iterator[GoogleSheetsStandIn]:
    rows = [[STAMP, *student()[1:]], [STAMP, *student(email="bob@example.org", availability="n/a")[1:]], [""] * 12]
    worksheets: dict[str, Any] = {
        "Form Responses 1": [list(STUDENT_TITLES), *rows],
        "Pros": [list(PROFESSIONAL_TITLES), [STAMP, *professional()[1:]]],
        "Scratch": [["a", "b"]],
    }
    with GoogleSheetsStandIn({"one": Spreadsheet(worksheets)}) as standin:
        yield standin
        assert not standin.violations


def source(google: GoogleSheetsStandIn) -> GoogleSource:
    made = GoogleSource.from_json(service_account_json(f"{google.url}/token"))
    session = made.client.http_client.session
    session.mount("https://", ToLoopback(google.url))
    return made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr("ingest.sources.google_source.PatientClient.sleep", staticmethod(seconds.append))
    return seconds


def test_one_call_brings_texts_dates_locale_and_zone(google: GoogleSheetsStandIn) -> None:
    sheet = source(google).read("one", "", Form.STUDENTS)
    assert google.count("GET") == 1
    assert (sheet.name, sheet.date_order, sheet.zone) == ("Form Responses 1", DateOrder.MONTH_FIRST, "America/New_York")
    assert sheet.header == STUDENT_TITLES
    assert [row.cells[8].text for row in sheet.rows] == ["Mon 2-4pm", "n/a"]
    assert sheet.rows[0].cells[0].text == "11/22/2026 21:05:33"
    assert sheet.rows[0].cells[0].number == pytest.approx(46348.87885, abs=1e-4)


def test_only_the_right_to_read_is_asked_for(google: GoogleSheetsStandIn) -> None:
    source(google).read("one", "Pros", Form.PROFESSIONALS)
    assert [claims["scope"] for claims in google.tokens.claims] == [
        "https://www.googleapis.com/auth/spreadsheets.readonly"
    ]
    assert google.asked[-1].query["ranges"] == ["'Pros'"]


def test_the_date_order_follows_the_locale(google: GoogleSheetsStandIn) -> None:
    google.spreadsheets["one"].locale = "en_GB"
    assert source(google).read("one", "", Form.STUDENTS).date_order is DateOrder.DAY_FIRST


def test_error_cells_and_formula_texts_are_distrusted(google: GoogleSheetsStandIn) -> None:
    google.spreadsheets["one"].worksheets["Scratch"] = [["a", "b", "c"], ["#REF!", "=1+1", 1.2345678901234568e17]]
    cells = source(google).read("one", "Scratch", Form.STUDENTS).rows[0].cells
    assert [cell.problem for cell in cells] == ["is a spreadsheet error", "is a formula, not an answer", ""]


@pytest.mark.parametrize(
    "refusal",
    [
        sheets_error(429, "RESOURCE_EXHAUSTED", "Quota exceeded"),
        sheets_error(503, "UNAVAILABLE"),
        sheets_error(403, "PERMISSION_DENIED", reason="RATE_LIMIT_EXCEEDED"),
        Answer(403, {"error": {"code": 403, "message": "x", "errors": [{"reason": "userRateLimitExceeded"}]}}),
    ],
    ids=["429", "503", "403-details", "403-errors"],
)
def test_what_may_pass_is_tried_again(google: GoogleSheetsStandIn, waits: list[float], refusal: Answer) -> None:
    google.faults.append(Fault("GET", answer=refusal, times=2))
    assert len(source(google).read("one", "", Form.STUDENTS).rows) == 2
    assert google.count("GET") == 3
    assert 2 <= waits[0] <= 3
    assert 4 <= waits[1] <= 5


def test_a_closed_connection_is_tried_again(google: GoogleSheetsStandIn, waits: list[float]) -> None:
    google.faults.append(Fault("GET", answer=None))
    assert len(source(google).read("one", "", Form.STUDENTS).rows) == 2
    assert len(waits) == 1


def test_the_server_says_how_long_to_wait(google: GoogleSheetsStandIn, waits: list[float]) -> None:
    for asked in ("7", formatdate(time.time() + 30, usegmt=True)):
        refusal = sheets_error(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": asked})
        google.faults.append(Fault("GET", answer=refusal))
    source(google).read("one", "", Form.STUDENTS)
    assert waits[0] == 7.0
    assert 25 <= waits[1] <= 31


@pytest.mark.parametrize("nonsense", ["\u00b2", "soon", "Mon, 01 Jan 99999999999 00:00:00 GMT"])
def test_a_wait_that_is_neither_number_nor_date_is_chosen_by_ourselves(
    google: GoogleSheetsStandIn, waits: list[float], nonsense: str
) -> None:
    google.faults.append(
        Fault("GET", answer=sheets_error(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": nonsense}))
    )
    source(google).read("one", "", Form.STUDENTS)
    assert [2 <= wait <= 3 for wait in waits] == [True]


def test_a_wait_of_an_hour_is_left_to_a_later_run(google: GoogleSheetsStandIn, waits: list[float]) -> None:
    google.faults.append(Fault("GET", answer=sheets_error(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": "3600"})))
    with pytest.raises(SourceError, match="try again later") as error:
        source(google).read("one", "", Form.STUDENTS)
    assert not error.value.permanent
    assert waits == []


def test_after_the_last_try_it_says_to_come_back_later(google: GoogleSheetsStandIn, waits: list[float]) -> None:
    google.faults.append(Fault("GET", answer=sheets_error(500, "INTERNAL"), times=99))
    with pytest.raises(SourceError, match="HTTP 500") as error:
        source(google).read("one", "", Form.STUDENTS)
    assert not error.value.permanent
    assert google.count("GET") == MOST_TRIES
    assert len(waits) == MOST_TRIES - 1


def test_a_sheet_that_is_not_shared_says_with_whom(google: GoogleSheetsStandIn, waits: list[float]) -> None:
    google.spreadsheets["one"].shared = False
    with pytest.raises(SourceError, match="share it with matcher@project") as error:
        source(google).read("one", "", Form.STUDENTS)
    assert error.value.permanent
    assert google.count("GET") == 1
    assert waits == []


@pytest.mark.parametrize(
    ("refusal", "hint"),
    [
        (sheets_error(403, "PERMISSION_DENIED", reason="SERVICE_DISABLED"), "not enabled"),
        (sheets_error(401, "UNAUTHENTICATED"), "new key"),
        (sheets_error(400, "FAILED_PRECONDITION", "This operation is not supported for this document"), "Office file"),
        (Answer(418, None), "HTTP 418"),
    ],
)
def test_refusals_name_their_fix(google: GoogleSheetsStandIn, refusal: Answer, hint: str) -> None:
    google.faults.append(Fault("GET", answer=refusal, times=9))
    with pytest.raises(SourceError, match=hint) as error:
        source(google).read("one", "", Form.STUDENTS)
    assert error.value.permanent


def test_unknown_spreadsheets_and_worksheets(google: GoogleSheetsStandIn) -> None:
    with pytest.raises(SourceError, match="no such spreadsheet"):
        source(google).read("two", "", Form.STUDENTS)
    with pytest.raises(SourceError, match="no worksheet 'Nope'"):
        source(google).read("one", "Nope", Form.STUDENTS)


def test_a_sign_in_that_is_not_reached_is_no_matter_of_the_credentials(waits: list[float]) -> None:
    nobody = service_account_json("http://127.0.0.1:9/token")
    with pytest.raises(SourceError, match="cannot be reached") as caught:
        GoogleSource.from_json(nobody).read("s", "Form", Form.STUDENTS)
    assert not caught.value.permanent
    assert len(waits) > 1


def test_revoked_credentials_are_permanent(google: GoogleSheetsStandIn) -> None:
    google.tokens.revoked = True
    with pytest.raises(SourceError, match="no access token") as error:
        source(google).read("one", "", Form.STUDENTS)
    assert error.value.permanent


def test_a_persons_stored_consent_reads_as_well(google: GoogleSheetsStandIn) -> None:
    made = GoogleSource.from_json(authorized_user_json(f"{google.url}/token"))
    made.client.http_client.session.mount("https://", ToLoopback(google.url))
    assert len(made.read("one", "", Form.STUDENTS).rows) == 2
    google.spreadsheets["one"].shared = False
    with pytest.raises(SourceError, match="share it with the account"):
        made.read("one", "", Form.STUDENTS)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"type": "service_account"}'])
def test_what_is_no_key_file_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SourceError, match="neither a service account"):
        GoogleSource.from_json(text)


def test_the_client_has_time_limits() -> None:
    made = GoogleSource.from_json(service_account_json())
    assert isinstance(made.client, gspread.Client)
    assert made.client.http_client.timeout == (10.0, 120.0)
    assert isinstance(made.client.http_client.auth, Credentials)
