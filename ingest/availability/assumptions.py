"""The sentences for what the reader assumed, and how much each lowers the confidence."""

from __future__ import annotations

BASE_CONFIDENCE = 0.98

# code -> (sentence about the words in question, factor on the confidence)
ASSUMPTIONS: dict[str, tuple[str, float]] = {
    "no-day": ("no day named, so read {words} as Monday to Friday", 0.85),
    "any-part": ("read {words} as every day of the week", 0.85),
    "implied-base": ("only busy times given, so read all other hours as free", 0.8),
    "ampm": ("guessed morning or evening for {words}", 0.8),
    "next-weekday": ("read {words} as the week after this one", 0.85),
    "week-boundary": ("counted {words} from the week that starts tomorrow", 0.85),
    "week-without-days": ("read {words} as Monday to Friday of that week", 0.88),
    "alternate-phase": ("no start named for {words}, so the first week counts as on", 0.85),
    "PM-as-noun": ("read {words} as a part of the day", 0.88),
    "zone": ("{words} names more than one time zone or is out of season", 0.88),
    "lone-day": ("no time with {words}, so read it as all day", 0.8),
    "tentative": ("{words} is offered only if needed", 0.88),
    "approximate": ("took {words} as exact", 0.88),
    "flexible": ("read {words} as any time on any day", 0.85),
    "dinner": ("guessed the hour of {words}", 0.8),
    "typo": ("read {words} as a misspelling", 0.93),
    "outside-horizon": ("{words} lies outside the planned weeks", 0.95),
    "too-long": ("the answer is too long to read; please shorten it", 0.0),
}
PARTIAL_FACTOR = 0.6


def confidence(codes: list[str], partial: bool) -> float:
    """The product of the factors of the distinct assumptions, rounded to three places."""
    value = BASE_CONFIDENCE * (PARTIAL_FACTOR if partial else 1.0)
    for code in dict.fromkeys(codes):
        value *= ASSUMPTIONS[code][1]
    return round(value, 3)


def sentence(code: str, words: str) -> str:
    return ASSUMPTIONS[code][0].format(words=f'"{words}"')
