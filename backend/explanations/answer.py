"""The shape of an answer: data for programs, sentences for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One of several things an answer lists."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """`kind` names the question ("suggest", "explain"); `heading` stands over the list of `entries`.

    `data`: the answer of the optimizer, or None when tonight's question does not know the person. `table`: lines of at
    most 80 columns, a heading first, that stand as they are.
    """

    kind: str
    title: str
    sentences: tuple[str, ...]
    heading: str = ""
    entries: tuple[Entry, ...] = ()
    data: Any = None
    table: tuple[str, ...] = ()
