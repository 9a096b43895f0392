"""What people do in their calendars between two nights, how it comes back, and whose reminder is due."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

from benchmarks.soak.world import World
from publish.google_event import instant

_MOST = 10
"""Reminder passes in one simulated day; the real thing runs every five minutes."""


def follow_calendar(world: World, chance: random.Random, seen: Counter[str]) -> None:
    """Guests decline, events are deleted and dragged; `sync` twice, because a repeat must change nothing."""
    _touch_events(world, chance, seen)
    world.now += timedelta(minutes=10)
    seen.update({f"calendar: {what}": count for what, count in world.sync().counts.items()})
    again = world.sync()
    seen["calendar: taken back twice"] += sum(again.counts.values())
    _decide(world, chance, seen)


def reminders_due(world: World, until: datetime) -> list[datetime]:
    """Moments until then at which somebody is to be reminded, and the passes just after: each must send once."""
    from backend.record.models import ScheduledSession

    moments = set()
    for session in ScheduledSession.objects.filter(state="scheduled", starts_at__gt=world.now):
        for minutes in world.settings.reminders.minutes:
            due = session.starts_at - timedelta(minutes=minutes)
            if world.now < due < until:
                moments |= {due + timedelta(minutes=1), due + timedelta(minutes=6)}
    return sorted(moments)[:_MOST]


def _touch_events(world: World, chance: random.Random, seen: Counter[str]) -> None:
    for name, event in list(world.google.live().items()):
        start = datetime.fromisoformat(event["start"]["dateTime"])
        end = datetime.fromisoformat(event["end"]["dateTime"])
        luck = chance.random()
        if start <= world.now or luck > 0.06:
            continue
        if luck < 0.02:
            world.google.decline(name)
            seen["events declined"] += 1
        elif luck < 0.035:
            world.google.remove(name)
            seen["events deleted"] += 1
        else:
            by = timedelta(hours=chance.choice((-1, 1, 24)))
            world.google.move(name, instant(start + by), instant(end + by))
            seen["events moved"] += 1


def _decide(world: World, chance: random.Random, seen: Counter[str]) -> None:
    """Owners settle what was flagged, one way or the other; what they leave stays a flag."""
    from backend.record.actor import CONSOLE
    from backend.record.refusal import Refused
    from backend.record.services.calendar_flags import open_flags, restore, take
    from backend.record.services.programs import own_program

    for flag in open_flags(own_program(world.settings)).exclude(session=None):
        act, name = chance.choice(((take, "taken"), (restore, "restored")))
        try:
            act(flag, CONSOLE, world.now)
            seen[f"flags {name}"] += 1
        except Refused:
            seen["flags left"] += 1
