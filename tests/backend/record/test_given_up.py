"""How an outgoing item stands, on both databases: given up is neither what staff dropped nor what is outdated."""

from __future__ import annotations

from datetime import UTC, datetime

from backend.record.django_record import DjangoRecord
from backend.record.given_up import GIVEN_UP, STANDING, standing
from backend.record.models import OutboxItem
from backend.record.services.outbox import outbox_counts
from tests.backend.nightly.nights import make_settings

ROWS = (
    ("dead", "no such guest", "dead"),
    ("dead", "dropped by staff: told by other means", "dropped"),
    ("dead", "outdated: the session was cancelled meanwhile", "outdated"),
    ("pending", "outdated: not a reason while it is still tried", "pending"),
    ("sent", "", "sent"),
)


def test_a_query_and_an_item_at_hand_stand_the_same(record_db: str) -> None:
    record = DjangoRecord(make_settings(), lambda: datetime(2026, 11, 23, tzinfo=UTC))
    for number, (state, problem, _) in enumerate(ROWS):
        OutboxItem.objects.create(
            program=record.program,
            key=str(number),
            channel="calendar",
            state=state,
            problem=problem,
        )
    rows = OutboxItem.objects.filter(program=record.program).order_by("pk")
    assert list(rows.values_list(STANDING, flat=True)) == [stands for _, _, stands in ROWS]
    assert [standing(row.state, row.problem) for row in rows] == [stands for _, _, stands in ROWS]
    assert [row.key for row in rows.filter(GIVEN_UP)] == ["0"]
    assert record.given_up() == outbox_counts(rows)["dead"] == 1
