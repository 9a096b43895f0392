"""What a night would send, found by sending it to ports that only take notes; then everything is undone.

The night is booked, or released, and its outbox worked off in one transaction that is always rolled back: so every text
is written by what writes the real one, and the record is as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from backend.nightly.act import Delivery, book, work_off
from backend.nightly.channels import Channels
from backend.nightly.guards import Guarded, kept_back
from backend.nightly.night import Night
from backend.nightly.record import Sheets
from backend.record.opening import opened
from backend.record.outgoing import released
from backend.settings import Settings
from publish.outbox import CalendarAct
from publish.rehearsing import Rehearsal, Shown

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.unlinked import UnlinkedRecord

LOG = structlog.get_logger()
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Rehearsed:
    """A night as it would be sent. `problems`: what would not go out, `guard`: why a guard would hold it; no names."""

    night: str
    shown: tuple[Shown, ...] = ()
    problems: tuple[str, ...] = ()
    guard: tuple[str, ...] = ()


def anything_held(settings: Settings) -> bool:
    """Whether a night waits for `release`."""
    with opened(settings):
        from backend.record.models import OutboxItem
        from backend.record.models.states import DeliveryState

        rows = OutboxItem.objects.filter(program__key=settings.program.key, run__isnull=False)
        return rows.filter(state=DeliveryState.HELD).exists()


def rehearse_release(settings: Settings, text: str, clock: Clock) -> Rehearsed:
    """What `release TEXT` would send now. Raises `Stop`."""
    sending = _switched_on(settings)
    return _undone(
        settings,
        clock,
        lambda _: _past_guards(lambda approved: released(sending, text, clock(), approved=approved)[0]),
    )


def rehearse_run(settings: Settings, night: Night, sheets: Sheets, clock: Clock) -> Rehearsed:
    """What `run` would send after this night. `sheets`: what it was thought through from, as it was pulled.

    Of a night that was booked already only what still waits is sent, as by `run`. Raises `Stop`.
    """

    def booked(record: UnlinkedRecord) -> Rehearsed:
        if record.state().run_of(settings.program.key, night.key) is not None:
            return Rehearsed(night.key, guard=tuple(kept_back(_switched_on(settings), record, clock())))
        record.open_night(night.key, night.as_of, lambda: sheets, anew=True)
        return _past_guards(lambda approved: book(night, record, approved=approved).night)

    return _undone(settings, clock, booked)


def _past_guards(act: Callable[[bool], str]) -> Rehearsed:
    """The night of an act that may be approved, and what a guard has against it without that."""
    try:
        return Rehearsed(act(False))
    except Guarded as refused:
        return Rehearsed(act(True), guard=refused.reasons)


def _undone(settings: Settings, clock: Clock, act: Callable[[UnlinkedRecord], Rehearsed]) -> Rehearsed:
    """Act, work off the outbox with nothing leaving this machine, and undo all of it."""
    with opened(settings):
        from django.db import transaction

        from backend.record.unlinked import UnlinkedRecord

        LOG.info("a rehearsal begins: what follows is undone")
        with transaction.atomic():
            record = UnlinkedRecord(settings, clock)
            begun = act(record)
            _forget_rooms(record)
            ports = Rehearsal(clock, _called(settings))
            delivery = _noted(settings, record, ports, clock)
            transaction.set_rollback(True)
        return replace(begun, shown=ports.noted, problems=delivery.problems)


def _noted(settings: Settings, record: UnlinkedRecord, ports: Rehearsal, clock: Clock) -> Delivery:
    channels = Channels(calendar=ports, announcer=ports, mailer=ports)
    return work_off(_switched_on(settings), record, channels, clock, lambda _: None, approved=True)


def _switched_on(settings: Settings) -> Settings:
    return settings.model_copy(update={"publish": settings.publish.model_copy(update={"enabled": True})})


def _forget_rooms(record: UnlinkedRecord) -> None:
    """Looking for a room that Google is still making tells nobody anything."""
    record.outbox.open_items().filter(payload__act=CalendarAct.ROOM).delete()


def _called(settings: Settings) -> dict[str, str]:
    publish = settings.publish
    return {
        publish.summary_channel_id: "to the summary's channel",
        publish.discord_channel_id: "to the night's channel",
        publish.staff_channel_id: "to the staff's channel",
    }
