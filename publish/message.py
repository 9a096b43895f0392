"""The night's Discord message, exactly as it is posted: no pings, no addresses, no typed text but short names.

Times are `<t:unix:F>`, which each reader's Discord shows in their own zone. Discord counts at most 2,000 characters
per message; here UTF-16 units are counted, which are never fewer, so no reading of that rule is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from publish.booking import Booking, Program, base32hex, digest, visible_reference
from publish.text import one_line

MOST_UNITS = 2000
_FOOTER_ROOM = 60
_LONG_LINE = 250
_NONCE_LENGTH = 25  # the longest nonce Discord takes
_FEW_DIGITS = 4
_NAME_LIMIT = 60
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]()#])")
_STARTS_SOMETHING = re.compile(r"([@/])")
_HONORIFICS = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "mx", "sir"})

Names = Literal["short", "full"]
"""How people appear where many read: first name and last initial, or the whole name."""


@dataclass(frozen=True)
class Message:
    """One message for one channel. `key` is the same whenever the same message is meant, whatever it says.

    The text ends with `reference`, so that it can be found again in the channel. `image` draws a PNG that goes with
    it; it is asked for only when the message is posted or changed. `only_edit`: it is never posted, only changed where
    it stands.
    """

    channel: str
    key: str
    text: str
    reference: str
    image: Callable[[], bytes] | None = field(default=None, compare=False, repr=False)
    only_edit: bool = False

    def __post_init__(self) -> None:
        if units(self.text) > MOST_UNITS:
            raise ValueError(f"message {self.key} has {units(self.text)} units, more than {MOST_UNITS}")
        if not self.text.endswith(self.reference) or not self.reference:
            raise ValueError(f"message {self.key} must end with its reference")

    @property
    def series(self) -> str:
        """The key without its part: what all parts of one long message have in common."""
        return self.key.rpartition("/")[0]

    @property
    def nonce(self) -> str:
        """What Discord compares to drop a repeat within the next minutes."""
        return base32hex(digest("nonce", self.channel, self.key))[:_NONCE_LENGTH]


@dataclass(frozen=True)
class Night:
    """What one night did for a program. `key` names the night, for example 2026-03-02; counts are of students."""

    program: Program
    key: str
    bookings: tuple[Booking, ...]
    unmatched: int
    booked_earlier: int = 0


def night_messages(night: Night, channel: str, names: Names = "short") -> tuple[Message, ...]:
    """The night's result as one message, or several when it is long. Unmatched people are counted, never named."""
    sessions = sorted(
        (booking for booking in night.bookings if not booking.cancelled),
        key=lambda booking: (booking.start, booking.session_key),
    )
    lines = [*_head(night, len(sessions)), *(_session_line(booking, names) for booking in sessions)]
    return parted("night", night.program.key, night.key, channel, lines)


def parted(
    kind: str, program: str, night: str, channel: str, lines: Iterable[str], image: Callable[[], bytes] | None = None
) -> tuple[Message, ...]:
    """The lines as one message, or several that fit, each with a reference of its own; the image goes with the first.

    A single line longer than a message raises ValueError: whoever makes lines bounds them.
    """
    bodies = _packed(lines, MOST_UNITS - _FOOTER_ROOM)
    messages = []
    for part, body in enumerate(bodies, start=1):
        reference = visible_reference(kind, program, night, part)
        footer = f"-# part {part} of {len(bodies)} · {reference}" if len(bodies) > 1 else f"-# {reference}"
        key = f"{kind}/{program}/{night}/{part}"
        messages.append(Message(channel, key, f"{body}\n{footer}", reference, image if part == 1 else None))
    return tuple(messages)


def among(messages: Iterable[Message], key: str) -> Message | None:
    """The message of that key; one that was a part of these once and is none any more is retired."""
    series, _, part = key.rpartition("/")
    alike = [one for one in messages if one.series == series]
    found = next((one for one in alike if one.key == key), None)
    return retired_part(alike[0], int(part)) if alike and found is None else found


def retired_part(message: Message, part: int) -> Message:
    """What stands where a long message had another part before."""
    kind, program, night = message.series.split("/", 2)
    reference = visible_reference(kind, program, night, part)
    text = f"(This part of the message is no longer needed.)\n-# {reference}"
    return Message(message.channel, f"{message.series}/{part}", text, reference, only_edit=True)


def fitted(lines: Iterable[str], links: Iterable[str], ending: str) -> str:
    """Lines, then links, then the ending, as one text that fits into a message.

    Where it would be too long, very long addresses give way first ("Resume: <https...>"; it says where else they
    stand), then links, from the last. Texts without addresses are bounded by who makes them.
    """
    said, asked = list(lines), list(links)
    for line in sorted((one for one in said if "<http" in one), key=units, reverse=True):
        if units("\n".join((*said, *asked, ending))) > MOST_UNITS and units(line) > _LONG_LINE:
            what = line.partition("<http")[0].rstrip(" :")
            said[said.index(line)] = f"{what}: see the invitation, the address is too long for this message"
    while asked and units("\n".join((*said, *asked, ending))) > MOST_UNITS:
        asked.pop()
    return "\n".join((*said, *asked, ending))


def discord_text(text: str, limit: int = _NAME_LIMIT) -> str:
    """Typed text on one line that Discord shows as it is: markdown escaped, mentions and links taken apart.

    A zero-width space after `@` and `/` breaks mentions, web links and invite links; the backslash does the rest.
    """
    return _STARTS_SOMETHING.sub("\\1\u200b", escaped(text, limit))


def escaped(text: str, limit: int = _NAME_LIMIT) -> str:
    """Words of the program itself on one line, markdown escaped: addresses in them stay whole, to be copied."""
    return _MARKDOWN.sub(r"\\\1", one_line(text, limit))


def public_name(name: str, names: Names, fallback: str) -> str:
    """The name as many may read it, not yet escaped; `fallback` if what was typed is no name but an address or number.

    Short drops honorifics and remarks in brackets: "Dr. Ana López Ruiz (she/her)" is "Ana R.".
    """
    line = one_line(re.sub(r"\([^()]*\)", " ", name), _NAME_LIMIT)
    if not line or any(char in line for char in "@/\\") or sum(char.isdigit() for char in line) > _FEW_DIGITS:
        return fallback
    if names == "full":
        return line
    words = [word for word in line.split() if word.rstrip(".").casefold() not in _HONORIFICS] or line.split()
    initial = next((char for char in words[-1] if char.isalpha()), "") if len(words) > 1 else ""
    return f"{words[0]} {initial.upper()}." if initial else words[0]


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _head(night: Night, booked: int) -> tuple[str, str]:
    title = f"**Resume reviews: {discord_text(night.program.name)}, night of {discord_text(night.key)}**"
    counts = [f"{counted(booked, 'session')} booked", f"{counted(night.unmatched, 'student')} still waiting"]
    cancelled = len(night.bookings) - booked
    if cancelled:
        counts.insert(1, f"{cancelled} more cancelled since")
    if night.booked_earlier:
        counts.append(f"{counted(night.booked_earlier, 'student')} booked earlier")
    return title, ", ".join(counts) + ". Times are shown in your own zone."


def counted(number: int, what: str) -> str:
    """The number with its noun, which takes an s."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _session_line(booking: Booking, names: Names) -> str:
    student = discord_text(public_name(booking.student.name, names, "a student"))
    professional = discord_text(public_name(booking.professional.name, names, "a professional"))
    when = f"<t:{int(booking.start.timestamp())}:F>"
    return f"• {when} · {booking.session.minutes} min · {student} with {professional} · {booking.reference}"


def _packed(lines: Iterable[str], room: int) -> Sequence[str]:
    bodies: list[str] = []
    for line in lines:
        if bodies and units(bodies[-1]) + 1 + units(line) <= room:
            bodies[-1] += "\n" + line
        else:
            bodies.append(line)
    return bodies
