"""What people do by the links in their messages, and mail scanners that open every one of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from benchmarks.soak.world import World
from publish.booking import Recipient
from publish.links import LABELS, LinkAct

_SEAL = re.compile(r'name="seal" value="([^"]+)"')
_PRESSED = ((0.02, LinkAct.DECLINE), (0.03, LinkAct.CANCEL), (0.05, LinkAct.MOVE), (0.15, LinkAct.CONFIRM))


def click(world: World, chance: random.Random, seen: Counter[str]) -> None:
    """Every link of every session to come is opened; some buttons are pressed, a few of them twice."""
    from backend.record.models import ScheduledSession
    from backend.record.services.links import session_links

    base = world.settings.web.public_url
    soon = world.now + timedelta(hours=1)
    for row in ScheduledSession.objects.filter(state="scheduled", starts_at__gt=soon).select_related("program"):
        recipient = chance.choice(tuple(Recipient))
        paths = {
            label: urlsplit(address).path
            for label, address in session_links(row.program, row.key, base)[recipient].items()
        }
        if chance.random() < 0.2:
            seen["links opened by scanners"] += sum(_call("get", path).status_code == 200 for path in paths.values())
        luck = chance.random()
        act = next((act for limit, act in _PRESSED if luck < limit), None)
        if act is not None:
            _press(paths[LABELS[act]], chance, seen, act)


def _press(path: str, chance: random.Random, seen: Counter[str], act: LinkAct) -> None:
    page = _call("get", path).content.decode()
    seal = _SEAL.search(page)
    if seal is None:
        return
    choices = re.findall(r'name="start" value="([^"]+)"', page)
    given = {"seal": seal[1], **({"start": chance.choice(choices)} if choices else {})}
    for _ in range(chance.choice((1, 1, 2))):
        told = _call("post", path, given)
        seen[f"clicks: {act}, answered {told.status_code}"] += 1


def _call(method: str, path: str, data: dict[str, str] | None = None) -> Any:
    from django.core.cache import cache
    from django.test import Client

    cache.clear()  # the limits on requests a minute are about real minutes
    return getattr(Client(SERVER_NAME="localhost", enforce_csrf_checks=True), method)(path, data or {})
