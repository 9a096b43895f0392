"""Letting a held night go: only if the guards allow all that would be sent then, else it stays held as it was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.nightly.guards import refuse_sending
from backend.record.actor import Actor
from backend.record.django_record import DjangoRecord
from backend.record.given_up import TRIED
from backend.record.models import OutboxItem, Run
from backend.record.refusal import one_step
from backend.record.services.outbox import release_run
from backend.settings import Settings


def release_runs(runs: Iterable[Run], settings: Settings, actor: Actor, now: datetime, *, approved: bool) -> int:
    """Everything held of the runs is due now; how many items that are.

    What a guard let go, or staff (`approved`), no guard is asked about again, however long sending it takes. Without
    `publish.enabled` nothing is sent yet, and no guard is asked before it is. Raises `Refused` when nothing is held,
    and `guards.TooMuch` (unless `approved`).
    """
    with one_step():
        runs = tuple(runs)
        released = sum(release_run(run, actor, now) for run in runs)
        if settings.publish.enabled and not approved:
            record = DjangoRecord(settings, lambda: now)
            refuse_sending(settings, record, record.outbox.due(), now)
        if settings.publish.enabled or approved:
            OutboxItem.objects.filter(run__in=runs, state__in=TRIED).update(approved=True)
    return released
