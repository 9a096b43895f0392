"""Rules for what is said around the times: conditions, reasons, unknown events, busy statements, amounts, junk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.availability.clockwords import ends_range
from ingest.availability.days import day_at
from ingest.availability.items import Candidate
from ingest.availability.lexed import Lexed
from ingest.availability.words import CLAUSE_ENDS, clause_end

_SIGNIFICANT = (
    "DAY", "GROUP", "MONTH", "TODAY", "PART", "NOON", "MIDNIGHT", "ALLDAY", "BOTH", "WEEKNIGHT", "TONIGHT", "HOLIDAY",
    "BUT", "ELSE",
)  # fmt: skip

_DAY_NAME = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?<![a-z])(?:mon|tue|wed|thu|fri|sat)(?![a-z])")
_DAY_UNITS = ("DAY", "PART", "GROUP", "WEEKNIGHT")


def condition_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Conditions and reasons run to the end of their clause."""
    here = lexed.at[i]
    for kind, name in (("IF", "CONDITION"), ("WHY", "REASON")):
        entry = here.get(kind)
        if entry is None:
            continue
        soft = [here[k] for k in ("MAYBE", "PREF", "FILL") if k in here and here[k].length > entry.length]
        if soft:
            continue
        end = clause_end(lexed, i + entry.length)
        but = next((k for k in range(i + 1, end) if "BUT" in lexed.at[k]), end)
        yield Candidate(but, name, None, 2.0)


def unknown_event_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """A bound nobody here can place: "after class", "between classes", "until finals are over"."""
    here = lexed.at[i]
    kinds = ("AFTER", "BEFORE", "BETWEEN", "UNTIL", "FROM", "WHEN", "GE", "LE")
    entry = lexed.any_of(i, kinds)
    if entry is None or lexed.words[i] in ("-", "<", ">"):
        return
    if entry.kind == "FROM" and "WHEN" not in here and lexed.words[i] in ("from", "starting", "beginning"):
        pass
    j = i + entry.length
    while (
        j < min(lexed.size, i + 8) and "FILL" in lexed.at[j] and not _significant(lexed, j) and "ACT" not in lexed.at[j]
    ):
        j += lexed.at[j]["FILL"].length
    if j >= lexed.size:
        return
    nameless = lexed.tokens[j].kind == "word" and not _known(lexed, j)
    schooled = lexed.words[j] == "school" and entry.kind != "AFTER"
    if not (nameless or schooled or "ACT" in lexed.at[j] or "BADNOUN" in lexed.at[j]):
        return
    end = j
    while end < min(lexed.size, j + 12) and lexed.words[end] not in CLAUSE_ENDS and not _significant(lexed, end):
        if end > j and (lexed.is_num(end) or "NOT" in lexed.at[end]):
            break
        end += 1
    while end > j + 1 and lexed.words[end - 1] in ("on", "at", "and", "or", "-", "&", ":", "the", "every", "from"):
        end -= 1
    yield Candidate(end, "UNKNOWN_BOUND", None, 2.0)


def _known(lexed: Lexed, i: int) -> bool:
    return bool(lexed.at[i]) or day_at(lexed, i) is not None


def _significant(lexed: Lexed, i: int) -> bool:
    return any(kind in lexed.at[i] for kind in _SIGNIFICANT) or day_at(lexed, i) is not None


def busy_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "I have improv (Tuesdays 7-9)": having something then is being busy; the noun is only the reason."""
    have = lexed.entry(i, "HAVE")
    if have is None or ("POS" in lexed.at[i] and lexed.at[i]["POS"].length > have.length):
        return
    j = start = i + have.length
    nouns = 0
    while j < lexed.size and j - start < 7 and not _significant(lexed, j) and not lexed.is_num(j):
        here = lexed.at[j]
        if (
            lexed.words[j] in CLAUSE_ENDS
            or "POS" in here
            or any(k in here for k in ("NOT", "OFF", "AFTER", "UNTIL", "BETWEEN"))
        ):
            break
        if lexed.words[j] == ":" or (lexed.tokens[j].kind == "other" and lexed.words[j] not in "-'"):
            break
        nouns += "ACT" in here or not _known(lexed, j)
        j += 1
    ahead = j < lexed.size and (
        _significant(lexed, j)
        or lexed.is_num(j)
        or lexed.any_of(j, ("AFTER", "UNTIL", "BETWEEN", "BEFORE", "FROM")) is not None
        or lexed.words[j] == ":"
    )
    while j > start and lexed.words[j - 1] in ("on", "at", "every", "each", "from", "in"):
        j -= 1
    if nouns and ahead:
        yield Candidate(j, "ACT", None, 1.0)


def amount_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Amounts without a place: "two hours a week", "some Fridays", "one evening", "up to 3 per week"."""
    times = lexed.entry(i, "TIMES")
    if times is not None and (per := lexed.entry(i + times.length, "PERWEEK")) is not None:
        yield Candidate(i + times.length + per.length, "FREQUENCY", None, 0.9)
    some = lexed.entry(i, "SOME")
    if lexed.is_num(i) and ends_range(lexed, i):
        return
    if not (lexed.is_num(i) and len(lexed.words[i]) <= 2) and some is None and lexed.entry(i, "NUMBER") is None:
        return
    j = i + (some.length if some is not None else 1)
    while j < i + 6 and (
        lexed.word(j) in ("of", "the", "-", "to", "or", "my", "other") or (j > i + 1 and lexed.is_num(j))
    ):
        j += 1
        if lexed.is_num(j):
            j += 1
    if "other" in lexed.words[i:j] and any(lexed.is_num(k) and int(lexed.words[k]) > 7 for k in range(i, j)):
        return  # "9-12 other days": nobody counts so many days
    unit = lexed.any_of(j, ("HOUR", "MINUTE", "DAY", "PART", "GROUP", "WEEKNIGHT"))
    noun = lexed.word(j) in (
        "days",
        "day",
        "times",
        "slots",
        "sessions",
        "reviews",
        "meetings",
        "weeks",
        "session",
        "review",
        "nights",
    )
    if unit is None and not noun:
        return
    end = j + (unit.length if unit is not None else 1)
    of_days = unit.kind in _DAY_UNITS if unit is not None else lexed.word(j) in ("days", "day", "nights")
    if (
        unit is not None
        and unit.kind in ("DAY", "GROUP")
        and (part := lexed.any_of(end, ("PART", "AM", "PM"))) is not None
    ):
        end += part.length
    per = lexed.entry(end, "PERWEEK")
    if per is not None:
        yield Candidate(end + per.length, "AMOUNT", of_days, 1.0)
    elif unit is not None and unit.kind in _DAY_UNITS and (some is not None or lexed.words[end - 1].endswith("s")):
        if (
            some is not None
            or lexed.is_num(i) is False
            or lexed.words[end - 1] in ("evenings", "mornings", "afternoons", "nights", "weekends")
        ):
            yield Candidate(end, "AMOUNT", of_days, 1.0)
    elif noun and (some is not None or lexed.is_num(i)):
        yield Candidate(end, "AMOUNT", of_days, 1.5)


def names_a_day(text: str) -> tuple[str, ...]:
    """The mark of words nobody understood that hold the name of a weekday: hours beside them may be that day's."""
    return ("day",) if _DAY_NAME.search(text) else ()


def junk_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """What must never be read as a day or a time: links, phone numbers, room numbers, "night owl"."""
    token = lexed.tokens[i]
    if token.kind in ("url", "phone"):
        if token.kind == "phone" and len(token.raw) == 8 and int(token.raw[-1]) % 5 == 0:
            return
        yield Candidate(i + 1, "UNKNOWN", None, 0.5, names_a_day(token.text))
    pending = lexed.entry(i, "PENDING")
    if pending is not None:
        yield Candidate(i + pending.length, "UNKNOWN_BOUND", None, 0.5)
    noun = lexed.entry(i, "BADNOUN")
    if noun is not None:
        flags = names_a_day(" ".join(lexed.words[i : i + noun.length]))
        yield Candidate(i + noun.length, "UNKNOWN", None, 0.3, flags)
    label = lexed.entry(i, "BADNUM")
    if label is not None:
        j = i + label.length + (lexed.word(i + label.length) in ("#", "number", ".", ":"))
        if lexed.is_num(j):
            yield Candidate(j + 1, "UNKNOWN", None, 0.5)


ASIDE_RULES = (condition_rule, unknown_event_rule, busy_rule, amount_rule, junk_rule)
