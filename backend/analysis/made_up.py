"""A made-up program: the sheets of both forms as they would stand week by week. The same for the same seed.

Nobody in it exists. Students come more often in autumn, want technology and evenings more than anything, and ask again
when nobody was found for them; volunteers join, renew their times every eight weeks and leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from backend.nightly.record import Sheets
from backend.settings import Program, Settings, Sources
from ingest.columns import PROFESSIONAL_COLUMNS, STUDENT_COLUMNS, Column
from ingest.forms.choices import ANY_FORMAT, ANY_LEVEL, DAYS, LEVELS, VIDEO
from ingest.forms.fields import INDUSTRIES
from ingest.sheet import Form, Sheet, sheet_rows, text_cell

ZONE = "America/New_York"
SETTINGS = Settings(
    program=Program(key="sample", name="Made-up Program", zone=ZONE), sources=Sources(date_order="month-first")
)
FIRST = date(2024, 1, 7)
"""A Sunday: the night of week 0."""
RENEWS, SHOWN, ASKS_AGAIN = 8, 9, 4
"""In weeks: how long a volunteer's times hold, how long answers stay in the sheet, when who was left out asks anew."""
SLOTS = tuple(
    f"{(h - 1) % 12 + 1}:00 {'AM' if h < 12 else 'PM'} - {h % 12 + 1}:00 {'AM' if h + 1 < 12 else 'PM'}"
    for h in range(9, 21)
)
_DRIVES = {0: 9, 76: 9}
"""Weeks in which the program went out to find volunteers, and how many came."""
_SEASON = (1.1, 1.2, 1.1, 1.0, 0.8, 0.6, 0.5, 0.7, 1.4, 1.6, 1.4, 0.6)
_WISHES = (
    ("SWE", 30), ("data science", 10), ("fintech", 12), ("banking", 9), ("nursing", 11), ("consulting", 8),
    ("marketing", 8), ("mechanical engineering", 7), ("teaching", 3), ("nonprofit", 2),
)  # fmt: skip
_FREE = (
    ("weekday evenings after 6", 26), ("Mon and Wed 2-4pm", 12), ("Tue/Thu 9-11am", 12), ("Tuesday afternoon", 8),
    ("MWF 10-12", 10), ("Thursday evenings, Sat 10-2", 10), ("Mon 12-2, Fri 12-2", 8), ("Wed 6-9pm", 8),
    ("Saturdays 9:00-17:00", 6),
)  # fmt: skip
_OFFERED = (
    ("Technology/Software", 34), ("Finance/Banking", 14), ("Consulting", 12), ("Marketing/Advertising", 10),
    ("Healthcare", 9), ("Engineering", 9), ("Startups", 8), ("Education", 4),
)  # fmt: skip
Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Volunteer:
    """A made-up professional, there from week `joins` up to but without week `leaves`."""

    number: int
    joins: int
    leaves: int
    answers: Mapping[str, str]


@dataclass(frozen=True)
class MadeUp:
    """One program. `scale`: how many times as many people as by default."""

    seed: int = 0
    scale: float = 1.0

    def night(self, week: int) -> datetime:
        """When the night of a week runs: Sunday, 22:00."""
        return datetime.combine(FIRST + timedelta(weeks=week), time(22), ZoneInfo(ZONE))

    def sheets(self, week: int, again: Sequence[str] = ()) -> Sheets:
        """Both sheets on that night; `again`: addresses of students who ask once more in this week."""
        first = max(0, week - SHOWN + 1)
        students = [row for one in range(first, week + 1) for row in self.newcomers(one)]
        students += [self._asks(int(address.split("@")[0].removeprefix("student")), week) for address in again]
        offers = [self._offers(one, week) for one in self.volunteers if one.joins <= week < one.leaves]
        return Sheets(
            _sheet(Form.STUDENTS, STUDENT_COLUMNS, students), _sheet(Form.PROFESSIONALS, PROFESSIONAL_COLUMNS, offers)
        )

    def newcomers(self, week: int) -> list[dict[str, str]]:
        """The students who ask for the first time in that week."""
        month = (FIRST + timedelta(weeks=week)).month
        mean = self.scale * (4.5 + 0.03 * week) * _SEASON[month - 1]
        count = int(np.random.default_rng([self.seed, 1, week]).poisson(mean))
        return [self._asks(1000 * week + number, week) for number in range(count)]

    @cached_property
    def volunteers(self) -> tuple[Volunteer, ...]:
        """Everybody who ever joins within ten years."""
        chance = np.random.default_rng([self.seed, 2])
        found: list[Volunteer] = []
        for week in range(520):
            joins = int(chance.poisson(0.2 * self.scale)) + round(self.scale * _DRIVES.get(week, 0))
            for _ in range(joins):
                number, stays = len(found), 12 + int(chance.geometric(0.012))
                found.append(Volunteer(number, week, week + stays, self._volunteer(number)))
        return tuple(found)

    def _volunteer(self, number: int) -> dict[str, str]:
        chance = np.random.default_rng([self.seed, 3, number])
        fields = {_pick(chance, _OFFERED) for _ in range(3)}
        days = sorted(chance.choice(5, size=int(chance.integers(1, 4)), replace=False).tolist())
        evening = chance.random() < 0.3
        hours = (9, 10, 11) if evening else (0, 1, 3, 4, 5, 6, 7)
        slots = sorted(chance.choice(hours, size=3, replace=False).tolist())
        return {
            "name": f"Volunteer {number}", "email": f"volunteer{number}@example.com", "title": "Manager",
            "company": "Example", "specializations": ", ".join(sorted(fields)).lower(),
            "days": ", ".join(DAYS[day] for day in days), "slots": ", ".join(SLOTS[slot] for slot in slots),
            "zone": "Eastern Time (ET)", "levels": ANY_LEVEL, "formats": VIDEO, "confirmation": "I confirm",
            "industries": ", ".join(one for one in INDUSTRIES if one in fields),
            "capacity": str(int(chance.choice([1, 1, 2, 2, 3]))),
        }  # fmt: skip

    def _offers(self, one: Volunteer, week: int) -> dict[str, str]:
        """The answer in force in that week: given when they joined, and anew every eight weeks."""
        since = week - (week - one.joins) % RENEWS
        day = FIRST + timedelta(weeks=since)
        until = day + timedelta(weeks=RENEWS + 3)
        return {**one.answers, "timestamp": _stamp(day, 9 * 60), "start": _us(day), "end": _us(until)}

    def _asks(self, number: int, week: int) -> dict[str, str]:
        """A student's answer of that week: other times than before, as people do who ask again."""
        person, now = (np.random.default_rng([self.seed, 4, *key]) for key in ((number,), (number, week)))
        day = FIRST + timedelta(weeks=week) - timedelta(days=int(now.integers(0, 7)))
        return {
            "timestamp": _stamp(day, int(now.integers(8 * 60, 21 * 60))), "email": f"student{number}@example.org",
            "name": f"Student {number}", "discord": f"student{number}", "resume": "https://example.org/resume.pdf",
            "industry": _pick(person, _WISHES), "role": "Analyst", "level": LEVELS[int(person.integers(0, 5))],
            "availability": _pick(now, _FREE), "zone": "ET", "formats": ANY_FORMAT,
        }  # fmt: skip


def _sheet(form: Form, columns: Sequence[Column], rows: Sequence[Mapping[str, str]]) -> Sheet:
    asked = [one for one in columns if one.field in (rows[0] if rows else {}) or one.required]
    cells = [tuple(text_cell(row.get(one.field, "")) for one in asked) for row in rows]
    return Sheet(f"{form.value}.csv", form, tuple(one.title for one in asked), sheet_rows(cells))


def _pick(chance: np.random.Generator, weighted: Sequence[tuple[Choice, int]]) -> Choice:
    weights = np.array([weight for _, weight in weighted], dtype=np.float64)
    return weighted[int(chance.choice(len(weighted), p=weights / weights.sum()))][0]


def _stamp(day: date, minute: int) -> str:
    return f"{_us(day)} {minute // 60}:{minute % 60:02}:00"


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
