"""Clock readings in words and figures: "9", "4.30pm", "1300", "half past two", "noon", "around 6ish"."""

from __future__ import annotations

from dataclasses import replace

from ingest.availability.clock import Clock
from ingest.availability.lexed import Lexed

_MINUTE_WORDS = {"thirty": 30, "fifteen": 15, "forty-five": 45, "forty": 40, "twenty": 20, "ten": 10, "fifty": 50}
ARTICLES = frozenset(("the", "my", "in", "at", "during", "@"))
_SEPARATORS = frozenset((":", ".", ";", "h"))
NAMED = (("NOON", "noon"), ("MIDNIGHT", "midnight"))


def clock_at(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    """A clock reading that starts at token i: where it ends, and what it says."""
    lexed.steps += 1
    approx = lexed.entry(i, "APPROX")
    if approx is not None:
        inner = clock_at(lexed, i + approx.length) if lexed.entry(i + approx.length, "APPROX") is None else None
        return None if inner is None else (inner[0], replace(inner[1], approximate=True))
    found = _digits(lexed, i) if lexed.is_num(i) else _worded(lexed, i)
    if found is None:
        return None
    j, clock = found
    if lexed.word(j) == "-" and lexed.word(j + 1) == "ish" and lexed.tight(j):
        return j + 2, replace(clock, approximate=True)
    if lexed.word(j) == "ish":
        j, clock = j + 1, replace(clock, approximate=True)
        return _marked(lexed, j, clock)
    return j, clock


def _digits(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    text = lexed.words[i]
    size = len(text)
    if lexed.word(i - 1) in (".", ":") and lexed.tight(i) and lexed.tight(i - 1) and lexed.is_num(i - 2):
        return None
    if size > 4 or (lexed.word(i - 1) in ("$", "#") and lexed.tight(i)):
        return None
    j = i + 1
    if lexed.tight(j) and lexed.word(j) in ("st", "nd", "rd", "th", "%", "x", "k"):
        return None
    if size >= 3:
        return _compact(lexed, i)
    separator = lexed.word(j)
    if separator in _SEPARATORS and lexed.tight(j) and lexed.is_num(j + 1) and lexed.tight(j + 1):
        return _with_minutes(lexed, i)
    return None if _in_a_date(lexed, i) else _bare_hour(lexed, i)


def _zero_padded(text: str) -> str:
    return "24" if len(text) == 2 and text[0] == "0" else ""


def _with_minutes(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    """ "4:30", "4.30", "11;00", "14h30"."""
    j, separator = i + 1, lexed.word(i + 1)
    if len(lexed.words[j + 1]) != 2 or (separator != ":" and int(lexed.words[j + 1]) > 59):
        return None
    if separator == "." and lexed.word(j + 2) in (".", "/") and lexed.tight(j + 2) and lexed.is_num(j + 3):
        return None
    minute = int(lexed.words[j + 1])
    j += 2
    if lexed.word(j) == ":" and lexed.tight(j) and lexed.is_num(j + 1) and lexed.tight(j + 1):
        j += 2
    mark = "24" if separator == "h" else _zero_padded(lexed.words[i])
    return _marked(lexed, j, Clock(int(lexed.words[i]), minute, mark))


def _in_a_date(lexed: Lexed, i: int) -> bool:
    """A figure of 12/2, which is a date."""
    j = i + 1
    if (
        lexed.word(j) == "/"
        and lexed.is_num(j + 1)
        and lexed.tight(j)
        and lexed.tight(j + 1)
        and not ends_range(lexed, i)
    ):
        return True
    slashed = lexed.word(i - 1) == "/" and lexed.is_num(i - 2) and lexed.tight(i) and lexed.tight(i - 1)
    return slashed and not ends_range(lexed, i - 2)


def _bare_hour(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    j, hour, mark = i + 1, int(lexed.words[i]), _zero_padded(lexed.words[i])
    if lexed.word(j) == "h" and lexed.tight(j):
        return j + 1, Clock(hour, 0, "24")
    end, clock = _marked(lexed, j, Clock(hour, 0, mark))
    if hour > 24 and end == j:
        return None
    minutes = _MINUTE_WORDS.get(lexed.word(j))
    if minutes is not None and end == j:
        return _marked(lexed, j + 1, Clock(hour, minutes, mark))
    return end, clock


def ends_range(lexed: Lexed, i: int) -> bool:
    """The second figure of "10-12/2-4": a range, then another one; never the date 12/2."""
    return (
        lexed.word(i - 1) == "-" and lexed.is_num(i - 2) and lexed.tight(i) and lexed.word(i - 3) not in ("/", "-", ".")
    )


def _compact(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    text = lexed.words[i]
    hour, minute = int(text[:-2]), int(text[-2:])
    if minute % 5 or minute > 59 or hour > 24:
        return None
    mark = "24" if len(text) == 4 and (text[0] == "0" or hour > 12) else ""
    j = i + 1
    if lexed.entry(j, "AM") is None and lexed.entry(j, "PM") is None and lexed.word(j) in ("hrs", "hours", "h"):
        return j + 1, Clock(hour, minute, "24")
    return _marked(lexed, j, Clock(hour, minute, mark))


def _marked(lexed: Lexed, j: int, clock: Clock) -> tuple[int, Clock]:
    """The clock with the am or pm (and o'clock) that follows."""
    if lexed.word(j) in ("o'clock", "oclock", "sharp") or (lexed.word(j) == "o" and lexed.word(j + 1) == "clock"):
        j += 2 if lexed.word(j) == "o" else 1
    for kind, mark, letter in (("AM", "a", "a"), ("PM", "p", "p")):
        entry = lexed.entry(j, kind)
        if entry is not None:
            return j + entry.length, replace(clock, mark=mark)
        if lexed.word(j) == letter and (lexed.tight(j) or (letter == "p" and j + 1 >= lexed.size)):
            return j + 1, replace(clock, mark=mark)
    if lexed.word(j) == "noon" and clock.hour == 12:
        return j + 1, replace(clock, mark="p")
    if lexed.word(j) == "midnight" and clock.hour == 12:
        return j + 1, Clock(name="midnight")
    return j, clock


def _worded(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    past = lexed.entry(i, "HALFPAST")
    british = lexed.entry(i, "HALFBRIT")
    if past is not None:
        inner = _hour(lexed, i + past.length)
        if inner is None:
            return None
        shift = int(str(past.value))
        hour = inner[1] if shift > 0 else (inner[1] - 2) % 12 + 1
        return _marked(lexed, inner[0], Clock(hour, shift % 60))
    if british is not None:
        inner = _hour(lexed, i + 1)
        return None if inner is None else _marked(lexed, inner[0], Clock(inner[1], 30, doubtful=True))
    inner = _hour(lexed, i)
    if inner is None or lexed.is_num(i):
        return None
    j, hour = inner
    minutes = _MINUTE_WORDS.get(lexed.word(j))
    if minutes is not None:
        j += 1
        if minutes == 40 and lexed.word(j) == "five":
            minutes, j = 45, j + 1
    return _marked(lexed, j, Clock(hour, minutes or 0))


def _hour(lexed: Lexed, i: int) -> tuple[int, int] | None:
    value = lexed.value(i, "NUMBER")
    if value is None and lexed.is_num(i) and len(lexed.words[i]) <= 2:
        value = int(lexed.words[i])
    return (i + 1, value) if isinstance(value, int) and 1 <= value <= 12 else None


def endpoint_at(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    """A clock reading, or a part of the day or event that can bound a range."""
    j = lexed.skip(i, ARTICLES)
    if j != i and lexed.word(j - 1) == "@":
        return clock_at(lexed, j)
    approx = lexed.entry(j, "APPROX")
    if approx is not None:
        inner = endpoint_at(lexed, j + approx.length) if lexed.entry(j + approx.length, "APPROX") is None else None
        return None if inner is None else (inner[0], replace(inner[1], approximate=True))
    for kind, name in NAMED:
        entry = lexed.entry(j, kind)
        if entry is not None:
            return j + entry.length, Clock(name=name, approximate=lexed.word(j) == "noonish")
    entry = lexed.any_of(j, ("PART", "EVENT", "HALFPAST"))
    if entry is not None and entry.kind in ("PART", "EVENT"):
        return j + entry.length, Clock(name=str(entry.value))
    return clock_at(lexed, j)


def bound_at(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    found = endpoint_at(lexed, i)
    if found is None or found[1].name in ("work", "school", "dinner"):
        return None
    return found
