"""What the staff's channel hears of a night, and what everybody may: counts, no names.

Staff find the people behind the counts in the report and the admin: a message in a chat outlives an erasure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from publish.booking import Program
from publish.message import Message, counted, discord_text, parted
from publish.text import web_link


@dataclass(frozen=True)
class StaffNight:
    """The figures of one night. `stages`: how many students each stage left without a session, by its words.

    `given_up`: outbox items that somebody has to look at; `held`: those that wait for staff to release their night.
    `cancelled`: sessions of the night that were called off since. `report`: the report's address, or "". `stand_ins`: a
    sentence for each sheet that could not be read. `to_decide`: where the calendar says something else than the record.
    """

    program: Program
    key: str
    sessions: int
    students: int
    professionals: int
    unmatched: int
    booked_earlier: int = 0
    stages: Mapping[str, int] | None = None
    to_confirm: int = 0
    given_up: int = 0
    held: int = 0
    report: str = ""
    stand_ins: tuple[str, ...] = ()
    to_decide: int = 0
    cancelled: int = 0


@dataclass(frozen=True)
class StaffFlag:
    """Something in the calendar about which staff decide. `what`: in words, without names; `urgent`: it begins soon.

    `reference` is the session's own mark.
    """

    key: str
    what: str
    reference: str
    start: datetime
    urgent: bool
    open: bool


def flag_messages(program: Program, flags: Iterable[StaffFlag], channel: str) -> tuple[Message, ...]:
    """One message for each urgent flag, so that it is heard at once; edited when it is settled."""
    told: list[Message] = []
    for flag in flags:
        if flag.urgent:
            title = "**A session that begins soon needs you.**" if flag.open else "Settled:"
            todo = " Nothing was changed: an owner decides, in the admin under Calendar flags." if flag.open else ""
            what = flag.what[:1].upper() + flag.what[1:] if flag.open else flag.what
            line = f"{title} {what}: {flag.reference}, <t:{int(flag.start.timestamp())}:F>.{todo}"
            told += parted("flag", program.key, flag.key, channel, [line])
    return tuple(told)


FREE = "free"


@dataclass(frozen=True)
class FreePlace:
    """A cancelled session's time that others could take. `name` says which, of nobody; `link`: where staff decide.

    `open`: whether it still can be given away.
    """

    name: str
    start: datetime
    takers: int
    link: str = ""
    open: bool = True


def place_messages(program: Program, place: FreePlace, channel: str) -> tuple[Message, ...]:
    """A place is free again: how many could take it, and that nothing happens before staff say so."""
    moment, link = int(place.start.timestamp()), web_link(place.link)
    if not place.open:
        over = f"**Settled:** the place of <t:{moment}:F> is no longer to be given away: it is taken, or too near, or"
        return parted(FREE, program.key, place.name, channel, [f"{over} nobody who waits could take it."])
    waits = "waits" if place.takers == 1 else "wait"
    lines = [
        f"**A place is free again:** <t:{moment}:F> (<t:{moment}:R>).",
        f"{counted(place.takers, 'student')} who {waits} could take it. Nobody gets it before one of you says so; "
        "the next night gives it away otherwise.",
        f"Look at the best by the program's policy: <{link}>" if link else 'In the admin: "Give the free place away".',
    ]
    return parted(FREE, program.key, place.name, channel, lines)


def staff_messages(night: StaffNight, channel: str, image: Callable[[], bytes] | None = None) -> tuple[Message, ...]:
    """The night for the staff's channel: what happened, who is left and why, what waits for a person."""
    stages = night.stages or {}
    lines = [
        _title(night),
        *(f"**Attention:** {discord_text(told, 300)} (`run_matching.py doctor`)." for told in night.stand_ins),
        f"{counted(night.sessions, 'session')} booked for {counted(night.students, 'student')}"
        f" with {counted(night.professionals, 'professional')}{_since(night)}{_earlier(night)}.",
        f"{counted(night.unmatched, 'student')} without a session{':' if stages else '.'}",
        *(f"• {number}: {discord_text(stage)}" for stage, number in sorted(stages.items(), key=lambda one: -one[1])),
    ]
    if night.to_confirm:
        lines.append(f"**To do:** {counted(night.to_confirm, 'reading')} of free text to confirm.")
    if night.to_decide:
        lines.append(f"**To do:** {counted(night.to_decide, 'change')} in Google Calendar to decide about.")
    if night.given_up:
        lines.append(
            f"**To do:** {counted(night.given_up, 'message')} could not be delivered; try again or drop them"
            " (`run_matching.py outbox list`)."
        )
    if night.held:
        lines.append(
            f"**To do:** {counted(night.held, 'message')} held back; nobody was told (`run_matching.py release last`)."
        )
    link = web_link(night.report)
    if link:
        lines.append(f"Report: <{link}>")
    return parted("staff", night.program.key, night.key, channel, lines, image)


def summary_messages(night: StaffNight, channel: str) -> tuple[Message, ...]:
    """The night for everybody: three numbers and how the others stand."""
    waiting = f"{counted(night.unmatched, 'student')} still waiting; every night looks again, longest waiting first."
    lines = [
        _title(night),
        f"{counted(night.sessions, 'session')} booked{_since(night)}{_earlier(night)}.",
        waiting if night.unmatched else "Nobody is left waiting.",
    ]
    return parted("summary", night.program.key, night.key, channel, lines)


def _title(night: StaffNight) -> str:
    return f"**Resume reviews: {discord_text(night.program.name)}, night of {discord_text(night.key)}**"


def _since(night: StaffNight) -> str:
    return f"; {night.cancelled} more cancelled since" if night.cancelled else ""


def _earlier(night: StaffNight) -> str:
    return f"; {counted(night.booked_earlier, 'student')} booked earlier" if night.booked_earlier else ""
