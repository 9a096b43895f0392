"""How an outgoing item stands: one meaning for the commands, the admin, the API, `doctor` and the night's message.

The record keeps "dead" for all that is never tried again by itself. Of those, what staff dropped and what says
something that is no longer true wait for nobody: only the others were given up, and only they are meant by "--dead".
"""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, Value, When

from publish.ports import OUTDATED as OUTDATED_MARK
from publish.ports import State

DROPPED_MARK = "dropped by staff"
"""How the problem of an item begins that staff dropped."""
DROPPED, OUTDATED = "dropped", "outdated"
TRIED = (State.PENDING.value, State.UNKNOWN.value)
"""These go out by themselves."""
STANDS = (State.HELD.value, *TRIED, State.DEAD.value, DROPPED, OUTDATED, State.SENT.value)
_DEAD = Q(state=State.DEAD.value)
_DROPPED = Q(problem__startswith=DROPPED_MARK)
_OUTDATED = Q(problem__startswith=OUTDATED_MARK)
GIVEN_UP = _DEAD & ~_DROPPED & ~_OUTDATED
"""Could not be delivered, and nobody decided about it."""
STANDING = Case(
    When(_DEAD & _DROPPED, then=Value(DROPPED)),
    When(_DEAD & _OUTDATED, then=Value(OUTDATED)),
    default=F("state"),
    output_field=CharField(),
)
"""One of `STANDS`, for a query."""


def standing(state: str, problem: str) -> str:
    """One of `STANDS`, for an item at hand."""
    if state == State.DEAD.value and problem.startswith(DROPPED_MARK):
        return DROPPED
    return OUTDATED if state == State.DEAD.value and problem.startswith(OUTDATED_MARK) else state
