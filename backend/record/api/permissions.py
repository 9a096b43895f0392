"""Who may do what: each view has a table from action to the kinds of callers, and what is not in it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.record.api.caller import Caller
from backend.record.models.states import ActorKind

if TYPE_CHECKING:  # the framework loads this file while it loads that one
    from rest_framework.views import APIView


class ByTable(BasePermission):
    """`view.who`: action -> kinds. Which rows they reach is the view's `get_queryset`."""

    message = "You may not do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        caller = request.user
        if not isinstance(caller, Caller):
            return False
        if not hasattr(view, (request.method or "").lower()):
            return True  # what the view has no method for is answered with 405, not with who may not
        action = getattr(view, "action", None) or (request.method or "").lower()
        allowed: frozenset[ActorKind] = getattr(view, "who", {}).get(action, frozenset())
        self.message = _message(caller, allowed)
        return caller.kind in allowed


def _message(caller: Caller, allowed: frozenset[ActorKind]) -> str:
    if caller.kind is ActorKind.BOT:
        return "The record does not know this Discord member yet: they answer the form first."
    if not allowed:
        return "Nobody may do this here."
    who = " or ".join(sorted(f"a {kind}" if kind != "owner" else "an owner" for kind in allowed))
    return f"Only {who} may do this; this key acts as a {caller.kind}."
