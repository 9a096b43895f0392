"""How many reviews somebody offers, from free text: "2", "up to 3", "two", "no limit", "1 per day"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    "no": 0, "none": 0, "zero": 0, "a": 1, "an": 1, "one": 1, "once": 1, "single": 1, "two": 2, "twice": 2, "couple": 2,
    "pair": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dozen": 12, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_UNLIMITED = re.compile(
    r"no (?:limits?|max(?:imum)?|cap)|unlimited|limitless|as many as (?:needed|possible|you (?:need|like|want))|"
    r"any(?: (?:number|amount))?|infinite|whatever is needed|∞"
)
_NUMBER = r"(\d{1,4}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
_PERIODS = (
    (re.compile(r"\b(?:(?:per|a|each|every|/) ?day|daily|/ ?day)\b"), 1),
    (re.compile(r"\b(?:bi-?weekly|fortnight(?:ly)?|(?:every|per) (?:other|two|2|second) weeks?)\b"), 14),
    (re.compile(r"\b(?:(?:per|a|each|every) month|monthly)\b|/ ?mo(?:nth)?\b"), 30),
    (re.compile(r"\b(?:(?:per|a|each|every) (?:week|wk)|weekly|week)\b|/ ?(?:week|wk)\b"), 7),
)
_RANGE = re.compile(rf"\b{_NUMBER}\s*(?:-|–|—|to|or|/)\s*{_NUMBER}\b")
_SINGLE = re.compile(rf"(?<![\w.,/-]){_NUMBER}(?:\.0+)?(?![\w,/]|\.\d)")
_FILLER = re.compile(
    r"\b(?:max(?:imum)?|about|around|approx(?:imately)?|roughly|maybe|"
    r"probably|say|reviews?|resumes?|résumés?|sessions?|students?|people|calls?|meetings?|slots?|only|just|please|"
    r"of|or so|ish|limit|i can do|can do|is fine|is ok|times?|total|ideally|preferably|for now|in|the|each|and)\b"
    r"|[~<≤+.!:()*]"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(rf"\d{{1,4}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\d{{1,2}}[- ]{_MONTH}|{_MONTH}[- ]\d{{1,2}}")
_BOUND = re.compile(r"\b(?:up to|at most|no more than|not more than|maximum of|max of)\b")


class CapacityError(ValueError):
    """The text is no number of reviews. The message is a reason for an issue."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """`count` reviews in any `days` days; `count` None: no limit stated. `doubt`: what was assumed, or ""."""

    count: int | None
    days: int = 7
    doubt: str = ""

    def limits(self, horizon_days: int, per_day: int, per_week: int) -> tuple[int, int, int]:
        """Reviews per day, per week and in the whole horizon, the program's own caps included."""
        weeks = -(-horizon_days // 7)
        if self.count is None:
            return per_day, per_week, per_week * weeks
        day, week = min(per_day, self.count), min(per_week, self.count)
        if self.days == 1:
            week = min(per_week, self.count * 7)
            return day, week, week * weeks
        if self.days == 7:
            return day, week, week * weeks
        periods = max(1, horizon_days // self.days)
        return day, week, min(per_week * weeks, self.count * periods)


def capacity_of(text: str) -> Capacity:
    """The capacity a text states. Raises `CapacityError`.

    Of a range ("3-4", "one or two") the lower number counts: nobody is promised more than they surely offer.
    """
    plain = re.sub(r"\s+", " ", text.casefold()).strip(" '\"")
    if _DATE.fullmatch(plain):
        raise CapacityError("is a date: the spreadsheet may have turned a range such as 3-4 into one")
    if re.search(r"\b(?:hours?|hrs?|minutes?|mins?)\b", plain):
        raise CapacityError("is a length of time, not a number of reviews")
    if _UNLIMITED.search(plain):
        return Capacity(None)
    plain = _BOUND.sub(" ", plain)
    days = next((days for pattern, days in _PERIODS if pattern.search(plain)), 7)
    for pattern, _ in _PERIODS:
        plain = pattern.sub(" ", plain)
    range_ = _RANGE.search(plain)
    numbers = [_value(found) for found in range_.groups()] if range_ else []
    rest = _RANGE.sub(" ", plain, count=1) if range_ else plain
    if not range_:
        rest = re.sub(r"\ba (?=couple|pair|few|dozen|single)", "", rest)
        singles = _SINGLE.findall(rest)
        numbers, rest = [_value(found) for found in singles], _SINGLE.sub(" ", rest)
    rest = re.sub(r"\s+", " ", _FILLER.sub(" ", rest)).strip(" ,;-?")
    if rest or not numbers or (not range_ and len(numbers) > 1):
        raise CapacityError("is not a number of reviews")
    lowest = min(numbers)
    doubt = f"is a range; the lower number, {lowest}, counts" if range_ else ""
    if not doubt and re.search(r"maybe|probably|\?|~|about|around|roughly|few|couple|ish", plain):
        doubt = f"is vague; it is taken as {lowest}"
    return Capacity(lowest, days, doubt)


def _value(number: str) -> int:
    return int(number) if number.isdigit() else _WORDS[number]
