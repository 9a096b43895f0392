"""The simulation: days and nights in turn."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.soak.calendar_days import follow_calendar, reminders_due
from benchmarks.soak.clicks import click
from benchmarks.soak.crowd import Crowd, evenings
from benchmarks.soak.days import day, plant_faults
from benchmarks.soak.rules import broken
from benchmarks.soak.world import World

SPRING, AUTUMN = datetime(2026, 2, 22, 3, tzinfo=UTC), datetime(2026, 10, 18, 2, tzinfo=UTC)
"""Saturdays, 22:00 in New York, two weeks before its clocks change; Europe's follow or precede by weeks."""
_PASSES = 6


def simulate(
    folder: Path, nights: int, chance: random.Random, people: tuple[int, int], say: Callable[[str], None]
) -> dict[str, Any]:
    """Half of the nights around the change in spring, half around that in autumn, on one record."""
    half = nights // 2
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    with World(folder, SPRING) as world:
        crowd = Crowd(chance)
        for first, count in ((SPRING, nights - half), (AUTUMN, half)):
            crowd.students_join(people[0], first - timedelta(days=1))
            crowd.professionals_join(people[1], first - timedelta(days=1))
            for evening in evenings(first, count):
                found = _one(world, crowd, chance, evening, seen)
                wrong += [f"{evening.date()}: {one}" for one in found]
                say(f"{evening.isoformat()}: {seen['sessions']} sessions so far, {len(wrong)} rules broken")
    return {"nights": nights, "seen": dict(sorted(seen.items())), "broken": wrong}


def _one(world: World, crowd: Crowd, chance: random.Random, evening: datetime, seen: Counter[str]) -> list[str]:
    for moment in reminders_due(world, evening - timedelta(hours=5)):
        world.now = moment
        seen["reminders sent"] += sum(world.remind().sent.values())
    world.now = evening - timedelta(hours=4)
    world.discord.forget_nonces()
    day(world, crowd, chance, seen)
    click(world, chance, seen)
    follow_calendar(world, chance, seen)
    plant_faults(world, chance, seen)
    world.now = evening
    night = world.night(crowd.sheets())
    assert night is not None
    seen["held by a guard, approved by staff"] = world.held
    seen["sessions"] += len(night.plan.sessions)
    seen["unmatched"] += len(night.unmatched)
    for _ in range(_PASSES):
        delivery = world.deliver()
        seen["sent"] += delivery.sent
        seen["given up"] += delivery.dead
        if not delivery.waiting:
            break
        seen["further passes"] += 1
        world.now += timedelta(hours=1)
    found = broken(world, night)
    if seen["calendar: taken back twice"]:
        found.append("a second sync took back again what the first had")
    if world.night(crowd.sheets()) is not None:
        found.append("a finished night was planned again")
    return found
