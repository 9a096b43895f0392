"""What strangers typed, made safe to print: one line, no control or direction characters, a bounded length."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_JOINERS = "\u200c\u200d"  # part of emoji and of Persian words, harmless otherwise
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{2,59})"
)
_MAIL_LIMIT = 254
FORMULA = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet compute, their wide forms included."""
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_LINK_LIMIT = 2000


def one_line(text: str, limit: int = 200) -> str:
    """The text on one line of at most `limit` characters (an ellipsis marks a cut), NFC, without invisible controls.

    Direction overrides are dropped: they can make a line read other than it is.
    """
    kept = "".join(_visible(char) for char in text)
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Cs"} and char not in _JOINERS else char


def harmless_cell(text: str) -> str:
    """The text with a quote before it where a spreadsheet would read a formula, and without control characters."""
    kept = "".join(char if char in "\n\t" or ord(char) >= 32 else "\ufffd" for char in text)
    return f"'{kept}" if kept.lstrip(" ").startswith(FORMULA) else kept


def mail_address(text: str) -> str | None:
    """The address if mail can be sent to it as it stands, else None: people mistype, and a guess would reach others."""
    address = text.strip()
    usable = len(address) <= _MAIL_LIMIT and _MAIL.fullmatch(address) and ".." not in address
    return address if usable else None


def phone_number(text: str) -> str | None:
    """The number as +4915112345678, or None if it is not written in full with its country."""
    number = re.sub(r"[\s()./-]", "", text)
    return number if _PHONE.fullmatch(number) else None


def web_link(text: str) -> str | None:
    """The link if it is a plain http(s) address with a host, else None. Other schemes can run code or read files."""
    link = text.strip()
    if len(link) > _LINK_LIMIT or not link.isprintable() or any(char in ' "<>\\^`{|}' for char in link):
        return None
    try:
        parts = urlsplit(link)
        parts.port  # noqa: B018  # reading it raises on a port that is no number
    except ValueError:
        return None
    plain = parts.scheme.lower() in {"http", "https"} and parts.hostname and not parts.username and not parts.password
    return link if plain else None
