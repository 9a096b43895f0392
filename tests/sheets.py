"""Dirty sheets on demand: N students and M professionals as staff would export them, the same for the same seed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook

from ingest.columns import PROFESSIONAL_COLUMNS, STUDENT_COLUMNS
from ingest.forms.choices import ANY_LEVEL, DAYS, EMAIL_ONLY, LEVELS, PHONE, VIDEO
from ingest.forms.fields import ANY_INDUSTRY, INDUSTRIES
from ingest.sheet import Cell, DateOrder, Form, Sheet, sheet_rows, text_cell

AS_OF = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Sunday 22 November 2026, 22:00 in New York."""
STUDENT_TITLES = tuple(column.title for column in STUDENT_COLUMNS[:12])
PROFESSIONAL_TITLES = tuple(column.title for column in PROFESSIONAL_COLUMNS[:18])
SLOTS = tuple(
    f"{(h - 1) % 12 + 1}:00 {'AM' if h < 12 else 'PM'} - {h % 12 + 1}:00 {'AM' if h + 1 < 12 else 'PM'}"
    for h in range(9, 21)
)
ZONES = ("Eastern Time (ET)", "Central Time (CT)", "Mountain Time (MT)", "Pacific Time (PT)", "UTC")
_FREE = (
    "Mon and Wed 2-4pm", "weekday evenings after 6", "Tue/Thu 9-11am, Sat 10-2", "any time except Friday", "MWF 10-12",
    "I work 9-5 M-F", "Tuesday afternoon", "weekends", "Mon 10-11:30 and 4-5, Wed 1-3", "flexible",
    "After 5pm most days", "tomorrow 3pm or Wed morning", "Nov 30 2-4pm, Dec 2 10am-noon", "Tues + Thurs 6-8pm ET",
    "mornings", "", "n/a", "see my calendar", "\U0001f642 evenings", "=HYPERLINK(\"x\")", "Fri after class", "9-5",
    "Saturdays 9:00-17:00",
)  # fmt: skip
_INDUSTRY = (
    "SWE",
    "fintech",
    "Healthcare",
    "consulting",
    "marketing",
    "mech eng",
    "K-12",
    "retail",
    "ngo",
    "gov",
    "?",
    "zebra",
)
_CAPACITY = ("2", "up to 3", "two", "no limit", "3-4", "1 per week", "", "lots!!", "0", "1 per day")
_SPECIFIC = (
    "",
    "",
    "",
    "N/A",
    "Monday 2-3 PM, Wednesday 10-11 AM",
    "not Fridays",
    "Tuesday evenings, ask my assistant",
)


def student_rows(count: int, seed: int = 0) -> list[list[str]]:
    """`count` rows of the student form (no header): re-submissions, typos, blanks and formulas among them."""
    chance = random.Random(seed)
    rows: list[list[str]] = []
    for index in range(count):
        dirt = chance.random()
        if dirt < 0.02:
            rows.append([""] * len(STUDENT_TITLES))
            continue
        if dirt < 0.10 and rows:
            again = list(chance.choice(rows))
            again[0] = _stamp(chance)
            if chance.random() < 0.7:
                again[8] = chance.choice(_FREE)
            rows.append(again)
            continue
        email = (
            "not an address"
            if dirt < 0.12
            else f"student{index}@{chance.choice(['example.org', 'gmail.con', 'example.net'])}"
        )
        handle = str(10**17 + index) if chance.random() < 0.5 else f"user{index}"
        link = chance.choice(["https://example.org/cv.pdf", "", "ask me", "http://example.com/a"])
        level = chance.choice([*LEVELS, "junior", "3 years", ""])
        zone = chance.choice([*ZONES, "", "", "PST", "Mars", "Europe/Berlin"])
        wish = [
            chance.choice(_INDUSTRY),
            chance.choice(["Developer", "Analyst", ""]),
            level,
            chance.choice(_FREE),
            zone,
        ]
        rows.append(
            [_stamp(chance), email, f"Student {index}", handle, link, *wish, chance.choice(["", VIDEO, PHONE]), ""]
        )
    return rows


def professional_rows(count: int, seed: int = 0) -> list[list[str]]:
    """`count` rows of the professional form (no header), as `student_rows`."""
    chance = random.Random(seed + 1)
    rows = []
    for index in range(count):
        start = date(2026, 11, 10) + timedelta(days=chance.randrange(20))
        end = start + timedelta(days=chance.choice([-3, 5, 14, 21, 28, 40]))
        days = ", ".join(sorted(chance.sample(DAYS, chance.randint(1, 5)), key=DAYS.index))
        slots = ", ".join(sorted(chance.sample(SLOTS, chance.randint(1, 6)), key=SLOTS.index))
        levels = chance.choice([ANY_LEVEL, ", ".join(LEVELS[:2]), LEVELS[2]])
        industries = chance.choice([ANY_INDUSTRY, ", ".join(chance.sample(INDUSTRIES, 4)), INDUSTRIES[0]])
        formats = chance.choice([VIDEO, f"{VIDEO}, {PHONE}", "No preference", EMAIL_ONLY, f"{VIDEO}, {EMAIL_ONLY}"])
        rows.append([
            _stamp(chance), f"Professional {index}", f"pro{index}@example.com", "Engineer", "Example, Inc.",
            "backend, cloud", _us(start), "soon" if chance.random() < 0.03 else _us(end), days, slots,
            chance.choice([*ZONES, "Other (please specify in notes)"]), chance.choice(_SPECIFIC), levels, industries,
            formats, chance.choice(["", "I am in Europe/London"]), chance.choice(_CAPACITY), "I agree",
        ])  # fmt: skip
    return rows


def csv_bytes(
    titles: Sequence[str], rows: Sequence[Sequence[str]], separator: str = ",", encoding: str = "utf-8"
) -> bytes:
    """The sheet as an exported CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([titles, *rows])
    return out.getvalue().encode(encoding)


def write_xlsx(path: Path, **worksheets: tuple[Sequence[str], Sequence[Sequence[object]]]) -> Path:
    """A workbook with these worksheets, each (titles, rows); texts that look like formulas are stored as texts."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, (titles, rows) in worksheets.items():
        worksheet = workbook.create_sheet(name)
        for row in (titles, *rows):
            worksheet.append(list(row))
        for cell in (cell for row in worksheet.iter_rows() for cell in row if cell.data_type == "f"):
            cell.data_type = "s"
    workbook.save(path)
    return path


def sheet_of(
    form: Form,
    rows: Sequence[Sequence[str | Cell]],
    titles: Sequence[str] | None = None,
    date_order: DateOrder | None = None,
    zone: str = "",
) -> Sheet:
    """A sheet in memory from rows of texts."""
    titles = titles or (STUDENT_TITLES if form is Form.STUDENTS else PROFESSIONAL_TITLES)
    cells = [tuple(one if isinstance(one, Cell) else text_cell(one) for one in row) for row in rows]
    return Sheet(f"{form.value}.csv", form, tuple(titles), sheet_rows(cells), date_order, zone)


def student(
    availability: str = "Mon 2-4pm", email: str = "ann@example.org", stamp: str = "11/16/2026 10:00:00", **other: str
) -> list[str]:
    """One plain row of the student form; `other` by field name (see ingest.columns)."""
    plain = {
        "timestamp": stamp, "email": email, "name": "Ann Ito", "discord": "annito", "resume": "https://example.org/ann.pdf",
        "industry": "SWE", "role": "Developer", "level": LEVELS[0], "availability": availability, "zone": "ET",
    }  # fmt: skip
    return [{**plain, **other}.get(column.field, "") for column in STUDENT_COLUMNS[:12]]


def professional(email: str = "pat@example.com", stamp: str = "11/16/2026 10:00:00", **other: str) -> list[str]:
    """One plain row of the professional form; `other` by field name."""
    plain = {
        "timestamp": stamp, "name": "Pat Doe", "email": email, "title": "Engineer", "company": "Example",
        "specializations": "backend",
        "start": "11/20/2026", "end": "12/18/2026", "days": "Monday, Wednesday", "slots": f"{SLOTS[5]}, {SLOTS[6]}",
        "zone": ZONES[0], "levels": ANY_LEVEL, "industries": ANY_INDUSTRY, "formats": VIDEO, "capacity": "2",
        "confirmation": "I agree",
    }  # fmt: skip
    return [{**plain, **other}.get(column.field, "") for column in PROFESSIONAL_COLUMNS[:18]]


def _stamp(chance: random.Random) -> str:
    moment = datetime(2026, 11, 1, 8) + timedelta(minutes=chance.randrange(21 * 24 * 60), seconds=chance.randrange(60))  # noqa: DTZ001
    return f"{_us(moment)} {moment.hour}:{moment.minute:02d}:{moment.second:02d}"


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"
