"""The outbox in the record's database: items survive a crash, and of several workers one gets each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from backend.record.given_up import GIVEN_UP, TRIED
from backend.record.models import OutboxItem, Program
from backend.record.models.states import DeliveryState
from backend.record.services.notices import add_items
from publish.backoff import wait_after
from publish.ports import Item, Outcome, Receipt

CLAIM_LASTS = timedelta(minutes=10)
"""After so long a worker is taken for dead, and its item may be tried by another: with a look first."""
LONGEST_PROBLEM, LONGEST_REMOTE_ID = 500, 200


class DjangoOutbox:
    """Implements `publish.ports.Outbox` for one program. `clock` tells the present."""

    def __init__(self, program: Program, clock: Callable[[], datetime]) -> None:
        self._program = program
        self._clock = clock
        self._claim = secrets.token_hex(16)

    def add(self, items: Iterable[Item]) -> None:
        """Keep new items as pending; one whose key is known stays as it is."""
        add_items(self._program, items)

    def due(self) -> Sequence[Item]:
        """Items that may be tried now, in the order they were added."""
        now = self._clock()
        rows = self.open_items().filter(self._ripe(now), free(now)).order_by("pk")
        return [Item(row.key, row.channel, row.payload, tried=row.attempts > 0, approved=row.approved) for row in rows]

    def begin(self, key: str) -> bool:
        """Claim the item and record the attempt, in one statement; another worker's claim stands until it runs out."""
        now = self._clock()
        return bool(
            self.open_items()
            .filter(free(now), self._ripe(now), key=key)
            .update(
                state=DeliveryState.UNKNOWN,
                attempts=F("attempts") + 1,
                attempted_at=now,
                claim=self._claim,
                claimed_until=now + CLAIM_LASTS,
            )
        )

    def finish(self, key: str, outcome: Outcome) -> None:
        """Record what came of the attempt. Raises `KeyError` for an item that nobody added."""
        row = OutboxItem.objects.filter(program=self._program, key=key).first()
        if row is None:
            raise KeyError(key)
        changes: dict[str, Any] = {"claim": "", "claimed_until": None}
        if isinstance(outcome, Receipt):
            remote = outcome.remote_id[:LONGEST_REMOTE_ID]
            changes |= {"state": DeliveryState.SENT, "remote_id": remote, "problem": "", "not_before": None}
        else:
            later = self._clock() + wait_after(row.key, row.attempts, outcome)
            state = DeliveryState(outcome.state.value)
            changes |= {"state": state, "problem": str(outcome)[:LONGEST_PROBLEM], "not_before": later}
        rows = OutboxItem.objects.filter(pk=row.pk)
        if not isinstance(outcome, Receipt):  # somebody else may be at it by now, or have sent it
            rows = rows.filter(claim=self._claim)
        rows.update(**changes)

    def rests_until(self, key: str) -> datetime | None:
        """When the item may be tried again, if it has to wait."""
        return OutboxItem.objects.filter(program=self._program, key=key).values_list("not_before", flat=True).first()

    def given_up(self) -> int:
        """Items that could not be delivered and wait for a person."""
        return OutboxItem.objects.filter(GIVEN_UP, program=self._program).count()

    def held(self) -> Mapping[str, int]:
        """Held items by the key of their run, the oldest run first."""
        rows = OutboxItem.objects.filter(program=self._program, state=DeliveryState.HELD).order_by("run_id")
        return dict(rows.values_list("run__key").annotate(Count("pk")))

    def open_items(self) -> QuerySet[OutboxItem]:
        """Items that are neither held, sent nor given up."""
        return OutboxItem.objects.filter(program=self._program, state__in=TRIED)

    @staticmethod
    def _ripe(now: datetime) -> Q:
        return Q(not_before__isnull=True) | Q(not_before__lte=now)


def free(now: datetime) -> Q:
    """Items that no worker is at."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
