"""The schedule in a worksheet, by the real Google client against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from publish.google_transport import credentials_from
from publish.ports import Item, PublishError, Receipt, State
from publish.schedule import SCHEDULE, ScheduleRow, ScheduleTable, schedule_items, schedule_sender
from publish.schedule_sheet import FEWEST_ROWS, SCOPES, GoogleScheduleSheet
from tests.standins.google_sheet_changes import Grid
from tests.standins.google_sheets import GoogleSheetsStandIn, Spreadsheet, Value, sheets_error
from tests.standins.google_token import service_account_json
from tests.standins.loopback import Answer, Fault

START = datetime(2026, 3, 9, 3, 45, tzinfo=UTC)
HEADER = ["Date", "Start (America/New_York)", "End (America/New_York)", "Minutes"]
HEADER += ["Student", "Professional", "State", "Session"]


def row(number: int = 0, **changes: str) -> ScheduleRow:
    given = {"student": "Ana R.", "professional": "Bob O.", "state": "scheduled", "reference": "#K3F9QX", **changes}
    return ScheduleRow(START + timedelta(days=number), 30, **given)


def table(*rows: ScheduleRow) -> ScheduleTable:
    return ScheduleTable("America/New_York", rows or (row(),))


@pytest.fixture
def sheets() -> Iterator[GoogleSheetsStandIn]:
    with GoogleSheetsStandIn({"one": Spreadsheet({"Form Responses 1": [["Timestamp", "Full Name"]]})}) as stand_in:
        yield stand_in
        assert stand_in.violations == []


def opened(sheets: GoogleSheetsStandIn, worksheet: str = "", spreadsheet: str = "one") -> GoogleScheduleSheet:
    credentials = credentials_from(service_account_json(), SCOPES)
    return GoogleScheduleSheet(spreadsheet, worksheet, credentials, stand_in=sheets.url)


def written(sheets: GoogleSheetsStandIn, what: ScheduleTable, worksheet: str = "") -> Receipt:
    with opened(sheets, worksheet) as sheet:
        return sheet.write(what.cells())


def refused(sheets: GoogleSheetsStandIn, worksheet: str = "", spreadsheet: str = "one") -> PublishError:
    with opened(sheets, worksheet, spreadsheet) as sheet, pytest.raises(PublishError) as error:
        sheet.write(table().cells())
    return error.value


def lines(sheets: GoogleSheetsStandIn, title: str = "Schedule") -> list[list[Value]]:
    return sheets.spreadsheets["one"].worksheets[title]


def posts(sheets: GoogleSheetsStandIn) -> int:
    return sum(one.method == "POST" and one.path != "/token" for one in sheets.asked)


def test_a_missing_worksheet_is_made_and_filled_in_one_request(sheets: GoogleSheetsStandIn) -> None:
    receipt = written(sheets, table())
    assert not receipt.repeated
    assert receipt.link.startswith("https://docs.google.com/spreadsheets/d/one/edit#gid=")
    assert posts(sheets) == 1
    assert lines(sheets) == [
        HEADER,
        ["2026-03-08", "23:45", "00:15", 30, "Ana R.", "Bob O.", "scheduled", "#K3F9QX"],
    ]
    assert lines(sheets, "Form Responses 1") == [["Timestamp", "Full Name"]]
    assert {claims["scope"] for claims in sheets.tokens.claims} == set(SCOPES)


def test_what_reads_so_already_is_not_written(sheets: GoogleSheetsStandIn) -> None:
    written(sheets, table())
    assert written(sheets, table()).repeated
    assert posts(sheets) == 1


def test_fewer_lines_leave_nothing_behind_and_notes_beside_stay(sheets: GoogleSheetsStandIn) -> None:
    sheets.spreadsheets["one"].worksheets["Schedule"] = []
    written(sheets, table(row(), row(1)))
    lines(sheets)[1].append("room 4")
    written(sheets, table())
    assert [line[0] for line in lines(sheets)] == ["Date", "2026-03-08", None]
    assert lines(sheets)[1][-1] == "room 4"
    assert written(sheets, table()).repeated


def test_a_small_worksheet_grows(sheets: GoogleSheetsStandIn) -> None:
    stored = sheets.spreadsheets["one"]
    stored.worksheets["Schedule"], stored.grids["Schedule"] = [], Grid(7, 1, 3)
    written(sheets, table())
    assert sheets.spreadsheets["one"].grids["Schedule"] == Grid(7, FEWEST_ROWS, 8)
    written(sheets, table(*(row(n) for n in range(FEWEST_ROWS + 20))))
    assert len(lines(sheets)) == FEWEST_ROWS + 21


@pytest.mark.parametrize("name", ["=IMPORTXML(1)", "+1+1", "-2", "@sum", " =1", "|cmd", "\uff1d1"])
def test_a_name_that_looks_like_a_formula_is_a_text(sheets: GoogleSheetsStandIn, name: str) -> None:
    written(sheets, table(row(student=name, professional=name)))
    kept = lines(sheets)[1][4:6]
    assert kept == [f"'{name.strip()}"] * 2
    assert written(sheets, table(row(student=name, professional=name))).repeated


@pytest.mark.parametrize("lost", [None, sheets_error(503, "UNAVAILABLE")], ids=["reset", "503"])
def test_a_lost_reply_and_another_try_give_the_same_sheet(sheets: GoogleSheetsStandIn, lost: Answer | None) -> None:
    sheets.faults.append(Fault("POST", ":batchUpdate", lost, after_commit=True, times=2))
    assert refused(sheets).state is State.UNKNOWN
    assert written(sheets, table()).repeated
    assert len(lines(sheets)) == 2
    assert list(sheets.spreadsheets["one"].worksheets) == ["Form Responses 1", "Schedule"]


def test_the_library_sends_again_what_made_the_worksheet_and_nothing_is_lost(sheets: GoogleSheetsStandIn) -> None:
    sheets.faults.append(Fault("POST", ":batchUpdate", None, after_commit=True))
    assert written(sheets, table()).repeated
    assert len(lines(sheets)) == 2


def test_what_was_not_written_is_written_by_the_next_try(sheets: GoogleSheetsStandIn) -> None:
    busy = sheets_error(429, "RESOURCE_EXHAUSTED", headers={"Retry-After": "30"})
    limited = sheets_error(403, "PERMISSION_DENIED", reason="RATE_LIMIT_EXCEEDED")
    sheets.faults += [Fault("POST", ":batchUpdate", busy), Fault("POST", ":batchUpdate", limited)]
    error = refused(sheets)
    assert (error.state, error.blocks_channel, error.retry_after) == (State.PENDING, True, timedelta(seconds=30))
    assert refused(sheets).state is State.PENDING
    assert not written(sheets, table()).repeated


def test_somebodys_answers_are_never_written_over(sheets: GoogleSheetsStandIn) -> None:
    error = refused(sheets, "form responses 1")
    assert error.state is State.DEAD
    assert "something else than the schedule" in str(error)
    assert lines(sheets, "Form Responses 1") == [["Timestamp", "Full Name"]]
    assert posts(sheets) == 0


def test_another_clock_is_still_our_worksheet(sheets: GoogleSheetsStandIn) -> None:
    written(sheets, table())
    written(sheets, ScheduleTable("Europe/Berlin", (row(),)))
    assert lines(sheets)[1][:3] == ["2026-03-09", "04:45", "05:15"]


def test_a_spreadsheet_that_may_only_be_read_is_a_dead_letter_with_its_fix(sheets: GoogleSheetsStandIn) -> None:
    sheets.spreadsheets["one"].writable = False
    error = refused(sheets)
    assert error.state is State.DEAD
    assert "as an editor" in str(error)


@pytest.mark.parametrize(
    ("refusal", "hint"),
    [
        (sheets_error(403, "PERMISSION_DENIED", reason="SERVICE_DISABLED"), "API is not enabled"),
        (sheets_error(403, "PERMISSION_DENIED", reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "run `auth google` again"),
        (sheets_error(400, "INVALID_ARGUMENT", "Ana López is a secret"), "protected"),
        (Answer(403, None), "as an editor"),
    ],
)
def test_other_refusals_are_dead_letters_in_our_own_words(
    sheets: GoogleSheetsStandIn, refusal: Answer, hint: str
) -> None:
    sheets.faults.append(Fault("POST", ":batchUpdate", refusal))
    error = refused(sheets)
    assert error.state is State.DEAD
    assert hint in str(error)
    assert "López" not in str(error)


def test_an_unknown_spreadsheet_names_the_setting(sheets: GoogleSheetsStandIn) -> None:
    error = refused(sheets, spreadsheet="two")
    assert error.state is State.DEAD
    assert "publish.schedule_sheet" in str(error)


def test_refused_credentials_block_and_kill_nothing(sheets: GoogleSheetsStandIn) -> None:
    sheets.tokens.revoked = True
    error = refused(sheets)
    assert (error.state, error.blocks_channel) == (State.PENDING, True)


def test_the_same_schedule_is_no_new_item_and_one_that_comes_back_is() -> None:
    one, other = table(), table(row(state="cancelled"))
    first = schedule_items(one, "p", [])
    assert len(first) == 1
    assert schedule_items(one, "p", first) == []
    second = schedule_items(other, "p", first)
    third = schedule_items(one, "p", first + second)
    assert len({item.key for item in (*first, *second, *third)}) == 3
    assert schedule_items(one, "elsewhere", first) != []
    assert schedule_items(ScheduleTable("UTC", ()), "p", []) == []
    assert schedule_items(ScheduleTable("UTC", ()), "p", first) != []
    assert all("Ana" not in str(item) for item in first)


def test_what_is_no_longer_true_is_not_written(sheets: GoogleSheetsStandIn) -> None:
    def gone(_: Item) -> ScheduleTable:
        raise PublishError("the schedule changed", permanent=False)

    with opened(sheets) as sheet:
        (outcome,) = schedule_sender(sheet, gone).send([Item("k", SCHEDULE, {})])
    assert isinstance(outcome, PublishError)
    assert sheets.asked == []
