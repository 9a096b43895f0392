"""Typed text made safe for Discord, instants as each reader sees them, and numbers as they are said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]])")
_LINE_START = re.compile(r"^(\s*)(#|-|\+|>|\d+\.)(?=\s)", re.MULTILINE)
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
_JOINERS = "\u200c\u200d"  # parts of emoji and of Persian words


def plain(text: object, limit: int = 200) -> str:
    """The text on one line that Discord shows as it stands: no markdown, no mention, no link, no e-mail address."""
    line = one_line(str(text))
    line = line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
    line = _ADDRESS.sub("(address hidden)", line)
    line = _LINE_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))
    return line.replace("@", "@\u200b").replace("://", ":\u200b//")


def one_line(text: str) -> str:
    """Without line breaks, controls and the signs that turn the direction of text."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category in {"Cc", "Zl", "Zp"}:
            kept.append(" ")
        elif category not in {"Cf", "Cs"} or char in _JOINERS:
            kept.append(char)
    return " ".join("".join(kept).split())


def stamp(iso: str | datetime, style: str = "F") -> str:
    """`<t:...>`: everybody reads it in their own zone. Styles: F with weekday, D date, R "in 3 days"."""
    moment = datetime.fromisoformat(iso) if isinstance(iso, str) else iso
    return f"<t:{int(moment.timestamp())}:{style}>"


def when(iso: str | datetime) -> str:
    """The time, and how far off it is."""
    return f"{stamp(iso)} ({stamp(iso, 'R')})"


def counted(number: int, what: str, many: str = "") -> str:
    """1 student, 2 students."""
    return f"{number:,} {what if number == 1 else many or what + 's'}"


def percent(share: float | None) -> str:
    return "nothing yet" if share is None else f"{share:.0%}"


def days(number: float | None) -> str:
    return "nothing yet" if number is None else f"{number:.0f} days" if round(number) != 1 else "1 day"


def listed(parts: Iterable[str], most: int = 6) -> str:
    """Ana, Ben and Cleo; a long list is cut with a count."""
    found = list(parts)
    if len(found) > most:
        return f"{', '.join(found[:most])} and {len(found) - most} more"
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else "nobody"


def units(text: str) -> int:
    """UTF-16 code units: never fewer than Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """At most `limit` units, with an ellipsis where it was cut; never inside a `<t:...>` mark."""
    if units(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    opened = kept.rfind("<t:")
    if opened > kept.rfind(">"):
        kept = kept[:opened]
    return kept.rstrip("\\ \n") + "…"
