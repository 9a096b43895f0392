"""Sentences as the result of a notebook's cell. Names come from forms, so nothing in them may act on the page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_BOLD, _LEANING = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*")


@dataclass(frozen=True)
class Said:
    """Plain text for terminals and tests, HTML for Jupyter."""

    sentences: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(one.replace("*", "") for one in self.sentences)

    def _repr_html_(self) -> str:
        return "".join(f"<p>{_marked(html.escape(one))}</p>" for one in self.sentences)


def say(*sentences: str) -> Said:
    """Each as a paragraph; **this** is bold and *this* leans, and everything else is shown as it stands."""
    return Said(sentences)


def _marked(text: str) -> str:
    return _LEANING.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", text))
