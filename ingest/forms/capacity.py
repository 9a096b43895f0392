"""How many reviews somebody offers, from free text: "2", "up to 3", "two", "no limit", "1 per day"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    "none": 0, "zero": 0, "a": 1, "an": 1, "one": 1, "once": 1, "single": 1, "two": 2, "twice": 2, "couple": 2,
    "pair": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "dozen": 12, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_WEAK = frozenset({"a", "an", "none"})
"""Words that are a number only where they stand alone: "a review"; not in "2 as a start", "a lot"."""
_UNLIMITED = re.compile(
    r"(?<!\w)(?:no (?:limits?|max(?:imum)?|cap)|unlimited|limitless|"
    r"as many as (?:needed|possible|you (?:need|like|want))|"
    r"any(?: (?:number|amount))?|infinite|whatever is needed|∞)(?!\w)"
)
_NEGATION = re.compile(r"\b(?:not?|never|cannot)\b|n't\b")
_REFUSAL = re.compile(
    r"(?:\b(?:cannot|not|unable to)|n't) (?:(?:do|take|have|offer|accept) )?any\b|\bnone\b|^no$|^nothing$|"
    r"\bno (?:more )?(?:capacity|availability|(?:time|reviews?|sessions?|slots?)(?! limits?\b))\b|^no more$|"
    r"\bnot available\b|\bunavailable\b"
)
_EXCEPTION = re.compile(
    r"\b(?:on|in|at(?! the moment\b)|but|unless|except|before|after|until|over|weekends?|\w+days?)\b"
)
_NUMBER = r"(\d{1,4}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
_PERIODS = (
    (re.compile(r"\b(?:(?:per|a|each|every|/) ?day|daily|/ ?day)\b"), 1),
    (re.compile(r"\b(?:bi-?weekly|fortnight(?:ly)?|(?:every|per) (?:other|two|2|second) weeks?)\b"), 14),
    (re.compile(r"\b(?:(?:per|a|each|every) month|monthly)\b|/ ?mo(?:nth)?\b"), 30),
    (re.compile(r"\b(?:(?:per|a|each|every) (?:week|wk)|weekly|week)\b|/ ?(?:week|wk)\b"), 7),
)
_RANGE = re.compile(rf"\b{_NUMBER}\s*(?:-|–|—|to|or|/)\s*{_NUMBER}\b")
_SINGLE = re.compile(rf"(?<![\w.,/-]){_NUMBER}(?:\.0+)?(?!\w|[.,/]\d)")
_OTHER_QUANTITY = re.compile(
    rf"\b(?:after|before|until|since|from|at|by|not|n't(?: do)?|cannot do) {_NUMBER}\b|n't(?: do)? {_NUMBER}\b|"
    rf"\b{_NUMBER} ?(?:days|weeks|months|years?|yrs?|[ap]\.?m\b|o'clock|%|percent)"
)
_FILLER = re.compile(
    r"\b(?:max(?:imum)?|about|around|approx(?:imately)?|roughly|maybe|"
    r"probably|say|reviews?|resumes?|résumés?|sessions?|students?|people|calls?|meetings?|slots?|only|just|please|"
    r"of|or so|ish|limit|i can(?: only)? do|can(?: only)? do|i have|is fine|is ok|"
    r"times?|total|ideally|preferably|for now|in|the|each|and)\b"
    r"|[~<≤+.!:()*]"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(rf"\d{{1,4}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\d{{1,2}}[- ]{_MONTH}|{_MONTH}[- ]\d{{1,2}}")
_BOUND = re.compile(
    r"\b(?:up to|at most|at least|as many as|maximum of|max of|"
    r"(?:(?:i )?(?:cannot|can't|won't) (?:do |take )?|not? )(?:any )?more than)\b"
)
_BELOW = re.compile(r"\b(?:less than|fewer than|under|below)\b")
_VAGUE = re.compile(r"maybe|probably|\?|~|about|around|roughly|few|couple|ish")


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

    def least(self, days: int) -> int:
        """Reviews in so many days at this pace, in whole periods and at least one of them: for a minimum."""
        return (self.count or 0) * max(1, days // self.days)


def capacity_of(text: str) -> Capacity:
    """The capacity a text states. Raises `CapacityError`.

    Of a range ("3-4", "one or two") the lower number counts: nobody is promised more than they surely offer. For the
    same reason only an unlimited phrase with nothing beside it is unlimited, and one number among words counts.
    """
    plain = re.sub(r"\s+", " ", text.casefold().replace("’", "'").replace("can not", "cannot")).strip(" '\"")
    if _DATE.fullmatch(plain):
        raise CapacityError("is a date: the spreadsheet may have turned a range such as 3-4 into one")
    if re.search(r"\b(?:hours?|hrs?|minutes?|mins?)\b", plain):
        raise CapacityError("is a length of time, not a number of reviews")
    days = next((days for pattern, days in _PERIODS if pattern.search(plain)), 7)
    beside = _leftover(_without_periods(_UNLIMITED.sub(" ", plain)))
    if _UNLIMITED.search(plain) and not beside and not _VAGUE.search(plain):
        return Capacity(None)
    bare = _without_periods(_BOUND.sub(" ", plain))
    range_ = _RANGE.search(bare)
    if range_:
        if _leftover(_RANGE.sub(" ", bare, count=1)):
            raise CapacityError("is not a number of reviews")
        lowest = min(_value(found) for found in range_.groups())
        return Capacity(lowest, days, f"is a range; the lower number, {lowest}, counts")
    return _single(plain, bare, days)


def _single(plain: str, bare: str, days: int) -> Capacity:
    """The one number of `bare`, the text `plain` without its bounds and periods. Raises `CapacityError`."""
    bare = re.sub(r"\ba (?=couple|pair|few|dozen|single)", "", bare)
    found = _SINGLE.findall(bare)
    numbers = {_value(word) for word in found if word not in _WEAK}
    refused = _REFUSAL.search(plain.strip(" .!"))
    if refused and numbers <= {0} and not _EXCEPTION.search(plain):
        return Capacity(0, days, "is read as a refusal; no reviews are offered")
    words = _leftover(_SINGLE.sub(" ", bare))
    if not numbers and not words:
        numbers = {_value(word) for word in found}
    if (
        len(numbers) != 1
        or re.search(r"\d", words)
        or (words and (_DATE.search(plain) or _OTHER_QUANTITY.search(bare)))
    ):
        raise CapacityError("is not a number of reviews")
    count = numbers.pop()
    if words and _BELOW.search(bare):
        count = max(0, count - 1)
    if words and _NEGATION.search(plain):
        days = max(days, 7)
    if words:
        return Capacity(count, days, f"says more than a number; it is taken as {count}")
    return Capacity(count, days, f"is vague; it is taken as {count}" if _VAGUE.search(plain) else "")


def _without_periods(text: str) -> str:
    for pattern, _ in _PERIODS:
        text = pattern.sub(" ", text)
    return re.sub(r"\s+", " ", text)


def _leftover(text: str) -> str:
    return re.sub(r"\s+", " ", _FILLER.sub(" ", text)).strip(" ,;-?")


def _value(number: str) -> int:
    return int(number) if number.isdigit() else _WORDS[number]
