"""Whether a plan is still true for the people in it, although others wrote to the record while it was computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from backend.nightly.record import BookedSession, RecordState
from backend.record.refusal import Reason, Refused


def refuse_changed(before: RecordState, now: RecordState, planned: Iterable[BookedSession]) -> None:
    """Raises `Refused` when somebody of the planned sessions is not in the situation that the plan was made for."""
    then, today = _Situations(before), _Situations(now)
    for one in planned:
        pair = (one.session.student, one.session.professional)
        if any(then.of(person) != today.of(person) for person in pair):
            raise Refused(Reason.CLASH, "a session, a pause or a request of somebody in the plan is different now")


class _Situations:
    """What counts for one person: their sessions, and whatever people decided about them."""

    def __init__(self, state: RecordState) -> None:
        self._decided = state.decided
        self._sessions: dict[str, list[Any]] = defaultdict(list)
        for one in state.active():
            for person in (one.session.student, one.session.professional):
                self._sessions[person].append((one.key, one.interval, one.state))
        self._apart: dict[str, list[Any]] = defaultdict(list)
        for pair in state.decided.forbidden:
            self._apart[pair.student].append(pair.professional)
            self._apart[pair.professional].append(pair.student)

    def of(self, person: str) -> tuple[Any, ...]:
        decided = self._decided
        sides = (decided.paused_until, decided.withdrawn, decided.wanted, decided.per_week, decided.busy)
        told = tuple(side.get(person) for side in sides)
        return (*told, sorted(self._sessions[person]), sorted(self._apart[person]))
