"""A sheet that cannot be read: its last reading stands in while it is young, and everybody who looks is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.nightly.act import book
from backend.nightly.announcing import staff_notice
from backend.nightly.document import document_of
from backend.nightly.exits import Exit, Stop
from backend.nightly.frame import rules_from
from backend.nightly.moment import night_key
from backend.nightly.night import Night, think
from backend.nightly.reading import conventions_from
from backend.nightly.record import Sheets, Unreached
from backend.record.actor import CONSOLE, NIGHT
from backend.record.django_record import DjangoRecord
from backend.record.models import Run
from backend.record.models.states import FormKind, Source
from backend.record.services.erasing import erase
from backend.record.services.responses import Arrival, Frame, take
from backend.record.services.tonight import listed_of
from ingest.sheet import Form, Sheet
from tests.backend.nightly.nights import AS_OF, STUDENT, crowd, make_settings, make_sheets
from tests.backend.record.test_nights_on_record import one

SETTINGS = make_settings()
PLACES = {Form.STUDENTS: "google:s", Form.PROFESSIONALS: "google:p"}


def placed(sheets: Sheets) -> Sheets:
    found = (sheets.students, sheets.professionals)
    return Sheets(*(replace(sheet, place=PLACES[sheet.form]) for sheet in found))


SHEETS = placed(make_sheets(crowd(3)))


def away(*read: Sheet, places: dict[Form, str] | None = None) -> Unreached:
    missing = places or {form: place for form, place in PLACES.items() if form not in {sheet.form for sheet in read}}
    return Unreached(Exit.TRY_LATER, "Google is away", {sheet.form: sheet for sheet in read}, missing)


def night_on(days: float, found: Sheets | Stop, *, early: timedelta = timedelta(0)) -> Night:
    """Think and book, `days` after the first night; the present is by `early` before the moment of the night."""
    as_of = AS_OF + timedelta(days=days)
    record = DjangoRecord(SETTINGS, lambda: as_of - early)

    def pull() -> Sheets:
        if isinstance(found, Stop):
            raise found
        return found

    tonight = record.open_night(night_key(as_of, "America/New_York"), as_of, pull)
    night = think(SETTINGS, tonight.sheets, tonight.state, as_of, lambda _: None)
    book(night, record, approved=True)
    return night


def test_what_was_read_stays_with_the_run(record_db: str) -> None:
    night_on(0, SHEETS)
    listed = listed_of(Run.objects.get())
    assert [(one.place, len(one.lines)) for one in listed.values()] == [("google:s", 3), ("google:p", 1)]
    assert b"@" not in bytes(Run.objects.get().answers or b"")


def test_the_last_reading_stands_in_and_everybody_is_told(record_db: str) -> None:
    night_on(0, SHEETS)
    night = night_on(1, away(SHEETS.professionals))
    assert [sheet.stand_in != "" for sheet in (night.sheets.students, night.sheets.professionals)] == [True, False]
    assert len(night.sheets.students.rows) == 3
    told = "the students sheet could not be read: its answers of Sun 22 Nov 22:00 stand in (24 h old)"
    assert told in document_of(night)["run"]["stand_ins"][0]
    assert any(told in issue.reason for issue in night.assembly.issues)
    record = DjangoRecord(SETTINGS, lambda: night.as_of)
    assert told in record.state().runs[-1].stand_ins[0]
    staff = staff_notice(SETTINGS, record, record.state(), night.key)[0].text
    assert "**Attention:** the students sheet could not be read" in staff


def test_a_reading_does_not_grow_younger_by_standing_in(record_db: str) -> None:
    night_on(0, SHEETS)
    assert len(night_on(1, away()).sheets.stand_ins) == 2
    with pytest.raises(Unreached, match="Google is away"):
        night_on(2, away())
    assert Run.objects.count() == 2


@pytest.mark.parametrize(
    ("minutes", "age"),
    [(0, "less than a minute"), (1, "1 minute"), (31, "31 minutes"), (59, "59 minutes"), (60, "1 h")],
)
def test_the_age_of_a_reading_counts_from_when_the_sheet_was_read(record_db: str, minutes: int, age: str) -> None:
    night_on(0, SHEETS, early=timedelta(minutes=46))
    night = night_on(1 / 24, away(SHEETS.professionals), early=timedelta(minutes=106 - minutes))
    assert f"its answers of Sun 22 Nov 21:14 stand in ({age} old);" in night.sheets.stand_ins[0]


def test_another_place_does_not_stand_in(record_db: str) -> None:
    night_on(0, SHEETS)
    with pytest.raises(Unreached):
        night_on(1, away(SHEETS.professionals, places={Form.STUDENTS: "google:other"}))


def test_without_an_earlier_reading_the_night_stops(record_db: str) -> None:
    with pytest.raises(Unreached):
        night_on(0, away())


def test_a_reading_that_a_guard_refused_stands_in_for_nothing(record_db: str) -> None:
    night_on(0, SHEETS)
    empty = placed(Sheets(replace(SHEETS.students, rows=()), SHEETS.professionals))
    record = DjangoRecord(SETTINGS, lambda: AS_OF)
    record.open_night("2026-11-23", AS_OF + timedelta(hours=20), lambda: empty)
    record.break_off("2026-11-23", "gate refused")
    assert len(night_on(0.9, away()).sheets.students.rows) == 3


def test_never_means_never(record_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    night_on(0, SHEETS)
    monkeypatch.setitem(globals(), "SETTINGS", make_settings(sources={"stand_in_hours": 0}))
    with pytest.raises(Unreached):
        night_on(0.1, away())


def test_posts_and_erasures_since_then_count(record_db: str) -> None:
    night_on(0, SHEETS)
    frame = Frame(rules_from(SETTINGS), conventions_from(SETTINGS))
    given = {**STUDENT, "Timestamp": "2026-11-23T14:00:00Z", "Email Address": "new@example.org", "Full Name": "New"}
    take(DjangoRecord(SETTINGS, lambda: AS_OF).program, Arrival(FormKind.STUDENTS, given, Source.WEBHOOK, "r-9"), frame,
         NIGHT, AS_OF)  # fmt: skip
    erase(one("Student 0"), CONSOLE, AS_OF)
    night = night_on(1, away(SHEETS.professionals))
    assert "New" in night.names.values()
    assert "Student 0" not in night.names.values()
    assert night.conservation.student_rows["held"] == 1
