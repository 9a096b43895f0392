"""Which member of staff looks, and what they may see of people's addresses."""

from __future__ import annotations

from django.http import HttpRequest

from backend.record.actor import Actor
from backend.record.models.states import ActorKind, Channel
from backend.record.roles import COORDINATE, OWN
from backend.report.words import harmless

LONGEST_NAME = 64


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, for the audit and for the services' own checks."""
    user = request.user
    kind = ActorKind.VIEWER
    if user.has_perm(OWN):
        kind = ActorKind.OWNER
    elif user.has_perm(COORDINATE):
        kind = ActorKind.COORDINATOR
    return Actor(kind, Channel.ADMIN, user.get_username()[:LONGEST_NAME])


def sees_addresses(request: HttpRequest) -> bool:
    """Owners alone: the others hardly ever need one, and the system writes to people itself."""
    return request.user.has_perm(OWN)


def address(email: str | None, request: HttpRequest) -> str:
    """The address, or enough of it to tell two people apart: a•••@example.org."""
    if not email or sees_addresses(request):
        return email or ""
    name, _, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


def said(text: str, request: HttpRequest) -> str:
    """What somebody wrote; addresses in it are dotted out for those who do not see them."""
    return text if sees_addresses(request) else harmless(text)
