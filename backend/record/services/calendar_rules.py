"""What an event says about its session: pure rules, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.record.models.states import FlagKind
from publish.booking import Recipient
from publish.ports import CalendarEvent

DECLINED = "declined"
Time = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Sight:
    """One event of a session, seen from the record. `kind` None: it says what the record says."""

    event: CalendarEvent
    recipient: Recipient
    kind: FlagKind | None

    @property
    def time(self) -> Time:
        return self.event.start, self.event.end


@dataclass(frozen=True)
class Standing:
    """A session as the record has it."""

    start: datetime
    end: datetime
    revision: int


def sight(event: CalendarEvent, recipient: Recipient, standing: Standing) -> Sight | None:
    """What the event says; None when it is older than the record's last change, whose news is still on its way.

    So what we changed ourselves is never taken for what somebody else did. A deletion counts at any age: nothing we
    send could bring that event back.
    """
    if event.cancelled:
        return Sight(event, recipient, FlagKind.DELETED)
    if event.revision < standing.revision:
        return None
    if event.reply == DECLINED:
        return Sight(event, recipient, FlagKind.DECLINED)
    if (event.start, event.end) != (standing.start, standing.end):
        return Sight(event, recipient, FlagKind.MOVED)
    return Sight(event, recipient, None if event.reply else FlagKind.GUEST)


def frozen(standing: Standing, times: Iterable[Time], now: datetime, freeze: timedelta) -> bool:
    """Whether the session, or the time somebody moved it to, lies so near that only an owner changes it."""
    starts = [standing.start, *(start for start, _ in times if start is not None and start > now)]
    return min(starts) - now < freeze


def one_time(sights: Iterable[Sight]) -> Time | None:
    """The time to which the events were moved, if they agree and it is one."""
    times = {one.time for one in sights if one.kind is FlagKind.MOVED}
    if len(times) != 1:
        return None
    start, end = times.pop()
    return (start, end) if start is not None and end is not None and start < end else None
