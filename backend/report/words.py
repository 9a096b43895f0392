"""What the report and the terminal say alike: harmless text, local times, and plain sentences of a night document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from optimizer.domain import zone_info

Document = dict[str, Any]
"""A night document, format matching-night/1: JSON-able, instants in ISO 8601 UTC."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
UNLIMITED = 1_000_000
"""A capacity from here on means that the professional set no limit."""

# Written as escapes, so that no reader of this file sees (or loses) an invisible character: controls except tab and
# line feed, the signs that reorder or overrule the direction of text, halves of surrogate pairs, non-characters.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_WORD = re.compile(r"\S+")


def presentable(document: Document) -> Document:
    """A copy in which every text is safe to show: no control characters, no e-mail addresses.

    Both are replaced character by character, so spans into the texts stay true.
    """
    shown: Document = presented(document)
    for issue in shown["issues"]:
        if "mail" in issue["column"].lower() and issue["text"]:
            issue["text"] = "•" * min(12, len(issue["text"]))  # mistyped, so it may not look like an address
    return shown


def presented(value: Any) -> Any:
    """A copy of anything JSON-able in which every text is safe to show."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Mapping):
        return {key: presented(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [presented(part) for part in value]
    return value


def harmless(text: str) -> str:
    """The text, of the same length, without control characters and e-mail addresses."""
    return _WORD.sub(_without_address, _UNSAFE.sub("\ufffd", text.replace("\r", " ")))


def _without_address(word: re.Match[str]) -> str:
    before, sign, after = word[0].replace("\uff20", "@").replace("\ufe6b", "@").partition("@")
    name, host = (any(char.isalnum() for char in part) for part in (before, after))
    return "•" * len(word[0]) if sign and host and (name or "@" in after) else word[0]


def local(instant: str, zone: str) -> datetime:
    """An instant of the document on the clocks of `zone`."""
    return datetime.fromisoformat(instant).astimezone(zone_info(zone))


def long_day(day: date) -> str:
    """Tuesday, 24 November."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """Tue 24 Nov."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """1 session, 2 sessions."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: list[str], most: int = 8) -> str:
    """Ana, Ben and Cleo; or the first `most` and how many more."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def diff_line(diff: Mapping[str, int]) -> str:
    """What changed since the last night: `+ 12 new  ~ 1 moved  - 2 cancelled  = 29 kept  ! 5 unmatched`."""
    signs = (("+", "new"), ("~", "moved"), ("-", "cancelled"), ("=", "kept"), ("!", "unmatched"))
    return "  ".join(f"{sign} {diff[name]} {name}" for sign, name in signs)


def verdict(document: Document) -> tuple[str, str]:
    """How sure the plan is: a headline of a few words, and what is proven and by whom it was checked."""
    certificate = document["certificate"]
    if certificate["checker"] != "accepted":
        return "Rejected by the checker", "Nothing of this plan may be booked. " + " ".join(certificate["reasons"])
    tiers = certificate["tiers"]
    checked = (
        "A separate checker, which runs none of the solving engine's code, went through every possible session "
        "again and "
    )
    if certificate["proven"]:
        rules = f"All {len(tiers)} rules are" if len(tiers) > 1 else "The rule is"
        return "Proven best", (
            f"Under the program's rules no other plan is better. {rules} settled in order, each proven before the next "
            f"was looked at. {checked}confirmed it."
        )
    open_tiers = [tier for tier in tiers if tier["status"] != "proven"]
    first = open_tiers[0]["name"] if open_tiers else "the first rule"
    proven = next((k for k, tier in enumerate(tiers) if tier["status"] != "proven"), 0)
    return "Best plan found, not proven in full", (
        f"Proven: {counted(proven, 'rule')} of {len(tiers)}. From “{first}” on a better plan is possible, by no more "
        f"than the gap shown. {checked}found every session allowed."
    )


def equation(count: Mapping[str, Any]) -> str:
    """66 = 1 blank + 2 duplicate + ...; what is zero is left out, but never everything."""
    parts = [f"{number:,} {name}" for name, number in count["parts"].items() if number]
    return f"{count['total']:,} = {' + '.join(parts) or '0'}"


def names_by_id(document: Document) -> dict[str, str]:
    """The name of everybody the document mentions, by pseudonym."""
    names: dict[str, str] = {}
    for meeting in (*document["sessions"], *document["kept"]):
        names[meeting["student"]] = meeting["student_name"]
        names[meeting["professional"]] = meeting["professional_name"]
    names.update((entry["student"], entry["name"]) for entry in document["unmatched"])
    names.update((entry["person"], entry["name"]) for entry in (*document["others"], *document["to_confirm"]))
    names.update((load["professional"], load["name"]) for load in document["loads"])
    return names
