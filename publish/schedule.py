"""The schedule as a table for a worksheet: who meets whom and when, and nothing else about anybody."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from optimizer.domain import zone_info
from publish.booking import base32hex, digest
from publish.outbox import Sender
from publish.ports import Item, Outcome, PublishError, ScheduleSheet
from publish.text import harmless_cell, one_line

SCHEDULE = "schedule"


@dataclass(frozen=True)
class ScheduleRow:
    """One session. `start` aware; `student` and `professional` as the program names people in public."""

    start: datetime
    minutes: int
    student: str
    professional: str
    state: str
    reference: str


@dataclass(frozen=True)
class ScheduleTable:
    """Sessions by start. Dates and times of day are written on the clock of `zone`."""

    zone: str
    rows: tuple[ScheduleRow, ...]

    def cells(self) -> tuple[tuple[str | int, ...], ...]:
        """The header and a line for each session; no text among them is one that a spreadsheet would compute."""
        clock = one_line(self.zone)
        header = (
            "Date",
            f"Start ({clock})",
            f"End ({clock})",
            "Minutes",
            "Student",
            "Professional",
            "State",
            "Session",
        )
        return (header, *(self._line(row) for row in self.rows))

    def _line(self, row: ScheduleRow) -> tuple[str | int, ...]:
        zone = zone_info(self.zone)
        start, end = row.start.astimezone(zone), (row.start + timedelta(minutes=row.minutes)).astimezone(zone)
        texts = (row.student, row.professional, row.state, row.reference)
        names = tuple(harmless_cell(one_line(text)) for text in texts)
        return (f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}", row.minutes, *names)

    def content(self, place: str) -> str:
        """Another for another table, or for another place where it is to stand."""
        return base32hex(digest(SCHEDULE, place, json.dumps(self.cells())))[:32]


def schedule_items(table: ScheduleTable, place: str, told: Sequence[Item]) -> list[Item]:
    """The item that makes the worksheet read like this; none when the last of `told` did, or when all is empty.

    The key depends on what was told before, so a schedule that reads as it once did is written again.
    """
    content = table.content(place)
    last = told[-1] if told else None
    if last.payload["content"] == content if last else not table.rows:
        return []
    turn = base32hex(digest(content, last.key if last else ""))[:16]
    return [Item(f"{SCHEDULE}/{content}/{turn}", SCHEDULE, {"content": content})]


def schedule_sender(sheet: ScheduleSheet, table_of: Callable[[Item], ScheduleTable]) -> Sender:
    """Carries schedules; `table_of` makes the table anew, or raises `PublishError` when it reads otherwise by now."""

    def write(item: Item) -> Outcome:
        try:
            return sheet.write(table_of(item).cells())
        except PublishError as error:
            return error

    return Sender(lambda items: [write(item) for item in items])
