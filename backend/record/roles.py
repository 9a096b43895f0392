"""What staff may do: three groups, whose rights are set anew after each migration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend.record.access import LEVELS

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission
    from django.db.models import QuerySet

COORDINATE = "record.coordinate"
"""Change the record: sessions, requests, pairs, answers, plans, the outbox; take lists out of it."""
OWN = "record.own"
"""Also erase people, make keys, and see addresses."""
_KEYS = ("view_apikey", "view_feedtoken", "view_storedanswer")


def set_roles(**_signal: Any) -> None:
    """Viewers see everything but keys; coordinators also change things; owners everything. No account is made."""
    from django.contrib.auth.models import Group

    for level in LEVELS:
        group, _ = Group.objects.get_or_create(name=level)
        group.permissions.set(_rights(level))


def _rights(level: str) -> QuerySet[Permission]:
    from django.contrib.auth.models import Permission
    from django.db.models import Q

    viewer, coordinator, _owner = LEVELS
    seen = Q(codename__startswith="view_")
    if level == viewer:
        wanted = seen & ~Q(codename__in=_KEYS)
    elif level == coordinator:
        wanted = seen | Q(codename="coordinate")
    else:
        wanted = seen | Q(codename__in=("coordinate", "own"))
    return Permission.objects.filter(wanted, content_type__app_label="record")
