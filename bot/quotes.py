"""What stands behind a command in a message, taken apart: straight and curly quotes, and names without any.

The last are split against the roster ("John Doe Monday 2:00 PM"), or refused with the right form.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

DOUBLE = '"“”„‟«»＂'
SINGLE = "'‘’‚‛‹›"
LONGEST_NAME = 6
"""Words of a name that are tried."""
_MENTION = re.compile(r"<@[!&]?\d+>")
_MAIL = re.compile(r"<?\S+@\S+\.\S+>?")
Known = Callable[[str, str], Awaitable[bool]]
"""(text, role) -> whether exactly somebody is called so."""


class FormError(Exception):
    """Typed in a way that cannot be taken apart; `sentence` says what is wrong and shows the right form."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Piece:
    """A quoted text, or one word outside quotes."""

    text: str
    quoted: bool


def pieces(text: str) -> list[Piece]:
    """Raises `FormError` for a quotation mark that is never closed.

    Any double mark closes any other, since phones mix them. Single marks count only around whole words: O'Brien.
    """
    found: list[Piece] = []
    place = 0
    while place < len(text):
        char = text[place]
        if char.isspace():
            place += 1
        elif char in DOUBLE:
            place = _quoted(text, place, DOUBLE, found)
        elif char in SINGLE and (end := _single_end(text, place)):
            found.append(Piece(" ".join(text[place + 1 : end].split()), quoted=True))
            place = end + 1
        else:
            end = place
            while end < len(text) and not text[end].isspace() and text[end] not in DOUBLE:
                end += 1
            found.append(Piece(text[place:end], quoted=False))
            place = end
    return found


def _quoted(text: str, place: int, marks: str, found: list[Piece]) -> int:
    end = next((at for at in range(place + 1, len(text)) if text[at] in marks), None)
    if end is None:
        raise FormError("A quotation mark is opened and never closed.")
    found.append(Piece(" ".join(text[place + 1 : end].split()), quoted=True))
    return end + 1


def _single_end(text: str, place: int) -> int:
    """Where a single-quoted text ends, 0 if it does not: the mark must be followed by a space or the end."""
    for at in range(place + 1, len(text)):
        if text[at] in SINGLE and (at + 1 == len(text) or text[at + 1].isspace()):
            return at if at > place + 1 else 0
    return 0


def unquoted(text: str) -> str:
    """The text without one pair of quotes around the whole of it."""
    line = text.strip()
    pair = len(line) >= 2 and ((line[0] in DOUBLE and line[-1] in DOUBLE) or (line[0] in SINGLE and line[-1] in SINGLE))
    inner = line[1:-1] if pair else line
    return line if pair and any(mark in inner for mark in DOUBLE) else inner.strip()


def groups(found: Sequence[Piece]) -> list[list[str]]:
    """Arguments as far as quotes, mentions and addresses part them: neighbouring bare words are one group of words."""
    told: list[list[str]] = []
    open_run = False
    for piece in found:
        alone = piece.quoted or _MENTION.fullmatch(piece.text) or _MAIL.fullmatch(piece.text)
        if alone or not open_run:
            told.append([piece.text])
        else:
            told[-1].append(piece.text)
        open_run = not alone
    return told


async def booking(text: str, known: Known, form: str) -> list[str]:
    """Student, professional, time, and a zone if it stands last. Raises `FormError`."""
    told = groups(_pieces(text, form))
    for place, role in enumerate(("student", "professional")):
        if len(told) > 2 or len(told) <= place:
            break
        words = told[place]
        name = await _name_in(words, role, known) if len(words) > 1 else 0
        if name and name < len(words):
            told[place : place + 1] = [words[:name], words[name:]]
    if not 3 <= len(told) <= 4 or [""] in told:
        raise FormError(f"I cannot tell where one name ends and the next part begins. Write it like this: {form}")
    return [" ".join(words) for words in told]


async def _name_in(words: Sequence[str], role: str, known: Known) -> int:
    """How many of the first words are a name of the roster, the longest; 0 for none."""
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        if await known(" ".join(words[:count]), role):
            return count
    return 0


def new_professional(text: str, form: str) -> list[str]:
    """Name, specialties, and an address if there is one. Nobody knows a new name, so it needs its quotes."""
    found = _pieces(text, form)
    told = [" ".join(words) for words in groups(found)]
    address = [part for part in told if _MAIL.fullmatch(part)]
    rest = [part for part in told if part not in address]
    if len(rest) != 2 or len(address) > 1 or not any(piece.quoted for piece in found):
        raise FormError(f"Put the name and the specialties in quotation marks: {form}")
    return [*rest, *(part.strip("<>") for part in address)]


def first_and_rest(text: str, form: str) -> list[str]:
    """A session and what comes after it, which may be missing: `#K3F9QX Tuesday 3pm`."""
    told = groups(_pieces(text, form))
    if len(told) == 1 and len(told[0]) > 1:
        told = [told[0][:1], told[0][1:]] if told[0][0].startswith("#") else told
    if len(told) > 2:
        raise FormError(f"Write it like this: {form}")
    return [" ".join(words) for words in told]


def last_word(text: str, allowed: re.Pattern[str], form: str) -> list[str]:
    """What comes before, and the last word if it is an allowed one, else ""."""
    words = [piece.text for piece in _pieces(text, form)]
    if words and allowed.fullmatch(words[-1]):
        return [" ".join(words[:-1]), words[-1]]
    return [" ".join(words), ""]


def canonical(arguments: Sequence[str]) -> str:
    """The arguments so that discord.py's own reader gives exactly these."""
    return " ".join('"' + one.replace("\\", "").replace('"', '\\"') + '"' for one in arguments)


def _pieces(text: str, form: str) -> list[Piece]:
    try:
        return pieces(text)
    except FormError as error:
        raise FormError(f"{error.sentence} Write it like this: {form}") from None
