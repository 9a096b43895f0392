"""Keys of the API and tokens of calendar feeds: shown once, kept as hashes, taken back at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from backend.record.actor import CONSOLE, Actor
from backend.record.models import ApiKey, FeedToken, Person, Program
from backend.record.models.ids import public_id
from backend.record.models.states import ActorKind, Scope
from backend.record.refusal import Reason, Refused, one_step
from backend.record.services.audit import note
from backend.record.transitions import STAFF

SEEDED = "BOT_SHARED_SECRET"
"""The label of the key that the environment brings."""
SHORTEST_SECRET = 32
_RANDOM_BYTES = 32
_USE_NOTED_EVERY = timedelta(days=1)


def create_key(
    scope: Scope, actor: Actor, now: datetime, *, program: Program, person: Person | None = None, label: str = ""
) -> tuple[ApiKey, str]:
    """A new key and its token, which nobody can see again. It begins with `prefix_of` the key.

    A person may make `self` keys for themselves only.
    """
    own = person is not None and actor.kind is ActorKind.PARTICIPANT and actor.id == person.public_id
    if actor.kind not in STAFF and not (own and scope is Scope.SELF):
        raise Refused(Reason.NOT_ALLOWED, "only staff make such keys")
    if (scope is Scope.SELF) != (person is not None):
        raise Refused(Reason.INVALID, "a self key belongs to one person, no other key does")
    name = public_id()
    token = f"mk_{name}_{secrets.token_urlsafe(_RANDOM_BYTES)}"
    with one_step():
        key = ApiKey.objects.create(
            public_id=name,
            label=label,
            digest=digest(token),
            scope=scope,
            program=program,
            person=person,
            created_at=now,
        )
        note(actor, "create_key", key, now, program=program, after={"scope": scope.value})
    return key, token


def prefix_of(key: ApiKey) -> str:
    """How a token of this key begins; "" for the one that the environment brought."""
    return "" if key.label == SEEDED else f"mk_{key.public_id}_"


def revoke_key(key: ApiKey, actor: Actor, now: datetime) -> None:
    """From now on the token opens nothing."""
    own = key.person is not None and actor.kind is ActorKind.PARTICIPANT and actor.id == key.person.public_id
    if actor.kind not in STAFF and not own:
        raise Refused(Reason.NOT_ALLOWED, "only staff revoke this key")
    with one_step():
        if not ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now):
            raise Refused(Reason.NOT_NOW, "this key is revoked already")
        note(actor, "revoke_key", key, now, program=key.program)


def seed_bot_key(secret: str, program: Program, now: datetime) -> ApiKey:
    """The bot's key from the environment. Another secret replaces, and revokes, the one before.

    Raises `Refused` for a secret that could be guessed.
    """
    if len(secret) < SHORTEST_SECRET:
        raise Refused(Reason.INVALID, f"{SEEDED} is shorter than {SHORTEST_SECRET} characters")
    with one_step():
        seeded = ApiKey.objects.select_for_update().filter(program=program, label=SEEDED, revoked_at__isnull=True)
        for old in seeded.exclude(digest=digest(secret)):
            revoke_key(old, CONSOLE, now)
        known = ApiKey.objects.filter(digest=digest(secret)).first()
        if known is None:
            known = ApiKey.objects.create(
                label=SEEDED, digest=digest(secret), scope=Scope.BOT, program=program, created_at=now
            )
            note(CONSOLE, "create_key", known, now, program=program, after={"scope": Scope.BOT.value})
        elif known.revoked_at is not None:
            raise Refused(Reason.NOT_NOW, f"{SEEDED} was revoked; set another one")
    return known


def key_of(token: str, now: datetime) -> ApiKey | None:
    """The open key of a token. Its use is noted once a day, so that reading does not write all the time."""
    key = ApiKey.objects.select_related("program", "person").filter(digest=digest(token), revoked_at=None).first()
    if key is not None and (key.last_used_at is None or now - key.last_used_at > _USE_NOTED_EVERY):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def open_feed(person: Person, actor: Actor, now: datetime) -> str:
    """A new token for the person's calendar feed; the one before opens nothing any more."""
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    with one_step():
        FeedToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now)
        row = FeedToken.objects.create(person=person, digest=digest(token), created_at=now)
        note(actor, "open_feed", row, now, after={"person": person.public_id})
    return token


def close_feed(person: Person, actor: Actor, now: datetime) -> None:
    """Raises `Refused` when there is no open feed."""
    with one_step():
        row = FeedToken.objects.filter(person=person, revoked_at__isnull=True).first()
        if row is None:
            raise Refused(Reason.UNKNOWN, "there is no open feed")
        row.revoked_at = now
        row.save()
        note(actor, "close_feed", row, now, after={"person": person.public_id})


def feed_owner(token: str) -> Person | None:
    """Whose feed a token opens."""
    row = FeedToken.objects.select_related("person").filter(digest=digest(token), revoked_at__isnull=True).first()
    return row.person if row and row.person.erased_at is None else None


def find_key(program: Program, text: str) -> ApiKey:
    """The key of the program named by its prefix, its id or its label. Raises `Refused`."""
    name = text.removeprefix("mk_").rstrip("_")
    found = list(ApiKey.objects.filter(Q(public_id=name) | Q(label=text, label__gt=""), program=program)[:2])
    if len(found) != 1:
        raise Refused(Reason.UNKNOWN, "no such key" if not found else "several keys have this name; say its prefix")
    return found[0]


def digest(token: str) -> str:
    """What is kept of a token. It holds 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
