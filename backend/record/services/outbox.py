"""What staff decide about single items of the outbox."""

from __future__ import annotations

from datetime import datetime

from backend.record.actor import Actor
from backend.record.models import OutboxItem
from backend.record.models.states import DeliveryState
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.transitions import STAFF

DROPPED = "dropped by staff"


def retry_item(item: OutboxItem, actor: Actor, now: datetime) -> OutboxItem:
    """It is due at once, a given-up one too. What a look would find sent is not sent again: its key stays."""
    return _put(item, DeliveryState.PENDING, "", actor, now)


def drop_item(item: OutboxItem, actor: Actor, now: datetime) -> OutboxItem:
    """It is never sent, unless somebody retries it."""
    return _put(item, DeliveryState.DEAD, DROPPED, actor, now)


def _put(item: OutboxItem, to: DeliveryState, problem: str, actor: Actor, now: datetime) -> OutboxItem:
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff decide about the outbox")
    with one_step():
        item = OutboxItem.objects.select_for_update().get(pk=item.pk)
        if item.state == DeliveryState.SENT:
            raise Refused(Reason.NOT_NOW, "it was sent already")
        if item.claimed_until is not None and item.claimed_until > now:
            raise Refused(Reason.NOT_NOW, "it is being sent right now; look again in a few minutes")
        unsure = item.state == DeliveryState.UNKNOWN and to is DeliveryState.PENDING
        before, item.state = item.state, DeliveryState.UNKNOWN if unsure else to
        item.problem, item.not_before, item.claim, item.claimed_until = problem, None, "", None
        item.save()
        action = "drop" if problem else "retry"
        note(actor, action, item, now, program=item.program, before={"state": before}, after={"state": item.state})
    return item
