"""Check boxes: the chosen options of a question, joined by ", " in the cell. No option holds a comma."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEVELS = (
    "Entry Level (0-2 years)",
    "Mid Level (2-5 years)",
    "Senior Level (5+ years)",
    "Career Changers",
    "Recent Graduates",
)
ANY_LEVEL = "No preference - all levels"
VIDEO, PHONE, EMAIL_ONLY = "Video Call (Google Meet/Zoom)", "Phone Call", "Email Review Only"
ANY_FORMAT = "No preference"
FORMATS = (VIDEO, PHONE, EMAIL_ONLY)
_SLOT = re.compile(r"(\d{1,2}):(\d{2})\s*([ap])\.?m\.?\s*-\s*(\d{1,2}):(\d{2})\s*([ap])\.?m\.?$", re.IGNORECASE)
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212-]\s*")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Options that were ticked, in the form's order, and texts that are no option, with the nearest one or ""."""

    options: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...] = ()


def pieces(text: str) -> list[str]:
    """The single answers of a check-box cell."""
    return [piece.strip() for piece in re.split(r"[,;\n]", text) if piece.strip()]


def plain(option: str) -> str:
    """An option without what does not distinguish it: case, spacing, kind of dash."""
    return _DASHES.sub(" - ", re.sub(r"\s+", " ", option)).strip().casefold()


def chosen(text: str, options: Sequence[str]) -> Chosen:
    """Which of `options` a cell holds. The part before a bracket alone also names an option."""
    by_name = {plain(re.sub(r"\s*\(.*\)$", "", option)): option for option in options}
    by_name |= {plain(option): option for option in options}
    found, unknown = set(), []
    for piece in pieces(text):
        option = by_name.get(plain(piece))
        if option:
            found.add(option)
        else:
            near = process.extractOne(plain(piece), options, scorer=fuzz.ratio, processor=plain, score_cutoff=60)
            unknown.append((piece, near[0] if near else ""))
    return Chosen(tuple(option for option in options if option in found), tuple(unknown))


def slot_minutes(option: str) -> tuple[int, int] | None:
    """Start and end minute of a slot option ("9:00 AM - 10:00 AM"); an end at midnight is 1440. None if it is none."""
    found = _SLOT.match(plain(option))
    if not found:
        return None
    start, end = _minute(*found.group(1, 2, 3)), _minute(*found.group(4, 5, 6))
    if start is None or end is None:
        return None
    end = end or 1440
    return (start, end) if start < end else None


def _minute(hour: str, minute: str, half: str) -> int | None:
    if not 1 <= int(hour) <= 12 or int(minute) > 59:
        return None
    return (int(hour) % 12 + (12 if half.lower() == "p" else 0)) * 60 + int(minute)
