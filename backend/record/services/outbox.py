"""What staff decide about single items of the outbox, and about nights that are held."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from backend.record.actor import Actor
from backend.record.given_up import DROPPED_MARK, GIVEN_UP, OUTDATED, STANDING, STANDS, TRIED
from backend.record.models import OutboxItem, Program, Run
from backend.record.models.states import DeliveryState
from backend.record.outgoing import REASONS
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import Fact, note
from backend.record.transitions import STAFF
from publish.outbox import CalendarAct
from publish.ports import OUTDATED as OUTDATED_MARK
from publish.session_letters import CANCELLED


def outbox_counts(items: QuerySet[OutboxItem]) -> dict[str, int]:
    """How many items stand how, in the order of `STANDS`."""
    found: dict[str, int] = dict(items.order_by().values_list(STANDING).annotate(Count("pk")))
    return {stands: found.get(stands, 0) for stands in STANDS}


def retry_item(item: OutboxItem, actor: Actor, now: datetime) -> OutboxItem:
    """It is due at once and counted from zero, a given-up one too.

    What a look would find sent is not sent again: its key stays. Where nobody can look, staff have decided.
    """
    with one_step():
        item = _mine(item, actor, now)
        if item.state == DeliveryState.HELD:
            raise Refused(Reason.NOT_NOW, "it waits for its night to be released")
        before: dict[str, Fact] = {"state": item.state, "attempts": item.attempts}
        if item.state != DeliveryState.UNKNOWN:
            item.state = DeliveryState.PENDING
        item.problem, item.attempts = "", 0
        _freed(item)
        after: dict[str, Fact] = {"state": item.state, "attempts": 0}
        note(actor, "retry", item, now, program=item.program, before=before, after=after)
    return item


def drop_item(item: OutboxItem, because: str, actor: Actor, now: datetime) -> OutboxItem:
    """It is never sent, unless somebody retries it. `because`: a key of `REASONS`."""
    if because not in REASONS:
        raise Refused(Reason.INVALID, f"why it is dropped must be one of: {', '.join(REASONS)}")
    with one_step():
        item = _mine(item, actor, now)
        before, item.state = item.state, DeliveryState.DEAD
        item.problem = f"{DROPPED_MARK}: {REASONS[because]}"
        _freed(item)
        after = {"state": item.state, "because": because}
        note(actor, "drop", item, now, program=item.program, before={"state": before}, after=after)
    return item


def outdate_given_up(program: Program, about: Q, why: str, actor: Actor, now: datetime) -> None:
    """What was given up of this waits for nobody any more (`why`); that something is cancelled stays to be told."""
    rows = OutboxItem.objects.select_for_update().filter(GIVEN_UP, about, program=program).order_by("pk")
    for item in rows:
        if item.payload.get("act") in (CalendarAct.CANCEL, CANCELLED):
            continue
        item.problem = f"{OUTDATED_MARK}{why}"
        item.save()
        note(actor, "outdate", item, now, program=program, before={"state": item.state}, after={"state": OUTDATED})


def approve_open(program: Program, actor: Actor, now: datetime) -> None:
    """Everything open goes out past the guards."""
    _refuse_others(actor)
    with one_step():
        rows = OutboxItem.objects.filter(program=program, state__in=TRIED, approved=False)
        approved = rows.update(approved=True)
        if approved:
            note(actor, "approve", program, now, program=program, after={"approved": approved})


def release_run(run: Run, actor: Actor, now: datetime) -> int:
    """Everything held of the run is due now; how many items that are. Raises `Refused` when nothing is held."""
    _refuse_others(actor)
    with one_step():
        held = OutboxItem.objects.select_for_update().filter(run=run, state=DeliveryState.HELD)
        released = held.update(state=DeliveryState.PENDING)
        if not released:
            raise Refused(Reason.NOT_NOW, "nothing of this night is held")
        note(actor, "release", run, now, program=run.program, after={"released": released, "night": run.night})
    return released


def _mine(item: OutboxItem, actor: Actor, now: datetime) -> OutboxItem:
    """The row as it is now, if something can be decided about it."""
    _refuse_others(actor)
    item = OutboxItem.objects.select_for_update().get(pk=item.pk)
    if item.state == DeliveryState.SENT:
        raise Refused(Reason.NOT_NOW, "it was sent already")
    if item.claimed_until is not None and item.claimed_until > now:
        raise Refused(Reason.NOT_NOW, "it is being sent right now; look again in a few minutes")
    return item


def _freed(item: OutboxItem) -> None:
    item.not_before, item.claim, item.claimed_until = None, "", None
    item.save()


def _refuse_others(actor: Actor) -> None:
    if actor.kind not in STAFF:
        raise Refused(Reason.NOT_ALLOWED, "only staff decide about the outbox")
