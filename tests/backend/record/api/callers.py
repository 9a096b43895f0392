"""Who calls in the tests, and how."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from backend.record.actor import CONSOLE
from backend.record.models import Person, Program, ReviewRequest, ScheduledSession
from backend.record.models.states import Role, Scope
from backend.record.services.keys import create_key
from backend.settings import Settings, from_mapping
from tests.backend.record.rows import member, person, program, request_of, session_of

FORM_SECRET = "form-secret-" * 4
COORDINATORS, OWNERS, VIEWERS = "111111111111111111", "222222222222222222", "333333333333333333"
STRANGER = "999999999999999999"
MATCHING: Settings = from_mapping(
    {
        "program": {"key": "demo", "name": "Demo", "zone": "America/New_York"},
        "discord": {"viewer_roles": [VIEWERS], "coordinator_roles": [COORDINATORS], "owner_roles": [OWNERS]},
    }
)
HOUR = timedelta(hours=1)


def soon(hours: int = 48) -> datetime:
    """A full hour ahead of the present, which the server reads itself."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)


@dataclass
class Caller:
    """Sends requests with one set of headers."""

    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        content = None if body is None else body if isinstance(body, str | bytes) else json.dumps(body)
        client = Client(SERVER_NAME="localhost")
        return client.generic(method, path, content or b"", "application/json", headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """With the tag of what it reads first, unless one is given."""
        return self.call("PATCH", path, body, **({"If_Match": self.get(path)["ETag"]} | headers))

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **({"If_Match": self.get(path)["ETag"]} | headers))


@dataclass
class World:
    """Ana meets Pat tomorrow; Ben waits; Quinn hosts nobody. `as_` names the callers."""

    program: Program
    ana: Person
    ben: Person
    pat: Person
    quinn: Person
    session: ScheduledSession
    past: ScheduledSession
    waiting: ReviewRequest
    as_: dict[str, Caller]


def key(scope: Scope, where: Program, who: Person | None = None) -> str:
    return create_key(scope, CONSOLE, datetime.now(UTC), program=where, person=who)[1]


def bearer(token: str, discord: str = "", roles: str = "") -> Caller:
    headers = {"Authorization": f"Bearer {token}"}
    if discord:
        headers["X-Discord-Member"] = discord
    if roles:
        headers["X-Discord-Roles"] = roles
    return Caller(headers)


def populate() -> World:
    where, now = program(zone="America/New_York"), datetime.now(UTC)
    people = {}
    for number, (name, role) in enumerate(
        (("Ana", Role.STUDENT), ("Ben", Role.STUDENT), ("Pat", Role.PROFESSIONAL), ("Quinn", Role.PROFESSIONAL))
    ):
        people[name] = person(name, discord_id=f"1000000000000000{number:02}", discord_verified_at=now)
        joined = member(people[name], role.value, where)
        if name == "Pat":
            joined.capacity_per_week = 5
            joined.save()
    ana, ben, pat, quinn = people.values()
    session = session_of(ana, pat, soon(), program=where, request=request_of(ana, where, state="scheduled"))
    past = session_of(ben, pat, soon(-3), program=where)
    waiting = request_of(ben, where)
    bot = key(Scope.BOT, where)
    callers = {
        "anonymous": Caller(),
        "read": bearer(key(Scope.READ, where)),
        "write": bearer(key(Scope.WRITE, where)),
        "ana": bearer(key(Scope.SELF, where, ana)),
        "ben": bearer(key(Scope.SELF, where, ben)),
        "pat": bearer(key(Scope.SELF, where, pat)),
        "bot": bearer(bot),
        "bot-stranger": bearer(bot, STRANGER),
        "bot-ana": bearer(bot, str(ana.discord_id)),
        "bot-ben": bearer(bot, str(ben.discord_id)),
        "bot-pat": bearer(bot, str(pat.discord_id)),
        "bot-viewer": bearer(bot, STRANGER, VIEWERS),
        "bot-coordinator": bearer(bot, STRANGER, COORDINATORS),
        "bot-owner": bearer(bot, STRANGER, f"{VIEWERS}, {OWNERS}"),
    }
    return World(where, ana, ben, pat, quinn, session, past, waiting, callers)
