"""The schema checker itself: what Google describes passes, anything else is named."""

import pytest

from tests.standins.discovery_schema import DiscoveryApi, SchemaViolationError

CALENDAR = DiscoveryApi("calendar", "v3")
SHEETS = DiscoveryApi("sheets", "v4")
TIMES = {"start": {"dateTime": "2026-03-02T15:00:00Z"}, "end": {"dateTime": "2026-03-02T15:30:00Z"}}


def test_an_address_names_its_method_and_decoded_parameters() -> None:
    call = CALENDAR.call("GET", "/calendar/v3/calendars/staff%40example.org/events/abc12")
    assert call is not None
    assert (call.method, call.path) == (
        "calendar.events.get",
        {"calendarId": "staff@example.org", "eventId": "abc12"},
    )


def test_the_most_literal_address_wins() -> None:
    append = SHEETS.call("POST", "/v4/spreadsheets/one/values/A1%3AB2:append")
    batch = SHEETS.call("GET", "/v4/spreadsheets/one/values:batchGet")
    assert append is not None
    assert batch is not None
    assert (append.method, append.path["range"]) == ("sheets.spreadsheets.values.append", "A1:B2")
    assert batch.method == "sheets.spreadsheets.values.batchGet"


def test_an_address_nobody_describes_is_no_call() -> None:
    assert CALENDAR.call("POST", "/calendar/v3/calendars/x/nothing") is None


def test_a_described_request_passes_and_nulls_mean_not_given() -> None:
    CALENDAR.check_request("calendar.events.insert", {"sendUpdates": ["all"]}, {**TIMES, "summary": None})
    SHEETS.check_request("sheets.spreadsheets.values.update", {}, {"values": [["a", 1]], "majorDimension": None})


@pytest.mark.parametrize(
    ("query", "body", "says"),
    [
        ({"sendUpdate": ["all"]}, TIMES, "unknown query parameter sendUpdate"),
        ({"sendUpdates": ["everyone"]}, TIMES, "not one of"),
        ({"maxAttendees": ["0"]}, TIMES, "minimum"),
        ({"alt": ["json", "json"]}, TIMES, "2 times"),
        ({}, {**TIMES, "sumary": "x"}, "sumary"),
        ({}, {"start": TIMES["start"]}, "'end' is a required property"),
        ({}, {**TIMES, "sequence": "1"}, r"\$\.sequence"),
        ({}, {**TIMES, "end": {"dateTime": "2026-03-02 15:30"}}, r"\$\.end\.dateTime"),
        ({}, None, "no body"),
    ],
)
def test_a_request_outside_the_description_is_named(query: dict[str, list[str]], body: object, says: str) -> None:
    with pytest.raises(SchemaViolationError, match=says):
        CALENDAR.check_request("calendar.events.insert", query, body)


def test_a_response_outside_the_description_is_named() -> None:
    CALENDAR.check_response("calendar.events.get", {"id": "abc12", "status": "confirmed"})
    with pytest.raises(SchemaViolationError, match="colour"):
        CALENDAR.check_response("calendar.events.get", {"id": "abc12", "colour": "red"})
    with pytest.raises(SchemaViolationError, match="none is described"):
        CALENDAR.check_response("calendar.events.delete", {})
