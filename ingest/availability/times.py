"""Rules for times of the day: clock readings, ranges, bounds, parts, durations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.availability.clock import Clock
from ingest.availability.items import Candidate, Time
from ingest.availability.lexed import Lexed

_MINUTE_WORDS = {"thirty": 30, "fifteen": 15, "forty-five": 45, "forty": 40, "twenty": 20, "ten": 10, "fifty": 50}
_ARTICLES = frozenset(("the", "my", "in", "at", "during", "@"))
_SEPARATORS = frozenset((":", ".", ";", "h"))
# A figure after these counts or names something; it is no time of day.
_COUNTING = frozenset(
    ("have", "has", "got", "with", "my", "a", "than", "version", "page", "pages", "least", "most", "max", "over", "top", "about", "of")
)


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
    hour, mark = int(text), "24" if size == 2 and text[0] == "0" else ""
    separator = lexed.word(j)
    if separator in _SEPARATORS and lexed.tight(j) and lexed.is_num(j + 1) and lexed.tight(j + 1):
        if len(lexed.words[j + 1]) != 2 or (separator != ":" and int(lexed.words[j + 1]) > 59):
            return None
        if separator == "." and lexed.word(j + 2) in (".", "/") and lexed.tight(j + 2) and lexed.is_num(j + 3):
            return None
        minute = int(lexed.words[j + 1])
        j += 2
        if lexed.word(j) == ":" and lexed.tight(j) and lexed.is_num(j + 1) and lexed.tight(j + 1):
            j += 2
        clock = Clock(hour, minute, "24" if mark or separator == "h" else "")
        return _marked(lexed, j, clock)
    if lexed.word(j) == "/" and lexed.is_num(j + 1) and lexed.tight(j) and lexed.tight(j + 1) and not ends_range(lexed, i):
        return None
    slashed = lexed.word(i - 1) == "/" and lexed.is_num(i - 2) and lexed.tight(i) and lexed.tight(i - 1)
    if slashed and not ends_range(lexed, i - 2):
        return None
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
    return lexed.word(i - 1) == "-" and lexed.is_num(i - 2) and lexed.tight(i) and lexed.word(i - 3) not in ("/", "-", ".")


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


_NAMED = (("NOON", "noon"), ("MIDNIGHT", "midnight"))


def endpoint_at(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    """A clock reading, or a part of the day or event that can bound a range."""
    j = lexed.skip(i, _ARTICLES)
    if j != i and lexed.word(j - 1) == "@":
        return clock_at(lexed, j)
    approx = lexed.entry(j, "APPROX")
    if approx is not None:
        inner = endpoint_at(lexed, j + approx.length) if lexed.entry(j + approx.length, "APPROX") is None else None
        return None if inner is None else (inner[0], replace(inner[1], approximate=True))
    for kind, name in _NAMED:
        entry = lexed.entry(j, kind)
        if entry is not None:
            return j + entry.length, Clock(name=name, approximate=lexed.word(j) == "noonish")
    entry = lexed.any_of(j, ("PART", "EVENT", "HALFPAST"))
    if entry is not None and entry.kind in ("PART", "EVENT"):
        return j + entry.length, Clock(name=str(entry.value))
    return clock_at(lexed, j)


def _clock_or_named(lexed: Lexed, i: int) -> tuple[int, Clock] | None:
    found = endpoint_at(lexed, i)
    if found is None or found[1].name in ("work", "school", "dinner"):
        return None
    return found


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
    if lead is None and lexed.word(i) in _ARTICLES:
        return
    first = _clock_or_named(lexed, j)
    if first is None:
        return
    middle = _to(lexed, first[0], between is not None)
    if not middle:
        return
    last = _clock_or_named(lexed, middle)
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
        minutes = _unit(lexed, j, amount)
        return minutes
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
        for kind, name in _NAMED:
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
    if lexed.entry(i + 1, "DAY") is not None and (part := lexed.entry(i + 2, "PART")) and _parted(lexed, i + 2, str(part.value)):
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
