"""What happens between two nights: people change their minds, sessions are held or not, services will fail."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.soak.crowd import Crowd
from benchmarks.soak.world import World
from tests.standins.discord_rates import rate_limit
from tests.standins.google_calendar import google_error
from tests.standins.loopback import Fault

if TYPE_CHECKING:  # models may be imported only once Django is set up
    from backend.record.models import ScheduledSession


def day(world: World, crowd: Crowd, chance: random.Random, seen: Counter[str]) -> None:
    """One day, between 10 and 2 hours before the night. `seen` counts what happened."""
    crowd.students_join(chance.choice((0, 1, 1, 2, 3)), world.now)
    crowd.professionals_join(chance.choice((0, 0, 0, 1)), world.now)
    seen["answers edited"] += crowd.edit(0.02, world.now)
    _close(world, chance, seen)
    _change(world, chance, seen)
    _pause(world, chance, seen)


def _close(world: World, chance: random.Random, seen: Counter[str]) -> None:
    """Of the sessions that are over some are confirmed, few were none, some nobody speaks of."""
    from backend.record.actor import CONSOLE
    from backend.record.models import ScheduledSession
    from backend.record.models.states import Channel, Role, Verdict
    from backend.record.services.closing import confirm, no_show, rate

    for session in ScheduledSession.objects.filter(state="scheduled", ends_at__lte=world.now):
        luck = chance.random()
        if luck < 0.4:
            confirm(session, session.student, Verdict.HELD, Channel.LINK, world.now)
            rate(session, session.student, chance.randint(3, 5), Channel.LINK, world.now)
            seen["confirmed"] += 1
        elif luck < 0.45:
            no_show(session, chance.choice((Role.STUDENT, Role.PROFESSIONAL)), CONSOLE, world.now)
            seen["no-shows"] += 1


def _change(world: World, chance: random.Random, seen: Counter[str]) -> None:
    """Staff, students and professionals cancel; staff move."""
    from backend.record.actor import CONSOLE, Actor
    from backend.record.models.states import Cause, Channel
    from backend.record.refusal import Refused
    from backend.record.services.sessions import Slot, cancel_session, reschedule_session

    for session in _to_come(world.now):
        luck = chance.random()
        if luck < 0.02:
            cancel_session(session, Cause.STAFF, CONSOLE, world.now)
            seen["cancelled by staff"] += 1
        elif luck < 0.05:
            actor = Actor.participant(session.student, Channel.BOT)
            cancel_session(session, Cause.STUDENT, actor, world.now)
            seen["cancelled by the student"] += 1
        elif luck < 0.07:
            actor = Actor.participant(session.professional, Channel.API)
            cancel_session(session, Cause.PROFESSIONAL, actor, world.now)
            seen["cancelled by the professional"] += 1
        elif luck < 0.10:
            later = Slot(session.starts_at + timedelta(hours=chance.choice((-1, 1, 24))), session.minutes)
            try:
                reschedule_session(session, later, CONSOLE, world.now)
                seen["moved by staff"] += 1
            except Refused:
                seen["moves refused"] += 1


def _pause(world: World, chance: random.Random, seen: Counter[str]) -> None:
    from backend.record.actor import CONSOLE
    from backend.record.models import Membership
    from backend.record.services.requests import pause

    for member in Membership.objects.filter(state="active"):
        if chance.random() < 0.01:
            pause(member, world.now + timedelta(days=chance.randint(2, 9)), CONSOLE, world.now)
            seen["pauses"] += 1


def _to_come(now: datetime) -> list[ScheduledSession]:
    from backend.record.models import ScheduledSession

    rows = ScheduledSession.objects.filter(state="scheduled", starts_at__gt=now + timedelta(hours=30))
    return list(rows.select_related("student", "professional"))


def plant_faults(world: World, chance: random.Random, seen: Counter[str]) -> None:
    """Tonight's bad luck: each of these hits one or two requests."""
    google = (
        Fault("POST", "/events", google_error(403, "rateLimitExceeded")),
        Fault("POST", "/events", google_error(503, "backendError")),
        Fault("POST", "/events", None, after_commit=True),
        Fault("GET", "/events", google_error(500, "backendError")),
        Fault("PATCH", "/events", None, after_commit=True),
        Fault("DELETE", "/events", None, after_commit=True),
        Fault("POST", "/token", google_error(500, "backendError")),
    )
    for fault in chance.sample(google, chance.choice((0, 0, 1, 2, 3))):
        world.google.faults.append(fault)
        seen["Google faults"] += 1
    if chance.random() < 0.1:
        world.discord.faults.append(Fault("POST", "/messages", rate_limit(0.05)))
        seen["Discord faults"] += 1
    if chance.random() < 0.1:
        world.discord.closed = {str(10**17 + chance.randrange(30))}
        seen["closed doors"] += 1
    if chance.random() < 0.2:
        world.mail.answers = {"RCPT": ["450 busy"]}
        seen["mail faults"] += 1
