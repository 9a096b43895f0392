"""Asking people's own calendars when they are busy, before a night is thought through and again before it is booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from backend.nightly.calendars import Calendars
from backend.nightly.exits import Exit, Stop
from backend.nightly.night import Night, assembled
from backend.nightly.record import RecordState, Sheets
from backend.settings import Settings
from optimizer.domain import Interval
from publish.ports import FreeBusy

TRIES = 3


def ask(settings: Settings, sheets: Sheets, state: RecordState, as_of: datetime, source: FreeBusy) -> Calendars:
    """The calendars of tonight's people over tonight's horizon, by the address on their form. Raises `Stop`."""
    assembly, wanted = assembled(settings, sheets, state, as_of), settings.free_busy
    addresses = {one.id: one.email.lower() for one in assembly.professionals if wanted.professionals and one.email}
    addresses |= {one.id: one.email.lower() for one in assembly.students if wanted.students and one.email}
    grid = assembly.problem.grid
    if not addresses or not grid.cells:
        return Calendars()
    last = Interval(grid.starts[-1], grid.starts[-1] + timedelta(minutes=grid.cell_minutes))
    found = source.busy(list(addresses.values()), Interval(grid.starts[0], last.end))
    return Calendars(
        {person: found.busy[address] for person, address in addresses.items() if address in found.busy},
        {person: found.unseen[address] for person, address in addresses.items() if address in found.unseen},
    )


def free_of_clashes(
    think: Callable[[Calendars], Night], look: Callable[[], Calendars], say: Callable[[str], None]
) -> Night:
    """A night none of whose sessions lies in a time that filled while it was thought through.

    Thought through again if one does, with what the calendars say now. Raises `Stop(TRY_LATER)` when they do not rest.
    """
    calendars = look()
    for _ in range(TRIES):
        night = think(calendars)
        calendars = look()
        clashes = calendars.against(night.plan.sessions)
        if not clashes:
            return night
        say(f"{len(clashes)} planned sessions lie in times that people's calendars filled meanwhile: planning again")
    raise Stop(Exit.TRY_LATER, "people's calendars change faster than a night is planned; nothing was booked")
