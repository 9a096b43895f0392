"""Time zones as people write them in a zone column or in notes."""

from __future__ import annotations

import re

from ingest.availability.zones import AMBIGUOUS, zone_phrases
from optimizer.domain import ZoneError, zone_info

_NAMES = {**zone_phrases(), "ht": "Pacific/Honolulu", "at": "America/Anchorage"}
"""The reader's names, and the form's own labels for Hawaii and Alaska."""
_OFFSET = re.compile(r"(?:utc|gmt)\s*([+\u2212-])\s*(\d{1,2})(?::?(\d{2}))?(?!\d)", re.IGNORECASE)
_IANA = re.compile(r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_+\-]+(?:/[A-Za-z_]+)?")
_AMERICAN = ("America/", "Pacific/Honolulu")
_LONGEST_SHORT = 4
_OTHER = re.compile(r"other\b", re.IGNORECASE)


def zone_of(text: str) -> str | None:
    """The zone that a whole answer names: dropdown label, abbreviation, city, offset or IANA name; else None.

    An abbreviation in brackets that is American or stands for several zones does not overrule a long name before it
    that means something else ("Pakistan Standard Time (PST)").
    """
    bare = re.sub(r"\s+", " ", text).strip(" .")
    if not bare:
        return None
    inside = re.search(r"\(([^)]*)\)", bare)
    outside = re.sub(r"\s*\([^)]*\)", "", bare)
    for candidate in (bare, outside):
        zone = _one_name(candidate.strip())
        if zone:
            return zone
    short = inside[1].strip() if inside else ""
    zone = _one_name(short)
    if zone and short.isalpha() and len(short) <= _LONGEST_SHORT and outside.strip():
        doubtful = zone.startswith(_AMERICAN) or ambiguous(short)
        return zone if not doubtful or zone_in(outside) == zone else None
    return zone or zone_in(bare)


def _one_name(text: str) -> str | None:
    plain = text.casefold().removeprefix("us/").removesuffix(" time zone").removesuffix(" timezone")
    plain = plain.removesuffix(" time").strip()
    if plain in _NAMES:
        return _NAMES[plain]
    offset = _OFFSET.fullmatch(plain)
    if offset:
        return _fixed(offset)
    if "/" in text:
        canonical = re.sub(r"(?<![a-z])[a-z]", lambda letter: letter[0].upper(), text.replace(" ", "_"))
        return _known(text) or _known(canonical)
    return None


def zone_in(notes: str) -> str | None:
    """The one zone that a free text mentions; None when it names none, or several different ones."""
    found = [zone for name in _IANA.findall(notes) if (zone := _known(name))]
    found += [zone for offset in _OFFSET.finditer(notes) if (zone := _fixed(offset))]
    if not found and not _OFFSET.search(notes):
        words = re.sub(r"[^\w/]+", " ", notes.casefold()).strip()
        found = [zone for name, zone in _NAMES.items() if len(name) > 2 and f" {name} " in f" {words} "]
    return found[0] if len(set(found)) == 1 else None


def says_other(text: str) -> bool:
    """Whether the dropdown's "Other (please specify in notes)" was chosen."""
    return bool(_OTHER.match(text.strip()))


def ambiguous(text: str) -> bool:
    """Whether the abbreviation stands for several zones of the world (CST, IST, BST ...)."""
    return text.strip().casefold() in AMBIGUOUS


def _known(name: str) -> str | None:
    try:
        zone_info(name)
    except ZoneError:
        return None
    return name


def _fixed(offset: re.Match[str]) -> str | None:
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    sign = "+" if offset[1] == "+" else "-"
    return f"UTC{sign}{hours:02d}:{minutes:02d}" if hours or minutes else "UTC"
