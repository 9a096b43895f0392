"""What people's own calendars say: facts of a night, beside the sheets and the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from optimizer.domain import Interval, Session


@dataclass(frozen=True)
class Calendars:
    """When people are busy, by pseudonym; `unseen`: why somebody's calendar could not be looked into.

    Whoever is unseen is taken at their word: neither busy nor free because of it.
    """

    busy: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    unseen: Mapping[str, str] = field(default_factory=dict)

    def against(self, sessions: Iterable[Session]) -> list[Session]:
        """The sessions in which one of the two is busy."""
        return [
            one
            for one in sessions
            if any(
                one.interval.overlaps(taken)
                for who in (one.student, one.professional)
                for taken in self.busy.get(who, ())
            )
        ]

    @property
    def sentence(self) -> str:
        """For staff: how many were looked into, and why not all; nobody is named."""
        asked = len(self.busy) + len(self.unseen)
        told = f"{len(self.busy)} of {asked} people's own calendars were looked into"
        reasons = sorted(Counter(self.unseen.values()).items())
        return told + "".join(f"; {number}: {reason}" for reason, number in reasons)


NO_CALENDARS = Calendars()
