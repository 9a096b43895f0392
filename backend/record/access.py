"""Keys and staff accounts, for whoever has a shell on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backend.nightly.exits import Exit, Stop
from backend.record.refusal import Refused
from backend.record.setup import ready
from backend.settings import Settings

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import Person

LEVELS = ("viewer", "coordinator", "owner")


@dataclass(frozen=True)
class KeyRow:
    """A key as it is listed; times in ISO 8601, "" for never."""

    prefix: str
    scope: str
    name: str
    person: str
    created: str
    last_used: str
    revoked: str


def make_key(settings: Settings, scope: str, name: str, person: str, now: datetime) -> tuple[str, str]:
    """The token of a new key, and how it begins. Raises `Stop`."""
    with _record(settings):
        from backend.record.actor import CONSOLE
        from backend.record.api.site import own_program
        from backend.record.models import ApiKey
        from backend.record.models.states import Scope
        from backend.record.services.keys import create_key, prefix_of

        program = own_program()
        if ApiKey.objects.filter(program=program, label=name, revoked_at__isnull=True).exists():
            raise Stop(Exit.USAGE, f"there is an open key named {name!r} already; revoke it or choose another name")
        owner = _person(person) if person else None
        key, token = create_key(Scope(scope), CONSOLE, now, program=program, person=owner, label=name)
        return token, prefix_of(key)


def list_keys(settings: Settings) -> list[KeyRow]:
    """All keys of the program, the oldest first. Raises `Stop`."""
    with _record(settings):
        from backend.record.api.site import own_program
        from backend.record.models import ApiKey
        from backend.record.services.keys import prefix_of

        rows = ApiKey.objects.filter(program=own_program()).select_related("person")
        return [
            KeyRow(
                prefix_of(one),
                one.scope,
                one.label,
                one.person.public_id if one.person else "",
                one.created_at.isoformat(),
                one.last_used_at.isoformat() if one.last_used_at else "",
                one.revoked_at.isoformat() if one.revoked_at else "",
            )
            for one in rows
        ]


def remove_key(settings: Settings, text: str, now: datetime) -> str:
    """Revoke a key and return its prefix. Raises `Stop`."""
    with _record(settings):
        from backend.record.actor import CONSOLE
        from backend.record.api.site import own_program
        from backend.record.services.keys import find_key, prefix_of, revoke_key

        key = find_key(own_program(), text)
        revoke_key(key, CONSOLE, now)
        return prefix_of(key)


def add_staff(settings: Settings, name: str, level: str, password: str, now: datetime) -> None:
    """An account of the admin in the group of its level. Raises `Stop` for a weak password or an odd name."""
    with _record(settings):
        from django.contrib.auth.models import Group, User
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.db import transaction

        from backend.record.actor import CONSOLE
        from backend.record.services.audit import note

        user = User.objects.filter(username=name).first() or User(username=name)
        user.is_staff, user.is_active, user.is_superuser = True, True, False
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean(exclude=["password"], validate_unique=False)
        except ValidationError as error:
            raise Stop(Exit.USAGE, " ".join(error.messages)) from None
        with transaction.atomic():
            user.save()
            user.groups.set([Group.objects.get_or_create(name=level)[0]])
            note(CONSOLE, "add_staff", user, now, after={"role": level})


def remove_staff(settings: Settings, name: str, now: datetime) -> None:
    """Raises `Stop` for a name that is nobody's."""
    with _record(settings):
        from django.contrib.auth.models import User
        from django.db import transaction

        from backend.record.actor import CONSOLE
        from backend.record.services.audit import note

        with transaction.atomic():
            user = User.objects.filter(username=name, is_active=True).first()
            if user is None:
                raise Stop(Exit.USAGE, f"no open account is called {name!r}")
            user.is_active = user.is_staff = False
            user.save()
            user.groups.clear()
            note(CONSOLE, "remove_staff", user, now)


@contextmanager
def _record(settings: Settings) -> Iterator[None]:
    """The record, ready to use; its refusals as `Stop`."""
    ready(Path(settings.state_dir), matching=settings)
    try:
        yield
    except Refused as error:
        raise Stop(Exit.USAGE, error.message) from None


def _person(text: str) -> Person:
    from backend.record.models import Person

    found = Person.objects.filter(erased_at=None, merged_into=None)
    person = found.filter(public_id=text).first() or found.filter(email=text.casefold()).first()
    if person is None:
        raise Stop(Exit.USAGE, "--person is nobody of the record; give an id or an e-mail address")
    return person
