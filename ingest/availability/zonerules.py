"""Rules for time zones: abbreviations, regions, cities, UTC offsets and IANA names."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.availability.items import Candidate
from ingest.availability.lexed import Lexed
from ingest.availability.zones import CAPITALS_ONLY, WEAK
from optimizer.domain.time import ZoneError, zone_info


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
    if word in WEAK and not _zone_context(lexed, i, tail is not None):
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


def _zone_context(lexed: Lexed, i: int, named: bool) -> bool:
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


ZONE_RULES = (zone_rule,)
