"""A person's times as a drawing of one week, in the colours of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString

from backend.report.words import WEEKDAYS
from optimizer.domain import zone_info

KINDS = {3: "sure", 2: "maybe", 1: "doubt"}
"""`Certainty` -> how it is drawn."""
BOOKED = "booked"
GUTTER, COLUMN, HEADER, HOUR = 34, 56, 36, 18
WIDTH = GUTTER + 7 * COLUMN
DAY = 24 * 60


@dataclass(frozen=True)
class Block:
    """`weekday` 0 = Monday; `start`, `end` in minutes after local midnight; `kind`: one of `KINDS` or `BOOKED`."""

    weekday: int
    start: int
    end: int
    kind: str = "sure"


def blocks_of(start: datetime, end: datetime, kind: str, monday: date, zone: str) -> list[Block]:
    """[start, end) on the clocks of `zone`, as far as it lies in the week, cut at midnight."""
    info = zone_info(zone)
    at, stop = start.astimezone(info), end.astimezone(info)
    found = []
    for number in range(7):
        day = monday + timedelta(days=number)
        if not at.date() <= day <= stop.date():
            continue
        first = at.hour * 60 + at.minute if at.date() == day else 0
        last = stop.hour * 60 + stop.minute if stop.date() == day else DAY
        if first < last:
            found.append(Block(number, first, last, kind))
    return found


def week(blocks: Sequence[Block], title: str, name: str, monday: date | None = None) -> SafeString:
    """The drawing; `name` makes its ids unique in the page. Without `monday` it is any week."""
    first = min((one.start // 60 for one in blocks), default=9)
    last = max((-(-one.end // 60) for one in blocks), default=17)
    height = HEADER + (last - first) * HOUR + 8
    parts = [_day(number, monday) for number in range(7)]
    parts += [_hour(hour, HEADER + (hour - first) * HOUR, labelled=hour % 2 == 0) for hour in range(first, last + 1)]
    parts += [_block(one, first) for one in sorted(blocks, key=lambda one: one.kind == BOOKED)]
    return SafeString(
        f'<svg class="r-chart r-week" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{escape(name)}-title '
        f'{escape(name)}-text"><title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-text">{escape(_words(blocks))}</desc>{"".join(parts)}</svg>'
    )


def _day(number: int, monday: date | None) -> str:
    middle = GUTTER + (number + 0.5) * COLUMN
    below = (monday + timedelta(days=number)).strftime("%-d %b") if monday else ""
    return (
        f'<text class="soft" x="{middle}" y="12" text-anchor="middle">{WEEKDAYS[number][:3]}</text>'
        f'<text x="{middle}" y="28" text-anchor="middle">{below}</text>'
    )


def _hour(hour: int, y: int, *, labelled: bool) -> str:
    label = f'<text class="soft" x="{GUTTER - 8}" y="{y + 4}" text-anchor="end">{hour:02}</text>' if labelled else ""
    return f'<line class="line" x1="{GUTTER}" x2="{WIDTH}" y1="{y}" y2="{y}"/>{label}'


def _block(block: Block, first: int) -> str:
    top = HEADER + (block.start / 60 - first) * HOUR
    height = max(4.0, (block.end - block.start) / 60 * HOUR)
    left = GUTTER + block.weekday * COLUMN + 3
    size = f'x="{left}" y="{top:.1f}" width="{COLUMN - 6}" height="{height:.1f}" rx="3"'
    return f'<rect class="{escape(block.kind)}" {size}/>'


def _words(blocks: Sequence[Block]) -> str:
    told = [
        f"{WEEKDAYS[one.weekday][:3]} {_clock(one.start)}-{_clock(one.end)}{' booked' if one.kind == BOOKED else ''}"
        for one in sorted(blocks, key=lambda one: (one.weekday, one.start, one.end))
    ]
    return "; ".join(told) or "No times."


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
