"""Rules for weekdays: names, codes (MWF, TTh), lists, ranges, groups, "every other", "next Tuesday"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.availability.items import Candidate, Days
from ingest.availability.lexed import Lexed
from ingest.availability.vocabulary import EVERY_DAY, WEEKDAYS, WEEKEND

_LETTERS = {
    "m": 0, "mo": 0, "t": 1, "tu": 1, "w": 2, "we": 2, "th": 3, "r": 3, "f": 4, "fr": 4, "sa": 5, "su": 6, "u": 6,
}  # fmt: skip
_CODE = re.compile(r"(Mo|M|Tu|Th|T|We|W|R|Fr|F|Sa|Su|U)", re.IGNORECASE)
_LOWER_CODES = frozenset(("mwf", "tth", "mw", "tuth", "mtw", "mtwth", "mtwthf", "mtwrf", "twth", "mth", "wf", "tthf"))
_JOINERS = frozenset((",", "/", "-", "&", "and", "or", "+", "|"))
_GROUPS = {"weekdays": WEEKDAYS, "weekend": WEEKEND, "all": EVERY_DAY}
_PRONOUNS = frozenset(("i", "he", "she", "we", "they", "who", "you", "it", "newly", "just"))


def code_days(raw: str) -> tuple[int, ...]:
    """The weekdays of a code such as MWF or TuTh, in order; () when it is not one."""
    days: list[int] = []
    position = 0
    while position < len(raw):
        match = _CODE.match(raw, position)
        if match is None:
            return ()
        day = _LETTERS[match[0].lower()]
        if days and day <= days[-1]:
            return ()
        days.append(day)
        position = match.end()
    return tuple(days)


def _letter_day(lexed: Lexed, i: int) -> int | None:
    """The weekday of a one- or two-letter code, when its surroundings say that it is one."""
    token = lexed.tokens[i]
    day = _LETTERS.get(token.text)
    if day is None or token.kind != "word" or (lexed.tight(i) and lexed.is_num(i - 1)):
        return None
    upper = token.raw[0].isupper()
    beside = any(_joined_code(lexed, i, step) for step in (1, -1))
    if beside and (upper or lexed.word(i + 1) in "/-" or lexed.word(i - 1) in "/-"):
        return day
    if not upper or token.text in ("u", "we"):
        return None
    after = lexed.word(i + 1)
    behind = i - 2 if lexed.word(i - 1) == "." else i - 1
    before = lexed.at[behind] if behind >= 0 else {}
    if (
        lexed.is_num(i + 1)
        or after in (":", "-", "@")
        or "EXCEPT" in before
        or "NOT" in before
        or lexed.word(i - 1) == "on"
    ):
        return day
    nexts = lexed.at[i + 1] if i + 1 < lexed.size else {}
    leads = ("PART", "ALLDAY", "NOT", "OFF", "AFTER", "BEFORE", "NOON", "BETWEEN", "FROM", "UNTIL", "ANYTIME", "NONE")
    return day if any(kind in nexts for kind in leads) else None


def _joined_code(lexed: Lexed, i: int, step: int) -> bool:
    j = i + step
    if lexed.word(j) == "," and lexed.word(j + step) in ("and", "or", "&") and step > 0:
        j += step
    if lexed.word(j) not in _JOINERS:
        near = 0 <= j < lexed.size and lexed.tokens[j].text in _LETTERS and lexed.tokens[j].raw[0].isupper()
        return near and lexed.tokens[i].raw[0].isupper()
    k = j + step
    if not 0 <= k < lexed.size or lexed.tokens[k].kind != "word":
        return False
    if lexed.tokens[k].text in ("we", "u") and not lexed.tokens[k].raw[0].isupper():
        return False
    return lexed.tokens[k].text in _LETTERS or lexed.entry(k, "DAY") is not None


def day_at(lexed: Lexed, i: int) -> tuple[int, tuple[int, ...]] | None:
    """One weekday, or a code for several: where it ends, and which."""
    lexed.steps += 1
    if not 0 <= i < lexed.size:
        return None
    entry = lexed.entry(i, "DAY")
    if entry is not None:
        word = lexed.words[i]
        if word in ("sun", "sat", "wed") and not lexed.tokens[i].raw[0].isupper():
            previous = lexed.word(i - 1)
            if previous in _PRONOUNS or (word == "sun" and previous in ("the", "some")):
                return None
        end = i + 1
        return (end + 1, (int(str(entry.value)),)) if _abbreviation_dot(lexed, end) else (end, (int(str(entry.value)),))
    if lexed.tokens[i].kind != "word":
        return None
    letter = _letter_day(lexed, i)
    if letter is not None:
        return i + 1, (letter,)
    raw = lexed.tokens[i].raw
    if len(raw) >= 2 and len(raw) <= 9 and (raw[0].isupper() or raw in _LOWER_CODES) and raw.lower() not in _LETTERS:
        days = code_days(raw)
        if len(days) >= 2 and not (
            raw in ("MT", "Mt") and (lexed.is_num(i - 1) or "PM" in lexed.at[i - 1] or "AM" in lexed.at[i - 1])
        ):
            return i + 1, days
    return None


def _abbreviation_dot(lexed: Lexed, j: int) -> bool:
    """A full stop that belongs to "Mon." rather than to the sentence."""
    return (
        lexed.word(j) == "."
        and lexed.tight(j)
        and len(lexed.words[j - 1]) <= 5
        and j + 1 < lexed.size
        and (
            lexed.is_num(j + 1)
            or lexed.word(j + 1) in ("-", ",", "and", "&", "to", "/", ":", "through")
            or any(kind in lexed.at[j + 1] for kind in ("PART", "AFTER", "BEFORE", "DAY", "MONTH"))
        )
    )


def _to(lexed: Lexed, j: int) -> int:
    entry = lexed.entry(j, "TO")
    return j + entry.length if entry is not None else 0


def days_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """A weekday or a range of weekdays, with "every", "any" or "on" before it."""
    j, every, quantified, cost = i, 0, "", 1.0
    other = lexed.entry(i, "OTHER2")
    if lexed.word(i) in ("on", "from", "between", "the"):
        j, cost = i + 1, 1.2
        if lexed.word(j) in ("a", "the"):
            j += 1
        other = lexed.entry(j, "OTHER2")
    if other is not None:
        j, every = j + other.length, 2
    elif lexed.entry(j, "EVERY") is not None:
        j, quantified = j + 1, "every"
        if lexed.word(j) == "single":
            j += 1
    elif lexed.entry(j, "ANY") is not None:
        j, quantified = j + lexed.at[j]["ANY"].length, "any"
    found = day_at(lexed, j)
    if found is not None:
        yield from _range(lexed, i, found, every, quantified, cost)
    group = lexed.entry(j, "GROUP") or (lexed.entry(i, "GROUP") if every == 0 else None)
    if group is not None:
        start = j if lexed.entry(j, "GROUP") is not None else i
        days = _GROUPS[str(group.value)]
        yield Candidate(
            start + group.length,
            "DAYS",
            Days(days, every, True, quantified, _plural(lexed, start + group.length)),
            cost,
        )
    both = lexed.entry(i, "BOTH")
    if both is not None:
        yield Candidate(i + both.length, "BOTH", None, 1.0)


def _range(
    lexed: Lexed, i: int, first: tuple[int, tuple[int, ...]], every: int, quantified: str, cost: float
) -> Iterator[Candidate]:
    end, days = first
    middle = _to(lexed, end)
    if lexed.word(i) == "between" and lexed.word(end) == "and":
        middle = end + 1
    last = day_at(lexed, middle) if middle else None
    if last is not None and len(days) == 1 and len(last[1]) == 1:
        chain = [days[0], last[1][0]]
        after = last[0]
        while len(chain) < 7 and lexed.word(after) == "-" and (more := day_at(lexed, after + 1)) is not None:
            chain.append(more[1][0])
            after = more[0]
        if len(chain) > 2:
            yield Candidate(after, "DAYS", Days(tuple(sorted(set(chain))), every, False, quantified), cost)
        elif chain[0] != chain[1]:
            span = (chain[1] - chain[0]) % 7
            covered = tuple(sorted((chain[0] + n) % 7 for n in range(span + 1)))
            yield Candidate(after, "DAYS", Days(covered, every, True, quantified), cost)
    yield Candidate(end, "DAYS", Days(days, every, False, quantified, _plural(lexed, end)), cost)


def _plural(lexed: Lexed, end: int) -> bool:
    return lexed.words[end - 1].endswith(("days", "ends"))


def others_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "the other weekdays", "the rest of the weekend": those of a group that are named nowhere else."""
    entry = lexed.entry(i, "OTHERS")
    group = lexed.entry(i + entry.length, "GROUP") if entry is not None else None
    if entry is not None and group is not None and group.value != "all":
        days = Days(_GROUPS[str(group.value)], group=True, quantified="other", plural=True)
        yield Candidate(i + entry.length + group.length, "DAYS", days, 0.9)


def relative_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "this Friday", "next Tues/Thurs", "next weekend"."""
    j = i + 1 if lexed.word(i) == "on" else i
    shift = 0 if lexed.entry(j, "THIS") is not None else 1 if lexed.entry(j, "NEXT") is not None else None
    if shift is None:
        return
    j += (lexed.any_of(j, ("THIS", "NEXT")) or lexed.at[j]["THIS"]).length
    found = day_at(lexed, j)
    if found is not None:
        end, days = found
        while (
            len(days) < 7
            and lexed.word(end) in ("/", "and", "or", "&")
            and (more := day_at(lexed, end + 1)) is not None
        ):
            if any(kind in lexed.at[end + 1] for kind in ("MONTH",)):
                break
            end, days = more[0], days + more[1]
        yield Candidate(end, "DAYS", Days(tuple(sorted(set(days))), relative=shift), 1.0)
    group = lexed.entry(j, "GROUP")
    if group is not None and group.value == "weekend":
        yield Candidate(j + group.length, "DAYS", Days(WEEKEND, relative=shift), 1.0)
    part = lexed.entry(j, "PART")
    if part is not None and shift == 0:
        yield Candidate(j, "TODAY", None, 1.0)


DAY_RULES = (days_rule, others_rule, relative_rule)
