"""From the request's headers to a `Caller`."""

from __future__ import annotations

import re

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from backend.record.actor import Actor
from backend.record.api.caller import Caller
from backend.record.api.problems import Problem
from backend.record.api.site import matching, now, own_program
from backend.record.models import ApiKey, Membership, Person, Program
from backend.record.models.states import ActorKind, Channel, MembershipState, Role, Scope
from backend.record.services.keys import key_of

MEMBER = "X-Discord-Member"
MEMBER_ROLES = "X-Discord-Roles"
SNOWFLAKE = re.compile(r"[1-9]\d{16,19}", re.ASCII)
_LEVELS = (ActorKind.OWNER, ActorKind.COORDINATOR, ActorKind.VIEWER)
_OF_SCOPE = {Scope.READ: ActorKind.VIEWER, Scope.WRITE: ActorKind.COORDINATOR}


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`; the bot adds `X-Discord-Member` (an id) and that member's `X-Discord-Roles`."""

    def authenticate(self, request: Request) -> tuple[Caller, ApiKey] | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if not kind:
            return None
        if kind.casefold() != "bearer" or not token.strip():
            raise AuthenticationFailed("Send the key as: Authorization: Bearer KEY.")
        key = key_of(token.strip(), now())
        if key is None:
            raise AuthenticationFailed("This key is not known or was revoked; ask staff for a new one.")
        return _caller(key, request), key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's signature
        return 'Bearer realm="matching"'


def _caller(key: ApiKey, request: Request) -> Caller:
    program = key.program or own_program()
    member = request.headers.get(MEMBER, "").strip()
    if key.scope == Scope.BOT:
        return _for_member(key, program, member, request.headers.get(MEMBER_ROLES, ""))
    if member:
        raise Problem(403, "not-allowed", f"Only a bot's key may act for somebody: leave {MEMBER} out.")
    if key.scope == Scope.SELF and key.person is not None:
        return _participant(key, program, key.person, Channel.API)
    return Caller(key, program, Actor(_OF_SCOPE[Scope(key.scope)], Channel.API, key.public_id))


def _participant(key: ApiKey, program: Program, person: Person, channel: Channel, discord_id: str = "") -> Caller:
    if person.erased_at is not None:
        raise AuthenticationFailed("This person was erased.")
    return Caller(key, program, Actor.participant(person, channel), person, _roles(program, person), discord_id)


def _for_member(key: ApiKey, program: Program, member: str, discord_roles: str) -> Caller:
    """Staff by their Discord roles or by the record; then themselves; else somebody unknown.

    Only a confirmed Discord id counts: anybody may have typed it into a form.
    """
    if not SNOWFLAKE.fullmatch(member):
        raise Problem(403, "no-member", f"The bot says for whom it calls: {MEMBER} with the member's Discord id.")
    person = Person.objects.filter(
        discord_id=member, discord_verified_at__isnull=False, merged_into=None, erased_at=None
    ).first()
    roles = _roles(program, person) if person else frozenset()
    level = _level(program, person, frozenset(re.findall(r"\d+", discord_roles)))
    if level is not None:
        name = person.public_id if person else f"discord:{member}"
        return Caller(key, program, Actor(level, Channel.BOT, name), person, roles, member)
    if person is not None and roles:
        return _participant(key, program, person, Channel.BOT, member)
    return Caller(key, program, Actor(ActorKind.BOT, Channel.BOT, f"discord:{member}"), None, roles, member)


def _level(program: Program, person: Person | None, discord_roles: frozenset[str]) -> ActorKind | None:
    """The highest of what the guild's roles and a staff membership give."""
    given = matching().discord
    by_role = {
        ActorKind.OWNER: given.owner_roles,
        ActorKind.COORDINATOR: given.coordinator_roles,
        ActorKind.VIEWER: given.viewer_roles,
    }
    found = {level for level, ids in by_role.items() if discord_roles & set(ids)}
    if person is not None:
        staff = Membership.objects.filter(
            program=program, person=person, role=Role.STAFF, state=MembershipState.ACTIVE
        ).first()
        if staff is not None:
            level = staff.details.get("level", "")
            found.add(ActorKind(level) if level in _LEVELS else ActorKind.VIEWER)
    return next((level for level in _LEVELS if level in found), None)


def _roles(program: Program, person: Person) -> frozenset[Role]:
    rows = Membership.objects.filter(program=program, person=person).exclude(state=MembershipState.LEFT)
    return frozenset(Role(row.role) for row in rows if row.role != Role.STAFF)
