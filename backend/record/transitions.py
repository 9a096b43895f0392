"""The one table of what may become what, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.record.actor import Actor
from backend.record.models.states import ActorKind as Kind
from backend.record.models.states import RequestState as Request
from backend.record.models.states import ResponseState as Response
from backend.record.models.states import RunState as Run
from backend.record.models.states import SessionState as Session
from backend.record.refusal import Reason, Refused

STAFF = frozenset({Kind.COORDINATOR, Kind.OWNER})
RULE = frozenset({Kind.SYSTEM})
OWN = frozenset({Kind.PARTICIPANT})
ANYBODY = STAFF | RULE | OWN


@dataclass(frozen=True)
class Moves:
    """The allowed moves of one kind of row: (from, to) -> who may."""

    what: str
    allowed: Mapping[tuple[str, str], frozenset[Kind]]

    def check(self, before: str, after: str, actor: Actor) -> None:
        """Raises `Refused`: `NOT_NOW` when the row cannot go there, `NOT_ALLOWED` when this actor may not."""
        who = self.allowed.get((before, after))
        if who is None:
            raise Refused(Reason.NOT_NOW, f"a {self.what} that is {before} cannot become {after}")
        if actor.kind not in who:
            raise Refused(Reason.NOT_ALLOWED, f"a {actor.kind} may not make this {self.what} {after}")

    def onward(self, before: str) -> tuple[str, ...]:
        """Where a row may go from here, whoever asks."""
        return tuple(after for start, after in self.allowed if start == before)


SESSION = Moves(
    "session",
    {
        # Another time: the rule follows the calendar; one's own: among those that suit both.
        (Session.SCHEDULED, Session.SCHEDULED): STAFF | RULE | OWN,
        (Session.SCHEDULED, Session.CANCELLED): ANYBODY,
        (Session.SCHEDULED, Session.COMPLETED): ANYBODY,
        (Session.SCHEDULED, Session.NO_SHOW): STAFF | OWN,
        (Session.COMPLETED, Session.COMPLETED): STAFF | OWN,  # assumed, then confirmed
        (Session.COMPLETED, Session.NO_SHOW): STAFF | OWN,
        (Session.NO_SHOW, Session.COMPLETED): STAFF,
    },
)
REQUEST = Moves(
    "request",
    {
        (Request.PENDING, Request.MATCHED): STAFF | RULE,
        (Request.PENDING, Request.SCHEDULED): STAFF | RULE,
        (Request.PENDING, Request.CANCELLED): ANYBODY,
        (Request.PENDING, Request.COMPLETED): ANYBODY,  # its last session was held
        (Request.MATCHED, Request.PENDING): STAFF | RULE,
        (Request.MATCHED, Request.SCHEDULED): STAFF | RULE,
        (Request.MATCHED, Request.CANCELLED): ANYBODY,
        (Request.SCHEDULED, Request.PENDING): ANYBODY,  # its session was cancelled
        (Request.SCHEDULED, Request.COMPLETED): ANYBODY,
        (Request.SCHEDULED, Request.CANCELLED): ANYBODY,
    },
)
RESPONSE = Moves(
    "response",
    {
        (Response.RECEIVED, Response.CURRENT): STAFF | RULE,
        (Response.RECEIVED, Response.HELD): STAFF | RULE,
        (Response.RECEIVED, Response.REJECTED): STAFF | RULE,
        (Response.RECEIVED, Response.SUPERSEDED): STAFF | RULE,  # arrived late: a later answer counts already
        (Response.HELD, Response.CURRENT): STAFF | OWN,  # approved, or its owner clicked "that was me"
        (Response.HELD, Response.SUPERSEDED): STAFF | OWN,
        (Response.HELD, Response.REJECTED): STAFF,
        (Response.CURRENT, Response.HELD): STAFF,
        (Response.CURRENT, Response.SUPERSEDED): STAFF | RULE | OWN,
        (Response.CURRENT, Response.DUPLICATE): STAFF | RULE | OWN,
        (Response.REJECTED, Response.CURRENT): STAFF,  # corrected by staff
    },
)
RUN = Moves(
    "run",
    {
        (Run.PLANNED, Run.HELD): STAFF | RULE,
        (Run.PLANNED, Run.BOOKED): STAFF | RULE,
        (Run.HELD, Run.BOOKED): STAFF,
        (Run.BOOKED, Run.UNDONE): STAFF,
    },
)
