"""Rules for everything that is neither a day nor a time: polarity, soft words, conditions, zones, separators."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.availability.days import day_at
from ingest.availability.items import Candidate
from ingest.availability.lexed import Lexed
from ingest.availability.zones import CAPITALS_ONLY, WEAK
from optimizer.domain.time import ZoneError, zone_info

_PLAIN = (
    ("POS", 1.2), ("YES", 1.2), ("NONE", 1.0), ("NOT", 1.4), ("OFF", 1.1), ("ACT", 1.2), ("EXCEPT", 1.0), ("BUT", 1.0),
    ("ELSE", 0.9), ("REST", 1.0), ("RESTALL", 0.9), ("FREEAFTER", 1.2), ("SO", 1.1), ("MAYBE", 0.9), ("PREF", 1.0),
    ("SAME", 1.2), ("FILL", 1.4), ("TIMEZONEWORD", 1.4), ("APPROX", 2.5), ("ANY", 1.4), ("EVERY", 1.6),
)  # fmt: skip
_HARD = frozenset((";", "\n", "•", "*"))
_SOFT = {
    ",": "COMMA", "/": "AND", "&": "AND", "+": "AND", "|": "BAR", ":": "COLON", "-": "DASH", "--": "DASH", "(": "OPEN",
    ")": "CLOSE", "=": "COLON", "→": "COLON", "->": "COLON", "=>": "COLON", "[": "OPEN", "]": "CLOSE", "~": "DASH",
}  # fmt: skip
_SIGNIFICANT = (
    "DAY", "GROUP", "MONTH", "TODAY", "PART", "NOON", "MIDNIGHT", "ALLDAY", "BOTH", "WEEKNIGHT", "TONIGHT", "HOLIDAY",
    "BUT", "ELSE",
)  # fmt: skip
_ABBREVIATIONS = frozenset(
    ("exc", "excl", "approx", "incl", "esp", "pref", "avail", "appt", "wk", "ca", "eg", "ie", "tel", "ext", "rm", "dr", "mr", "ms", "mrs")
)
_INTENSIFIERS = frozenset(
    ("really", "usually", "generally", "very", "super", "going", "to", "be", "currently", "so", "that", "able", "typically")
)
LONGEST_CLAUSE = 60
_CLAUSE_ENDS = frozenset((",", ";", "\n", ".", ")", "!", "|", "•"))


def word_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Words with a fixed meaning."""
    here = lexed.at[i]
    for kind, cost in _PLAIN:
        entry = here.get(kind)
        if entry is not None and not (kind == "FREEAFTER" and _bounds(lexed, i + entry.length)):
            yield Candidate(i + entry.length, kind, entry.value, cost)
    for kind, name in (("AND", "AND"), ("OR", "OR")):
        entry = here.get(kind)
        if entry is not None:
            yield Candidate(i + entry.length, name, None, 0.4)
    if "BUT" in here and _but_means_except(lexed, i):
        yield Candidate(i + here["BUT"].length, "EXCEPT", None, 0.8)
    if "WORKBUSY" in here and lexed.word(i - 1) not in (
        "to",
        "after",
        "before",
        "from",
        "that",
        "would",
        "can",
        "will",
    ):
        busy = here["WORKBUSY"]
        if busy.length > 1 or lexed.words[i] == "working" or _starts(lexed, i):
            yield Candidate(i + busy.length, "ACT", None, 0.9)
    if "NOT" in here:
        j = i + here["NOT"].length
        j = lexed.skip(j, _INTENSIFIERS)
        entry = lexed.entry(j, "POS")
        if entry is not None:
            yield Candidate(j + entry.length, "OFF", None, 0.9)


def _but_means_except(lexed: Lexed, i: int) -> bool:
    """ "every day but Friday", "any time but mornings": but, after all there is."""
    before, j = lexed.word(i - 1), i + 1 + (lexed.word(i + 1) == "on")
    if before not in ("day", "days", "anytime", "everything", "time", "all", "week", "everyday", "whenever"):
        return False
    vague = before in ("anytime", "time", "everything", "whenever", "all")
    kinds = ("DAY", "GROUP", "MONTH") + (("PART", "NOON") if vague else ())
    end = _clause_end(lexed, j)
    return lexed.any_of(j, kinds) is not None and not any("POS" in lexed.at[k] for k in range(j, end))


def _bounds(lexed: Lexed, j: int) -> bool:
    """ "free after" with its time: then it is a bound."""
    kinds = ("NUMBER", "NOON", "PART", "EVENT", "DAY", "MONTH", "APPROX", "TODAY", "HOLIDAY", "ACT", "HALFPAST", "MIDNIGHT")
    return lexed.is_num(j) or lexed.any_of(j, kinds) is not None


def _starts(lexed: Lexed, i: int) -> bool:
    return i == 0 or lexed.word(i - 1) in (",", ";", ".", "\n", "and", "but", "my")


def separator_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Hard separators end a statement, soft ones may join."""
    word = lexed.words[i]
    if word in _HARD:
        yield Candidate(i + 1, "HARD", word, 0.1)
    elif word in (".", "!", "?"):
        if word == "." and lexed.tight(i) and (lexed.word(i - 1) in _ABBREVIATIONS or _inside(lexed, i)):
            yield Candidate(i + 1, "FILL", None, 0.5)
        elif word == "?":
            yield Candidate(i + 1, "QUESTION", None, 0.1)
        else:
            yield Candidate(i + 1, "HARD", word, 0.1)
    elif word in _SOFT and not (word == "-" and _empty_cell(lexed, i)):
        yield Candidate(i + 1, _SOFT[word], None, 0.1)
    elif word == "x" and (i + 1 == lexed.size or lexed.word(i + 1) in ("\n", ",", ";", "|")) and i:
        yield Candidate(i + 1, "NONE", None, 1.0)
    elif word == "-" and _empty_cell(lexed, i):
        yield Candidate(i + 1, "NONE", None, 0.05)
    elif lexed.tokens[i].kind == "other" and not word.isalnum() and not lexed.at[i]:
        yield Candidate(i + 1, "FILL", None, 0.2)
    elif lexed.tokens[i].kind == "special" and word in ("w/", "f2f"):
        yield Candidate(i + 1, "FILL", None, 0.2)


def _empty_cell(lexed: Lexed, i: int) -> bool:
    """A dash that stands where a day's time should be."""
    after = lexed.word(i + 1)
    if not (i + 1 >= lexed.size or after in ("\n", "|", ";") or (after == "," and lexed.tokens[i].gap)):
        return False
    return lexed.word(i - 1) in (":", "|", "=") or lexed.entry(i - 1, "DAY") is not None or lexed.size == 1


def _inside(lexed: Lexed, i: int) -> bool:
    """A point between figures ("4.30")."""
    return lexed.tight(i + 1) and lexed.is_num(i + 1)


def list_number_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """ "1) Mon", "2. Tue", "(3) Wed": numbers of a list, not times."""
    first = i == 0 or lexed.words[i - 1] in ("\n", "(", ",", ";", "#", ".", "•") or lexed.word(i + 1) == ")"
    mark = lexed.word(i + 1)
    if first and mark == ")" and lexed.words[i] in ("a", "b", "c", "d", "e") and lexed.word(i - 1) != "(":
        yield Candidate(i + 2, "BULLET", None, 0.5)
    if not (lexed.is_num(i) and len(lexed.words[i]) <= 2 and first):
        return
    if mark == ")" or (
        mark in (".", ":", "-") and lexed.tight(i + 1) and i + 2 < lexed.size and lexed.tokens[i + 2].gap
    ):
        if mark == ")" and lexed.word(i - 1) != "(" and any(lexed.words[k] == "(" for k in range(max(0, i - 12), i)):
            return
        if mark in (":", "-") and (lexed.is_num(i + 2) or mark == "-"):
            return
        yield Candidate(i + 2, "BULLET", None, 0.5)


def _clause_end(lexed: Lexed, j: int) -> int:
    last = min(lexed.size, j + LONGEST_CLAUSE)
    while j < last and lexed.words[j] not in _CLAUSE_ENDS:
        j += 1
        lexed.steps += 1
    return j


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
        end = _clause_end(lexed, i + entry.length)
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
    while j < min(lexed.size, i + 8) and "FILL" in lexed.at[j] and not _significant(lexed, j) and "ACT" not in lexed.at[j]:
        j += lexed.at[j]["FILL"].length
    if j >= lexed.size:
        return
    nameless = lexed.tokens[j].kind == "word" and not _known(lexed, j)
    schooled = lexed.words[j] == "school" and entry.kind != "AFTER"
    if not (nameless or schooled or "ACT" in lexed.at[j] or "BADNOUN" in lexed.at[j]):
        return
    end = j
    while end < min(lexed.size, j + 12) and lexed.words[end] not in _CLAUSE_ENDS and not _significant(lexed, end):
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
    if have is None or "POS" in lexed.at[i] and lexed.at[i]["POS"].length > have.length:
        return
    j = start = i + have.length
    nouns = 0
    while j < lexed.size and j - start < 7 and not _significant(lexed, j) and not lexed.is_num(j):
        here = lexed.at[j]
        if (
            lexed.words[j] in _CLAUSE_ENDS
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


def zone_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Zone abbreviations, regions, cities, UTC offsets and IANA names."""
    token = lexed.tokens[i]
    if token.kind == "iana":
        if _is_zone(token.raw):
            yield Candidate(i + 1, "ZONE", (token.raw, token.text), 0.5)
        return
    offset = _offset(lexed, i)
    if offset is not None:
        yield Candidate(offset[0], "ZONE", (offset[1], "utc"), 0.5)
    entry = lexed.entry(i, "ZONE")
    if entry is None:
        return
    end = i + entry.length
    word = " ".join(lexed.words[i:end])
    tail = lexed.entry(end, "TIMEZONEWORD")
    if word in WEAK and not _zone_context(lexed, i, end, tail is not None):
        return
    if word in CAPITALS_ONLY and not token.raw.isupper() and not _after_time(lexed, i):
        return
    if tail is not None and lexed.words[end] != "times":
        end += tail.length
    yield Candidate(end, "ZONE", (str(entry.value), word), 0.6)


def _is_zone(name: str) -> bool:
    try:
        zone_info(name)
    except ZoneError:
        return False
    return True


def _after_time(lexed: Lexed, i: int) -> bool:
    j = i - 1
    while j > i - 4 and j >= 0 and lexed.words[j] in ("(", "us", "in", ",", "-"):
        j -= 1
    if j < 0:
        return False
    return (
        lexed.is_num(j)
        or any(kind in lexed.at[j] for kind in ("AM", "PM", "NOON", "MIDNIGHT", "PART", "OCLOCK", "ZONE"))
        or (lexed.words[j] in ("a", "p", "h", "+"))
    )


def _zone_context(lexed: Lexed, i: int, end: int, named: bool) -> bool:
    before = lexed.word(i - 1)
    if (
        named
        or _after_time(lexed, i)
        or before in ("in", "(", "times", "zone", "timezone", "tz", "on", ":", "us", "is", "use")
    ):
        return True
    return lexed.tokens[i].raw.isupper() and (i == 0 or before in (",", "\n", ".", ";", "/"))


def _offset(lexed: Lexed, i: int) -> tuple[int, str] | None:
    if lexed.words[i] not in ("utc", "gmt") or lexed.word(i + 1) not in ("+", "-") or not lexed.is_num(i + 2):
        return None
    digits, end = lexed.words[i + 2], i + 3
    if len(digits) > 2:
        hours, minutes = int(digits[:-2]), int(digits[-2:])
    else:
        hours, minutes = int(digits), 0
        if (
            lexed.word(end) in (":", ".")
            and lexed.tight(end)
            and lexed.is_num(end + 1)
            and len(lexed.words[end + 1]) == 2
        ):
            minutes, end = int(lexed.words[end + 1]), end + 2
    if (
        hours > 14
        or minutes > 59
        or (lexed.tokens[i + 1].gap and lexed.tokens[i + 2].gap and lexed.words[i + 1] == "-")
    ):
        return None
    if not hours and not minutes:
        return end, "UTC"
    return end, f"UTC{lexed.words[i + 1]}{hours:02d}:{minutes:02d}"


def amount_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """Amounts without a place: "two hours a week", "some Fridays", "one evening", "up to 3 per week"."""
    times = lexed.entry(i, "TIMES")
    if times is not None and (per := lexed.entry(i + times.length, "PERWEEK")) is not None:
        yield Candidate(i + times.length + per.length, "FREQUENCY", None, 0.9)
    some = lexed.entry(i, "SOME")
    if not (lexed.is_num(i) and len(lexed.words[i]) <= 2) and some is None and lexed.entry(i, "NUMBER") is None:
        return
    j = i + (some.length if some is not None else 1)
    while j < i + 6 and (lexed.word(j) in ("of", "the", "-", "to", "or", "my", "other") or (j > i + 1 and lexed.is_num(j))):
        j += 1
        if lexed.is_num(j):
            j += 1
    unit = lexed.any_of(j, ("HOUR", "MINUTE", "DAY", "PART", "GROUP"))
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
    per = lexed.entry(end, "PERWEEK")
    if per is not None:
        yield Candidate(end + per.length, "AMOUNT", None, 1.0)
    elif (
        unit is not None
        and unit.kind in ("DAY", "PART", "GROUP")
        and (some is not None or lexed.words[end - 1].endswith("s"))
    ):
        if (
            some is not None
            or lexed.is_num(i) is False
            or lexed.words[end - 1] in ("evenings", "mornings", "afternoons", "nights", "weekends")
        ):
            yield Candidate(end, "AMOUNT", None, 1.0)
    elif noun and (some is not None or lexed.is_num(i)):
        yield Candidate(end, "AMOUNT", None, 1.5)


def junk_rule(lexed: Lexed, i: int) -> Iterator[Candidate]:
    """What must never be read as a day or a time: links, phone numbers, room numbers, "night owl"."""
    token = lexed.tokens[i]
    if token.kind in ("url", "phone"):
        if token.kind == "phone" and len(token.raw) == 8 and int(token.raw[-1]) % 5 == 0:
            return
        yield Candidate(i + 1, "UNKNOWN", None, 0.5)
    pending = lexed.entry(i, "PENDING")
    if pending is not None:
        yield Candidate(i + pending.length, "UNKNOWN_BOUND", None, 0.5)
    noun = lexed.entry(i, "BADNOUN")
    if noun is not None:
        yield Candidate(i + noun.length, "UNKNOWN", None, 0.3)
    label = lexed.entry(i, "BADNUM")
    if label is not None:
        j = i + label.length + (lexed.word(i + label.length) in ("#", "number", ".", ":"))
        if lexed.is_num(j):
            yield Candidate(j + 1, "UNKNOWN", None, 0.5)


WORD_RULES = (
    word_rule, separator_rule, list_number_rule, condition_rule, unknown_event_rule, busy_rule, zone_rule, amount_rule, junk_rule,
)  # fmt: skip
