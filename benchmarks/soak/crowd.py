"""The people of a simulated program, and both sheets as staff would see them. Everything follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.nightly.record import Sheets
from ingest.forms.choices import DAYS
from ingest.sheet import DateOrder, Form
from tests import sheets as rows

HOME = "America/New_York"
_FREE = (
    "Mon and Wed 2-4pm", "weekday evenings after 6", "Tue/Thu 9-11am, Sat 10-2", "any time except Friday", "MWF 10-12",
    "Tuesday afternoon", "weekends", "Mon 10-11:30 and 4-5, Wed 1-3", "After 5pm most days", "mornings",
    "Saturdays 9:00-17:00", "Sunday 9am-3pm", "see my calendar", "",
)  # fmt: skip
_ZONES = ("Eastern Time (ET)", "Central Time (CT)", "Pacific Time (PT)", "Europe/Berlin", "")
_CAPACITY = ("1", "2", "up to 3", "two", "no limit")


class Crowd:
    """Who ever answered a form. Rows are only added, as a form does it; an edit is a new row of the same person."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._students: list[list[str]] = []
        self._professionals: list[list[str]] = []
        self._until: dict[int, datetime] = {}
        self.joined = {Form.STUDENTS: 0, Form.PROFESSIONALS: 0}

    def students_join(self, count: int, at: datetime) -> None:
        """New students answer the form."""
        for _ in range(count):
            self._answer_student(self.joined[Form.STUDENTS], at)
            self.joined[Form.STUDENTS] += 1

    def professionals_join(self, count: int, at: datetime) -> None:
        """New professionals offer some weeks."""
        for _ in range(count):
            self._answer_professional(self.joined[Form.PROFESSIONALS], at)
            self.joined[Form.PROFESSIONALS] += 1

    def edit(self, share: float, at: datetime) -> int:
        """Some answer again with other times; professionals whose weeks are over mostly offer new ones."""
        edits = 0
        for number in range(self.joined[Form.STUDENTS]):
            if self._chance.random() < share:
                self._answer_student(number, at)
                edits += 1
        for number in range(self.joined[Form.PROFESSIONALS]):
            over = self._until[number] < at + timedelta(days=3)
            if self._chance.random() < (0.6 if over else share):
                self._answer_professional(number, at)
                edits += 1
        return edits

    def sheets(self) -> Sheets:
        """Both sheets as they stand."""
        return Sheets(
            rows.sheet_of(Form.STUDENTS, self._students, date_order=DateOrder.MONTH_FIRST, zone=HOME),
            rows.sheet_of(Form.PROFESSIONALS, self._professionals, date_order=DateOrder.MONTH_FIRST, zone=HOME),
        )

    def _answer_student(self, number: int, at: datetime) -> None:
        chance = self._chance
        self._students.append(
            rows.student(
                chance.choice(_FREE), f"student{number}@example.org", _stamp(at, len(self._students)),
                name=f"Student {number}", discord=str(10**17 + number),
                industry=chance.choice(("SWE", "fintech", "Healthcare", "?")), zone=chance.choice(_ZONES),
            )
        )  # fmt: skip

    def _answer_professional(self, number: int, at: datetime) -> None:
        chance = self._chance
        first = at.astimezone(ZoneInfo(HOME)).date()
        self._until[number] = at + timedelta(days=chance.choice((10, 14, 21, 28)))
        days = sorted(chance.sample(DAYS, chance.randint(2, 5)), key=DAYS.index)
        slots = sorted(chance.sample(rows.SLOTS, chance.randint(2, 6)), key=rows.SLOTS.index)
        self._professionals.append(
            rows.professional(
                f"pro{number}@example.com", _stamp(at, len(self._professionals)), name=f"Professional {number}",
                start=_us(first), end=_us(self._until[number].date()), days=", ".join(days), slots=", ".join(slots),
                zone=chance.choice(_ZONES[:3]), capacity=chance.choice(_CAPACITY),
                industries=chance.choice(("Other (any industry)", "Technology/Software, Healthcare")),
            )
        )  # fmt: skip


def evenings(first: datetime, nights: int) -> Iterator[datetime]:
    """22:00 on the program's clock, night after night: aware UTC, an hour apart across a change of clocks."""
    for number in range(nights):
        yield (first.astimezone(ZoneInfo(HOME)) + timedelta(days=number)).astimezone(ZoneInfo("UTC"))


def _stamp(at: datetime, number: int) -> str:
    """What a sheet in the program's zone shows; the row's number spreads answers over the hour."""
    local = at.astimezone(ZoneInfo(HOME)) - timedelta(hours=4) + timedelta(seconds=number % 3600)
    return f"{_us(local)} {local.hour}:{local.minute:02d}:{local.second:02d}"


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
