"""Text in the cells of a terminal: how wide it is, cut to fit, wrapped; nothing in it can steer the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDTH = 80
_EMOJI_STYLE = "\ufe0f"


def flat(text: str) -> str:
    """The text on one line, without control characters or invisible signs of direction.

    A terminal obeys escape sequences in what it prints, so none may come from a form.
    """
    return " ".join("".join(" " if char.isspace() else char for char in text if _visible(char)).split())


def _visible(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Cc", "Cs"):
        return char in "\n\t\r"
    return category != "Cf" or char == "\u200d"


def cells(text: str) -> int:
    """How many cells a terminal gives the text; where terminals differ, the largest count."""
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    category = unicodedata.category(char)
    if char == _EMOJI_STYLE:
        return 1  # turns a narrow sign before it into a wide emoji
    if category in ("Mn", "Me", "Cf"):
        return 0
    if category in ("Cn", "Co") or unicodedata.east_asian_width(char) in "WF":
        return 2
    return 1


def cut(text: str, width: int) -> tuple[str, str]:
    """The longest head of the text within `width` cells (at least one character), and the rest."""
    used = 0
    for index, char in enumerate(text):
        used += _cell(char)
        if used > width and index:
            return text[:index], text[index:]
    return text, ""


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis."""
    text = flat(text)
    if cells(text) > width:
        text = cut(text, width - 1)[0] + "…"
    return text + " " * (width - cells(text))


def wrapped(text: str, indent: str = "", hanging: str | None = None, width: int = WIDTH) -> str:
    """Lines of at most `width` cells: `indent` before the first, `hanging` (default the same) before the others."""
    after = indent if hanging is None else hanging
    lines = [indent]
    empty = True
    for word in _words(flat(text), width - max(cells(indent), cells(after))):
        if not empty and cells(lines[-1]) + 1 + cells(word) > width:
            lines.append(after)
            empty = True
        lines[-1] += word if empty else f" {word}"
        empty = False
    return "\n".join(lines)


def _words(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        rest = word
        while rest:
            head, rest = cut(rest, width)
            yield head
