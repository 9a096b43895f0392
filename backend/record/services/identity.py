"""Whose an answer is. Keys are claimed until they are verified; two keys that name two people are never merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.record.models import Person


@dataclass(frozen=True)
class Claim:
    """The keys that an answer brings. `discord_proven`, `email_proven`: the way it came proves them.

    `owner`: somebody who answered through a door of their own.
    """

    email: str
    name: str
    discord_id: str = ""
    discord_proven: bool = False
    email_proven: bool = False
    owner: Person | None = None


@dataclass(frozen=True)
class Identity:
    """`held` says why staff must look, in words without anybody's keys; "" when it is clear. `person`: of the keys."""

    person: Person
    held: str = ""


TWO_PEOPLE = "the address and the Discord id belong to two people: ask who it is, then merge them or correct one"
NOT_CONFIRMED = "nobody has confirmed that this came from the person whose address it names"
OTHER_DISCORD = "it names another Discord id than the one that this person has confirmed"


def identify(claim: Claim, now: datetime) -> Identity:
    """The person behind the keys, made if there is none. Proven keys are noted as verified. Call in a transaction."""
    if claim.owner is not None:
        return Identity(_held(claim.owner))
    by_discord = _by(discord_id=claim.discord_id) if claim.discord_id else None
    by_email = _by(email=claim.email)
    if by_discord is not None and not claim.discord_proven:
        if by_email is None:
            return Identity(_new(claim, now, with_discord=False), TWO_PEOPLE)
    elif by_discord is not None and by_discord.discord_verified_at is None and by_discord != by_email:
        _take_away(by_discord)  # somebody had only typed what is now proven to be another's
        by_discord = None
    if by_discord is not None and by_email is not None and by_discord.pk != by_email.pk:
        return Identity(by_discord if claim.discord_proven else by_email, TWO_PEOPLE)
    person = by_discord or by_email
    if person is None:
        return Identity(_new(claim, now))
    return _known(person, claim, now, same_address=by_email is not None)


def _known(person: Person, claim: Claim, now: datetime, *, same_address: bool) -> Identity:
    """The answer names somebody who is there already; an address they had before a merge is theirs too."""
    by_discord = claim.discord_proven and person.discord_id == claim.discord_id
    theirs = by_discord or (claim.email_proven and same_address)
    if person.verified and not theirs:
        return Identity(person, NOT_CONFIRMED)
    if not same_address and not theirs:
        return Identity(person, TWO_PEOPLE)
    kept = person.discord_verified_at is not None or claim.discord_proven
    if claim.discord_id and kept and person.discord_id not in (None, claim.discord_id):
        return Identity(person, OTHER_DISCORD)
    person.discord_id = claim.discord_id or person.discord_id
    if claim.discord_proven:
        person.discord_verified_at = person.discord_verified_at or now
    if not same_address:
        person.email, person.email_verified_at = claim.email, None
    if claim.email_proven and person.email == claim.email:
        person.email_verified_at = person.email_verified_at or now
    person.name = claim.name or person.name
    person.save()
    return Identity(person)


def _new(claim: Claim, now: datetime, *, with_discord: bool = True) -> Person:
    """A profile; two that arrive at once make one."""
    keys = {
        "name": claim.name,
        "discord_id": (claim.discord_id or None) if with_discord else None,
        "discord_verified_at": now if claim.discord_proven else None,
        "email_verified_at": now if claim.email_proven else None,
    }
    return Person.objects.get_or_create(email=claim.email, defaults=keys)[0]


def _take_away(person: Person) -> None:
    person.discord_id = None
    person.save()


def _by(**key: str) -> Person | None:
    """Who has this key, or had it before being merged; held for this transaction."""
    found = Person.objects.filter(erased_at=None, **key).first()
    return None if found is None else _held(found)


def _held(person: Person) -> Person:
    row = Person.objects.select_for_update().get(pk=person.pk)
    while row.merged_into_id is not None:
        row = Person.objects.select_for_update().get(pk=row.merged_into_id)
    return row
