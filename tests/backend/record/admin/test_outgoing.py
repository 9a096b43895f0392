"""What waits to be sent, in the admin: given up means the same as in the commands, and guards hold here too."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.conf import settings

from backend.nightly.guards import too_many
from backend.record.django_record import DjangoRecord
from backend.record.models import AuditEntry, OutboxItem, Run
from tests.backend.record.admin.conftest import Desk, place
from tests.backend.record.admin.seeded import MATCHING

LIST = "/admin/record/outboxitem/"


def decided(desk: Desk) -> OutboxItem:
    """Of the items that were given up one is dropped, another outdated: none of them waits for anybody."""
    rows = OutboxItem.objects.filter(program=desk.program).order_by("-pk")[:2]
    for row, problem in zip(rows, ("dropped by staff: told by other means", "outdated: it moved"), strict=True):
        OutboxItem.objects.filter(pk=row.pk).update(state="dead", problem=problem)
    return rows[0]


def test_the_overview_counts_what_was_given_up_and_links_to_just_that(desk: Desk) -> None:
    decided(desk)
    shown = desk.get("viewer", "/admin/").content.decode()
    assert "1 message given up" in shown
    link = re.search(rf'href="({LIST}\?[^"]*)"[^>]*>\s*1 message given up', shown)
    assert link is not None
    listed = desk.get("viewer", link[1]).content.decode()
    assert "403 quotaExceeded" in listed
    assert "dropped by staff:" not in listed
    assert "outdated: it moved" not in listed
    outdated = desk.get("viewer", f"{LIST}?stands=outdated").content.decode()
    assert "outdated: it moved" in outdated
    assert "403 quotaExceeded" not in outdated


def test_what_was_given_up_can_be_dropped_once(desk: Desk) -> None:
    row = OutboxItem.objects.get(problem="403 quotaExceeded")
    assert desk.do(row, "drop", because="told").status_code == 302
    row.refresh_from_db()
    assert row.problem == "dropped by staff: told by other means"
    assert "/do/drop/" not in desk.get("coordinator", f"{place(row)}change/").content.decode()
    desk.do(row, "drop", because="mistake")
    row.refresh_from_db()
    assert row.problem == "dropped by staff: told by other means"


@pytest.fixture
def held(desk: Desk) -> Run:
    """A booked night of which everything is held, while sending is on and a guard lets nothing through."""
    run = Run.objects.filter(program=desk.program, state="booked").earliest("pk")
    OutboxItem.objects.update(state="sent")
    OutboxItem.objects.filter(run=run).update(state="held", approved=False)
    settings.MATCHING = MATCHING.model_copy(
        update={
            "publish": MATCHING.publish.model_copy(update={"enabled": True, "calendar_id": "c@example.org"}),
            "guards": MATCHING.guards.model_copy(update={"messages_per_night": 0}),
        }
    )
    return run


def test_what_was_released_or_approved_in_the_admin_goes_past_the_guards(desk: Desk, held: Run) -> None:
    """The pass that sends it runs beside the admin, where nobody is there to approve anything."""
    sending = settings.MATCHING
    settings.MATCHING = sending.model_copy(update={"guards": MATCHING.guards})
    assert desk.do(held, "release").status_code == 302
    assert desk.do(desk.plan, "approve").status_code == 302
    settings.MATCHING = sending
    record = DjangoRecord(sending, desk.clock)
    due = record.outbox.due()
    assert {one.run for one in OutboxItem.objects.filter(state="pending")} == {held, Run.objects.latest("pk")}
    assert too_many(sending, record, list(due), desk.clock()) == []
    (reason,) = too_many(sending, record, [replace(one, approved=False) for one in due], desk.clock())
    assert "messages to single people would go out" in reason


def test_a_guard_keeps_a_night_held_and_says_how_to_release_it(desk: Desk, held: Run) -> None:
    waiting, notes = OutboxItem.objects.filter(state="held").count(), AuditEntry.objects.count()
    assert waiting > 0
    answer = desk.do(held, "release")
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "guards.messages_per_night is 0" in said
    assert f"release {held.key} --approve" in said
    assert (OutboxItem.objects.filter(state="held").count(), AuditEntry.objects.count()) == (waiting, notes)


def test_the_overview_says_what_a_guard_keeps_back(desk: Desk, held: Run) -> None:
    assert "kept back" not in desk.get("viewer", "/admin/").content.decode()
    OutboxItem.objects.filter(run=held).update(state="pending")
    waiting = OutboxItem.objects.filter(state="pending").count()
    said = f"{waiting} messages kept back by a guard"
    assert said in desk.get("viewer", "/admin/").content.decode()
    DjangoRecord(settings.MATCHING, desk.clock).approve_open()
    assert said not in desk.get("viewer", "/admin/").content.decode()


def test_a_night_that_no_guard_minds_is_released(desk: Desk, held: Run) -> None:
    waiting = OutboxItem.objects.filter(state="held").count()
    settings.MATCHING = settings.MATCHING.model_copy(update={"guards": MATCHING.guards})
    assert desk.do(held, "release").status_code == 302
    assert OutboxItem.objects.filter(state="pending").count() == waiting
