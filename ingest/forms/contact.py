"""E-mail addresses, Discord ids and links: checked for shape, never changed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rapidfuzz.distance import DamerauLevenshtein

from ingest.sheet import Cell

_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})"
)
_COMMON = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "live.com", "msn.com", "proton.me",
    "protonmail.com", "googlemail.com",
)  # fmt: skip
_REAL_NEIGHBOURS = frozenset({"mail.com", "ymail.com", "gmx.com", "email.com", "yahoo.co", "live.co", "me.com"})
_MISTYPED_ENDINGS = frozenset({"con", "cmo", "ocm", "vom", "xom", "comm", "coom", "cim", "ogr", "nte", "ent", "eud"})
_SNOWFLAKE = re.compile(r"(?:<@!?)?(\d{17,20})>?$")
_ROUNDED = re.compile(r"\d[.,]\d+E\+?1[6-9]$", re.IGNORECASE)


class EmailError(ValueError):
    """Not an e-mail address. The message does not repeat the text."""


def email_address(text: str) -> str:
    """The address, case-folded, as the person's key. Raises `EmailError`."""
    bare = text.strip()
    if not bare:
        raise EmailError("is empty, so nobody can be told")
    if not bare.isascii() and "@" in bare:
        raise EmailError("has letters that invitations cannot be sent to (only a-z; a domain in its xn-- form)")
    if len(bare) > 254 or not _EMAIL.fullmatch(bare.casefold()) or ".." in bare or bare.startswith(".") or ".@" in bare:
        raise EmailError("is not an e-mail address")
    return bare.casefold()


def typo_hint(email: str) -> str:
    """Why the address looks mistyped ("gmial.com"), or ""."""
    domain = email.rpartition("@")[2]
    if domain in _COMMON or domain in _REAL_NEIGHBOURS:
        return ""
    for known in _COMMON:
        if DamerauLevenshtein.distance(domain, known, score_cutoff=1) <= 1:
            return f"looks mistyped: {domain} instead of {known}?"
    if domain.rpartition(".")[2] in _MISTYPED_ENDINGS:
        return f"looks mistyped: it ends in .{domain.rpartition('.')[2]}"
    return ""


def discord_id(cell: Cell) -> tuple[str, str]:
    """The numeric Discord id ("" for a display name, which is no key), and a doubt about it ("" for none)."""
    text = cell.text.strip()
    if _ROUNDED.match(text) or (cell.number is not None and abs(cell.number) > 2**53):
        return "", "is a Discord id that the spreadsheet has rounded, so it is not used"
    found = _SNOWFLAKE.match(text)
    return (found[1], "") if found else ("", "")


def link_fault(text: str) -> str:
    """Why the text is not a web address that may be passed on, or ""."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return "is not a web address"
    if parts.scheme.lower() not in ("http", "https"):
        return "is not a web address (https://...)"
    if "." not in host or re.search(r"[\s\x00-\x1f<>\"]", text):
        return "is not a complete web address"
    return ""
