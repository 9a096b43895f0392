"""Text to tokens, each knowing where it stood in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = "‐‑‒–—―−﹘﹣－"
_QUOTES = "‘’ʼ′`´"
_TICKS = "✅✔☑✓🗸👍🟢🆗"
_CROSSES = "❌✗✘✖☒🚫⛔👎🔴"
_BULLETS = "•◦▪‣●○■□·∙※►▶"
_CHARS = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_QUOTES, "'"),
    **dict.fromkeys(_TICKS, "✓"),
    **dict.fromkeys(_CROSSES, "✗"),
    **dict.fromkeys(_BULLETS, "•"),
    **dict.fromkeys("→➔➜⇒", "→"),
    **dict.fromkeys("\u2028\u2029\r\v\f\x85", "\n"),
    "≥": "≥",
    "≤": "≤",
    "∼": "~",
    "～": "~",
    "½": "½",
}

_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s\"'<>“”]+|[^\s@]{1,64}@[a-z][^\s@]{0,64}\.[a-z]{2,})"
    r"|(?P<iana>(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US)/[A-Z][A-Za-z_]+"
    r"(?:/[A-Z][A-Za-z_]+)?)"
    r"|(?P<phone>\(?[0-9]{3}\)?[-. ]?[0-9]{3}[-. ][0-9]{4}(?![0-9]))"
    r"|(?P<special>(?<![A-Za-z0-9])(?:24/7|w/o|b/w|n/a|b4|w/|f2f)(?![A-Za-z0-9])|(?<![A-Za-z])n\.a\.(?![A-Za-z])"
    r"|(?<![A-Za-z])(?:e\.g|i\.e)\b\.?"
    r"|(?<![A-Za-z])[ap]\.\s?m\.?(?![A-Za-z])|\[[xX✓ ]?\]|-->?|=>|->|>=|<=)"
    r"|(?P<num>[0-9]+)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<nl>\n)"
    r"|(?P<other>[^\s])",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Token:
    """`text` is lower case, `raw` as written; [start, end) are offsets into the original."""

    kind: str
    text: str
    raw: str
    start: int
    end: int
    gap: bool


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """One character in the alphabet of the grammar; "" for marks, " " for pictures."""
    known = _CHARS.get(char)
    if known is not None:
        return known
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Cf", "Sk"):
        return ""
    if category in ("So", "Zs", "Cc", "Cs", "Co", "Cn"):
        return "\t" if char == "\t" else ("\n" if char == "\n" else " ")
    return unicodedata.normalize("NFKC", char)


def normalise(text: str) -> tuple[str, list[int] | None]:
    """The text in the grammar's alphabet, and for each of its characters the offset in the original.

    None instead of the offsets when nothing moved.
    """
    if text.isascii() and "`" not in text and "\r" not in text:
        return text, None
    pieces: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        plain = char if char.isascii() and char not in "`\r" else _plain(char)
        pieces.append(plain)
        offsets.extend([index] * len(plain))
    return "".join(pieces), offsets


def tokenise(text: str) -> list[Token]:
    """The tokens of a text in order; white space only shows as `gap` and as newline tokens."""
    plain, offsets = normalise(text)
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(plain):
        start, end = match.span()
        raw = match.group()
        kind = match.lastgroup or "other"
        first, final = (start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1)
        lower = raw.lower() if kind != "special" else raw.lower().replace(" ", "")
        tokens.append(Token(kind, lower, raw, first, final, start > last or start == 0))
        last = end
    return tokens
