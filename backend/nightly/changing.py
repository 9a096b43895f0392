"""Changes of a night as somebody types them: "Maria +Tue 18-19; Ana out; John cap 3".

changes   change; change; ...
change    NAME + TIMES          free then as well (TIMES as on the form: "Tue 18-19", "Mon, Wed 2-4 except Dec 2")
          NAME - TIMES          not free then
          NAME out              not there at all
          NAME cap N            at most N sessions in all; "cap N a day", "cap N a week"
          NAME with NAME        the two meet (a pin)
          NAME not with NAME    the two do not meet
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from backend.nightly.exits import Exit, Stop
from backend.nightly.finding import find
from backend.nightly.keeping import StoredNight
from backend.nightly.night import Night
from backend.nightly.reading import conventions_from
from ingest.availability import Horizon, read, resolve
from optimizer.domain import Interval, Pin, Professional, Student, zone_info
from optimizer.explain.alterations import AddTime, Alteration, Cap, Forbid, Out, PinTogether, TakeTime
from optimizer.explain.offers import Limit

_OUT = re.compile(r"(?P<who>.+?)\s+out", re.IGNORECASE)
_CAP = re.compile(r"(?P<who>.+?)\s+cap\s+(?P<most>\d{1,6})(?:\s+(?:a|per)\s+(?P<limit>day|week))?", re.IGNORECASE)
_APART = re.compile(r"(?P<who>.+?)\s+not\s+with\s+(?P<whom>.+)", re.IGNORECASE)
_TOGETHER = re.compile(r"(?P<who>.+?)\s+with\s+(?P<whom>.+)", re.IGNORECASE)
_TIMES = re.compile(r"(?P<who>.+?)\s*(?<!\w)(?P<sign>[+\-\u2212])\s*(?P<times>.+)", re.IGNORECASE | re.DOTALL)
GRAMMAR = "NAME +TIMES, NAME -TIMES, NAME out, NAME cap N [a day|a week], NAME with NAME, NAME not with NAME"


@dataclass(frozen=True)
class Piece:
    """One change as typed, and where it begins in the whole text."""

    text: str
    start: int

    def error(self, reason: str, part: str = "") -> Stop:
        """The refusal that names the span, counted from 1, of the piece or of a part of it."""
        said = part or self.text
        first = self.start + max(self.text.find(said), 0)
        return Stop(Exit.USAGE, f"characters {first + 1}-{first + len(said)}, {said!r}: {reason}")


def changes_from(night: Night | StoredNight, text: str, zone: str) -> tuple[tuple[Alteration, ...], tuple[str, ...]]:
    """The changes, and each as it was typed. Times without a zone are in `zone`.

    Raises `Stop(USAGE)` naming the span that is not understood and what would be.
    """
    pieces = [
        Piece(found[0].strip(), found.start() + len(found[0]) - len(found[0].lstrip()))
        for found in re.finditer(r"[^;]+", text)
        if found[0].strip()
    ]
    if not pieces:
        raise Stop(Exit.USAGE, f"no change is named; say one or more of: {GRAMMAR}")
    return tuple(_change(night, piece, zone) for piece in pieces), tuple(piece.text for piece in pieces)


def _change(night: Night | StoredNight, piece: Piece, zone: str) -> Alteration:
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Alteration]], ...] = (
        (_CAP, lambda found: _cap(night, piece, found)),
        (_OUT, lambda found: Out(_person(night, piece, found["who"]).id)),
        (_TIMES, lambda found: _times(night, piece, found, zone)),
        (_APART, lambda found: Forbid(*_pair(night, piece, found))),
        (_TOGETHER, lambda found: PinTogether(Pin(*_pair(night, piece, found)))),
    )
    for pattern, made in readers:
        found = pattern.fullmatch(piece.text)
        if found is not None:
            return made(found)
    raise piece.error(f"not understood; say one of: {GRAMMAR}")


def _person(night: Night | StoredNight, piece: Piece, text: str) -> Student | Professional:
    try:
        return find(night, text.strip())
    except Stop as stop:
        raise piece.error(stop.message, text.strip()) from None


def _pair(night: Night | StoredNight, piece: Piece, found: re.Match[str]) -> tuple[str, str]:
    """(student, professional), in whichever order they were named."""
    people = [_person(night, piece, found["who"]), _person(night, piece, found["whom"])]
    student = next((one for one in people if isinstance(one, Student)), None)
    professional = next((one for one in people if isinstance(one, Professional)), None)
    if student is None or professional is None:
        raise piece.error("one of the two has to be a student, the other a professional")
    return student.id, professional.id


def _cap(night: Night | StoredNight, piece: Piece, found: re.Match[str]) -> Cap:
    person = _person(night, piece, found["who"])
    if not isinstance(person, Professional):
        raise piece.error("only professionals have a cap", found["who"].strip())
    limit: dict[str | None, Limit] = {None: "horizon", "day": "day", "week": "week"}
    return Cap(person.id, int(found["most"]), limit[found["limit"] and found["limit"].lower()])


def _times(night: Night | StoredNight, piece: Piece, found: re.Match[str], zone: str) -> AddTime | TakeTime:
    person = _person(night, piece, found["who"])
    windows = _windows(night, piece, found["times"].strip(), zone)
    return AddTime(person.id, windows) if found["sign"] == "+" else TakeTime(person.id, windows)


def _windows(night: Night | StoredNight, piece: Piece, text: str, zone: str) -> tuple[Interval, ...]:
    """Every window within the horizon. Doubtful readings are refused: whoever asks can say it more plainly."""
    grid, info = night.problem.grid, zone_info(zone)
    first, last = grid.starts[0].astimezone(info).date(), grid.starts[-1].astimezone(info).date()
    horizon = Horizon(first, (last - first).days + 1)
    reading = read(
        text,
        reference=night.as_of.astimezone(info).date(),
        zone=zone,
        horizon=horizon,
        conventions=conventions_from(night.settings),
    )
    if reading.unparsed:
        raise piece.error("this is not understood as a time; say it as on the form", reading.unparsed[0].text.strip())
    windows = tuple(window.interval for window in resolve(reading, horizon))
    if not windows:
        raise piece.error(f"no time of tonight's horizon ({first} to {last}) is in it", text)
    return windows
