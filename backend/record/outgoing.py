"""The outbox from a shell: what waits, what was given up, and what staff decide. Audited as done by the owner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.record.given_up import GIVEN_UP, STANDING, TRIED, standing
from backend.record.opening import opened
from backend.settings import Settings

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import OutboxItem, Run

LAST = "last"
REASONS: Mapping[str, str] = {
    "told": "told by other means",
    "outdated": "no longer true",
    "mistake": "should never be sent",
}
"""Why an item is dropped. Words of ours alone: what staff might type about a person would outlive the person."""


class Every(Enum):
    """Items that are meant without their numbers. `GIVEN_UP`: see `given_up`. `RESTING`: wait for their next try."""

    GIVEN_UP = auto()
    RESTING = auto()


Which = Collection[int] | Every


@dataclass(frozen=True)
class Outgoing:
    """An item as it is listed: keys and pseudonyms, nobody's name. `night`: of the run it belongs to, or "".

    `state`: one of `given_up.STANDS`. `claimed_until`: a worker is at it; one that died lets go of it then.
    """

    id: int
    key: str
    channel: str
    state: str
    added: datetime
    attempts: int
    attempted: datetime | None
    not_before: datetime | None
    claimed_until: datetime | None
    night: str
    problem: str

    def rests_until(self, now: datetime) -> datetime | None:
        """When it is tried again at the earliest, if it has to wait."""
        if self.state not in TRIED:
            return None
        return max((one for one in (self.not_before, self.claimed_until) if one and one > now), default=None)


@dataclass(frozen=True)
class Listing:
    """Items that fit, the oldest first, and how many stand how altogether."""

    items: tuple[Outgoing, ...]
    counts: dict[str, int]


def list_items(settings: Settings, states: Collection[str], channel: str = "") -> Listing:
    """The program's items that stand so (`given_up.STANDS`), of one channel or all. Raises `Stop`."""
    with opened(settings):
        from backend.record.models import OutboxItem
        from backend.record.services.outbox import outbox_counts

        rows = OutboxItem.objects.filter(program__key=settings.program.key)
        counts = outbox_counts(rows)
        rows = rows.alias(stands=STANDING).filter(stands__in=states).select_related("run").order_by("pk")
        if channel:
            rows = rows.filter(channel=channel)
        return Listing(tuple(map(_listed, rows)), counts)


def retry_items(settings: Settings, which: Which, now: datetime) -> tuple[Outgoing, ...]:
    """Each is due at once. All of them or none. Raises `Stop`."""
    with opened(settings):
        from backend.record.actor import CONSOLE
        from backend.record.services.outbox import retry_item

        return _each(settings, which, now, lambda item: retry_item(item, CONSOLE, now))


def drop_items(settings: Settings, which: Which, because: str, now: datetime) -> tuple[Outgoing, ...]:
    """None of them is sent. All of them or none. Raises `Stop`."""
    with opened(settings):
        from backend.record.actor import CONSOLE
        from backend.record.services.outbox import drop_item

        return _each(settings, which, now, lambda item: drop_item(item, because, CONSOLE, now))


def release_night(settings: Settings, text: str, now: datetime, *, approved: bool) -> tuple[str, int]:
    """Let go what a night holds, by run id, night key or "last": the night, and how many items.

    Raises `Stop`: nothing is held, or (unless `approved`) a guard refuses to send it, and it stays held.
    """
    with opened(settings):
        return released(settings, text, now, approved=approved)


def released(settings: Settings, text: str, now: datetime, *, approved: bool) -> tuple[str, int]:
    """As `release_night`, where the models may be used already. Raises `Stop` and `Refused`."""
    from backend.record.actor import CONSOLE
    from backend.record.releasing import release_runs

    runs = held_runs(settings, text)
    return runs[-1].night, release_runs(runs, settings, CONSOLE, now, approved=approved)


def held_runs(settings: Settings, text: str) -> list[Run]:
    """The runs meant that hold items, the oldest first; "last": those of the latest such night. Raises `Stop`."""
    from backend.record.models import Run
    from backend.record.models.states import DeliveryState

    rows = Run.objects.filter(program__key=settings.program.key, outbox__state=DeliveryState.HELD)
    runs = list(rows.defer("problem", "plan", "witness", "snapshot").distinct().order_by("pk"))
    wanted = runs[-1].night if text == LAST and runs else text
    fitting = [run for run in runs if wanted in (run.key, run.night)]
    if not fitting:
        held = ", ".join(dict.fromkeys(run.night for run in runs))
        raise Stop(
            Exit.USAGE, f"nothing is held under {text!r}; " + (f"held nights: {held}" if held else "no night is")
        )
    return fitting


def _each(
    settings: Settings, which: Which, now: datetime, act: Callable[[OutboxItem], OutboxItem]
) -> tuple[Outgoing, ...]:
    from backend.record.refusal import Refused, one_step

    done = []
    with one_step():
        for item in _meant(settings, which, now):
            try:
                done.append(act(item))
            except Refused as refusal:
                raise Refused(refusal.reason, f"item {item.pk}: {refusal.message}; nothing was changed") from None
    return tuple(map(_listed, done))


def _meant(settings: Settings, which: Which, now: datetime) -> list[OutboxItem]:
    """The items meant, the oldest first. What is being sent right now is never among `Every.RESTING`. Raises `Stop`."""
    from backend.record.django_outbox import free
    from backend.record.models import OutboxItem

    rows = OutboxItem.objects.select_for_update(of=("self",)).filter(program__key=settings.program.key).order_by("pk")
    if which is Every.GIVEN_UP:
        return list(rows.filter(GIVEN_UP))
    if which is Every.RESTING:
        return list(rows.filter(free(now), state__in=TRIED, not_before__gt=now))
    found = list(rows.filter(pk__in=which))
    missing = sorted(set(which) - {row.pk for row in found})
    if missing:
        names = ", ".join(map(str, missing))
        raise Stop(Exit.USAGE, f"no such item: {names}; `outbox list --all` shows the numbers")
    return found


def _listed(row: OutboxItem) -> Outgoing:
    return Outgoing(
        id=row.pk,
        key=row.key,
        channel=row.channel,
        state=standing(row.state, row.problem),
        added=row.created_at,
        attempts=row.attempts,
        attempted=row.attempted_at,
        not_before=row.not_before,
        claimed_until=row.claimed_until,
        night=row.run.night if row.run else "",
        problem=row.problem,
    )
