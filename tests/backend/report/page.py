"""A strict reader of the report's HTML: every tag closed in order, and the page as a tree a test can ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "path", "link", "img", "input", "hr"}


@dataclass
class Element:
    """One element: `parts` are its texts and children in order."""

    tag: str
    attributes: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    def every(self, *tags: str) -> list[Element]:
        """All elements below with one of the tags (all, without tags), in the order of the page."""
        return [one for one in self._below() if not tags or one.tag in tags]

    def at(self, identity: str) -> Element:
        """The element with this id."""
        return next(one for one in self._below() if one.attributes.get("id") == identity)

    def of_class(self, name: str) -> list[Element]:
        """The elements below that have the class."""
        return [one for one in self._below() if name in one.attributes.get("class", "").split()]

    @property
    def text(self) -> str:
        """All text below, white space collapsed."""
        return " ".join(" ".join(self._texts()).split())

    def _below(self) -> Iterator[Element]:
        for part in self.parts:
            if isinstance(part, Element):
                yield part
                yield from part._below()

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part._texts()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, f"<{tag}/>"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read_page(html: str) -> Element:
    """The tree of a page; fails when a tag is not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"never closed: {[one.tag for one in reader.open[1:]]}"
    return reader.root
