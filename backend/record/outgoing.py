"""The outbox from a shell: what waits, what was given up, and what staff decide. Audited as done by the owner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.record.opening import opened
from backend.settings import Settings

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import OutboxItem, Run

LAST = "last"
DROPPED = "dropped by staff"
REASONS: Mapping[str, str] = {
    "told": "told by other means",
    "outdated": "no longer true",
    "mistake": "should never be sent",
}
"""Why an item is dropped. Words of ours alone: what staff might type about a person would outlive the person."""


@dataclass(frozen=True)
class Outgoing:
    """An item as it is listed: keys and pseudonyms, nobody's name. `night`: of the run it belongs to, or ""."""

    id: int
    key: str
    channel: str
    state: str
    added: datetime
    attempts: int
    attempted: datetime | None
    not_before: datetime | None
    night: str
    problem: str


@dataclass(frozen=True)
class Listing:
    """Items that fit, the oldest first, and how many there are in each state altogether."""

    items: tuple[Outgoing, ...]
    counts: dict[str, int]


def list_items(settings: Settings, states: Collection[str], channel: str = "") -> Listing:
    """The program's items in these states, of one channel or all. Raises `Stop`."""
    with opened(settings):
        from django.db.models import Count

        from backend.record.models import OutboxItem
        from backend.record.models.states import DeliveryState

        rows = OutboxItem.objects.filter(program__key=settings.program.key)
        found = dict(rows.order_by().values_list("state").annotate(Count("pk")))
        rows = rows.filter(state__in=states).select_related("run").order_by("pk")
        if channel:
            rows = rows.filter(channel=channel)
        return Listing(tuple(map(_listed, rows)), {state.value: found.get(state.value, 0) for state in DeliveryState})


def retry_items(settings: Settings, numbers: Iterable[int], now: datetime) -> tuple[Outgoing, ...]:
    """Each is due at once. All of them or none. Raises `Stop`."""
    with opened(settings):
        from backend.record.actor import CONSOLE
        from backend.record.services.outbox import retry_item

        return _each(settings, numbers, lambda item: retry_item(item, CONSOLE, now))


def drop_items(settings: Settings, numbers: Iterable[int], because: str, now: datetime) -> tuple[Outgoing, ...]:
    """None of them is sent. All of them or none. Raises `Stop`."""
    with opened(settings):
        from backend.record.actor import CONSOLE
        from backend.record.services.outbox import drop_item

        return _each(settings, numbers, lambda item: drop_item(item, because, CONSOLE, now))


def release_night(settings: Settings, text: str, now: datetime) -> tuple[str, int]:
    """Let go what a night holds, by run id, night key or "last": the night, and how many items. Raises `Stop`."""
    with opened(settings):
        return released(settings, text, now)


def released(settings: Settings, text: str, now: datetime) -> tuple[str, int]:
    """As `release_night`, where the models may be used already. Raises `Stop` and `Refused`."""
    from backend.record.actor import CONSOLE
    from backend.record.refusal import one_step
    from backend.record.services.outbox import release_run

    runs = held_runs(settings, text)
    with one_step():
        return runs[-1].night, sum(release_run(run, CONSOLE, now) for run in runs)


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


def _each(settings: Settings, numbers: Iterable[int], act: Callable[[OutboxItem], OutboxItem]) -> tuple[Outgoing, ...]:
    from backend.record.models import OutboxItem
    from backend.record.refusal import Refused, one_step

    wanted = sorted(set(numbers))
    rows = OutboxItem.objects.filter(program__key=settings.program.key).select_related("run").in_bulk(wanted)
    missing = [str(number) for number in wanted if number not in rows]
    if missing:
        raise Stop(Exit.USAGE, f"no such item: {', '.join(missing)}; `outbox list --all` shows the numbers")
    done = []
    with one_step():
        for number in wanted:
            try:
                done.append(act(rows[number]))
            except Refused as refusal:
                raise Refused(refusal.reason, f"item {number}: {refusal.message}; nothing was changed") from None
    return tuple(map(_listed, done))


def _listed(row: OutboxItem) -> Outgoing:
    return Outgoing(
        id=row.pk,
        key=row.key,
        channel=row.channel,
        state=row.state,
        added=row.created_at,
        attempts=row.attempts,
        attempted=row.attempted_at,
        not_before=row.not_before,
        night=row.run.night if row.run else "",
        problem=row.problem,
    )
