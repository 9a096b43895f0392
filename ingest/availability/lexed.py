"""Tokens with all their latent readings, looked up once."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from rapidfuzz.distance import OSA

from ingest.availability.lexicon import GUESSABLE, ORDINARY
from ingest.availability.text import Token, tokenise
from ingest.availability.vocabulary import KNOWN_WORDS, PHRASES, Entry

_ORDINARY = frozenset(ORDINARY.split())
_SHORT = {
    "afer": "after",
    "aftr": "after",
    "atfer": "after",
    "frm": "from",
    "nite": "night",
    "nites": "nights",
    "betw": "between",
}
# In short words only a swap of two neighbours is taken for a typo; swaps that are words of their own are not.
_SWAPPED = "and from till free only open busy week each every noon"
_WORDS_BY_SWAP = frozenset(("form", "nay", "teach", "reach", "noon"))
for _target in _SWAPPED.split():
    for _at in range(len(_target) - 1):
        _swap = _target[:_at] + _target[_at + 1] + _target[_at] + _target[_at + 2 :]
        if _swap not in _WORDS_BY_SWAP and _swap not in KNOWN_WORDS:
            _SHORT.setdefault(_swap, _target)
_TARGETS_BY_INITIAL: dict[str, list[str]] = {}
for _word in sorted(KNOWN_WORDS):
    if len(_word) >= 5 and _word.isalpha():
        _TARGETS_BY_INITIAL.setdefault(_word[0], []).append(_word)
_GUESSABLE = frozenset(GUESSABLE.split())


@lru_cache(maxsize=8192)
def corrected(word: str) -> str | None:
    """The vocabulary word a misspelling most likely meant, or None when it is not close to exactly one.

    Optimal string alignment distance: a swap of neighbours counts one. One edit from five letters on, two from
    seven; the first letter must stand, or be swapped with the second.
    """
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < 5 or len(word) > 14 or word in _ORDINARY or not word.isalpha() or not word.isascii():
        return None
    initials = {word[0], word[1]}
    best: tuple[int, int, str] | None = None
    tied = False
    for target in (w for initial in sorted(initials) for w in _TARGETS_BY_INITIAL.get(initial, ())):
        if target not in _GUESSABLE or abs(len(target) - len(word)) > 2:
            continue
        allowed = 2 if len(target) >= 7 and len(word) >= 6 else 1
        distance = OSA.distance(word, target, score_cutoff=allowed)
        if distance > allowed or (target[0] != word[0] and distance > 1):
            continue
        rank = (distance, 0 if _within(word, target) else 1)
        if best is None or rank < best[:2]:
            best, tied = (*rank, target), False
        elif rank == best[:2] and target.rstrip("s") != best[2].rstrip("s"):
            tied = True
    return None if best is None or tied else best[2]


def _within(word: str, target: str) -> bool:
    """Only letters were left out, or typed twice."""
    short, long = (word, target) if len(word) <= len(target) else (target, word)
    letters = iter(long)
    return all(letter in letters for letter in short)


_MARGIN = 16


class Lexed:
    """The tokens of one text; `at[i]` maps each kind of meaning that starts at token i to its longest entry."""

    __slots__ = ("at", "repaired", "size", "steps", "tokens", "words")

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = tokenise(text)
        self.size = len(self.tokens)
        self.steps = 0
        self.repaired: dict[int, str] = {}
        self.words = [self._word(i, token) for i, token in enumerate(self.tokens)]
        self.at: list[dict[str, Entry]] = [self._entries(i) for i in range(self.size)]
        # Rules look a few tokens ahead and behind: empty places spare each of them the question where the text ends.
        self.words += [""] * _MARGIN
        self.at += [{}] * _MARGIN

    def _word(self, index: int, token: Token) -> str:
        if token.kind != "word" or token.text in KNOWN_WORDS:
            return token.text
        if token.text.endswith("'s") and token.text[:-2] in KNOWN_WORDS:
            return token.text[:-2]
        meant = corrected(token.text)
        if meant is None:
            return token.text
        self.repaired[index] = meant
        return meant

    def _entries(self, index: int) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for words, kind, value in PHRASES.get(self.words[index], ()):
            self.steps += 1
            if kind in found:
                continue
            end = self._matches(words, index)
            if end:
                found[kind] = Entry(kind, value, end - index)
        return found

    def _matches(self, words: tuple[str, ...], index: int) -> int:
        here = index + 1
        for word in words[1:]:
            if here + 1 < self.size and self.words[here] == "-" != word and not self.tokens[here].gap:
                here += 1
            if here >= self.size or self.words[here] != word or self.tokens[here].kind == "nl":
                return 0
            here += 1
        return here

    def entry(self, index: int, kind: str) -> Entry | None:
        try:
            return self.at[index].get(kind)
        except IndexError:
            return None

    def value(self, index: int, kind: str) -> object:
        entry = self.entry(index, kind)
        return None if entry is None else entry.value

    def word(self, index: int) -> str:
        try:
            return self.words[index]
        except IndexError:
            return ""

    def skip(self, index: int, words: Container[str], most: int = 4) -> int:
        """The first token from `index` on that is none of `words`, after at most so many: rules stay bounded."""
        for here in range(index, min(index + most, self.size)):
            if self.words[here] not in words:
                return here
        return min(index + most, self.size)

    def is_num(self, index: int) -> bool:
        return 0 <= index < self.size and self.tokens[index].kind == "num"

    def tight(self, index: int) -> bool:
        """No white space before token `index`."""
        return 0 <= index < self.size and not self.tokens[index].gap

    def any_of(self, index: int, kinds: tuple[str, ...]) -> Entry | None:
        """The longest entry of several kinds."""
        best: Entry | None = None
        for kind in kinds:
            entry = self.entry(index, kind)
            if entry is not None and (best is None or entry.length > best.length):
                best = entry
        return best
