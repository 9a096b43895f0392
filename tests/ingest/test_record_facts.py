"""What a record knows beyond the sheets: rows held for staff, people who withdrew, the wait of a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.accounting import Fate
from ingest.assemble import assemble
from ingest.assembly import Assembly
from ingest.rules import NO_END, Kept, Ledger, ProgramRules
from ingest.sheet import Form, Sheet
from optimizer.domain import Interval
from tests.sheets import AS_OF, professional, sheet_of, student

RULES = ProgramRules("demo")
STUDENTS = sheet_of(Form.STUDENTS, [student()])
PROFESSIONALS = sheet_of(Form.PROFESSIONALS, [professional()])


def night(students: Sheet = STUDENTS, ledger: Ledger | None = None) -> Assembly:
    return assemble(students, PROFESSIONALS, RULES, AS_OF, ledger)


FIRST = night()
ANN, PAT = FIRST.students[0].id, FIRST.professionals[0].id


def left_out(assembly: Assembly) -> list[tuple[str, str]]:
    return [(out.outcome.value, out.reason) for out in assembly.left_out]


def held(sheet: Sheet, number: int, reason: str) -> Sheet:
    return replace(sheet, rows=tuple(replace(row, held=reason * (row.number == number)) for row in sheet.rows))


def test_a_row_that_came_as_held_counts_as_held_and_supersedes_nobody() -> None:
    later = sheet_of(Form.STUDENTS, [student(), student("Tue 2-4", stamp="2026-11-20 10:00:00")])
    assembly = night(held(later, 3, "nobody has confirmed it"))
    assert assembly.fates[Form.STUDENTS] == {2: Fate.CURRENT, 3: Fate.HELD}
    assert [(one.row, one.reason) for one in assembly.issues if "confirmed" in one.reason] == [
        (3, "nobody has confirmed it")
    ]


def test_an_empty_row_may_be_held_too() -> None:
    blank = sheet_of(Form.STUDENTS, [student(), [""] * len(student()), student(email="bo@example.org")])
    assembly = night(held(blank, 3, "its person was erased"))
    assert assembly.fates[Form.STUDENTS][3] is Fate.HELD


def test_who_withdrew_takes_no_part_on_either_side() -> None:
    assembly = night(ledger=Ledger(withdrawn={ANN: "took the wish back", PAT: "took the offer back"}))
    assert left_out(assembly) == [("withdrawn", "took the wish back"), ("withdrawn", "took the offer back")]
    counts = assembly.conservation(())
    assert (counts.students["withdrawn"], counts.professionals["withdrawn"]) == (1, 1)


def test_a_pause_without_end_says_so() -> None:
    assembly = night(ledger=Ledger(paused_until={ANN: NO_END, PAT: NO_END}))
    assert left_out(assembly) == [("paused", "paused until they say otherwise")] * 2


def test_the_requests_own_wait_and_wish_replace_what_the_answers_say() -> None:
    since = datetime(2026, 10, 1, tzinfo=UTC)
    past = Kept(ANN, "p-elsewhere", Interval(AS_OF - timedelta(days=30), AS_OF - timedelta(days=30, minutes=-30)))
    assembly = night(ledger=Ledger((past,), {ANN: 1}, waiting_since={ANN: since}, wanted={ANN: 3}))
    assert assembly.wanted[ANN] == 2
    assert assembly.waiting[ANN] == since
    assert assembly.problem.waiting_days.tolist() == [(AS_OF - since).days]
