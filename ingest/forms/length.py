"""How long something lasts, from free text: "45", "45 minutes", "1 hour", "1.5 h", "half an hour"."""

from __future__ import annotations

import re

LONGEST = 240
"""Minutes; a longer session or break is taken for a slip."""
_UNITS = r"(?P<hours>h|hrs?|hours?)|(?P<minutes>m|mins?|minutes?|')"
_ONE = re.compile(rf"(?P<number>\d{{1,3}}(?:[.,]\d{{1,2}})?)\s*-?\s*(?:{_UNITS})?")
_BOTH = re.compile(r"(\d)\s*(?:h|hrs?|hours?|:)\s*(?:and\s+)?([0-5]?\d)\s*(?:m|mins?|minutes?)?")
_PHRASES = {
    "half an hour": 30, "half hour": 30, "a half hour": 30, "quarter of an hour": 15, "a quarter of an hour": 15,
    "an hour": 60, "one hour": 60, "hour": 60, "an hour and a half": 90, "one and a half hours": 90, "two hours": 120,
    "no": 0, "none": 0, "no break": 0, "not needed": 0, "n/a": 0,
}  # fmt: skip


class LengthError(ValueError):
    """The text is no length of time. The message is a reason for an issue."""


def minutes_of(text: str) -> int:
    """Whole minutes, 0 to `LONGEST`; a number alone is minutes. Raises `LengthError`, also for a range."""
    plain = re.sub(r"\s+", " ", text.casefold()).strip(" .~")
    found = _PHRASES.get(plain)
    if found is None:
        found = _number(plain)
    if found > LONGEST:
        raise LengthError(f"is longer than {LONGEST} minutes")
    return found


def _number(plain: str) -> int:
    both, one = _BOTH.fullmatch(plain), _ONE.fullmatch(plain)
    if both:
        return 60 * int(both[1]) + int(both[2])
    if one is None:
        raise LengthError("is no length of time")
    minutes = float(one["number"].replace(",", ".")) * (60 if one["hours"] else 1)
    if minutes != int(minutes):
        raise LengthError("is no whole number of minutes")
    return int(minutes)
