"""Rules for times of the day: clock readings, ranges, bounds, parts, durations."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.availability.clock import Clock
from ingest.availability.clockwords import ARTICLES, NAMED, bound_at, clock_at, endpoint_at
from ingest.availability.items import Candidate, Time
from ingest.availability.lexed import Lexed
from ingest.availability.words import but_means_except

# A figure after these counts or names something; it is no time of day.
_COUNTING = frozenset(
    (
        "have",
        "has",
        "got",
        "with",
        "my",
        "a",
        "than",
        "version",
        "page",
        "pages",
        "least",
        "most",
        "max",
        "over",
        "top",
        "about",
        "of",
    )
)


def _to(lexed: Lexed, j: int, between: bool) -> int:
    """Where the connector of a range that starts at token j ends; 0 when there is none."""
    entry = lexed.entry(j, "TO")
    if entry is not None:
        j += entry.length
        nested = lexed.entry(j, "TO") or lexed.entry(j, "UNTIL") or lexed.entry(j, "LE")
        return j + nested.length if nested is not None and lexed.word(j) not in "-~" else j
    late = lexed.entry(j, "UNTIL")
    if late is not None:
        return j + late.length
    joined = lexed.entry(j, "AND")
    return j + joined.length if between and joined is not None else 0


def range_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "10 to noon", "between 3 and 5", "9am-5", "late morning through mid-afternoon"."""
    between = lexed.entry(i, "BETWEEN")
    lead = between or lexed.entry(i, "FROM")
    j = i + lead.length if lead is not None else i
    if lead is None and lexed.word(i) in ARTICLES:
        return
    first = bound_at(lexed, j)
    if first is None:
        return
    again = lexed.word(i - 1) == "or" and "between" in lexed.words[max(0, i - 9) : i]
    middle = _to(lexed, first[0], between is not None or again)
    if not middle:
        return
    last = bound_at(lexed, middle)
    if last is None:
        return
    through = "t" if lexed.word(first[0]) in ("through", "thru") else ""
    cost = 1.0 if first[1].name or last[1].name or _explicit(first[1]) or _explicit(last[1]) else 1.2
    yield Candidate(last[0], "TIME", Time("range", first[1], last[1], part=through), cost)


def _explicit(clock: Clock) -> bool:
    return bool(clock.mark) or bool(clock.minute)


def duration_at(lexed: Lexed, i: int) -> tuple[int, int] | None:
    """A length of time ("30 minutes", "an hour and a half"): where it ends, and its minutes."""
    if lexed.is_num(i) or lexed.entry(i, "NUMBER") is not None or lexed.word(i) in ("an", "a", "half", "one"):
        j, amount = i + 1, 1.0
        if lexed.is_num(i):
            amount = float(lexed.words[i])
            if lexed.word(j) in (".", ",") and lexed.tight(j) and lexed.is_num(j + 1) and lexed.tight(j + 1):
                amount += float("0." + lexed.words[j + 1])
                j += 2
        elif lexed.word(i) == "half":
            amount, j = 0.5, i + 1 + (lexed.word(i + 1) in ("an", "a"))
        else:
            value = lexed.value(i, "NUMBER")
            amount = float(value) if isinstance(value, int) else 1.0
            if lexed.word(j) == "half" and lexed.word(i) == "a":
                amount, j = 0.5, j + 1
        if lexed.word(j) == "-":
            j += 1
        return _unit(lexed, j, amount)
    return None


def _unit(lexed: Lexed, j: int, amount: float) -> tuple[int, int] | None:
    if lexed.entry(j, "MINUTE") is not None:
        return j + 1, int(amount)
    if lexed.entry(j, "HOUR") is None:
        return None
    minutes = int(amount * 60)
    if lexed.word(j + 1) == "and" and lexed.word(j + 2) in ("a", "half"):
        k = j + 2 + (lexed.word(j + 2) == "a")
        if lexed.word(k) == "half":
            return k + 1, minutes + 30
    if lexed.is_num(j + 1) and lexed.entry(j + 2, "MINUTE") is not None:
        return j + 3, minutes + int(lexed.words[j + 1])
    return j + 1, minutes


def duration_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "for 30 minutes", "(45 min)": the length of the point before it."""
    j = i + 1 if lexed.word(i) in ("for", "in", "about") else i
    found = duration_at(lexed, j)
    if found is None or not 0 < found[1] <= 720:
        return
    k = found[0]
    if lexed.entry(k, "PERWEEK") is not None:
        return
    if lexed.word(k) in ("slot", "slots", "session", "sessions", "meeting", "meetings", "block", "blocks", "chunk"):
        k += 1
    yield Candidate(k, "DURATION", found[1], 1.0)


def point_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "at 5", "19:30", "noonish", "1pm+", "4 or later"."""
    at = lexed.word(i) in ("at", "@")
    j = i + 1 if at else i
    found = clock_at(lexed, j)
    if found is None:
        approx = lexed.entry(j, "APPROX")
        k = j + approx.length if approx is not None else j
        for kind, name in NAMED:
            entry = lexed.entry(k, kind)
            if entry is not None:
                vague = approx is not None or lexed.word(k) == "noonish"
                found = (k + entry.length, Clock(name=name, approximate=vague))
    if found is None:
        return
    end, clock = found
    later = lexed.entry(end, "ONWARD")
    if later is not None and not (lexed.word(end) == "on" and _day_follows(lexed, end + 1)):
        cost = 1.0 if lexed.word(end) != "plus" else 4.0
        yield Candidate(end + later.length, "TIME", Time("from", clock), cost)
    if lexed.word(end) == "+" and lexed.tight(end):
        yield Candidate(end + 1, "TIME", Time("from", clock), 0.8)
    earlier = lexed.entry(end, "ORBEFORE")
    if earlier is not None:
        yield Candidate(end + earlier.length, "TIME", Time("until", clock), 1.0)
    if lexed.word(i - 1) in _COUNTING and not _explicit(clock) and not clock.name and not at:
        return
    bare = not (_explicit(clock) or clock.name or at or clock.approximate)
    yield Candidate(end, "TIME", Time("point", clock), 2.5 if bare else 1.0, ("bare",) if bare else ())


def _day_follows(lexed: Lexed, i: int) -> bool:
    j = i + 1 if lexed.word(i) in ("the", "a", "every", "each", "most") else i
    return (
        lexed.any_of(j, ("DAY", "GROUP", "MONTH", "TODAY", "ORDINAL")) is not None
        or lexed.is_num(j)
        or (j < lexed.size and lexed.tokens[j].raw in ("M", "T", "W", "R", "F", "MWF", "TTh", "TR", "MW"))
    )


_BOUNDS = (
    ("AFTER", "after"),
    ("GE", "from"),
    ("FROM", "from"),
    ("BEFORE", "before"),
    ("LE", "until"),
    ("UNTIL", "until"),
    ("FREEBY", "from"),
)
_NEGATED = ("not before", "not after", "not past", "not until", "not till", "not beyond", "not later", "not earlier")


def bound_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "after 5", "before lunch", "not past 4", "free by 11:30", "from 4pm onwards"."""
    for kind, name in _BOUNDS:
        entry = lexed.entry(i, kind)
        if entry is None:
            continue
        j = lexed.skip(i + entry.length, (":", "at", "is"))
        found = endpoint_at(lexed, j)
        if found is None:
            continue
        end, clock = found
        if clock.name in ("work", "school", "dinner") and kind not in ("AFTER", "BEFORE", "FROM", "UNTIL"):
            continue
        if clock.name == "school" and kind != "AFTER":
            continue
        value = name
        if kind in ("UNTIL", "BEFORE") and name == "before":
            value = "before"
        if lexed.word(i) == "by" and lexed.entry(end, "ORBEFORE") is not None:
            end += lexed.at[end]["ORBEFORE"].length
        onward = lexed.entry(end, "ONWARD")
        if (
            value in ("after", "from")
            and onward is not None
            and not (lexed.word(end) == "on" and _day_follows(lexed, end + 1))
        ):
            end += onward.length
        if value in ("after", "from") and lexed.word(end) == "+":
            end += 1
        negated = f"{lexed.word(i)} {lexed.word(i + 1)}" in _NEGATED
        yield Candidate(end, "TIME", Time(value, clock, negated=negated), 1.1)


def part_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "mornings", "the early afternoon", "AM" as a noun, "all day", "whenever"."""
    j = lexed.skip(i, ("in", "the", "during", "my", "at", "over", "either"))
    prefix = 0.2 * (j - i)
    if (
        lexed.entry(i + 1, "DAY") is not None
        and (part := lexed.entry(i + 2, "PART"))
        and _parted(lexed, i + 2, str(part.value))
    ):
        yield Candidate(i + 1, "FILL", None, 0.5)
    half = lexed.entry(i, "HALF")
    if half is not None:
        yield from _half(lexed, i, str(half.value), half.length)
    for start, extra in ((i, 0.0), (j, prefix)) if j > i else ((i, 0.0),):
        entry = lexed.entry(start, "PART")
        if entry is not None and (early := _parted(lexed, start, str(entry.value))):
            yield Candidate(start + entry.length, "TIME", Time("part", part=early), 0.8 + extra)
        elif entry is not None:
            yield Candidate(start + entry.length, "TIME", Time("part", part=str(entry.value)), 1.0 + extra)
    if i == j and lexed.entry(i, "TONIGHT") is not None:
        yield Candidate(i + 1, "TONIGHT", None, 1.0)
    if i == j and lexed.entry(i, "WEEKNIGHT") is not None:
        yield Candidate(i + lexed.at[i]["WEEKNIGHT"].length, "WEEKNIGHT", None, 1.0)
    for kind, name in (("AM", "morning"), ("PM", "afternoon")):
        noun = lexed.entry(j, kind)
        if noun is not None and not lexed.is_num(i - 1) and _is_noun(lexed, j, noun.length):
            yield Candidate(j + noun.length, "TIME", Time("part", part=name), 1.3 + prefix, ("PM-as-noun",))
    for kind, name in (("ALLDAY", "all"), ("ANYTIME", "any"), ("OPEN", "open"), ("FLEX", "flex")):
        vague = lexed.entry(i, kind)
        if vague is not None:
            yield Candidate(i + vague.length, "TIME", Time(name), 1.0)
    if lexed.word(i) in ("all", "any") and ("EXCEPT" in lexed.at[i + 1] or but_means_except(lexed, i + 1)):
        yield Candidate(i + 1, "TIME", Time("any"), 0.9)


def _parted(lexed: Lexed, i: int, part: str) -> str:
    """ "late Tuesday afternoon": the part of the day whose first word stands before the weekday."""
    word = lexed.word(i - 2)
    if lexed.entry(i - 1, "DAY") is None or word not in ("early", "late", "mid"):
        return ""
    return f"{word} {part}" if part in ("morning", "afternoon", "evening") else ""


def _is_noun(lexed: Lexed, j: int, length: int) -> bool:
    """ "Mon am" and "AM only", but not "I am" or the German "am"."""
    if lexed.word(j - 1) in ("i", "we", "who", "that"):
        return False
    beside = (j - 1, j - 2, j + length, j + length + 1)
    return lexed.tokens[j].raw[:1].isupper() or any(
        lexed.any_of(k, ("DAY", "GROUP", "TODAY")) is not None or lexed.word(k) in ("the", "/") for k in beside
    )


def _half(lexed: Lexed, i: int, which: str, length: int) -> Iterator[Candidate]:
    j = lexed.skip(i + length, ("the", "my"))
    entry = lexed.entry(j, "PART")
    if entry is not None:
        yield Candidate(j + entry.length, "TIME", Time("half", part=str(entry.value), minutes=int(which)), 0.8)
        return
    day = lexed.entry(j, "DAY") or lexed.entry(j, "GROUP")
    if day is not None and lexed.entry(j + day.length, "PART") is not None:
        part = str(lexed.at[j + day.length]["PART"].value)
        yield Candidate(j, "TIME", Time("half", part=part, minutes=int(which)), 0.8)


TIME_RULES = (range_rule, bound_rule, point_rule, part_rule, duration_rule)
