"""Several workers on one outbox: the night, `serve` and the bot may all be at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.exits import Exit
from backend.nightly.night import think
from backend.record.django_outbox import CLAIM_LASTS, DjangoOutbox
from backend.record.django_record import DjangoRecord
from backend.record.models import OutboxItem
from backend.settings import Settings
from publish.google_calendar import GoogleCalendar
from publish.passes import Patience
from publish.ports import Item, PublishError, Receipt
from tests.backend.nightly.nights import AS_OF, make_settings, make_sheets
from tests.publish.publish_builders import connected
from tests.standins.google_calendar import CALENDAR_ID, GoogleCalendarStandIn
from tests.standins.google_changes import google_error
from tests.standins.loopback import Fault

KEY = "letter/x"
GOOGLE = make_settings(publish={"enabled": True, "calendar_id": CALENDAR_ID})


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


def taken_over(number: int = 2) -> tuple[Clock, list[DjangoOutbox]]:
    """The first worker began and was too slow, so the second began as well."""
    clock, found = workers(number)
    assert found[0].begin(KEY)
    clock.now += CLAIM_LASTS + timedelta(minutes=1)
    assert found[1].begin(KEY)
    return clock, found


def test_a_late_workers_failure_does_not_undo_what_another_sent(record_db: Path) -> None:
    _, (first, second) = taken_over()
    second.finish(KEY, Receipt("mail-1"))
    first.finish(KEY, PublishError("the mail server answered 451: try later", permanent=False))
    assert OutboxItem.objects.get().state == "sent"


def test_a_late_workers_failure_counts_for_nothing_though_the_other_failed_too(record_db: Path) -> None:
    _, (first, second) = taken_over()
    second.finish(KEY, PublishError("the mail server answered 451: try later", permanent=False))
    first.finish(KEY, PublishError("the mail server answered 550", permanent=True))
    assert OutboxItem.objects.get().state == "pending"


def test_a_late_workers_success_counts(record_db: Path) -> None:
    _, (first, second) = taken_over()
    first.finish(KEY, Receipt("mail-1"))
    second.finish(KEY, PublishError("the mail server answered 451: try later", permanent=False))
    assert OutboxItem.objects.get().state == "sent"


def test_a_late_workers_failure_does_not_free_what_another_is_sending(record_db: Path) -> None:
    clock, (first, _, third) = taken_over(3)
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


def run_at(clock: Clock, calendar: GoogleCalendar, settings: Settings = GOOGLE) -> Delivery:
    return work_off(settings, DjangoRecord(settings, clock), Channels(calendar), clock, lambda _: None)


def booked(settings: Settings = GOOGLE) -> Clock:
    clock = Clock()
    record = DjangoRecord(settings, clock)
    tonight = record.keep(make_sheets(), AS_OF)
    book(think(settings, tonight.sheets, tonight.state, AS_OF, lambda _: None), record, approved=False)
    return clock


def test_what_a_killed_worker_had_in_hand_is_no_success_of_the_next(
    embedded_db: Path, google: GoogleCalendarStandIn
) -> None:
    clock = booked()
    with connected(google) as calendar:
        killed = DjangoRecord(GOOGLE, clock).outbox
        assert all(killed.begin(item.key) for item in killed.due())
        clock.now += timedelta(minutes=1)
        told = run_at(clock, calendar)
        assert (told.sent, told.unsent, told.exit) == (0, 2, Exit.PARTIAL)
        clock.now += CLAIM_LASTS
        told = run_at(clock, calendar)
        assert (told.sent, told.unsent, told.exit) == (2, 0, Exit.DONE)


def test_what_another_worker_is_sending_is_waited_for(embedded_db: Path, google: GoogleCalendarStandIn) -> None:
    clock = booked()
    other = DjangoRecord(GOOGLE, clock).outbox
    keys = [item.key for item in other.due() if other.begin(item.key)]

    def sleep(seconds: float) -> None:
        clock.now += timedelta(seconds=seconds)
        other.finish(keys.pop(), Receipt("event"))

    with connected(google) as calendar:
        record = DjangoRecord(GOOGLE, clock)
        told = work_off(GOOGLE, record, Channels(calendar), clock, lambda _: None, patience=Patience(60.0, sleep))
    assert (told.sent, told.unsent, told.exit, keys) == (0, 0, Exit.DONE, [])


def test_items_that_rest_are_no_success(embedded_db: Path, google: GoogleCalendarStandIn) -> None:
    clock = booked()
    google.faults.append(Fault("GET", "/events/", google_error(403, "quotaExceeded"), times=2))
    with connected(google) as calendar:
        assert run_at(clock, calendar).exit is Exit.PARTIAL
        clock.now += timedelta(hours=1)
        told = run_at(clock, calendar)
        assert (told.sent, told.unsent, told.problems, told.exit) == (0, 2, (), Exit.PARTIAL)


def test_once_credentials_are_mended_everything_goes_out_whatever_was_tried_before(
    embedded_db: Path, google: GoogleCalendarStandIn
) -> None:
    clock = booked()
    with connected(google) as calendar:
        for _ in range(12):
            google.faults.append(Fault("GET", "/events/", google_error(403, "forbidden"), times=2))
            assert run_at(clock, calendar).exit is Exit.PARTIAL
            google.faults.clear()
            clock.now += timedelta(minutes=5)
        clock.now += timedelta(minutes=40)
        assert (run_at(clock, calendar).sent, run_at(clock, calendar).unsent) == (2, 0)


def test_what_was_given_up_earlier_is_still_said(embedded_db: Path, google: GoogleCalendarStandIn) -> None:
    clock = booked()
    OutboxItem.objects.update(state="dead", problem="the student has no usable e-mail address")
    with connected(google) as calendar:
        told = run_at(clock, calendar)
    assert (told.dead, told.given_up, told.exit) == (0, 2, Exit.DONE)
