"""Several passes over the outbox within one run: what a service asks us to wait for is waited for, up to a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from publish.outbox import Sender, deliver
from publish.ports import Item, Outbox, Outcome, PublishError, State

_NEVER = datetime.max.replace(tzinfo=UTC)
_SHORTEST = 0.01  # seconds; clocks of databases are no finer than this


@dataclass(frozen=True)
class Patience:
    """How many seconds a run may wait in all between its passes, and how it waits."""

    seconds: float
    sleep: Callable[[float], None]


NO_PATIENCE = Patience(0.0, lambda _: None)


def carried(
    outbox: Outbox, senders: Mapping[str, Sender], clock: Callable[[], datetime], patience: Patience = NO_PATIENCE
) -> Iterator[tuple[Item, Outcome]]:
    """As `deliver`, again and again while something that failed can be tried anew within the patience that is left.

    An item may come up several times; its last outcome counts. A channel that is blocked rests as long as the item
    that found it so; one that only a person can mend is not tried again.
    """
    left = patience.seconds
    rests: dict[str, tuple[str, datetime]] = {}
    blocked: dict[str, datetime] = {}
    while True:
        present = clock()
        awake = {name: sender for name, sender in senders.items() if blocked.get(name, present) <= present}
        # What is ripe comes up in this pass, unless another worker took it meanwhile.
        rests = {key: (channel, until) for key, (channel, until) in rests.items() if until > present}
        for item, outcome in deliver(outbox, awake):
            if isinstance(outcome, PublishError) and outcome.state is not State.DEAD:
                until = _NEVER if outcome.permanent else outbox.rests_until(item.key) or present
                rests[item.key] = (item.channel, until)
                if outcome.blocks_channel:
                    blocked[item.channel] = max(until, blocked.get(item.channel, until))
            yield item, outcome
        if not rests:
            return
        ripe = min(max(until, blocked.get(channel, until)) for channel, until in rests.values())
        seconds = max(_SHORTEST, (ripe - clock()).total_seconds())
        if seconds > left:
            return
        patience.sleep(seconds)
        left -= seconds
