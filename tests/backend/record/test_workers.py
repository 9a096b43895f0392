"""Several workers on one outbox: the night, `serve` and the bot may all be at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from backend.record.django_outbox import CLAIM_LASTS, DjangoOutbox
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem
from publish.ports import Item, PublishError, Receipt
from tests.backend.nightly.nights import AS_OF, make_settings

KEY = "letter/x"


class Clock:
    """A clock that tests can turn."""

    def __init__(self) -> None:
        self.now = AS_OF

    def __call__(self) -> datetime:
        return self.now


def workers(number: int) -> tuple[Clock, list[DjangoOutbox]]:
    """So many workers on an outbox with one letter."""
    clock = Clock()
    found = [DjangoRecord(make_settings(), clock).outbox for _ in range(number)]
    found[0].add([Item(KEY, "letter-email", {"act": "waiting"})])
    return clock, found


def test_a_late_workers_failure_does_not_undo_what_another_sent(record_db: Path) -> None:
    clock, (first, second) = workers(2)
    assert first.begin(KEY)
    clock.now += CLAIM_LASTS + timedelta(minutes=1)
    assert second.begin(KEY)
    second.finish(KEY, Receipt("mail-1"))
    first.finish(KEY, PublishError("the mail server answered 451: try later", permanent=False))
    assert OutboxItem.objects.get().state == "sent"


def test_a_late_workers_success_counts(record_db: Path) -> None:
    clock, (first, second) = workers(2)
    assert first.begin(KEY)
    clock.now += CLAIM_LASTS + timedelta(minutes=1)
    assert second.begin(KEY)
    first.finish(KEY, Receipt("mail-1"))
    second.finish(KEY, PublishError("the mail server answered 451: try later", permanent=False))
    assert OutboxItem.objects.get().state == "sent"


def test_a_late_workers_failure_does_not_free_what_another_is_sending(record_db: Path) -> None:
    clock, (first, second, third) = workers(3)
    assert first.begin(KEY)
    clock.now += CLAIM_LASTS + timedelta(minutes=1)
    assert second.begin(KEY)
    first.finish(KEY, PublishError("the connection broke off", permanent=False, uncertain=True))
    clock.now += timedelta(minutes=1)
    assert not third.begin(KEY)


def test_a_worker_does_not_take_up_what_another_was_told_to_leave_alone(record_db: Path) -> None:
    clock, (first, second) = workers(2)
    (seen,) = second.due()  # the second worker's list is made now, and worked off later
    assert first.begin(KEY)
    wait = timedelta(hours=1)
    first.finish(KEY, PublishError("patience", permanent=False, retry_after=wait, blocks_channel=True))
    assert not second.begin(seen.key)
    clock.now += wait + timedelta(minutes=1)
    assert second.begin(seen.key)
