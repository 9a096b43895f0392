"""Rules for words with a fixed meaning, separators and list numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.availability.items import Candidate
from ingest.availability.lexed import Lexed

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
_ABBREVIATIONS = frozenset(
    (
        "exc",
        "excl",
        "approx",
        "incl",
        "esp",
        "pref",
        "avail",
        "appt",
        "wk",
        "ca",
        "eg",
        "ie",
        "tel",
        "ext",
        "rm",
        "dr",
        "mr",
        "ms",
        "mrs",
    )
)
_INTENSIFIERS = frozenset(
    (
        "really",
        "usually",
        "generally",
        "very",
        "super",
        "going",
        "to",
        "be",
        "currently",
        "so",
        "that",
        "able",
        "typically",
    )
)
LONGEST_CLAUSE = 60
CLAUSE_ENDS = frozenset((",", ";", "\n", ".", ")", "!", "|", "•"))


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
    if "SAVE" in here and but_means_except(lexed, i):
        yield Candidate(i + 1, "EXCEPT", None, 0.8)
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


_GROUPS = frozenset(("weekday", "weekdays", "weekend", "weekends"))
_ALL_DAYS = frozenset(("day", "days", "week", "everyday", "daily"))
_ALL_TIMES = frozenset(("anytime", "time", "times", "anything", "everything", "whenever", "all", "any"))
_PREDICATES = frozenset(("always", "open", "flexible"))


def but_means_except(lexed: Lexed, i: int) -> bool:
    """ "every day but Friday", "anything but mornings", "any time save after 5": but, after all there is."""
    noun = lexed.word(i - 1) in ("the", "a", "my", "at", "wine", "juice", "coffee")
    beside = lexed.is_num(i + 1) or lexed.any_of(i + 1, ("DAY", "GROUP", "PART")) is not None
    if lexed.word(i) == "bar" and beside and not noun:
        return True
    before = lexed.word(i - 1)
    each_part = i > 1 and "PART" in lexed.at[i - 1] and ("ANY" in lexed.at[i - 2] or "EVERY" in lexed.at[i - 2])
    everything = before in _ALL_DAYS or before in _ALL_TIMES or each_part
    if not everything and before not in _GROUPS and before not in _PREDICATES:
        return False
    j = lexed.skip(i + 1, ("on", "for", "the", "in", "during", "my"))
    kinds: tuple[str, ...] = ("DAY", "GROUP", "MONTH", "TODAY", "TONIGHT", "WEEKNIGHT", "HOLIDAY", "THIS", "NEXT")
    kinds += ("EARLY", "LATE", "PART", "NOON") if before not in _GROUPS and not each_part else ()
    kinds += ("AFTER", "BEFORE", "BETWEEN") if before in _ALL_TIMES else ()
    if lexed.any_of(j, kinds) is None and not lexed.is_num(j):
        return False
    end = clause_end(lexed, j)
    said = [kind for k in range(j, end) for kind in lexed.at[k]]
    if any(kind in said for kind in ("PREF", "MAYBE", "NOT", "OFF")):
        return False
    predicate = next((k for k in range(j, end) if "POS" in lexed.at[k]), end)
    return predicate == end or (everything and clause_end(lexed, predicate) == predicate + 1)


def _bounds(lexed: Lexed, j: int) -> bool:
    """ "free after" with its time: then it is a bound."""
    kinds = (
        "NUMBER",
        "NOON",
        "PART",
        "EVENT",
        "DAY",
        "MONTH",
        "APPROX",
        "TODAY",
        "HOLIDAY",
        "ACT",
        "HALFPAST",
        "MIDNIGHT",
    )
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
    elif (lexed.tokens[i].kind == "other" and not word.isalnum() and not lexed.at[i]) or (
        lexed.tokens[i].kind == "special" and word in ("w/", "f2f")
    ):
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


def clause_end(lexed: Lexed, j: int) -> int:
    last = min(lexed.size, j + LONGEST_CLAUSE)
    while j < last and lexed.words[j] not in CLAUSE_ENDS:
        j += 1
        lexed.steps += 1
    return j


WORD_RULES = (word_rule, separator_rule, list_number_rule)
