"""docs/bot.md is a script: what stands there as typed is typed, and what the bot says to it must stand there.

`BOT_DOCS=write python -m pytest tests/bot/test_documented.py` writes what it says now into the page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.bot.people import Cast
from tests.bot.wire import Wire
from tests.standins.discord_limits import items
from tests.standins.discord_server import Seen
from tests.standins.serving import ROOT

PAGE = ROOT / "docs" / "bot.md"
WHO = {"Max": "max", "Chen": "chen", "John": "john", "Carlos": "carlos", "Sam": "stranger", "Cora": "coordinator",
       "Olivia": "owner", "Vera": "viewer"}  # fmt: skip
BLOCK = re.compile(r"```text\n(.*?)```", re.DOTALL)
ACTION = re.compile(r"(?P<who>[A-Z][a-z]+)(?:: (?P<said>.+)| presses \[(?P<pressed>.+)\]| picks (?P<picked>.+))")
ZONE = ZoneInfo("America/New_York")
FORMATS = {"F": "%A, %B {d}, %Y {h}:%M %p", "f": "%B {d}, %Y {h}:%M %p", "D": "%B {d}, %Y"}


def as_shown(one: Seen, where: str, present: datetime) -> Iterator[str]:
    """A message as a reader in New York sees it, indented."""
    alone = {"dm": "direct message", "ephemeral": "only you see this", "channel": "in the channel"}[where]
    yield f"  Matching ({alone})"
    marks: dict[str, str] = {}
    text = re.sub(r"<t:(\d+):(\w)>", lambda found: _moment(int(found[1]), found[2], present), one.said)
    text = re.sub(r"#(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}\b", lambda found: marks.setdefault(found[0], "#K3F9QX"), text)
    text = re.sub(r"(entry\.1=)\S+", r"\1(your code)", text).replace("```\n", "").replace("\n```", "")
    yield from (f"  | {line}".rstrip() for line in text.split("\n"))
    if one.files:
        yield f"  | (picture {', '.join(one.files)})"
    for item in items(one.body.get("components") or []):
        if "options" in item:
            yield f"  [{item['placeholder']}: {' / '.join(option['label'] for option in item['options'])}]"
    if one.labels:
        yield "  " + " ".join(f"[{re.sub('#[A-Z0-9]{6}', '#K3F9QX', label)}]" for label in one.labels)


def _moment(unix: int, style: str, present: datetime) -> str:
    moment = datetime.fromtimestamp(unix, UTC).astimezone(ZONE)
    if style == "R":
        days = round((moment - present).total_seconds() / 86400)
        return f"in {days} days" if days > 0 else f"{-days} days ago" if days < 0 else "today"
    return moment.strftime(FORMATS[style].format(d=moment.day, h=moment.hour % 12 or 12))


class Reader:
    """Plays a page's blocks."""

    def __init__(self, wire: Wire, cast: Cast) -> None:
        self._wire = wire
        self._cast = cast
        self._last: dict[str, Seen] = {}

    def played(self, block: str) -> str:
        lines: list[str] = []
        for line in block.splitlines():
            found = ACTION.fullmatch(line)
            if found is None:
                continue
            lines.append(line)
            for one in self._act(found):
                self._last[found["who"]] = one
                lines += as_shown(one, self._wire.discord.where(one), self._wire.clock.at)
        return "".join(f"{line}\n" for line in lines)

    def _act(self, found: re.Match[str]) -> list[Seen]:
        who, wire = WHO[found["who"]], self._wire
        if found["pressed"]:
            return wire.press(who, self._last[found["who"]], found["pressed"].partition("#")[0].strip())
        if found["picked"]:
            return wire.pick(who, self._last[found["who"]], found["picked"])
        said = re.sub(r"@([A-Z][a-z]+)", lambda name: self._cast.at(WHO[name[1]]), found["said"])
        if not said.startswith("/"):
            return wire.say(who, said)
        command, *options = re.findall(r'[^\s":]+:"[^"]*"|\S+', said[1:])
        given = dict(option.split(":", 1) for option in options)
        return wire.slash(who, command, **{name: value.strip('"') for name, value in given.items()})


def test_the_page_shows_what_the_bot_says(wire: Wire, cast: Cast) -> None:
    reader, page = Reader(wire, cast), PAGE.read_text()
    told = BLOCK.sub(lambda found: f"```text\n{reader.played(found[1])}```", page)
    if os.environ.get("BOT_DOCS") == "write":
        PAGE.write_text(told)
    assert told == page


def test_the_page_names_every_command(wire: Wire) -> None:
    page = PAGE.read_text()
    assert not [one.name for one in wire.bot.commands if f"`{one.name}" not in page]
